/* oxlint-disable import/no-unassigned-import -- styles */
import { lazy, Suspense, type ReactNode } from "react";
import { InvitePage } from "./invite-page";
import { ResetPage } from "./reset-page";
import { SetupPage } from "./setup-page";
import { SignInPage } from "./sign-in-page";
import "./door.css";

const AccountPage = lazy(async () => ({ default: (await import("./account/account-page")).AccountPage }));
const DevicePage = lazy(async () => ({ default: (await import("./device-page")).DevicePage }));
const AuthorizePage = lazy(async () => ({ default: (await import("./authorize-page")).AuthorizePage }));

/** The pages by which people come in and look after themselves, by the first part of their path. */
export function DoorPage({ name }: { readonly name: string }): ReactNode {
  return <Suspense fallback={null}>{pageOf(name)}</Suspense>;
}

function pageOf(name: string): ReactNode {
  switch (name) {
    case "setup":
      return <SetupPage />;
    case "invite":
      return <InvitePage />;
    case "reset":
      return <ResetPage />;
    case "account":
      return <AccountPage />;
    case "device":
      return <DevicePage />;
    case "authorize":
      return <AuthorizePage />;
    default:
      return <SignInPage />;
  }
}
