import { colorOf } from "../members/members";
import { fields, get, list, send, text, time } from "../api";

/** An account, as the administrator sees it. */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly color: number;
  readonly admin: boolean;
  readonly active: boolean;
  readonly created: number;
  readonly seen: number;
};

/** A page of people, and what the next one is asked for with; "" when there is none. */
export type People = { readonly people: readonly Person[]; readonly next: string };

/** Asks for people whose name or address has the words in it. */
export async function fetchPeople(query: string, after: string, signal?: AbortSignal): Promise<People> {
  const params = new URLSearchParams({ ...(query.trim() === "" ? {} : { q: query.trim() }), ...(after === "" ? {} : { after }) }).toString();
  const body = await get(`/api/v1/admin/people${params === "" ? "" : `?${params}`}`, signal);
  const people = list(body, "people", (of) => {
    const id = text(of["id"]);
    const color = of["color"];
    if (id === "") return undefined;
    return {
      id,
      name: text(of["name"]),
      email: text(of["email"]),
      color: typeof color === "number" && color >= 0 ? color : colorOf(id),
      admin: of["admin"] === true,
      active: of["active"] !== false,
      created: time(of["created"]),
      seen: time(of["seen"]),
    };
  });
  return { people, next: text(fields(body)["next"]) };
}

/** Changes what an account may do. */
export function changePerson(id: string, change: { readonly admin?: boolean; readonly active?: boolean }): Promise<unknown> {
  return send("PUT", `/api/v1/admin/people/${encodeURIComponent(id)}`, change);
}

/** Makes a link for a new password. */
export async function resetLink(id: string): Promise<string> {
  const body = fields(await send("POST", `/api/v1/admin/people/${encodeURIComponent(id)}/reset`));
  return `${location.origin}${text(body["path"])}`;
}
