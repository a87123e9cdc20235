package auth

import "time"

// ActionDoc says what an action of the audit log is. docs/audit.md is checked against these.
type ActionDoc struct {
	Action string
	About  string // "signing in", "rooms" …: a heading
	Target string // what Entry.Target is, "" when there is none
	Says   string
}

// The actions of the audit log. What went wrong has the same action, and the code of the error as its outcome: there is no
// "sign_in_failed". Anything that is audited takes its word from here.
const (
	ActSignIn         = "sign_in"
	ActSignOut        = "sign_out"
	ActSessionEnded   = "session_ended"
	ActSetup          = "setup"
	ActRegister       = "register"
	ActGuestAdopted   = "guest_adopted"
	ActPasswordSet    = "password_set"
	ActResetMade      = "reset_made"
	ActPasskeyAdded   = "passkey_added"
	ActPasskeyRemoved = "passkey_removed"
	ActIdentityAdded  = "identity_added"
	ActIdentityEnded  = "identity_ended"
	ActTokenMade      = "token_made"
	ActTokenRevoked   = "token_revoked"

	ActPersonMade     = "person_made"
	ActPersonChanged  = "person_changed"
	ActPersonExported = "person_exported"
	ActPersonDeleted  = "person_deleted"

	ActOrgMade           = "org_made"
	ActOrgChanged        = "org_changed"
	ActOrgDeleted        = "org_deleted"
	ActMemberAdded       = "member_added"
	ActMemberRole        = "member_role"
	ActMemberRemoved     = "member_removed"
	ActInvitationMade    = "invitation_made"
	ActInvitationUsed    = "invitation_used"
	ActInvitationRevoked = "invitation_revoked"
	ActDomainAdded       = "domain_added"
	ActDomainVerified    = "domain_verified"
	ActDomainRemoved     = "domain_removed"
	ActDomainLost        = "domain_lost"
	ActBreakGlass        = "break_glass"
	ActConnectionAdded   = "connection_added"
	ActConnectionChanged = "connection_changed"
	ActConnectionRemoved = "connection_removed"
	ActConnectionTested  = "connection_tested"
	ActScimTokenMade     = "scim_token_made"
	ActScimTokenRevoked  = "scim_token_revoked"
	ActScimUserChanged   = "scim_user_changed"
	ActScimGroupChanged  = "scim_group_changed"

	ActRoomMade     = "room_made"
	ActRoomEnded    = "room_ended"
	ActRoomAccess   = "room_access"
	ActRoomLocked   = "room_locked"
	ActPasscodeSet  = "passcode_set"
	ActRoleGiven    = "role_given"
	ActLinkRotated  = "link_rotated"
	ActLinkRevoked  = "link_revoked"
	ActVisitorLet   = "visitor_let_in"
	ActVisitorTurns = "visitor_turned_away"

	ActAuditExported = "audit_exported"
	ActSwept         = "swept"
)

const (
	aboutSignIn = "Signing in"
	aboutPeople = "People"
	aboutOrgs   = "Organisations"
	aboutRooms  = "Rooms"
	aboutHouse  = "The installation"
)

