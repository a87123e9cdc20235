import { lazy, Suspense, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useSession } from "../context";

const Help = lazy(async () => ({ default: (await import("../help")).Help }));
const Palette = lazy(async () => ({ default: (await import("./palette")).Palette }));

const Settings = lazy(async () => ({ default: (await import("../settings/settings-dialog")).SettingsDialog }));

/** What can be open over the page. Each is loaded when it is first asked for. */
export function Overlays(): ReactNode {
  const { dialogs, help } = useSession();
  const helping = useStore(help);
  const palette = useStore(dialogs.palette);
  const settings = useStore(dialogs.settings);
  return (
    <Suspense>
      {helping ? <Help onClose={() => help.set(false)} /> : null}
      {palette === undefined ? null : <Palette mode={palette} onClose={() => dialogs.palette.set(undefined)} />}
      {settings ? <Settings onClose={() => dialogs.settings.set(false)} /> : null}
    </Suspense>
  );
}
