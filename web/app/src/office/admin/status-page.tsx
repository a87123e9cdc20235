/* oxlint-disable import/no-unassigned-import -- styles */
import type { ReactNode } from "react";
import { bytes, number } from "../../lib/format";
import { AlertIcon } from "../../ui/icons";
import { Loading } from "../../ui/loading";
import { Failed, Notice, Page, Section } from "../parts";
import { clock, moment } from "../time";
import { fetchStatus, type Status, type Trouble } from "./status";
import { usePolled } from "./use-polled";
import { sentencesOf, useStatusWords } from "./use-status-words";
import "./status.css";

const every = 5000;

/** How the installation does: what needs somebody first, then its parts. */
export function StatusPage(): ReactNode {
  const w = useStatusWords();
  const [state, again] = usePolled("status", every, fetchStatus);
  const { data, problem } = state;
  return (
    <Page title={w.title} lead={w.lead}>
      {data === undefined ? (
        problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={problem} onRetry={again} />
        )
      ) : (
        <>
          {problem === undefined ? null : (
            <Notice kind="bad" live>
              {w.stale}
            </Notice>
          )}
          <TroubleList troubles={data.troubles} />
          <Figures status={data} />
          <Nodes status={data} />
          <Runners status={data} />
          <Storage status={data} />
          <Rooms status={data} />
          <Models status={data} />
          <p className="status-at">{w.at(clock(data.at), data.node)}</p>
        </>
      )}
    </Page>
  );
}

function TroubleList({ troubles }: { readonly troubles: readonly Trouble[] }): ReactNode {
  const w = useStatusWords();
  if (troubles.length === 0) return <Notice kind="good">{w.well}</Notice>;
  return (
    <Section title={w.problems}>
      <ul className="status-troubles">
        {troubles.map((trouble) => {
          const [title, todo] = sentencesOf(w, trouble);
          return (
            <li key={trouble.code + trouble.about} className={trouble.bad ? "bad" : ""}>
              <AlertIcon />
              <div>
                <strong>{title}</strong>
                <p>{todo}</p>
                {trouble.about === "" ? null : (
                  <p className="status-said">
                    {w.said} <code>{trouble.about}</code>
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Figures({ status }: { readonly status: Status }): ReactNode {
  const w = useStatusWords().figures;
  const all = [
    [w.people, status.people],
    [w.rooms, status.open],
    [w.runs, status.running],
    [w.waiting, status.waiting],
  ] as const;
  return (
    <dl className="status-figures">
      {all.map(([name, n]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{number(n)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Whether a part works, in colour and in words. */
function Health({ up, good, bad }: { readonly up: boolean; readonly good: string; readonly bad: string }): ReactNode {
  return <span className={`office-mark ${up ? "good" : "wait"}`}>{up ? good : bad}</span>;
}

function Nodes({ status }: { readonly status: Status }): ReactNode {
  const w = useStatusWords();
  return (
    <Section title={w.nodes} hint={w.nodesHint}>
      <ul className="office-lines">
        {status.nodes.map((node) => (
          <li key={node.name + String(node.since)}>
            <span>
              <strong>{node.name}</strong>
              <small>{[node.version, node.since === 0 ? "" : w.since(moment(node.since))].filter((part) => part !== "").join(" · ")}</small>
            </span>
            {node.leaving ? <span className="office-mark wait">{w.leaving}</span> : node.here ? <span className="office-mark good">{w.here}</span> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Runners({ status }: { readonly status: Status }): ReactNode {
  const w = useStatusWords();
  return (
    <Section title={w.runners} hint={w.runnersHint}>
      <ul className="office-lines">
        {status.runners.map((runner) => (
          <li key={runner.name}>
            <span className="status-part">
              <strong>{runner.name}</strong>
              {runner.up ? (
                <small>
                  {w.load(runner.programs, runner.capacity)} · {w.languages(runner.languages)}
                </small>
              ) : null}
              {runner.capacity === 0 || !runner.up ? null : <Bar part={runner.programs} of={runner.capacity} name={runner.name} />}
            </span>
            <Health up={runner.up} good={w.up} bad={w.away} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** How much of something is taken. The sentence above says it in numbers. */
function Bar({ part, of, name }: { readonly part: number; readonly of: number; readonly name: string }): ReactNode {
  return <meter className="status-bar" min={0} max={of} high={of * 0.9} value={Math.min(part, of)} aria-label={name} />;
}

function Storage({ status }: { readonly status: Status }): ReactNode {
  const w = useStatusWords();
  const { database, disk, bus } = status;
  const pool = database.most > 0 ? ` · ${w.pool(database.inUse, database.most)}` : "";
  return (
    <Section title={w.storage}>
      <ul className="office-lines">
        <li>
          <span>
            <strong>{w.database}</strong>
            <small>
              {database.kind === "postgres" ? "PostgreSQL" : "SQLite"}
              {pool}
              {status.readOnly === 0 ? "" : ` · ${w.readOnly(status.readOnly)}`}
            </small>
          </span>
          <Health up={database.up && status.readOnly === 0} good={w.up} bad={database.up ? w.readOnly(status.readOnly) : w.away} />
        </li>
        {disk.total === 0 ? null : (
          <li>
            <span className="status-part">
              <strong>{w.disk}</strong>
              <small>{w.free(bytes(disk.free), bytes(disk.total))}</small>
              <Bar part={disk.total - disk.free} of={disk.total} name={w.disk} />
            </span>
          </li>
        )}
        {bus.kind === "memory" && status.nodes.length < 2 ? null : (
          <li>
            <span>
              <strong>{w.bus}</strong>
              <small>{w.busKinds[bus.kind] ?? bus.kind}</small>
            </span>
            <Health up={bus.up} good={w.up} bad={w.away} />
          </li>
        )}
        {status.voice === undefined ? null : (
          <li>
            <span>
              <strong>{w.voice}</strong>
              <small>{w.voiceLine(status.voice.people, status.voice.rooms)}</small>
            </span>
          </li>
        )}
      </ul>
    </Section>
  );
}

function Rooms({ status }: { readonly status: Status }): ReactNode {
  const w = useStatusWords();
  return (
    <Section title={w.rooms} hint={w.roomsHint}>
      {status.busiest.length === 0 ? (
        <p className="office-none">{w.noRooms}</p>
      ) : (
        <table className="office-table plain">
          <thead>
            <tr>
              <th scope="col">{w.room}</th>
              <th scope="col">{w.people}</th>
              <th scope="col">{w.language}</th>
              <th scope="col">{w.events}</th>
            </tr>
          </thead>
          <tbody>
            {status.busiest.map((room) => (
              <tr key={room.room}>
                <th scope="row">
                  <code>{room.room}</code>
                </th>
                <td data-name={w.people}>{number(room.people)}</td>
                <td data-name={w.language}>{room.language}</td>
                <td data-name={w.events}>{number(room.version)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Models({ status }: { readonly status: Status }): ReactNode {
  const w = useStatusWords();
  return (
    <Section title={w.hints}>
      {status.models.length === 0 ? (
        <p className="office-none">{w.noModels}</p>
      ) : (
        <ul className="office-lines">
          {status.models.map((model) => (
            <li key={model.name}>
              <span>
                <strong>{model.name}</strong>
                <small>{[model.model, model.place].filter((part) => part !== "").join(" · ")}</small>
              </span>
              <Health up={model.up} good={w.up} bad={w.rests} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
