import * as vscode from "vscode";
import type { Phrases, RoomView } from "@codecollab/client";

/** What the client says by itself, in the language of VS Code. */
export function phrases(): Phrases {
  const { t } = vscode.l10n;
  return {
    noFile: t("This file does not exist any more."),
    otherText: t("The editor shows another text than the room has; close the file and open it again."),
    fileTooLong: (units, most) => t("This would make the file {0} characters long; the limit is {1}.", units, most),
    changeTooLarge: (bytes, most) => t("This change is {0} bytes; at most {1} can be sent at once.", bytes, most),
    halfCharacter: t("This would leave half of a character (an unpaired surrogate)."),
    locked: t("An owner has locked this room: for now, only owners can change it."),
    notRunner: t("You may not run programs in this room."),
    viewOnly: t("You may look at this room, and not change it."),
    closed: t("The room cannot be changed now."),
    deleted: t("The file was deleted."),
    deletedBy: (name) => t("{0} deleted the file.", name),
    perhapsSaved: t("It may have been saved before."),
    perhapsSavedElsewhere: t("This may have been saved already, from another window."),
    damaged: t("What was kept of the room on this machine is damaged; this is what can still be read."),
    number: (n) => n.toLocaleString(vscode.env.language),
  };
}

/** Why a room cannot be had, and what to do; undefined while it can. */
export function trouble(view: RoomView, origin: string): { readonly message: string; readonly action?: "signIn" | "update" | "passcode" } | undefined {
  const { t } = vscode.l10n;
  if (view.signedOut === true) return { message: t("You are signed out at {0}. What you typed is kept; sign in to go on.", origin), action: "signIn" };
  if (view.status === "missing") return { message: t("There is no room {0} at {1}. Ask for another link.", view.room, origin) };
  if (view.status === "waiting") return { message: t("An owner of the room has to let you in. Please wait.") };
  const { code = "", message = "" } = view.error ?? {};
  // The client goes on trying: a server that is being upgraded is the newer one in a moment.
  if (code === "old_server") {
    return { message: t("The server at {0} is older than this extension. What you type is kept, and it is tried again until the server is upgraded. Or install the extension that the server offers.", origin), action: "update" };
  }
  if (view.status !== "refused") return undefined;
  switch (code) {
    case "bad_protocol":
      return { message: t("The server at {0} is newer than this extension. What you typed is kept. Install the extension that the server offers; then it is sent.", origin), action: "update" };
    case "deleted":
      return { message: t("An owner has deleted this room. Its files can still be read here until you close them; save what you need.") };
    case "no_access":
    case "link_revoked":
      return { message: t("This link lets nobody in (any more): {0} Ask for a new one.", message), action: "signIn" };
    case "sign_in":
    case "account_needed":
    case "signed_out":
      return { message: t("This room is for people with an account. Sign in."), action: "signIn" };
    case "passcode":
      return { message: t("The room asks for a passcode."), action: "passcode" };
    default:
      return { message };
  }
}
