import type { wire } from "@codecollab/client";
import { useEffect, useState, type ReactNode } from "react";
import { bytes } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { DownloadIcon } from "../../../ui/icons";
import { useWords, words as current } from "../../../words";
import { parseCsv } from "./csv";

type File = wire.RunFile;
type Props = { readonly room: string; readonly run: number; readonly files: readonly File[]; readonly skipped: readonly string[] };

/** More is not read into the page for a look; the download has all of it. */
const readBytes = 256 * 1024;
const tableRows = 50;
const tableColumns = 20;
const cellUnits = 200;

/** What a program left: images are shown, tables begun, everything can be downloaded. */
export function RunFiles({ room, run, files, skipped }: Props): ReactNode {
  const { files: words } = useWords().run;
  return (
    <section className="run-files" aria-label={words.title}>
      {files.length === 0 ? null : <h2>{words.written(files.length)}</h2>}
      <ul>
        {files.map((file) => (
          <li key={file.name}>
            <RunFile file={file} url={fileUrl(room, run, file.name)} />
          </li>
        ))}
      </ul>
      {skipped.length === 0 ? null : (
        <p className="skipped">{words.notKept(skipped.slice(0, 10).join("; "), skipped.length - 10)}</p>
      )}
    </section>
  );
}

function fileUrl(room: string, run: number, name: string): string {
  return `/api/v1/rooms/${encodeURIComponent(room)}/runs/${run}/files/${name.split("/").map(encodeURIComponent).join("/")}`;
}

type FileProps = { readonly file: File; readonly url: string };

function RunFile({ file, url }: FileProps): ReactNode {
  const { files: words } = useWords().run;
  const kind = kindOf(file.type);
  const [open, setOpen] = useState<"text" | "frame" | undefined>();
  const toggle = (what: "text" | "frame"): void => setOpen(open === what ? undefined : what);
  return (
    <>
      <div className="run-file">
        <span className="run-file-name" title={file.name}>
          {file.name}
        </span>
        <span className="run-file-size">{bytes(file.size)}</span>
        {kind === "html" ? (
          <Button small look="quiet" aria-pressed={open === "frame"} onPress={() => toggle("frame")}>
            {words.inFrame}
          </Button>
        ) : null}
        {kind === "html" || kind === "text" ? (
          <Button small look="quiet" aria-pressed={open === "text"} onPress={() => toggle("text")}>
            {words.asText}
          </Button>
        ) : null}
        <a className="button quiet small" href={url} download={file.name.slice(file.name.lastIndexOf("/") + 1)} aria-label={words.download(file.name)}>
          <DownloadIcon size={14} />
        </a>
      </div>
      {kind === "image" ? <Picture file={file} url={url} /> : null}
      {kind === "csv" ? <Table file={file} url={url} /> : null}
      {open === "text" ? <Text file={file} url={url} /> : null}
      {open === "frame" ? <iframe className="run-frame" sandbox="" referrerPolicy="no-referrer" src={`${url}?frame=1`} title={words.frame(file.name)} /> : null}
    </>
  );
}

function kindOf(type: string): "image" | "csv" | "html" | "text" | "other" {
  const plain = type.replace(/;.*/, "").trim().toLowerCase();
  if (plain === "text/csv" || plain === "text/tab-separated-values") return "csv";
  if (plain === "text/html" || plain === "application/xhtml+xml") return "html";
  if (plain.startsWith("image/")) return "image";
  if (plain.startsWith("text/") || plain === "application/json" || plain === "application/xml") return "text";
  return "other";
}

function Picture({ file, url }: FileProps): ReactNode {
  const { files: words } = useWords().run;
  const [large, setLarge] = useState(false);
  const [broken, setBroken] = useState(false);
  if (broken) return <p className="hint">{words.brokenImage}</p>;
  return (
    <>
      <button type="button" className="run-picture" aria-label={words.enlarge(file.name)} onClick={() => setLarge(true)}>
        <img src={url} alt={file.name} loading="lazy" decoding="async" onError={() => setBroken(true)} />
      </button>
      {large ? (
        <Dialog title={file.name} wide onClose={() => setLarge(false)}>
          <img className="run-picture-large" src={url} alt={file.name} />
          <div className="dialog-actions">
            <Button onPress={() => setLarge(false)}>{words.close}</Button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

function Table({ file, url }: FileProps): ReactNode {
  const { files: words } = useWords().run;
  const text = useText(url, file.size);
  if (text.state !== "ready") return <p className="hint">{text.words}</p>;
  const { table, more } = parseCsv(text.text, tableRows + 1, tableColumns);
  const [head = [], ...rows] = table;
  const cut = more || text.cut;
  return (
    // A keyboard scrolls it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="run-table" tabIndex={0} aria-label={words.rows(file.name)}>
      <table>
        <thead>
          <tr>{head.map((cell, i) => <th key={`${i}:${cell}`} scope="col">{cell.slice(0, cellUnits)}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, y) => (
            <tr key={`${y}:${row[0] ?? ""}`}>{row.map((cell, x) => <td key={`${x}:${cell}`}>{cell.slice(0, cellUnits)}</td>)}</tr>
          ))}
        </tbody>
      </table>
      {cut ? <p className="hint">{words.firstRows(rows.length)}</p> : null}
    </section>
  );
}

function Text({ file, url }: FileProps): ReactNode {
  const { files: words } = useWords().run;
  const text = useText(url, file.size);
  if (text.state !== "ready") return <p className="hint">{text.words}</p>;
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a keyboard scrolls it */}
      <pre className="run-text" tabIndex={0}>
        {text.text}
      </pre>
      {text.cut ? <p className="hint">{words.firstBytes(bytes(readBytes))}</p> : null}
    </>
  );
}

type Loaded = { readonly state: "busy" | "failed"; readonly words: string } | { readonly state: "ready"; readonly text: string; readonly cut: boolean };

/** The beginning of a file, as text. */
function useText(url: string, size: number): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ state: "busy", words: current.get().run.files.loading });
  useEffect(() => {
    const stop = new AbortController();
    readText(url, stop.signal).then(
      (text) => setLoaded({ state: "ready", text, cut: size > readBytes }),
      () => stop.signal.aborted || setLoaded({ state: "failed", words: current.get().run.files.failed }),
    );
    return () => stop.abort();
  }, [url, size]);
  return loaded;
}

async function readText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let got = 0; got < readBytes; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value.subarray(0, readBytes - got), { stream: true });
    got += value.length;
  }
  await reader.cancel();
  return text;
}
