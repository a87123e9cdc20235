import { lazy, type ReactNode } from "react";

const WaitingPage = lazy(async () => ({ default: (await import("./before-pages")).WaitingPage }));
const NotLetInPage = lazy(async () => ({ default: (await import("./before-pages")).NotLetInPage }));
const PasscodePage = lazy(async () => ({ default: (await import("./before-pages")).PasscodePage }));

/** What stands before the room, by the code with which the server does not let anybody in; undefined for other codes. */
export function pageBefore(code: string | undefined): ReactNode {
  switch (code) {
    case "waiting":
      return <WaitingPage />;
    case "refused":
      return <NotLetInPage />;
    case "passcode":
      return <PasscodePage />;
    default:
      return undefined;
  }
}
