import { english } from "@codecollab/client";

const characters = (n: number): string => (n === 1 ? "1 character" : `${n.toLocaleString("en")} characters`);
const changes = (n: number): string => (n === 1 ? "1 change" : `${n.toLocaleString("en")} changes`);

/** What is saved, connected and kept. */
export const status = {
  label: "Status",
  notices: "Notices",
  close: "Close",
  characters,
  /** Where the text is. All of these are always true. */
  mark: {
    saved: (version: number) => `All saved at version ${version.toLocaleString("en")}`,
    onlyHere: (n: number) => `${characters(n)} only in this browser`,
    onlyInTab: (n: number) => `${characters(n)} only in this tab`,
    changesHere: (n: number) => `${changes(n)} only in this browser`,
    changesInTab: (n: number) => `${changes(n)} only in this tab`,
    connecting: "Connecting",
    offline: "Offline",
    readOnly: (reason: string) => `Read-only: ${reason}`,
  },
  /** The answers to the key that saves elsewhere. */
  key: {
    saved: "Already saved. Everything is, as you type.",
    sending: "Saving. There is no need to press anything.",
    kept: "Kept in this browser. It will be sent when the room can take it.",
    fleeting: "This browser does not keep it: it is in this tab only. Leave the tab open until everything is saved.",
  },
  line: {
    place: (line: number, column: number) => `Ln ${line}, Col ${column}`,
    selected: (n: number) => `(${n.toLocaleString("en")} selected)`,
    carets: (n: number) => `${n} carets`,
    people: (n: number) => (n === 1 ? "1 person" : `${n.toLocaleString("en")} people`),
  },
  banner: {
    missing: "This room is not on the server any more. Copy what you need: this is what this browser has kept.",
    offline: "Offline.",
    goOn: "Go on typing: what you type is kept in this browser.",
    kept: (n: number) => `Go on typing: ${characters(n)} ${n === 1 ? "is" : "are"} kept in this browser and will be sent.`,
    fleeting: (n: number) => `${characters(n)} ${n === 1 ? "is" : "are"} in this tab only, because this browser cannot keep them. Leave the tab open until they are sent.`,
    unreachable: "The server cannot be reached.",
    retry: "Retry now",
    nextTry: (seconds: number) => `Next try in ${seconds} s`,
    trying: "Trying…",
    readOnly: "Read-only.",
    readOnlyKept: "What you type is kept in this browser and will be sent.",
    outdated: "There is a new version of CodeCollab. This page goes on working.",
    reload: "Reload",
    later: "Later",
  },
  recovered: {
    title: "Recovered text",
    from: (file: string) => `Recovered text from ${file}`,
    copy: "Copy",
    copied: "Copied",
    copyFailed: "The browser does not allow copying. Select the text and copy it by hand.",
    insert: "Insert",
    insertTip: "Insert it where the caret is",
    inserted: "The text is inserted.",
    notInserted: "Nothing is inserted: open a file that you may edit first.",
    download: "Download",
    dismiss: "Dismiss",
    notSent: "It has not reached the server.",
  },
  missing: {
    title: "There is no such room",
    text: " is not on this server. The link may have lost its end, or the room was deleted. Ask whoever sent it to copy it again.",
    newRoom: "New room",
    start: "Start page",
    failed: "The room could not be made.",
  },
  refused: {
    title: "The room did not let you in",
    unknown: "The server does not let this page in.",
    kept: (n: number) => `${characters(n)} of yours ${n === 1 ? "has" : "have"} not reached the server. Here they are:`,
    again: "Try again",
  },
  kept: "What you type is kept in this browser until the server has it; what it has, it keeps for 30 days to open faster.",
  /** What the client says by itself. */
  client: english,
  commands: { saved: "Is it saved? (It always is.)" },
};
