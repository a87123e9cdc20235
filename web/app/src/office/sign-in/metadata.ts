/** What can be read in a provider's metadata: to show it before it is saved. The server reads it again, and decides. */
export type Metadata = { readonly entity: string; readonly sso: string; readonly certificates: readonly string[] };

/** Metadata, or the name of the sentence that says what is wrong. */
export type Read = Metadata | { readonly problem: string };

const md = "urn:oasis:names:tc:SAML:2.0:metadata";
const ds = "http://www.w3.org/2000/09/xmldsig#";
const bindings = ["urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"];

/** Reads metadata that somebody has pasted. */
export function readMetadata(text: string, parse: (xml: string) => Document | undefined = parseXml): Read {
  const xml = text.trim();
  if (/<!DOCTYPE\s+html|^<html/i.test(xml)) return { problem: "page" };
  if (/<!DOCTYPE/i.test(xml)) return { problem: "doctype" };
  const document = xml.startsWith("<") ? parse(xml) : undefined;
  if (document === undefined) return { problem: "xml" };
  const entities = [...document.getElementsByTagNameNS(md, "EntityDescriptor")];
  if (entities.length === 0) return { problem: "kind" };
  const entity = entities.find((one) => one.getElementsByTagNameNS(md, "IDPSSODescriptor").length > 0);
  const idp = entity?.getElementsByTagNameNS(md, "IDPSSODescriptor")[0];
  if (entity === undefined || idp === undefined) {
    const ours = entities.some((one) => /\/auth\/saml\/[^/]+\/metadata$/.test(one.getAttribute("entityID") ?? ""));
    return { problem: ours ? "ours" : "noIdp" };
  }
  const services = [...idp.getElementsByTagNameNS(md, "SingleSignOnService")];
  const sso = bindings.map((binding) => services.find((one) => one.getAttribute("Binding") === binding)).find((one) => one !== undefined);
  if (sso === undefined) return { problem: "noSso" };
  const certificates = [...idp.getElementsByTagNameNS(md, "KeyDescriptor")]
    .filter((key) => key.getAttribute("use") !== "encryption")
    .flatMap((key) => [...key.getElementsByTagNameNS(ds, "X509Certificate")])
    .map((one) => (one.textContent ?? "").replace(/\s+/g, ""));
  if (certificates.length === 0) return { problem: "noCert" };
  return { entity: entity.getAttribute("entityID") ?? "", sso: sso.getAttribute("Location") ?? "", certificates: [...new Set(certificates)] };
}

function parseXml(xml: string): Document | undefined {
  const document = new DOMParser().parseFromString(xml, "application/xml");
  return document.getElementsByTagName("parsererror").length > 0 ? undefined : document;
}
