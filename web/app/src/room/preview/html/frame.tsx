import { useEffect, useRef, type ReactNode } from "react";
import type { FrameSays } from "./prelude";
import { readFrame } from "./console";

/** A page that says nothing for so long, in milliseconds, is taken to be in an endless loop. */
const silence = 4000;

type Props = {
  readonly title: string;
  /** Makes the page when the frame is ready for it. */
  readonly page: () => string;
  readonly says: (message: FrameSays) => void;
  /** Whether the page answers. */
  readonly answers: (yes: boolean) => void;
};

/** A page in a frame of an origin of its own. It lives as long as this component: another page needs another key. */
export function PreviewFrame({ title, page, says, answers }: Props): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  const now = useRef({ page, says, answers });
  useEffect(() => {
    now.current = { page, says, answers };
  });

  useEffect(() => {
    let heard = Date.now();
    let given = false;
    const message = (event: MessageEvent<unknown>): void => {
      const inside = frame.current?.contentWindow;
      // Anybody may send messages; only what this very frame says is read, as text.
      if (!inside || event.source !== inside) return;
      heard = Date.now();
      now.current.answers(true);
      if (event.data === "preview: ready" && !given) {
        given = true;
        inside.postMessage(now.current.page(), "*"); // its origin has no name
      }
      const said = readFrame(event.data);
      if (said !== undefined) now.current.says(said);
    };
    addEventListener("message", message);
    const timer = setInterval(() => {
      // A page in the background is not heard from often.
      if (document.visibilityState !== "visible") heard = Date.now();
      if (given && Date.now() - heard > silence) now.current.answers(false);
    }, 1000);
    return () => {
      removeEventListener("message", message);
      clearInterval(timer);
    };
  }, []);
  useFocusGuard(frame);

  return <iframe ref={frame} className="preview-frame" title={title} src="/preview" sandbox="allow-scripts" referrerPolicy="no-referrer" />;
}

/** A page in the frame gets the focus when somebody presses into it or comes by Tab, never by itself: that would steal what is typed. */
function useFocusGuard(frame: React.RefObject<HTMLIFrameElement | null>): void {
  useEffect(() => {
    let before: Element | null = document.activeElement;
    let meant = false;
    const focused = (event: FocusEvent): void => {
      if (event.target instanceof Element && event.target !== frame.current) before = event.target;
    };
    const pressed = (event: KeyboardEvent): void => {
      meant = event.key === "Tab";
    };
    const over = (event: PointerEvent): void => {
      meant = event.target === frame.current;
    };
    const blurred = (): void => {
      if (document.activeElement !== frame.current || meant) return;
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      else frame.current?.blur();
    };
    addEventListener("focusin", focused);
    addEventListener("keydown", pressed, { capture: true });
    addEventListener("pointerover", over, { capture: true });
    addEventListener("blur", blurred);
    return () => {
      removeEventListener("focusin", focused);
      removeEventListener("keydown", pressed, { capture: true });
      removeEventListener("pointerover", over, { capture: true });
      removeEventListener("blur", blurred);
    };
  }, [frame]);
}
