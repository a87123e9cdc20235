/** What a client says to its user by itself. What the server says comes in the server's words. */
export const english = {
  noFile: "This file does not exist any more.",
  otherText: "The editor shows another text than the room has; reload the page.",
  /** Both are numbers in words. */
  fileTooLong: (units: string, most: string) => `This would make the file ${units} characters long; the limit is ${most}.`,
  changeTooLarge: (bytes: string, most: string) => `This change is ${bytes} bytes; at most ${most} can be sent at once.`,
  halfCharacter: "This would leave half of a character (an unpaired surrogate).",
  locked: "An owner has locked this room: for now, only owners can change it.",
  notRunner: "You may not run programs in this room.",
  viewOnly: "You may look at this room, and not change it.",
  closed: "The room cannot be changed now.",
  deleted: "The file was deleted.",
  deletedBy: (name: string) => `${name} deleted the file.`,
  perhapsSaved: "It may have been saved before.",
  perhapsSavedElsewhere: "This may have been saved already, from another window.",
  damaged: "What this browser had kept of the room is damaged; this is what can still be read.",
  /** A number, 5200000, in words: "5.2 million". */
  number: (n: number) => (n < 1_000_000 ? Math.floor(n).toLocaleString("en-US") : `${(n / 1_000_000).toFixed(1)} million`),
};

/** The same in some language. */
export type Phrases = typeof english;
