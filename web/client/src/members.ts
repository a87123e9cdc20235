import type * as wire from "./wire.gen";

/** What a person is in a room. */
export type Role = "owner" | "editor" | "viewer" | "removed";

/** A person with a role. */
export type MemberView = { readonly person: string; readonly role: Role };

type Member = MemberView & { readonly given: boolean };

/** Who may do what in the room, as its log has it. */
export class Members {
  private readonly all = new Map<string, Member>();
  private cached: readonly MemberView[] | undefined;
  /** Only owners edit. */
  locked = false;
  /** The room's name alone lets nobody in. */
  closed = false;

  /** Starts over from a snapshot. */
  load({ members, locked, closed }: wire.State): void {
    this.all.clear();
    for (const { person, role, given } of members ?? []) this.set(person, role, given === true);
    this.locked = locked === true;
    this.closed = closed === true;
    this.cached = undefined;
  }

  /** The part of a snapshot that load reads. */
  snapshot(): Pick<wire.State, "members" | "locked" | "closed"> {
    return {
      ...(this.all.size === 0 ? {} : { members: Array.from(this.all.values(), ({ given, ...m }) => (given ? { ...m, given } : m)) }),
      ...(this.locked ? { locked: true } : {}),
      ...(this.closed ? { closed: true } : {}),
    };
  }

  /** A person gets a role, from an owner or by a link. */
  role({ person, role }: wire.RoleBody, by: string | undefined): void {
    this.set(person, role, by !== person);
  }

  /** The room is closed or opened; whoever has written in it while it was open stays an editor. */
  access({ closed }: wire.AccessBody, people: Iterable<string>): void {
    if (closed && !this.closed) {
      for (const person of people) if (!this.all.has(person)) this.set(person, "editor", false);
    }
    this.closed = closed;
  }

  /** A person's role, where the log has one. */
  of(person: string | undefined): Role | undefined {
    return person === undefined ? undefined : this.all.get(person)?.role;
  }

  /** Everybody with a role; the same array until something changes. */
  list(): readonly MemberView[] {
    return (this.cached ??= Array.from(this.all.values(), ({ person, role }) => ({ person, role })));
  }

  private set(person: string, role: string, given: boolean): void {
    const known = toRole(role);
    if (known !== undefined) this.all.set(person, { person, role: known, given });
    this.cached = undefined;
  }
}

/** Why somebody of a role may not change anything now, as the server would say it; undefined when they may. */
export function mayNotEdit(role: Role | undefined, locked: boolean): "view_only" | "locked" | undefined {
  if (role === "viewer" || role === "removed") return "view_only";
  return locked && role !== "owner" ? "locked" : undefined;
}

/** A role that is known here; a newer server may have others. */
export function toRole(role: string): Role | undefined {
  return role === "owner" || role === "editor" || role === "viewer" || role === "removed" ? role : undefined;
}
