import { recall, remember } from "../lib/storage";
import { Store, useStore } from "../lib/store";
import { en } from "./en";

/** Everything that the page says, area by area: plain strings, and functions for what has a number or a name in it. */
export type Words = typeof en;

/** The languages of the page, each by its own name. */
export const locales = { en: "English", de: "Deutsch" } as const;

/** A language of the page. */
export type Locale = keyof typeof locales;

/** The language that the page speaks now. It changes together with words. */
export const locale = new Store<Locale>("en");

/** The words of that language. Other languages than English are loaded when somebody wants them. */
export const words = new Store<Words>(en);

/** The words, in a component; it renders again in another language. */
export function useWords(): Words {
  return useStore(words);
}

/** Chooses a language and remembers it. Rejects, and changes nothing, when its words cannot be loaded. */
export async function speak(choice: Locale): Promise<void> {
  await turnTo(choice);
  remember("locale", choice);
}

/** Begins with the language that was chosen, else with the first of the browser's that the page speaks. Never rejects. */
export async function startSpeaking(): Promise<void> {
  const wanted = [recall("locale") ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  await turnTo(wanted.find(isLocale) ?? "en").catch(() => undefined); // English is there always
}

async function turnTo(choice: Locale): Promise<void> {
  const next = choice === "de" ? (await import("./de")).de : en;
  document.documentElement.lang = choice;
  locale.set(choice);
  words.set(next);
}

function isLocale(tag: string): tag is Locale {
  return Object.hasOwn(locales, tag);
}
