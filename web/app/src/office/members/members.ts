import { colors } from "../../lib/identity";
import type { Member, OrgRole } from "../api";

/** Whether every word that was typed is in the member's name or address. */
export function fits({ name, email }: Pick<Member, "name" | "email">, query: string): boolean {
  const all = `${name} ${email}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** What somebody with a role may make of others: only owners make owners. */
export function rolesToGive(mine: OrgRole): readonly OrgRole[] {
  return mine === "owner" ? ["member", "admin", "owner"] : mine === "admin" ? ["member", "admin"] : [];
}

/** Whether somebody with a role may change what another one is. The server decides the same. */
export function mayChange(mine: OrgRole, member: Pick<Member, "role">): boolean {
  return rolesToGive(mine).includes(member.role);
}

/** A colour for somebody whose own is not known here: always the same one. */
export function colorOf(account: string): number {
  let sum = 0;
  for (const unit of account) sum = (sum * 31 + (unit.codePointAt(0) ?? 0)) % 65_521;
  return sum % colors;
}
