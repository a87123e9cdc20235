import type { ReactNode } from "react";
import { Loading } from "../../ui/loading";
import { fields, get, list, text } from "../api";
import { Failed, Notice, Page, Section } from "../parts";
import { useLoad } from "../use-load";
import { useOfficeWords } from "../use-words";

type Ways = { readonly ways: readonly { readonly id: string; readonly kind: string; readonly name: string }[]; readonly register: boolean; readonly guests: boolean };

async function fetchWays(signal: AbortSignal): Promise<Ways> {
  const [ways, me] = await Promise.all([get("/api/v1/auth/ways", signal), get("/api/v1/me", signal)]);
  return {
    ways: list(ways, "ways", (of) => ({ id: text(of["id"]), kind: text(of["kind"]), name: text(of["name"]) })),
    register: fields(ways)["register"] === true,
    guests: fields(fields(me)["ways"])["guests"] === true,
  };
}

/** How people can sign in to this installation, to read; the names of the settings say where it is changed. */
export function SettingsPage(): ReactNode {
  const words = useOfficeWords();
  const w = words.settings;
  const [ways, again] = useLoad("ways", fetchWays);
  return (
    <Page title={words.admin.settings} lead={w.lead}>
      {ways.data === undefined ? (
        ways.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={ways.problem} onRetry={again} />
        )
      ) : (
        <>
          <Section title={w.ways}>
            {ways.data.ways.length === 0 ? (
              <Notice kind="warn">{w.none}</Notice>
            ) : (
              <ul className="office-lines">
                {ways.data.ways.map(({ id, kind, name }) => (
                  <li key={id}>
                    <span>
                      <strong>{w.kinds[kind] ?? kind}</strong>
                      {kind !== "oidc" || name === "" ? null : <small>{name}</small>}
                    </span>
                  </li>
                ))}
              </ul>
            )}
            <p className="office-hint">{ways.data.register ? w.register : w.noRegister}</p>
          </Section>
          <Section title={w.guests}>
            <p>{ways.data.guests ? w.guestsYes : w.guestsNo}</p>
          </Section>
        </>
      )}
      <Section title={w.related} hint={w.how}>
        <table className="office-table plain">
          <tbody>
            {w.settings.map(([name, says]) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{says}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </Page>
  );
}
