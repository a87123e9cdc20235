/**
 * The guided set-up of single sign-on. What stands between asterisks is a name in the provider's own pages, and shown as such.
 * In values, the second is one of ours (see office/sign-in/values.ts), or a text after "=".
 */
export type GuideStep = {
  readonly title: string;
  /** Where in the provider's pages, from the outermost menu on. */
  readonly path?: readonly string[];
  readonly does: readonly string[];
  /** What goes into which field there. */
  readonly values?: readonly (readonly [field: string, value: string])[];
  readonly note?: string;
};

/** How one provider is told about us, and what it is asked for. */
export type Guide = {
  readonly steps: readonly GuideStep[];
  /** Where to find what has to be pasted here. */
  readonly theirs: readonly string[];
  /** What its groups are called when they come. */
  readonly groups: string;
};

const steps = {
  "okta-saml": {
    steps: [
      {
        title: "Make the app in Okta",
        path: ["Admin Console", "Applications", "Applications"],
        does: ["Press *Create App Integration*, choose *SAML 2.0* and press *Next*.", "As *App name* write CodeCollab, and press *Next*."],
      },
      {
        title: "Give Okta these values",
        path: ["Configure SAML", "SAML Settings"],
        does: ["Leave *Use this for Recipient URL and Destination URL* ticked and *Default RelayState* empty."],
        values: [
          ["Single sign-on URL", "acs"],
          ["Audience URI (SP Entity ID)", "entity"],
          ["Name ID format", "=Persistent"],
          ["Application username", "=Okta username"],
        ],
      },
      {
        title: "Tell Okta what to send",
        path: ["Configure SAML", "Attribute Statements"],
        does: [
          "Add two attribute statements. Here the value stands on the left, and the name that it gets on the right.",
          "Below, under *Group Attribute Statements*, add groups with the filter *Matches regex* and the value .* if groups are to decide about roles.",
        ],
        values: [
          ["user.email", "email"],
          ["user.displayName", "name"],
        ],
        note: "Newer consoles ask for attributes after the app is made, on its *Sign On* tab.",
      },
      {
        title: "Say who may come in",
        path: ["CodeCollab", "Assignments"],
        does: ["Press *Assign* and choose people or groups. Whoever is not assigned is turned away by Okta."],
      },
    ],
    theirs: ["Open the app’s *Sign On* tab and copy the *Metadata URL*."],
    groups: "Names of Okta groups, as they are written there.",
  },
  "okta-oidc": {
    steps: [
      {
        title: "Make the app in Okta",
        path: ["Admin Console", "Applications", "Applications"],
        does: ["Press *Create App Integration*, choose *OIDC - OpenID Connect* and *Web Application*, and press *Next*.", "As *App integration name* write CodeCollab. *Authorization Code* stays the only grant type."],
      },
      {
        title: "Give Okta these values",
        path: ["New Web App Integration"],
        does: ["Under *Assignments* choose who may come in, and press *Save*."],
        values: [
          ["Sign-in redirect URIs", "redirect"],
          ["Sign-out redirect URIs", "home"],
        ],
      },
      {
        title: "Let Okta send groups",
        path: ["CodeCollab", "Sign On", "OpenID Connect ID Token"],
        does: ["Press *Edit*. As *Groups claim type* choose *Filter*, as *Groups claim filter* write groups, *Matches regex*, .*", "Only needed if groups are to decide about roles."],
      },
    ],
    theirs: ["On the app’s *General* tab: *Client ID*, and below *CLIENT SECRETS* the secret.", "The issuer is the address of your Okta, like https://example.okta.com, without “-admin”."],
    groups: "Names of Okta groups, as they are written there.",
  },
  "entra-saml": {
    steps: [
      {
        title: "Make the app in Entra ID",
        path: ["entra.microsoft.com", "Entra ID", "Enterprise apps"],
        does: ["Press *New application*, then *Create your own application*.", "Write CodeCollab, choose *Integrate any other application you don’t find in the gallery (Non-gallery)* and press *Create*."],
      },
      {
        title: "Give Entra these values",
        path: ["CodeCollab", "Single sign-on", "SAML", "Basic SAML Configuration"],
        does: ["Press *Edit*, fill in, and *Save*."],
        values: [
          ["Identifier (Entity ID)", "entity"],
          ["Reply URL (Assertion Consumer Service URL)", "acs"],
          ["Sign on URL", "start"],
          ["Logout Url (Optional)", "slo"],
        ],
        note: "Entra can also take all of it at once: *Upload metadata file*, with the file at the metadata URL below.",
      },
      {
        title: "Tell Entra what to send",
        path: ["CodeCollab", "Single sign-on", "Attributes & Claims"],
        does: [
          "Press *Edit*, then *Unique User Identifier (Name ID)*: as *Name identifier format* choose *Persistent*, as *Source attribute* choose user.objectid. It stays the same when an address changes.",
          "*emailaddress* and the display name are sent already.",
          "If groups are to decide about roles: *Add a group claim*, *Groups assigned to the application*, *Source attribute*: *Group ID*.",
        ],
      },
      {
        title: "Say who may come in",
        path: ["CodeCollab", "Users and groups"],
        does: ["Press *Add user/group* and choose. Whoever is not assigned is turned away by Entra."],
      },
    ],
    theirs: ["On *Single sign-on*, under *SAML Certificates*, copy the *App Federation Metadata Url*."],
    groups: "Entra sends the *Object ID* of a group, not its name. It stands on the group’s *Overview*.",
  },
  "entra-oidc": {
    steps: [
      {
        title: "Register the app in Entra ID",
        path: ["entra.microsoft.com", "Entra ID", "App registrations"],
        does: ["Press *New registration*. As *Name* write CodeCollab.", "As *Supported account types* choose *Accounts in this organizational directory only*."],
        values: [["Redirect URI (Web)", "redirect"]],
      },
      {
        title: "Make a client secret",
        path: ["CodeCollab", "Certificates & secrets", "Client secrets"],
        does: ["Press *New client secret* and copy its *Value* at once: Entra shows it only now. The *Secret ID* is something else."],
        note: "The secret ends on the day that Entra shows. Before, make a new one and paste it here.",
      },
      {
        title: "Tell Entra what to send",
        path: ["CodeCollab", "Token configuration"],
        does: ["*Add optional claim*, *ID*, tick *email*.", "If groups are to decide about roles: *Add groups claim*, *Security groups*."],
      },
      {
        title: "Say who may come in",
        path: ["Enterprise apps", "CodeCollab", "Properties"],
        does: ["Set *Assignment required?* to *Yes* and add people under *Users and groups*, if not everybody in the directory may come in."],
      },
    ],
    theirs: [
      "On the app’s *Overview*: *Application (client) ID*, and *Directory (tenant) ID* for the issuer.",
      "The issuer is https://login.microsoftonline.com/TENANT/v2.0, with the tenant’s ID in the place of TENANT.",
    ],
    groups: "Entra sends the *Object ID* of a group, not its name. It stands on the group’s *Overview*.",
  },
  "google-saml": {
    steps: [
      {
        title: "Make the app in Google Workspace",
        path: ["admin.google.com", "Apps", "Web and mobile apps"],
        does: ["Press *Add app*, then *Add custom SAML app*. As *App name* write CodeCollab, and press *Continue*.", "Press *Download metadata*: the file is needed in a moment. *Continue*."],
      },
      {
        title: "Give Google these values",
        path: ["Service provider details"],
        does: ["Tick *Signed response*."],
        values: [
          ["ACS URL", "acs"],
          ["Entity ID", "entity"],
          ["Start URL (optional)", "start"],
          ["Name ID format", "=PERSISTENT"],
          ["Name ID", "=Basic Information > Primary email"],
        ],
      },
      {
        title: "Tell Google what to send",
        path: ["Attribute mapping"],
        does: [
          "*Add mapping* for each: Google’s attribute on the left, the *App attribute* on the right.",
          "If groups are to decide about roles: under *Group membership (optional)* choose the groups, with groups as *App attribute*. Press *Finish*.",
        ],
        values: [
          ["Primary email", "email"],
          ["First name", "name"],
          ["Last name", "last"],
        ],
      },
      {
        title: "Say who may come in",
        path: ["CodeCollab", "User access"],
        does: ["Choose *ON for everyone* or some organizational units, and press *Save*. Google can take some minutes until it holds."],
      },
    ],
    theirs: ["Choose the file that *Download metadata* gave you, or paste what stands in it. Google has no address for it."],
    groups: "Names of Google groups, as they are written there.",
  },
  "google-oidc": {
    steps: [
      {
        title: "Open a project in Google Cloud",
        path: ["console.cloud.google.com", "APIs & Services", "OAuth consent screen"],
        does: ["Choose or make a project of your organisation.", "As *User type* or *Audience* choose *Internal*: then only people of your Workspace can come in."],
      },
      {
        title: "Make a client",
        path: ["APIs & Services", "Credentials"],
        does: ["Press *Create credentials*, then *OAuth client ID*. As *Application type* choose *Web application*, as *Name* write CodeCollab."],
        values: [["Authorized redirect URIs", "redirect"]],
      },
    ],
    theirs: ["Google shows *Client ID* and *Client secret* once the client is made."],
    groups: "Google sends no groups in this way. Choose SAML if groups are to decide about roles.",
  },
  "other-saml": {
    steps: [
      {
        title: "Make a SAML 2.0 application at your provider",
        does: ["Most can read all of our values from the metadata URL. Otherwise fill them in one by one."],
        values: [
          ["Metadata URL", "metadata"],
          ["Entity ID, audience", "entity"],
          ["ACS URL, reply URL (HTTP-POST)", "acs"],
          ["Single logout URL", "slo"],
          ["Start URL, sign-on URL", "start"],
        ],
      },
      {
        title: "What it must send",
        does: [
          "A name identifier that never changes for a person: format *persistent* is best.",
          "Attributes with the names below. The assertion or the response must be signed, with SHA-256 or better.",
        ],
        values: [
          ["E-mail address", "email"],
          ["Display name", "name"],
          ["Groups, optional", "groups"],
        ],
      },
    ],
    theirs: ["The address of the provider’s metadata, or the file itself. The address is better: new certificates then arrive by themselves."],
    groups: "Values of the groups attribute, exactly as they are sent.",
  },
  "other-oidc": {
    steps: [
      {
        title: "Make a client at your provider",
        does: ["A confidential web client with the authorization code flow, PKCE and signed ID tokens."],
        values: [
          ["Redirect URI", "redirect"],
          ["Post-logout redirect URI", "home"],
          ["Scopes", "=openid email profile"],
        ],
      },
    ],
    theirs: ["Issuer, client ID and client secret. The provider must answer at the issuer’s address with /.well-known/openid-configuration behind it."],
    groups: "Values of the groups claim, exactly as they are sent.",
  },
} as const satisfies Record<string, Guide>;

