import { useEffect, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { identity } from "../lib/identity";
import { account, loadMe, me, signOut } from "../lib/me";
import { signInPath } from "../lib/back";
import { go } from "../lib/route";
import { useStore } from "../lib/store";
import { Avatar } from "../ui/avatar";
import { Button, IconButton } from "../ui/button";
import type { MenuEntry } from "../ui/floating";
import { BuildingIcon, LeaveIcon, SettingsIcon, UserIcon } from "../ui/icons";
import { MenuPop, type Trigger } from "../ui/pop";
import { useWords } from "../words";

type Props = {
  /** A bar full of icons has only room for one more. */
  readonly small?: boolean;
  /** Called with a sentence when something did not work. */
  readonly onProblem: (text: string) => void;
};

/** Who is signed in, with what they can do about it; for everybody else a button to sign in. */
export function MeMenu({ small = false, onProblem }: Props): ReactNode {
  const w = useWords().door;
  const own = useStore(account);
  const known = useStore(me);
  const { color } = useStore(identity);
  useEffect(() => void loadMe().catch(() => undefined), []);
  const signIn = (): void => go(signInPath());
  if (own === undefined && !small) {
    return (
      <Button className="me-signin" onPress={signIn}>
        {w.signIn}
      </Button>
    );
  }
  const act = (id: string): void => {
    if (id === "signIn") signIn();
    else if (id === "signOut") signOut().then(() => go("/"), () => onProblem(w.signOutFailed));
    else go(id);
  };
  const entries: readonly MenuEntry[] =
    own === undefined
      ? [{ id: "signIn", name: w.signIn, icon: <UserIcon /> }]
      : [
          { id: "/account", name: w.account, icon: <UserIcon />, ...(small ? { end: own.name } : {}) },
          { id: "/orgs", name: w.orgs, icon: <BuildingIcon /> },
          ...(known?.account?.admin === true ? [{ id: "/admin", name: w.admin, icon: <SettingsIcon /> }] : []),
          { id: "signOut", name: w.signOut, icon: <LeaveIcon /> },
        ];
  const name = own === undefined ? w.menu : w.of(own.name);
  const face = (trigger: Trigger): ReactNode =>
    small ? (
      <IconButton {...trigger} name={name} tip="bottom">
        <UserIcon />
      </IconButton>
    ) : (
      <AriaButton {...trigger} className="button quiet me-button" aria-label={name}>
        <Avatar name={own?.name ?? ""} color={color} />
        <span className="me-name">{own?.name}</span>
      </AriaButton>
    );
  return <MenuPop key={own?.id ?? ""} label={w.menu} entries={() => entries} onAction={act} renderButton={face} />;
}
