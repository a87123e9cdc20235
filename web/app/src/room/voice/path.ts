/** How sound gets from here to the others and back: by this server, or by LiveKit. */
export interface Path {
  /** Opens it. Rejects with Refused; after that what happens is told by PathEvents. */
  open(microphone: MediaStreamTrack | undefined): Promise<void>;
  /** Sends another microphone. */
  send(microphone: MediaStreamTrack): Promise<void>;
  /** The microphone is off or on from now on: nothing of it is passed on, and the others are told. */
  mute(muted: boolean): void;
  /** The network has changed: looks for another way now. */
  mend(): void;
  close(): void;
}

/** What a path tells. */
export type PathEvents = {
  /** Sound goes through; or it does not, and another way is looked for. */
  readonly through: (is: boolean) => void;
  /** It is over: the error says why. */
  readonly over: (error: unknown) => void;
};
