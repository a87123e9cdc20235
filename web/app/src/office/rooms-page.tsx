import { useEffect, useState, type ReactNode } from "react";
import { ago, roomTitle } from "../lib/format";
import { catalogue, findLanguage, loadLanguages } from "../lib/languages";
import { roomPath } from "../lib/route";
import { useStore } from "../lib/store";
import { Loading } from "../ui/loading";
import { fetchOrgRooms, type OrgRoom } from "./api-rooms";
import { Empty, Failed, Page } from "./parts";
import type { OrgShown } from "./shown";
import { useLoad } from "./use-load";
import { useOfficeWords } from "./use-words";

/** The rooms that belong to an organisation. */
export function RoomsPage({ org }: OrgShown): ReactNode {
  const words = useOfficeWords();
  const w = words.rooms;
  const [rooms, again] = useLoad(org.id, (signal) => fetchOrgRooms(org.id, signal));
  useEffect(() => loadLanguages(), []);
  return (
    <Page title={words.sections.rooms} lead={w.lead}>
      {rooms.data === undefined ? (
        rooms.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={rooms.problem} onRetry={again} />
        )
      ) : rooms.data.length === 0 ? (
        <Empty title={w.none}>{w.noneText}</Empty>
      ) : (
        <table className="office-table">
          <thead>
            <tr>
              <th scope="col">{w.room}</th>
              <th scope="col">{w.language}</th>
              <th scope="col">{w.changed}</th>
            </tr>
          </thead>
          <tbody>
            {rooms.data.map((room) => (
              <Row key={room.room} room={room} />
            ))}
          </tbody>
        </table>
      )}
    </Page>
  );
}

function Row({ room }: { readonly room: OrgRoom }): ReactNode {
  const w = useOfficeWords().rooms;
  const { list } = useStore(catalogue);
  const [now] = useState(() => Date.now());
  return (
    <tr>
      <th scope="row">
        <a href={roomPath(room.room)}>{room.title === "" ? roomTitle(room.room).words : room.title}</a>
      </th>
      <td data-name={w.language}>{findLanguage(list, room.language)?.name ?? room.language}</td>
      <td data-name={w.changed}>{room.changed === 0 ? "" : ago(room.changed, now)}</td>
    </tr>
  );
}
