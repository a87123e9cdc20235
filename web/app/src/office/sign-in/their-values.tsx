import { useRef, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { orgPath, send, text, type Connection } from "../api";
import { Check, Field, Notice, Problem } from "../parts";
import { Rich } from "../rich";
import { useDoing } from "../use-load";
import { useGuideWords } from "../use-words";
import { readMetadata } from "./metadata";
import { Preview } from "./preview";
import { issuerProblem, urlProblem, usualSettings, type Provider } from "./values";

type Props = {
  readonly org: string;
  readonly connection: Connection;
  readonly provider: Provider;
  readonly where: readonly string[];
  readonly onSaved: () => void;
};

/** The fields for what the provider gives. */
export function TheirValues(props: Props): ReactNode {
  return (
    <>
      <ul className="office-does">
        {props.where.map((line) => (
          <li key={line}>
            <Rich text={line} />
          </li>
        ))}
      </ul>
      {props.connection.kind === "saml" ? <SamlForm {...props} /> : <OidcForm {...props} />}
    </>
  );
}

/** Saves settings: what the guide has said is assumed, what was set before stays. */
function useSave({ org, connection, provider, onSaved }: Props) {
  const doing = useDoing();
  const [saved, setSaved] = useState(false);
  const save = (settings: Readonly<Record<string, unknown>>, without: readonly string[] = []): void => {
    const all = Object.entries({ ...usualSettings(connection.kind, provider), ...connection.settings, ...settings });
    setSaved(false);
    doing.run(async () => {
      await send("PUT", orgPath(org, "connections", connection.id), {
        name: connection.name,
        enabled: connection.enabled,
        settings: Object.fromEntries(all.filter(([name]) => !without.includes(name))),
      });
      setSaved(true);
      onSaved();
    });
  };
  return { ...doing, saved, save };
}

function SamlForm(props: Props): ReactNode {
  const w = useGuideWords();
  const { settings } = props.connection;
  const { busy, problem, saved, save } = useSave(props);
  const [byFile, setByFile] = useState(text(settings["metadataXml"]) !== "" || (props.provider === "google" && text(settings["metadataUrl"]) === ""));
  const [url, setUrl] = useState(text(settings["metadataUrl"]));
  const [xml, setXml] = useState(text(settings["metadataXml"]));
  const [sign, setSign] = useState(settings["signRequests"] === true);
  const [initiated, setInitiated] = useState(settings["allowIdpInitiated"] === true);
  const [tried, setTried] = useState(false);
  const read = xml.trim() === "" ? undefined : readMetadata(xml);
  const wrong = byFile ? (read === undefined ? "xml" : "problem" in read ? read.problem : "") : urlProblem(url);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (wrong !== "") return;
        const rest = { signRequests: sign, allowIdpInitiated: initiated };
        if (byFile) save({ metadataXml: xml.trim(), ...rest }, ["metadataUrl"]);
        else save({ metadataUrl: url.trim(), ...rest }, ["metadataXml"]);
      }}
    >
      {byFile ? (
        <>
          <Field
            label={w.metadataXml}
            value={xml}
            onChange={setXml}
            rows={5}
            code
            hint={w.metadataXmlHint}
            problem={(tried || xml.trim() !== "") && wrong !== "" ? (w.problems[wrong] ?? "") : ""}
            placeholder="<EntityDescriptor …>"
          />
          <FileButton onText={setXml} />
          {read === undefined || "problem" in read ? null : <Preview metadata={read} />}
        </>
      ) : (
        <Field
          label={w.metadataUrl}
          value={url}
          onChange={(value) => {
            setTried(false);
            setUrl(value);
          }}
          code
          hint={w.metadataUrlHint}
          problem={tried && wrong !== "" ? (w.problems[wrong] ?? "") : ""}
          placeholder="https://"
        />
      )}
      <p>
        <Button
          look="quiet"
          small
          className="office-inline-button"
          onPress={() => {
            setTried(false);
            setByFile(!byFile);
          }}
        >
          {byFile ? w.useUrl : w.useXml}
        </Button>
      </p>
      <details className="office-fold">
        <summary>{w.advanced}</summary>
        <Check on={sign} set={setSign} text={w.signRequests} hint={w.signRequestsHint} />
        <Check on={initiated} set={setInitiated} text={w.idpInitiated} hint={w.idpInitiatedHint} />
      </details>
      <Save busy={busy} problem={problem} saved={saved} />
    </form>
  );
}

