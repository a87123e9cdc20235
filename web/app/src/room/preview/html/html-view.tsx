import { useRef, useState, type ReactNode } from "react";
import { Button } from "../../../ui/button";
import { useWords } from "../../../words";
import { useSession } from "../../context";
import { useFiles } from "../use-text";
import { bundle } from "./bundle";
import { Console } from "./console";
import { ConsoleView } from "./console-view";
import { PreviewFrame } from "./frame";
import type { FrameSays } from "./prelude";

type Props = {
  readonly name: string;
  /** Whether it follows what is typed. */
  readonly live: boolean;
  /** Grows when the page is to be loaded anew. */
  readonly wanted: number;
};

/** An HTML file with the scripts, styles and images of the room, as a page of its own, and its console. */
export function HtmlView({ name, live, wanted }: Props): ReactNode {
  const session = useSession();
  const { preview: words } = useWords();
  const files = useFiles(700);
  const [output] = useState(() => new Console());
  const [stopped, setStopped] = useState(false);
  const [stuck, setStuck] = useState(false);
  const scroll = useRef(0);
  const [loaded, setLoaded] = useState({ name, files, wanted, count: 0 });
  const stale = loaded.name !== name || loaded.wanted !== wanted || (live && !stopped && !stuck && loaded.files !== files);
  if (stale) {
    setLoaded({ name, files, wanted, count: loaded.count + 1 });
    setStopped(false);
    setStuck(false);
  }

  const page = (): string => {
    output.clear();
    return bundle(loaded.name, loaded.files, { scroll: scroll.current, outside: words.outside("$"), noNetwork: words.noNetwork("$") });
  };
  const says = (message: FrameSays): void => {
    if (message.preview === "line") output.add(message.level, message.text);
    else if (message.preview === "scroll") scroll.current = message.top;
    else if (message.preview === "open") {
      const file = session.client.view().files.find((f) => f.name === message.name);
      if (file !== undefined) session.show(file.id);
    }
  };
  return (
    <div className="html-view">
      {stuck && !stopped ? (
        <div className="preview-note" role="alert">
          <p>{words.stuck}</p>
          <Button small onPress={() => setStopped(true)}>
            {words.stop}
          </Button>
        </div>
      ) : null}
      {stopped ? (
        <div className="preview-none">
          <p>{words.stopped}</p>
          <Button small onPress={() => setLoaded({ ...loaded, files, count: loaded.count + 1 })} onClick={() => setStopped(false)}>
            {words.start}
          </Button>
        </div>
      ) : (
        <PreviewFrame key={loaded.count} title={words.of(name)} page={page} says={says} answers={(yes) => setStuck(!yes)} />
      )}
      <ConsoleView output={output} />
    </div>
  );
}