// Actions are all actions, in the order of the documentation.
func Actions() []ActionDoc {
	return []ActionDoc{
		{ActSignIn, aboutSignIn, "account, when it is known", "somebody signed in, or tried to; `via` says how"},
		{ActSignOut, aboutSignIn, "", "somebody signed out; `everywhere` when of all browsers"},
		{ActSessionEnded, aboutSignIn, "session", "a session was ended from the list of sessions, by an administrator or by the provider"},
		{ActSetup, aboutSignIn, "account", "the first administrator was made with the link that the server printed"},
		{ActRegister, aboutSignIn, "account", "somebody made an account with a password"},
		{ActGuestAdopted, aboutSignIn, "guest", "a guest signed in, and keeps their rooms"},
		{ActPasswordSet, aboutSignIn, "account", "a password was set or changed"},
		{ActResetMade, aboutSignIn, "account", "a link for a new password was made"},
		{ActPasskeyAdded, aboutSignIn, "passkey", "a passkey was added"},
		{ActPasskeyRemoved, aboutSignIn, "passkey", "a passkey was removed"},
		{ActIdentityAdded, aboutSignIn, "provider", "somebody connected an account that they have elsewhere, to sign in with it"},
		{ActIdentityEnded, aboutSignIn, "provider", "somebody disconnected such an account"},
		{ActTokenMade, aboutSignIn, "token", "an API token was made, by hand or by a program that was let in; `name` and `scopes` are in the detail"},
		{ActTokenRevoked, aboutSignIn, "token", "an API token was taken back"},

		{ActPersonMade, aboutPeople, "account", "an account was made just in time, by invitation or by provisioning"},
		{ActPersonChanged, aboutPeople, "account", "an account was blocked, let in again, or made or unmade an administrator"},
		{ActPersonExported, aboutPeople, "account", "a person fetched all that is kept about them"},
		{ActPersonDeleted, aboutPeople, "account", "an account was deleted, and its person's name taken out of what stays"},

		{ActOrgMade, aboutOrgs, "organisation", "an organisation was made"},
		{ActOrgChanged, aboutOrgs, "organisation", "its name or its rules were changed"},
		{ActOrgDeleted, aboutOrgs, "organisation", "it was deleted"},
		{ActMemberAdded, aboutOrgs, "account", "somebody became a member"},
		{ActMemberRole, aboutOrgs, "account", "a member got another role"},
		{ActMemberRemoved, aboutOrgs, "account", "somebody is no member any more"},
		{ActInvitationMade, aboutOrgs, "invitation", "an invitation was made"},
		{ActInvitationUsed, aboutOrgs, "invitation", "an invitation was taken up"},
		{ActInvitationRevoked, aboutOrgs, "invitation", "an invitation was taken back"},
		{ActDomainAdded, aboutOrgs, "domain", "a domain was claimed"},
		{ActDomainVerified, aboutOrgs, "domain", "the claim was looked up in the DNS"},
		{ActDomainRemoved, aboutOrgs, "domain", "a domain was given up"},
		{ActDomainLost, aboutOrgs, "domain", "DNS has not confirmed a domain for longer than the grace period: it is not verified any more"},
		{ActBreakGlass, aboutOrgs, "account", "an owner signed in without the organisation's connection, although that is enforced; `via` says how"},
		{ActConnectionAdded, aboutOrgs, "connection", "a way to sign in was set up"},
		{ActConnectionChanged, aboutOrgs, "connection", "it was changed, turned on or off"},
		{ActConnectionRemoved, aboutOrgs, "connection", "it was removed"},
		{ActConnectionTested, aboutOrgs, "connection", "it was tried out"},
		{ActScimTokenMade, aboutOrgs, "token", "a token for provisioning was made"},
		{ActScimTokenRevoked, aboutOrgs, "token", "a token for provisioning was taken back"},
		{ActScimUserChanged, aboutOrgs, "account", "provisioning made, changed or blocked somebody"},
		{ActScimGroupChanged, aboutOrgs, "group", "provisioning made, changed or removed a group"},

		{ActRoomMade, aboutRooms, "room", "a room was made"},
		{ActRoomEnded, aboutRooms, "room", "a room was deleted, with all that was in it"},
		{ActRoomAccess, aboutRooms, "room", "who may come in was changed"},
		{ActRoomLocked, aboutRooms, "room", "the room was locked or unlocked"},
		{ActPasscodeSet, aboutRooms, "room", "its passcode was set or taken away"},
		{ActRoleGiven, aboutRooms, "room", "an owner gave somebody a role, or removed them; `person` and `role` are in the detail"},
		{ActLinkRotated, aboutRooms, "room", "a link was replaced by a new one"},
		{ActLinkRevoked, aboutRooms, "room", "a link was switched off"},
		{ActVisitorLet, aboutRooms, "room", "somebody who waited was let in"},
		{ActVisitorTurns, aboutRooms, "room", "somebody who waited was turned away"},

		{ActAuditExported, aboutHouse, "organisation", "this log was exported"},
		{ActSwept, aboutHouse, "", "what had been kept for as long as the settings say was removed; the detail counts it"},
	}
}

// DeletedPerson is the name of those who had theirs deleted.
const DeletedPerson = "Deleted person"

// OK is the outcome of what went well.
const OK = "ok"

// AuditQuery says which lines of the audit log are looked for. A field that is not set asks nothing.
type AuditQuery struct {
	Org     string   // whose log; "" is the installation's
	All     bool     // of all organisations, and the installation
	Text    string   // in names, targets, addresses and details
	Actions []string // one of these; none: any
	Person  string   // who did it, or whom it was done to
	Room    string
	Outcome string // OK, "failed" for all that is not, or the code of an error
	Since   time.Time
	Until   time.Time
	Before  int64 // lines with a smaller number
	After   int64 // lines with a larger number
	Oldest  bool  // the oldest first; else the newest
	Limit   int
}
