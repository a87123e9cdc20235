/* oxlint-disable import/no-unassigned-import -- styles, and what works by being there */
import { lazy, StrictMode, Suspense, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { forgetAfterSignOut } from "./lib/me";
import { route } from "./lib/route";
import { useStore } from "./lib/store";
import { Boundary } from "./ui/boundary";
import { locale, startSpeaking } from "./words";
import "./lib/theme";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/controls.css";
import "./ui/picker.css";

const StartPage = lazy(() => import("./start/start-page").then((m) => ({ default: m.StartPage })));
const RoomPage = lazy(() => import("./room/room-page").then((m) => ({ default: m.RoomPage })));
const DoorPage = lazy(() => import("./door/door-page").then((m) => ({ default: m.DoorPage })));
const OfficePage = lazy(() => import("./office/office-page").then((m) => ({ default: m.OfficePage })));

function App(): ReactNode {
  const here = useStore(route);
  const tag = useStore(locale);
  return (
    <I18nProvider locale={tag}>
      <Boundary>
        <Suspense fallback={null}>
          {here.page === "room" ? (
            <RoomPage key={here.room} room={here.room} />
          ) : here.page === "door" ? (
            <DoorPage key={here.name} name={here.name} />
          ) : here.page === "office" ? (
            <OfficePage path={here.path} />
          ) : (
            <StartPage {...(here.template === undefined ? {} : { template: here.template })} />
          )}
        </Suspense>
      </Boundary>
    </I18nProvider>
  );
}

void forgetAfterSignOut();
const root = document.getElementById("root");
// The words first, so that nobody sees the page in another language for a moment.
if (root !== null) {
  void startSpeaking().then(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
