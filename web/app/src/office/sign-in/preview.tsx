import { useState, type ReactNode } from "react";
import { number } from "../../lib/format";
import { day } from "../time";
import { useGuideWords } from "../use-words";
import { validityOf } from "./certificate";
import type { Metadata } from "./metadata";

const soon = 30 * 86_400_000;

/** What stands in metadata, for who has pasted it to see that it is the right one. */
export function Preview({ metadata }: { readonly metadata: Metadata }): ReactNode {
  const w = useGuideWords();
  return (
    <dl className="office-preview" aria-label={w.preview}>
      <div>
        <dt>{w.previewEntity}</dt>
        <dd>{metadata.entity}</dd>
      </div>
      <div>
        <dt>{w.previewSso}</dt>
        <dd>{metadata.sso}</dd>
      </div>
      <div>
        <dt>{w.previewCertificates}</dt>
        <dd>
          <Certificates pems={metadata.certificates} />
        </dd>
      </div>
    </dl>
  );
}

/** Until when certificates are good; two of them are what a rotation looks like. */
function Certificates({ pems }: { readonly pems: readonly string[] }): ReactNode {
  const w = useGuideWords();
  const [now] = useState(() => Date.now());
  return (
    <>
      {pems.map((pem) => {
        const until = validityOf(pem)?.until;
        const state = until === undefined ? "" : until < now ? "bad" : until - now < soon ? "warn" : "good";
        return (
          <span key={pem} className={`office-certificate ${state}`}>
            {until === undefined ? w.certificateUnknown : until < now ? w.certificateOver(day(until)) : w.certificate(day(until))}
            {state === "warn" && until !== undefined ? ` – ${w.soon(number(Math.ceil((until - now) / 86_400_000)))}` : ""}
          </span>
        );
      })}
      {pems.length > 1 ? <small>{w.rotation}</small> : null}
    </>
  );
}
