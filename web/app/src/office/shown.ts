import type { Me, Org } from "./api";

/** What every page is given. */
export type Shown = {
  readonly me: Me;
  readonly account: NonNullable<Me["account"]>;
  /** To be called when something has changed that the list at the left shows. */
  readonly onChange: () => void;
};

/** What the pages of an organisation are given. */
export type OrgShown = Shown & { readonly org: Org & { readonly role: NonNullable<Org["role"]> } };

/** The sections of an organisation, in their order, and the least that one has to be there to see them. */
export const sections = [
  { id: "members", least: "member" },
  { id: "rooms", least: "admin" },
  { id: "domains", least: "admin" },
  { id: "sign-in", least: "admin" },
  { id: "provisioning", least: "admin" },
  { id: "audit", least: "admin" },
  { id: "general", least: "member" },
] as const;

/** A section of an organisation. */
export type Section = (typeof sections)[number]["id"];

/** Whether somebody may see a section. The server decides the same when it is asked for what is in it. */
export function sees(role: Org["role"], section: Section): boolean {
  const least = sections.find(({ id }) => id === section)?.least;
  return role === "owner" || role === "admin" || (role === "member" && least === "member");
}