/** The words of the guided set-up. */
export const guide = {
  lead: "Members sign in where they always do at work, and whoever leaves the company is out here, too.",
  none: "No single sign-on yet",
  noneText: "The set-up takes about ten minutes. You need to be an administrator of your identity provider. Nothing changes for anybody until you switch it on.",
  ownersOnly: "Only owners of the organisation can change how people sign in, because whoever can do so can come in as anybody.",
  begin: "Set up single sign-on",
  another: "Set up another one",
  choose: "Where do your people sign in?",
  kind: "How it is connected",
  kinds: { saml: "SAML 2.0", oidc: "OpenID Connect" },
  kindHints: { saml: "Sends groups, can sign out everywhere", oidc: "Fewer fields, has a secret that expires" },
  usual: "usual here",
  providers: {
    okta: ["Okta", "Workforce Identity"],
    entra: ["Microsoft Entra ID", "formerly Azure AD"],
    google: ["Google Workspace", "with a domain of your own"],
    other: ["Another provider", "Keycloak, OneLogin, JumpCloud, ADFS …"],
  } as Readonly<Record<string, readonly [string, string]>>,
  start: "Begin",
  change: "Other provider …",
  changeTitle: "Begin anew with another provider?",
  changeText: "What you have filled in for this connection is deleted. Nobody signs in by it yet.",
  back: "Cancel",
  backToAll: "Single sign-on",
  optional: "optional",
  isDone: "done",
  yourProvider: "your provider",
  needed: "This is needed.",
  hosted: "Your Workspace domain",
  hostedHint: "Only people with an account of this domain can come in. Without it, everybody with a Google account could.",
  signOut: "Sign out at the provider, too",
  signOutHint: "Who signs out here is then signed out there, if the provider allows it.",
  saveGroups: "Save the roles",
  groupsClaim: "Claim for groups",
  fromHere: "From here",
  fromProvider: "What came back",
  testedNothing: "The test left no result. Close this window and try again.",
  testedBack: "The page that opened this window has the result, too.",
  testedClose: "Close this window",
  states: { on: "On", draft: "Not switched on yet", off: "Switched off" } as Readonly<Record<string, string>>,
  open: "Open",
  steps: "Steps",
  allValues: "All of our values",
  allValuesHint: "If your console asks for something else:",
  values: {
    acs: "ACS URL (reply URL)",
    entity: "Entity ID (audience)",
    metadata: "Metadata URL",
    slo: "Single logout URL",
    start: "Start URL",
    redirect: "Redirect URI",
    home: "Sign-out redirect URI",
    email: "Attribute for the e-mail address",
    name: "Attribute for the name",
    groups: "Attribute for groups",
  } as Readonly<Record<string, string>>,
  theirs: (provider: string) => `Paste what ${provider} gives you`,
  metadataUrl: "Metadata URL",
  metadataUrlHint: "It is fetched now and looked at again every hour, so that new certificates arrive by themselves.",
  metadataXml: "Metadata, as XML",
  metadataXmlHint: "Paste the whole of it, or choose the file.",
  useXml: "I have a file instead",
  useUrl: "I have an address instead",
  file: "Choose a file",
  issuer: "Issuer",
  client: "Client ID",
  secret: "Client secret",
  secretKept: "A secret is stored. Leave this empty to keep it.",
  secretHint: "It is stored encrypted, and shown to nobody again.",
  save: "Save and go on",
  saved: "Saved",
  advanced: "More settings",
  signRequests: "Sign our requests",
  signRequestsHint: "Our certificate is in the metadata. Needed only if your provider insists.",
  idpInitiated: "Allow starting at the provider’s own page",
  idpInitiatedHint: "A tile in the provider’s dashboard. We still send the browser through a fresh sign-in, so nothing can be slipped in.",
  preview: "What stands in it",
  previewEntity: "Provider",
  previewSso: "Signs in at",
  previewCertificates: "Certificates",
  certificate: (until: string) => `valid until ${until}`,
  certificateOver: (since: string) => `ended on ${since}`,
  certificateUnknown: "end unknown",
  rotation: "During a rotation both certificates count. Remove the old one at your provider when the new one is in use.",
  soon: (days: string) => `ends in ${days} days`,
  problems: {
    url: "A metadata address begins with https://",
    issuer: "An issuer begins with https:// and has no ? in it.",
    tenant: "Put the Directory (tenant) ID in the place of TENANT.",
    admin: "This is the address of Okta’s admin console. Take it without “-admin”.",
    xml: "This is no XML. Paste the whole file, from the first < to the last >.",
    doctype: "There is a DOCTYPE in it, which metadata never has. Take the file as your provider made it.",
    kind: "This is XML, but no metadata: EntityDescriptor is lacking.",
    ours: "This is our own metadata. Paste the provider’s.",
    noIdp: "These are the metadata of an application, not of an identity provider: IDPSSODescriptor is lacking.",
    noSso: "No address to sign in at stands in it: SingleSignOnService with HTTP-Redirect or HTTP-POST is lacking.",
    noCert: "No certificate for signatures stands in it.",
    page: "This is a page, not metadata. Perhaps the provider wanted you to sign in before it gave you the file.",
  } as Readonly<Record<string, string>>,
  groups: "Groups and roles",
  groupsHint: "Without it, everybody who comes in is a member, and you give roles by hand.",
  group: "Group at the provider",
  becomes: "becomes",
  groupAdd: "Add a group",
  groupRemove: (group: string) => `Remove the group ${group}`,
  groupsNever: "Owners are made here by hand only, so that nobody at the provider can take the organisation.",
  test: "Test the connection",
  testHint: "First we look at everything that can be looked at from here. Then you sign in once, in a window of its own, and see what the provider sends.",
  testNow: "Test now",
  testAgain: "Test again",
  testing: "Testing …",
  testFirst: "Save what the provider gave you first.",
  login: "Sign in once, as a test",
  loginHint: "A window opens. You stay signed in here as you are.",
  loginOpen: "Waiting for the other window …",
  loginBlocked: "The browser did not open the window. Allow pop-up windows for this page, and press again.",
  loginClosed: "The window was closed before the sign-in was over.",
  good: "Everything works.",
  nearly: "People can come in. What is marked would be better with it.",
  bad: (n: string) => `${n} not right yet.`,
  fix: "What to do",
  stepOk: "works",
  stepBad: "failed",
  stepNot: "not tried",
  on: "Switch it on",
  onHint: "From then on people can choose it when they sign in. Nobody has to.",
  onNeedsTest: "Sign in once as a test first.",
  onButton: "Switch on",
  offButton: "Switch off",
  offTitle: "Switch this connection off?",
  offText: "Nobody can sign in by it any more. Whoever is signed in stays so until their session ends.",
  isOn: "People can sign in by this connection.",
  link: "Link to sign in",
  linkHint: "For your intranet, or the tile at the provider",
  enforce: "Everybody must sign in this way",
  enforceHint: "Members with an address of your verified domains can then come in by this way only: no passwords, passkeys or other providers. Owners can always sign in as they do now, so that a mistake at the provider does not lock everybody out.",
  enforceButton: "Require it",
  enforceTitle: "Require single sign-on for all members?",
  enforceText: (domains: string) => `Members with an address of ${domains} who signed in some other way are signed out now, and come in through the provider only.`,
  enforceOwn: "You are an owner: you can still sign in as now. Keep your password or passkey for that day when the provider is down.",
  enforceCheck: "I have tested the connection, and at least one owner has another way to sign in.",
  enforced: "Members must sign in this way. Owners can do without.",
  unenforce: "No longer require it",
  needsDomain: "Verify a domain first: it says whose sign-in this is about, and people then find the way by their e-mail address alone.",
  toDomains: "To the domains",
  remove: "Delete the connection",
  removeText: "Nobody can sign in by it any more, and what was filled in is gone. People keep their accounts, but those who know only this way cannot come in.",
  removeButton: "Delete …",
  removeTitle: (name: string) => `Delete the connection ${name}?`,
  removeNow: "Delete",
  /** What the server says to do, where it is said in another language; otherwise its own sentence is shown. */
  fixes: {} as Readonly<Record<string, string>>,
  /** What is tried in a test, by the name of the step. */
  tried: {
    address: "Address of this installation",
    public_url: "Address of this installation",
    settings: "What was filled in",
    metadata: "Metadata",
    metadata_fetch: "Metadata can be fetched",
    metadata_read: "Metadata can be read",
    entity: "Identity of the provider",
    entity_id: "Identity of the provider",
    certificate: "Certificate",
    certificates: "Certificates",
    sso: "Address to sign in at",
    sso_url: "Address to sign in at",
    slo: "Address to sign out at",
    sign_out: "Signing out at the provider",
    domain: "Domain of the person",
    discovery: "Discovery document",
    issuer: "Issuer",
    keys: "Signing keys",
    algorithms: "Algorithms",
    endpoints: "Addresses of the provider",
    client: "Client ID and secret",
    secret: "Client secret",
    request: "Request to sign in",
    response: "Answer of the provider",
    signature: "Signature",
    destination: "Destination",
    audience: "Audience",
    time: "Times",
    in_response_to: "Answer to our request",
    replay: "Used once only",
    state: "Answer to our request",
    nonce: "Answer to our request",
    token: "Exchange of the code",
    id_token: "ID token",
    subject: "Identifier of the person",
    name: "Name",
    email: "E-mail address",
    groups: "Groups",
    role: "Role",
    login: "Sign-in",
  } as Readonly<Record<string, string>>,
  guides: steps as Readonly<Record<string, Guide>>,
  scim: {
    okta: [
      "In the app: *General*, *App Settings*, *Edit*: as *Provisioning* choose *SCIM*, and press *Save*.",
      "On the new *Provisioning* tab, under *Integration*, press *Edit*.",
      "*SCIM connector base URL*: the base URL above. *Unique identifier field for users*: userName.",
      "*Supported provisioning actions*: tick *Push New Users*, *Push Profile Updates* and *Push Groups*.",
      "*Authentication Mode*: *HTTP Header*; paste the token into *Authorization*. Press *Test Connector Configuration*, then *Save*.",
      "Under *To App*, press *Edit* and tick *Create Users*, *Update User Attributes* and *Deactivate Users*.",
    ],
    entra: [
      "In the enterprise app: *Provisioning*, *New configuration*.",
      "*Tenant URL*: the base URL above. *Secret token*: the token. Press *Test connection*, then *Create*.",
      "Under *Attribute mapping* check that userName comes from userPrincipalName and emails[type eq \"work\"].value from mail.",
      "Under *Users and groups* choose whom it is about.",
      "Press *Start provisioning*. Entra then comes every 40 minutes; *Provision on demand* tries one person at once.",
    ],
  },
};

/** The shape of these words, which every language has. */
export type GuideWords = typeof guide;