function OidcForm(props: Props): ReactNode {
  const w = useGuideWords();
  const { settings, secrets } = props.connection;
  const { busy, problem, saved, save } = useSave(props);
  const [issuer, setIssuer] = useState(text(settings["issuer"]) || (props.provider === "google" ? "https://accounts.google.com" : ""));
  const [client, setClient] = useState(text(settings["clientId"]));
  const [secret, setSecret] = useState("");
  const [domain, setDomain] = useState(text(settings["hostedDomain"]));
  const [signOut, setSignOut] = useState(settings["signOut"] === true);
  const [tried, setTried] = useState(false);
  const wrong = issuerProblem(issuer);
  const google = issuer.trim() === "https://accounts.google.com";
  const placeholder = { okta: "https://example.okta.com", entra: "https://login.microsoftonline.com/TENANT/v2.0", google: "", other: "https://id.example.com" };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (wrong !== "" || client.trim() === "") return;
        save({
          issuer: issuer.trim(),
          clientId: client.trim(),
          signOut,
          ...(google ? { hostedDomain: domain.trim() } : {}),
          ...(secret === "" ? {} : { clientSecret: secret.trim() }),
        });
        setSecret("");
      }}
    >
      <Field
        label={w.issuer}
        value={issuer}
        onChange={setIssuer}
        code
        problem={tried && wrong !== "" ? (w.problems[wrong] ?? "") : ""}
        placeholder={placeholder[props.provider]}
      />
      <div className="office-pair">
        <Field label={w.client} value={client} onChange={setClient} code problem={tried && client.trim() === "" ? w.needed : ""} />
        <Field label={w.secret} type="password" value={secret} onChange={setSecret} code hint={secrets.includes("clientSecret") ? w.secretKept : w.secretHint} />
      </div>
      {google ? <Field label={w.hosted} value={domain} onChange={setDomain} hint={w.hostedHint} placeholder="example.com" /> : null}
      <details className="office-fold">
        <summary>{w.advanced}</summary>
        <Check on={signOut} set={setSignOut} text={w.signOut} hint={w.signOutHint} />
      </details>
      <Save busy={busy} problem={problem} saved={saved} />
    </form>
  );
}

function Save({ busy, problem, saved }: { readonly busy: boolean; readonly problem: string; readonly saved: boolean }): ReactNode {
  const w = useGuideWords();
  return (
    <>
      {problem === "" ? null : (
        <Notice kind="bad" live>
          {problem}
        </Notice>
      )}
      <div className="office-actions">
        <Button type="submit" look="accent" isPending={busy}>
          {w.save}
        </Button>
        <output className="office-saved">{saved ? w.saved : ""}</output>
      </div>
    </>
  );
}

/** Reads a file of the person's into the field; it goes nowhere else. */
function FileButton({ onText }: { readonly onText: (text: string) => void }): ReactNode {
  const w = useGuideWords();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState("");
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".xml,text/xml,application/xml,application/samlmetadata+xml"
        className="hidden"
        tabIndex={-1}
        aria-label={w.file}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          file?.text().then(
            (content) => {
              setProblem("");
              onText(content);
            },
            () => setProblem(w.problems["xml"] ?? ""),
          );
        }}
      />
      <Button small onPress={() => input.current?.click()}>
        {w.file} …
      </Button>
      <Problem text={problem} />
    </>
  );
}
