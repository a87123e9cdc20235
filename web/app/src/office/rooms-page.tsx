import { useEffect, useState, type ReactNode } from "react";
import { ago, roomTitle } from "../lib/format";
import { catalogue, findLanguage, loadLanguages } from "../lib/languages";
import { roomPath } from "../lib/route";
import { useStore } from "../lib/store";
import { Button } from "../ui/button";
import { Loading } from "../ui/loading";
import { endRoom, fetchOrgRooms, takeOver, type OrgRoom } from "./api-rooms";
import { Confirm, Empty, Failed, Page } from "./parts";
import type { OrgShown } from "./shown";
import { useLoad } from "./use-load";
import { useOfficeWords } from "./use-words";

/** The rooms that belong to an organisation; its administrators take them over and end them. */
export function RoomsPage({ org }: OrgShown): ReactNode {
  const words = useOfficeWords();
  const w = words.rooms;
  const [rooms, again] = useLoad(org.id, (signal) => fetchOrgRooms(org.id, signal));
  const [asked, setAsked] = useState<Asked | undefined>();
  const [said, setSaid] = useState("");
  useEffect(() => loadLanguages(), []);
  return (
    <Page title={words.sections.rooms} lead={w.lead}>
      <output className="office-hint">{said}</output>
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
              <th scope="col">
                <span className="hidden">{w.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rooms.data.map((room) => (
              <Row key={room.room} room={room} onAsk={setAsked} />
            ))}
          </tbody>
        </table>
      )}
      {asked === undefined ? null : (
        <Ask
          {...asked}
          onDone={(text) => {
            setSaid(text);
            again();
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Page>
  );
}

/** What somebody is about to do with a room. */
type Asked = { readonly room: OrgRoom; readonly end: boolean };

function nameOf(room: OrgRoom): string {
  return room.title === "" ? roomTitle(room.room).words : room.title;
}

function Ask({ room, end, onDone, onClose }: Asked & { readonly onDone: (said: string) => void; readonly onClose: () => void }): ReactNode {
  const w = useOfficeWords().rooms;
  const name = nameOf(room);
  return end ? (
    <Confirm title={w.endTitle(name)} text={w.endText} button={w.endButton} onDo={() => endRoom(room.room).then(() => onDone(w.ended(name)))} onClose={onClose} />
  ) : (
    <Confirm
      title={w.takeTitle(name)}
      text={w.takeText}
      button={w.takeButton}
      danger={false}
      onDo={() => takeOver(room.room).then(() => onDone(w.taken(name)))}
      onClose={onClose}
    />
  );
}

function Row({ room, onAsk }: { readonly room: OrgRoom; readonly onAsk: (what: Asked) => void }): ReactNode {
  const w = useOfficeWords().rooms;
  const { list } = useStore(catalogue);
  const [now] = useState(() => Date.now());
  return (
    <tr>
      <th scope="row">
        <a href={roomPath(room.room)}>{nameOf(room)}</a>
      </th>
      <td data-name={w.language}>{findLanguage(list, room.language)?.name ?? room.language}</td>
      <td data-name={w.changed}>{room.changed === 0 ? "" : ago(room.changed, now)}</td>
      <td className="office-row-actions">
        <Button small aria-label={w.takeOf(nameOf(room))} onPress={() => onAsk({ room, end: false })}>
          {w.take}
        </Button>
        <Button small aria-label={w.endOf(nameOf(room))} onPress={() => onAsk({ room, end: true })}>
          {w.end}
        </Button>
      </td>
    </tr>
  );
}
