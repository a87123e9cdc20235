import type { ReactNode } from "react";
import { AllOrgsPage } from "./admin/all-orgs-page";
import { PeoplePage } from "./admin/people-page";
import { SettingsPage } from "./admin/settings-page";
import { StatusPage } from "./admin/status-page";
import { Loading } from "../ui/loading";
import { fetchOrg } from "./api";
import { AuditPage } from "./audit/audit-page";
import { DomainsPage } from "./domains-page";
import { GeneralPage } from "./general-page";
import { MembersPage } from "./members/members-page";
import { OrgsPage } from "./orgs-page";
import { Failed } from "./parts";
import { ProvisioningPage } from "./provisioning-page";
import { RoomsPage } from "./rooms-page";
import { sections, sees, type OrgShown, type Section, type Shown } from "./shown";
import { SignInPage } from "./sign-in/sign-in-page";
import { TestedPage } from "./sign-in/tested-page";
import { useLoad } from "./use-load";

type Found = { readonly page: NonNullable<ReactNode> } | { readonly page?: undefined; readonly why: "missing" | "org" | "denied" };

const missing: Found = { why: "missing" };

/** The page at a path. */
export function pageOf(path: string, shown: Shown): Found {
  const [, area, first = "", second = "members", ...rest] = path.split("/").map(decoded);
  if (area === "admin") return rest.length > 0 ? missing : adminPage(first, shown);
  if (first === "") return { page: <OrgsPage {...shown} /> };
  if (second === "sign-in" && rest.length === 2 && rest[1] === "tested") return { page: <TestedPage connection={rest[0] ?? ""} /> };
  const role = shown.me.orgs.find(({ id }) => id === first)?.role;
  if (role === undefined) return { why: "org" };
  const section = sections.find(({ id }) => id === second)?.id;
  if (section === undefined || rest.length > (section === "sign-in" ? 1 : 0)) return missing;
  if (!sees(role, section)) return { why: "org" };
  return { page: <OrgArea key={first} id={first} section={section} shown={shown} {...(rest[0] === undefined ? {} : { rest: rest[0] })} /> };
}

type AreaProps = { readonly id: string; readonly section: Section; readonly shown: Shown; readonly rest?: string };

/** A section of an organisation, once the organisation is known. */
function OrgArea({ id, section, shown, rest }: AreaProps): ReactNode {
  const [org, again] = useLoad(id, (signal) => fetchOrg(id, signal));
  if (org.data === undefined) return org.problem === undefined ? <Loading /> : <Failed problem={org.problem} onRetry={again} />;
  const { role } = org.data;
  if (role === undefined) return null;
  const onChange = (): void => {
    again();
    shown.onChange();
  };
  return sectionPage(section, { ...shown, onChange, org: { ...org.data, role } }, rest);
}

function sectionPage(section: Section, shown: OrgShown, rest: string | undefined): NonNullable<ReactNode> {
  const key = shown.org.id;
  switch (section) {
    case "members":
      return <MembersPage key={key} {...shown} />;
    case "rooms":
      return <RoomsPage key={key} {...shown} />;
    case "domains":
      return <DomainsPage key={key} {...shown} />;
    case "sign-in":
      return <SignInPage key={key} {...shown} {...(rest === undefined ? {} : { connection: rest })} />;
    case "provisioning":
      return <ProvisioningPage key={key} {...shown} />;
    case "audit":
      return <AuditPage key={key} org={shown.org.id} />;
    case "general":
      return <GeneralPage key={key} {...shown} />;
  }
}

function adminPage(section: string, shown: Shown): Found {
  if (!shown.account.admin) return { why: "denied" };
  switch (section) {
    case "":
      return { page: <PeoplePage {...shown} /> };
    case "orgs":
      return { page: <AllOrgsPage /> };
    case "audit":
      return { page: <AuditPage key="all" /> };
    case "status":
      return { page: <StatusPage /> };
    case "settings":
      return { page: <SettingsPage /> };
    default:
      return missing;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
