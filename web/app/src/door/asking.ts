import { object, send, strings, text } from "./api";

/** A program that waits for an answer. */
export type Asking = { readonly client: string; readonly scopes: readonly string[]; readonly address: string };

/** What the program asks for that shows a code, or that has sent the browser here. */
export async function fetchAsking(by: { readonly code: string } | { readonly request: string }): Promise<Asking> {
  const { client, scopes, address } = object(await send("POST", "code" in by ? "/api/v1/auth/device" : "/api/v1/auth/authorize", by));
  return { client: text(client), scopes: strings(scopes), address: text(address) };
}

/** Answers the program that shows a code. */
export async function answerDevice(code: string, allow: boolean): Promise<void> {
  await send("POST", "/api/v1/auth/device/answer", { code, allow });
}

/** Answers the program that has sent the browser here, and gives the address that tells it. It is on this computer. */
export async function answerRequest(request: string, allow: boolean): Promise<string> {
  return text(object(await send("POST", "/api/v1/auth/authorize/answer", { request, allow }))["to"]);
}
