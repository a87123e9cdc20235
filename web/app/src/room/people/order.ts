import type { Peer } from "@codecollab/client";

/** People in the order in which they are shown: those who are away last. */
export function ordered(peers: readonly Peer[]): readonly Peer[] {
  return peers.toSorted((a, b) => Number(a.away) - Number(b.away) || a.name.localeCompare(b.name));
}

/** Where somebody is, in words, and whether one can go there. */
export function placeOf(peer: Peer, files: readonly { id: string; name: string }[], line: (file: string, at: number) => number): string | undefined {
  const file = files.find(({ id }) => id === peer.file);
  return file === undefined ? undefined : `${file.name}:${line(file.id, peer.head)}`;
}
