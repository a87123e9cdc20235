import type * as wire from "./wire.gen";

/** What a person is in a room. */
export type Role = "owner" | "editor" | "viewer" | "removed";

/** What an owner has said about a person's running programs. */
export type RunGrant = "yes" | "no";

/** A person of whom the log says something: a role, whether they run programs, that an owner has muted them. */
export type MemberView = { readonly person: string; readonly role?: Role; readonly run?: RunGrant; readonly muted?: true };

/** Who may come in, and how, and who runs programs: see the event "access". */
export type Access = Readonly<Omit<wire.AccessBody, "kind">>;

type Member = MemberView & { readonly given: boolean };

const open: Access = { closed: false };

/** Who may do what in the room, as its log has it. */
export class Members {
  private readonly all = new Map<string, Member>();
  private cached: readonly MemberView[] | undefined;
  /** Only owners edit. */
  locked = false;
  /** Who may come in. */
  rules: Access = open;

  /** The room's name alone lets nobody in. */
  get closed(): boolean {
    return this.rules.closed;
  }

  /** Starts over from a snapshot. */
  load({ members, locked, closed, access }: wire.State): void {
    this.all.clear();
    for (const { person, role, given, run, muted } of members ?? [])
      this.set(person, { ...roleOf(role), ...grantOf(run), ...mutedIf(muted === true), given: given === true });
    this.locked = locked === true;
    this.rules = access ?? { closed: closed === true };
  }

  /** The part of a snapshot that load reads. */
  snapshot(): Pick<wire.State, "members" | "locked" | "closed" | "access"> {
    return {
      ...(this.all.size === 0 ? {} : { members: Array.from(this.all.values(), kept) }),
      ...(this.locked ? { locked: true } : {}),
      ...(this.closed ? { closed: true } : {}),
      ...(Object.keys(this.rules).length > 1 ? { access: this.rules } : {}),
    };
  }

  /** A person gets a role or a word about running: from an owner, by a link, or from the guest that they were. */
  role({ person, role, run, mute, from }: wire.RoleBody, by: string | undefined): void {
    const before = this.all.get(person);
    const guest = from === undefined ? undefined : this.all.get(from);
    if (from !== undefined && guest?.role !== "removed") this.all.delete(from);
    const said = roleOf(role);
    this.set(person, {
      ...(said.role === undefined ? roleOf(before?.role) : said),
      ...(run === undefined ? grantOf(guest?.run ?? before?.run) : grantOf(run)),
      ...mutedIf(mute === undefined ? before?.muted === true || guest?.muted === true : mute === "yes"),
      given: from === undefined ? (said.role === undefined ? before?.given === true : by !== person) : guest?.given === true,
    });
  }

  /** Other rules hold; whoever has written in the room while it was open stays an editor. */
  access(body: wire.AccessBody, people: Iterable<string>): void {
    const { kind: _, ...rules } = body;
    if (rules.closed && !this.closed) {
      for (const person of people) {
        const known = this.all.get(person);
        if (known?.role === undefined) this.set(person, { given: false, ...known, role: "editor" });
      }
    }
    this.rules = rules;
  }

  /** A person's role, where the log has one. */
  of(person: string | undefined): Role | undefined {
    return person === undefined ? undefined : this.all.get(person)?.role;
  }

  /** What an owner has said about a person's running programs. */
  grant(person: string | undefined): RunGrant | undefined {
    return person === undefined ? undefined : this.all.get(person)?.run;
  }

  /** Whether an owner does not want the person to be heard. */
  muted(person: string | undefined): boolean {
    return person !== undefined && this.all.get(person)?.muted === true;
  }

  /** Everybody of whom the log says something; the same array until something changes. */
  list(): readonly MemberView[] {
    return (this.cached ??= Array.from(this.all.values(), shown));
  }

  private set(person: string, member: Omit<Member, "person">): void {
    if (member.role !== undefined || member.run !== undefined || member.muted === true) this.all.set(person, { person, ...member });
    else this.all.delete(person);
    this.cached = undefined;
  }
}

function shown({ person, role, run, muted }: Member): MemberView {
  return { person, ...(role === undefined ? {} : { role }), ...(run === undefined ? {} : { run }), ...mutedIf(muted === true) };
}

function kept({ person, role, given, run, muted }: Member): wire.Member {
  return { person, role: role ?? "", ...(given ? { given } : {}), ...(run === undefined ? {} : { run }), ...mutedIf(muted === true) };
}

/** Why somebody of a role may not change anything now, as the server would say it; undefined when they may. */
export function mayNotEdit(role: Role | undefined, locked: boolean): "view_only" | "locked" | undefined {
  if (role === "viewer" || role === "removed") return "view_only";
  return locked && role !== "owner" ? "locked" : undefined;
}

/** Why somebody may run no program now, as the server would say it; undefined when they may. */
export function mayNotRun(role: Role | undefined, grant: RunGrant | undefined, locked: boolean, rules: Access): "view_only" | "locked" | "not_runner" | undefined {
  if (grant === "no") return "not_runner";
  if (grant === undefined) {
    if (role === "viewer" || role === "removed") return "view_only";
    if (rules.runners === "named" || (rules.runners === "owners" && role !== "owner")) return "not_runner";
  }
  return locked && role !== "owner" ? "locked" : undefined;
}

/** A role that is known here; a newer server may have others. */
export function toRole(role: string | undefined): Role | undefined {
  return role === "owner" || role === "editor" || role === "viewer" || role === "removed" ? role : undefined;
}

function roleOf(role: string | undefined): { readonly role?: Role } {
  const known = toRole(role);
  return known === undefined ? {} : { role: known };
}

function grantOf(run: string | undefined): { readonly run?: RunGrant } {
  return run === "yes" || run === "no" ? { run } : {};
}

function mutedIf(muted: boolean): { readonly muted?: true } {
  return muted ? { muted: true } : {};
}
