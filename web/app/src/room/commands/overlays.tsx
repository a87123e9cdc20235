import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { whenIdle } from "../../lib/later";
import { useStore } from "../../lib/store";
import { Boundary } from "../../ui/boundary";
import { words } from "../../words";
import { useSession } from "../context";

const parts = {
  help: () => import("../help"),
  palette: () => import("./palette"),
  settings: () => import("../settings/settings-dialog"),
};
const Help = lazy(async () => ({ default: (await parts.help()).Help }));
const Palette = lazy(async () => ({ default: (await parts.palette()).Palette }));
const Settings = lazy(async () => ({ default: (await parts.settings()).SettingsDialog }));

/** What can be open over the page. It is fetched once the page is idle, so that it is there without a connection, too. */
export function Overlays(): ReactNode {
  const { dialogs, help, notes } = useSession();
  const helping = useStore(help);
  const palette = useStore(dialogs.palette);
  const settings = useStore(dialogs.settings);
  useEffect(() => whenIdle(() => Object.values(parts).forEach((load) => void load().catch(() => undefined))), []);
  const close = {
    help: () => help.set(false),
    palette: () => dialogs.palette.set(undefined),
    settings: () => dialogs.settings.set(false),
  };
  const failed = (): void => {
    notes.error(words.get().frame.partFailed);
    for (const f of Object.values(close)) f();
  };
  return (
    <Boundary key={`${helping} ${palette ?? ""} ${settings}`} fallback={null} onFail={failed}>
      <Suspense>
        {helping ? <Help onClose={close.help} /> : null}
        {palette === undefined ? null : <Palette mode={palette} onClose={close.palette} />}
        {settings ? <Settings onClose={close.settings} /> : null}
      </Suspense>
    </Boundary>
  );
}
