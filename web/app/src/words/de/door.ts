import type { Words } from "..";

export const door: Words["door"] = {
  signIn: "Anmelden",
  signOut: "Abmelden",
  menu: "Konto",
  of: (name) => `Konto: ${name}`,
  account: "Konto",
  orgs: "Organisationen",
  admin: "Verwaltung",
  signOutFailed: "Das Abmelden ist nicht gelungen. Mit Verbindung erneut versuchen.",
  first: { title: "Bitte erst anmelden", text: "Dieser Raum öffnet sich nach dem Anmelden. Danach geht es hier weiter." },
  out: {
    title: "Abgemeldet.",
    kept: (n) => (n === 1 ? "1 eigenes Zeichen liegt noch in diesem Browser." : `${n.toLocaleString("de")} eigene Zeichen liegen noch in diesem Browser.`),
    fleeting: (n) =>
      n === 1 ? "1 eigenes Zeichen ist nur in diesem Tab: ihn offen lassen und sich in einem anderen anmelden." : `${n.toLocaleString("de")} eigene Zeichen sind nur in diesem Tab: ihn offen lassen und sich in einem anderen anmelden.`,
    saved: "Alles Geschriebene ist gespeichert.",
    again: "Wieder anmelden",
  },
};
