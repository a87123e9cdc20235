/** Who is signed in, as far as every page has the words at once; those of the pages themselves are in door-pages. */
export const door = {
  signIn: "Sign in",
  signOut: "Sign out",
  menu: "Your account",
  of: (name: string) => `Your account: ${name}`,
  account: "Account",
  orgs: "Organisations",
  admin: "Administration",
  signOutFailed: "You could not be signed out. Try again when there is a connection.",
  first: { title: "Sign in to come in", text: "This room opens for people who are signed in. You come back here afterwards." },
  out: {
    title: "You are signed out.",
    kept: (n: number) => (n === 1 ? "1 character of yours is kept in this browser." : `${n.toLocaleString("en")} characters of yours are kept in this browser.`),
    fleeting: (n: number) =>
      n === 1 ? "1 character of yours is in this tab only: leave it open, and sign in in another." : `${n.toLocaleString("en")} characters of yours are in this tab only: leave it open, and sign in in another.`,
    saved: "Everything that you typed is saved.",
    again: "Sign in again",
  },
};
