/* oxlint-disable import/no-unassigned-import -- styles */
import { useEffect, useState, type ReactNode } from "react";
import { Boundary } from "../ui/boundary";
import { Loading } from "../ui/loading";
import { fetchMe, type Me } from "./api";
import { Frame } from "./frame";
import { Failed, PageLink } from "./parts";
import { pageOf } from "./pages";
import { useLoad } from "./use-load";
import { useOfficeWords } from "./use-words";
import "./office.css";
import "./lists.css";
import "./forms.css";
import "./sign-in/guide.css";

/** The pages of organisations and of the administrator. */
export function OfficePage({ path }: { readonly path: string }): ReactNode {
  const [me, again] = useLoad("me", fetchMe);
  const [problem, setProblem] = useState("");
  return (
    <Frame me={me.data} path={path} onProblem={setProblem}>
      {problem === "" ? null : <p className="office-problem">{problem}</p>}
      {me.data !== undefined ? (
        <Boundary>
          <Inside me={me.data} path={path} onChange={again} />
        </Boundary>
      ) : me.problem === undefined ? (
        <Loading />
      ) : (
        <Failed problem={me.problem} onRetry={again} />
      )}
    </Frame>
  );
}

type InsideProps = { readonly me: Me; readonly path: string; readonly onChange: () => void };

function Inside({ me, path, onChange }: InsideProps): ReactNode {
  const w = useOfficeWords();
  if (me.account === undefined) {
    return (
      <Stop title={w.signInTitle} text={w.signInText}>
        <a className="button accent" href={`/signin?to=${encodeURIComponent(path)}`}>
          {w.signIn}
        </a>
      </Stop>
    );
  }
  const found = pageOf(path, { me, account: me.account, onChange });
  if (found.page !== undefined) return found.page;
  const [title, text] = { missing: [w.missing, w.missingText], org: [w.noOrg, w.noOrgText], denied: [w.denied, w.deniedText] }[found.why];
  return (
    <Stop title={title ?? ""} text={text ?? ""}>
      <PageLink className="button outline" to="/orgs">
        {w.toList}
      </PageLink>
    </Stop>
  );
}

/** Where nothing else can be shown. */
function Stop({ title, text, children }: { readonly title: string; readonly text: string; readonly children: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} – CodeCollab`;
  }, [title]);
  return (
    <div className="office-stop">
      <h1>{title}</h1>
      <p>{text}</p>
      {children}
    </div>
  );
}
