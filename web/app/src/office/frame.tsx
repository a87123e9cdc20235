import { useEffect, useRef, type ReactNode } from "react";
import { MeMenu } from "../door/me-menu";
import { Mark, Wordmark } from "../ui/logo";
import { LookMenu } from "../ui/look-menu";
import { useWords } from "../words";
import { Troubles } from "./admin/troubles";
import type { Me } from "./api";
import { sections, sees } from "./shown";
import { PageLink } from "./parts";
import { useOfficeWords } from "./use-words";

type Props = { readonly me: Me | undefined; readonly path: string; readonly onProblem: (text: string) => void; readonly children: ReactNode };

/** What stands around all of these pages: the way home, whose they are, and the list of sections. */
export function Frame({ me, path, onProblem, children }: Props): ReactNode {
  const { frame } = useWords();
  return (
    <div className="office">
      <header className="office-top">
        <PageLink to="/" className="office-brand">
          <Mark size={22} />
          <Wordmark size={15} />
          <span className="hidden">{frame.home}</span>
        </PageLink>
        <div className="office-top-end">
          <LookMenu onProblem={onProblem} />
          <MeMenu onProblem={onProblem} />
        </div>
      </header>
      {me?.account?.admin === true && path !== "/admin/status" ? <Troubles /> : null}
      <div className="office-body">
        {me?.account === undefined ? null : <Nav me={me} path={path} />}
        <main className="office-main">{children}</main>
      </div>
    </div>
  );
}

function Nav({ me, path }: { readonly me: Me; readonly path: string }): ReactNode {
  const w = useOfficeWords();
  const here = /^\/orgs\/([^/]+)/.exec(path)?.[1];
  const org = me.orgs.find(({ id }) => id === here);
  const section = path.split("/")[3] ?? "members";
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the list is one line, of which the current section may lie outside.
    const current = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current !== null && current instanceof HTMLElement) nav.current.scrollLeft = current.offsetLeft - nav.current.clientWidth / 3;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another path is when to look
  }, [path]);
  return (
    <nav ref={nav} className="office-nav" aria-label={w.nav}>
      <PageLink to="/orgs" className="office-nav-link" current={path === "/orgs"}>
        {w.organisations}
      </PageLink>
      {org === undefined ? null : (
        <div className="office-nav-group">
          <h2 title={org.name}>{org.name}</h2>
          {sections
            .filter(({ id }) => sees(org.role, id))
            .map(({ id }) => (
              <PageLink key={id} to={`/orgs/${org.id}/${id}`} className="office-nav-link" current={section === id}>
                {w.sections[id]}
              </PageLink>
            ))}
        </div>
      )}
      {me.account?.admin === true ? (
        <div className="office-nav-group">
          <h2>{w.installation}</h2>
          {(["status", "people", "orgs", "audit", "settings"] as const).map((id) => {
            const to = id === "people" ? "/admin" : `/admin/${id}`;
            return (
              <PageLink key={id} to={to} className="office-nav-link" current={path === to}>
                {w.admin[id]}
              </PageLink>
            );
          })}
        </div>
      ) : null}
    </nav>
  );
}
