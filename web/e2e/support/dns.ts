import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** A DNS server on loopback that knows nothing but the TXT records that it is given. */
export class Dns {
  private readonly records = new Map<string, string>();

  private constructor(private readonly socket: Socket) {}

  static async start(): Promise<Dns> {
    const socket = createSocket("udp4");
    const dns = new Dns(socket);
    socket.on("message", (query, { port, address }) => socket.send(dns.answer(query), port, address));
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return dns;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** From here on a name has a TXT record. */
  has(name: string, text: string): void {
    this.records.set(name.toLowerCase(), text);
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, "close");
  }

  /** RFC 1035: the header, the question as it came, and the record; code 3 (no such name) without one. */
  private answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const text = this.records.get(labels.join(".").toLowerCase());
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(text === undefined ? 0x8583 : 0x8580, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(text === undefined ? 0 : 1, 6);
    if (text === undefined) return Buffer.concat([header, question]);
    const said = Buffer.from(text, "latin1");
    const record = Buffer.alloc(13);
    record.writeUInt16BE(0xc00c, 0); // the name of the question
    record.writeUInt16BE(16, 2); // TXT
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(1, 6);
    record.writeUInt16BE(said.length + 1, 10);
    record.writeUInt8(said.length, 12);
    return Buffer.concat([header, question, record, said]);
  }
}
