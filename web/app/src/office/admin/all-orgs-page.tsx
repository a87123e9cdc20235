import type { ReactNode } from "react";
import { number } from "../../lib/format";
import { Loading } from "../../ui/loading";
import { fetchAllOrgs } from "../api";
import { Failed, Page } from "../parts";
import { day } from "../time";
import { useLoad } from "../use-load";
import { useOfficeWords } from "../use-words";

/** All organisations of the installation. */
export function AllOrgsPage(): ReactNode {
  const words = useOfficeWords();
  const w = words.allOrgs;
  const [orgs, again] = useLoad("orgs", fetchAllOrgs);
  return (
    <Page title={words.admin.orgs} lead={w.lead}>
      {orgs.data === undefined ? (
        orgs.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={orgs.problem} onRetry={again} />
        )
      ) : orgs.data.length === 0 ? (
        <p className="office-none">{w.none}</p>
      ) : (
        <table className="office-table">
          <thead>
            <tr>
              <th scope="col">{words.members.name}</th>
              <th scope="col">{w.members}</th>
              <th scope="col">{w.enforced}</th>
              <th scope="col">{w.since}</th>
            </tr>
          </thead>
          <tbody>
            {orgs.data.map((org) => (
              <tr key={org.id}>
                <th scope="row">{org.name}</th>
                <td data-name={w.members}>{org.members === undefined ? "–" : number(org.members)}</td>
                <td data-name={w.enforced}>{org.enforced ? w.required : w.optional}</td>
                <td data-name={w.since}>{org.created === 0 ? "" : day(org.created)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  );
}
