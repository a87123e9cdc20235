import { expect, type Page } from "@playwright/test";
import type { Server } from "./server.ts";

/** Somebody with an account. */
export type Who = { readonly name: string; readonly email: string; readonly password: string };

export const ada: Who = { name: "Ada Lovelace", email: "ada@example.org", password: "analytical engine wheels" };
export const ben: Who = { name: "Ben Okri", email: "ben@example.org", password: "the famished road ahead" };

/** The server by the name of this machine: browsers make passkeys for names, and not for addresses. */
export function named(server: Server): string {
  return server.url.replace("127.0.0.1", "localhost");
}

/** The path of the link by which the first administrator is made, from the server's log. */
export function setupPath(server: Server): string {
  return /link=\S*(\/setup#\w+)/.exec(server.log)?.[1] ?? "";
}

/** Fills in the form that makes an account. */
export async function fillIn(page: Page, who: Who): Promise<void> {
  await page.getByRole("textbox", { name: "Your name" }).fill(who.name);
  await page.getByRole("textbox", { name: "E-mail" }).fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
}

/** Makes an account where everybody may, from the page to sign in. */
export async function register(page: Page, who: Who): Promise<void> {
  await page.getByRole("button", { name: "Create an account" }).click();
  await fillIn(page, who);
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page).not.toHaveURL(/\/signin/);
}

/** Enters an address and a password. */
export async function enter(page: Page, who: Pick<Who, "email" | "password">): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail" }).fill(who.email);
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in, and waits until that is done. */
export async function signIn(page: Page, url: string, who: Who): Promise<void> {
  await page.goto(`${url}/signin`);
  await enter(page, who);
  await expect(page.getByRole("button", { name: `Your account: ${who.name}` })).toBeVisible();
}

/** What the menu of the account has. */
export async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: /^Your account/ }).click();
  await page.getByRole("menuitem", { name: item }).click();
}
