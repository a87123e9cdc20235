import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "react-aria-components/Link";
import { copyText } from "../lib/clipboard";
import { roomTitle } from "../lib/format";
import { go } from "../lib/route";
import { useStore } from "../lib/store";
import { Button, IconButton } from "../ui/button";
import { CheckIcon, KeyboardIcon, LinkIcon, PlayIcon, StopIcon } from "../ui/icons";
import { LanguagePicker } from "../ui/language-picker";
import { Mark, Wordmark } from "../ui/logo";
import { ThemeSwitch } from "../ui/theme-switch";
import { Tip } from "../ui/tooltip";
import { useRoom, useSession } from "./context";
import { PeopleButton } from "./people/people-button";
import { activeRun } from "./session";

/** The bar at the top: where one is, who is here, and the program's buttons. */
export function Header(): ReactNode {
  const session = useSession();
  const language = useRoom((view) => view.language);
  const ready = useRoom((view) => view.status === "ready");
  return (
    <header className="room-header">
      <Link className="home" href="/" aria-label="CodeCollab, to the start page" onPress={() => go("/")}>
        <Mark />
        <Wordmark />
      </Link>
      <span className="header-rule" aria-hidden="true" />
      <RoomName />
      <div className="header-end">
        <PeopleButton />
        <span className="header-rule wide-only" aria-hidden="true" />
        <IconButton className="wide-only" name="Keyboard shortcuts" keys="?" onPress={() => session.help.set(true)}>
          <KeyboardIcon />
        </IconButton>
        <ThemeSwitch />
      </div>
      <div className="header-program">
        <LanguagePicker value={language} isDisabled={!ready} onPick={(l) => session.language(l)} />
        <RunButton />
      </div>
    </header>
  );
}

function RoomName(): ReactNode {
  const { room } = useSession();
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { words, rest } = roomTitle(room);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = (): void => {
    void copyText(`${location.origin}${location.pathname}`).then((ok) => {
      setCopied(ok);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(false), 2000);
    });
  };
  return (
    <div className="room-name">
      <h1 title={room}>
        {words}
        {rest === "" ? null : <span className="rest">-{rest}</span>}
      </h1>
      <Button look="outline" small className="copy-link" aria-label={copied ? "Copied" : "Copy link"} onPress={copy}>
        {copied ? <CheckIcon size={14} /> : <LinkIcon size={14} />}
        <span className="copy-words">{copied ? "Copied" : "Copy link"}</span>
      </Button>
      <output className="hidden">{copied ? "Link copied" : ""}</output>
    </div>
  );
}

function RunButton(): ReactNode {
  const session = useSession();
  const running = useRoom((view) => activeRun(view) !== undefined);
  const ready = useRoom((view) => view.status === "ready");
  const online = useRoom((view) => view.connection === "online");
  const starting = useStore(session.starting);
  if (running) {
    return (
      <Tip text="Stop the program" keys="Mod+Shift+Enter">
        <Button look="stop" className="run-button" onPress={() => session.stop()}>
          <StopIcon size={14} /> Stop
        </Button>
      </Tip>
    );
  }
  return (
    <Tip text={online ? "Run the program" : "There is no connection"} keys="Mod+Enter">
      <Button look="go" className="run-button" isDisabled={!ready || !online} isPending={starting} onPress={() => session.run()}>
        {starting ? <span className="spinner" aria-hidden="true" /> : <PlayIcon size={14} />} Run
      </Button>
    </Tip>
  );
}
