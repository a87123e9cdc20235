/** One event of an event stream. */
export type StreamEvent = { readonly event: string; readonly data: string };

/**
 * Reads the text of an event stream piece by piece, as the HTML standard has it, without ids and retry times: comments
 * (lines that begin with a colon) are skipped, lines end with CR, LF or both.
 */
export class StreamParser {
  private rest = "";
  private afterReturn = false;
  private event = "";
  private data: string[] = [];
  private started = false;

  /** Takes the next piece and gives the events that are complete now. */
  push(piece: string): StreamEvent[] {
    if (!this.started && piece !== "") {
      this.started = true;
      if (piece.startsWith("\ufeff")) piece = piece.slice(1);
    }
    const events: StreamEvent[] = [];
    let text = piece;
    if (this.afterReturn && text.startsWith("\n")) text = text.slice(1);
    if (piece !== "") this.afterReturn = piece.endsWith("\r");
    const lines = (this.rest + text).split(/\r\n|\n|\r/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const done = this.line(line);
      if (done !== undefined) events.push(done);
    }
    return events;
  }

  private line(line: string): StreamEvent | undefined {
    if (line === "") {
      const { event, data } = this;
      this.event = "";
      this.data = [];
      return data.length === 0 ? undefined : { event: event === "" ? "message" : event, data: data.join("\n") };
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    return undefined;
  }
}
