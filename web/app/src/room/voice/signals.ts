import type { VoiceLine, VoiceNews, wire } from "@codecollab/client";

const patience = 10_000; // ms, for one answer of the server

/** Why the server does not let the user talk, in its code and its words. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly retry = false,
  ) {
    super(message);
  }
}

/** Asks how one talks here; test: for the connection test. Rejects with Refused. */
export function ways(line: VoiceLine, test = false): Promise<wire.VoiceWaysMessage> {
  return answer(line, test ? { t: "voice_ask", test } : { t: "voice_ask" }, (news) => (news.t === "voice_ways" ? news : undefined), undefined);
}

/** Sends an offer, and waits for the server's half. Rejects with Refused. */
export function offer(line: VoiceLine, message: Omit<wire.VoiceOfferMessage, "t">): Promise<wire.VoiceAnswerMessage> {
  return answer(line, { t: "voice_offer", ...message }, (news) => (news.t === "voice_answer" && news.call === message.call ? news : undefined), message.call);
}

function answer<T>(line: VoiceLine, message: Parameters<VoiceLine["send"]>[0], take: (news: VoiceNews) => T | undefined, call: string | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      end();
    };
    const timer = setTimeout(() => {
      done();
      reject(new Refused("no_answer", "", true));
    }, patience);
    const end = line.subscribe((news) => {
      const got = take(news);
      if (got !== undefined) {
        done();
        resolve(got);
      } else if ((news.t === "voice_refused" || news.t === "voice_ended") && news.call === call) {
        done();
        reject(new Refused(news.code, news.message, news.retry));
      }
    });
    if (line.send(message)) return;
    done();
    reject(new Refused("offline", "", true));
  });
}
