package auth

import "codecollab.dev"

// OrgAct is something that somebody does in an organisation.
type OrgAct string

// The acts.
const (
	OrgSee       OrgAct = "see"         // its name and the people in it
	OrgInvite    OrgAct = "invite"      // and take invitations back
	OrgPeople    OrgAct = "people"      // give others a role or remove them, but owners
	OrgOwners    OrgAct = "owners"      // the same of owners, and make some
	OrgRename    OrgAct = "rename"      // its name
	OrgSeeSignIn OrgAct = "see_sign_in" // domains, connections, provisioning: without secrets
	OrgSignIn    OrgAct = ActSignIn     // change those
	OrgAudit     OrgAct = "audit"       // read its log
	OrgRooms     OrgAct = "rooms"       // see which rooms are its
	OrgDelete    OrgAct = "delete"      // the whole of it
)

// orgTable says what each role may. Whoever says how people sign in can come in as any of them, so that is for owners.
var orgTable = map[OrgAct]OrgRole{
	OrgSee: OrgMember, OrgRooms: OrgAdmin, OrgInvite: OrgAdmin, OrgPeople: OrgAdmin, OrgRename: OrgAdmin, OrgAudit: OrgAdmin, OrgSeeSignIn: OrgAdmin,
	OrgOwners: OrgOwner, OrgSignIn: OrgOwner, OrgDelete: OrgOwner,
}

// OrgMay reports whether somebody with a role in an organisation ("" is none) may do this there.
func OrgMay(role OrgRole, act OrgAct) bool {
	least, ok := orgTable[act]
	return ok && role.rank() >= least.rank() && role.rank() >= 0
}

// OrgActs are all that a role may do.
func OrgActs(role OrgRole) []OrgAct {
	out := []OrgAct{}
	for _, act := range []OrgAct{OrgSee, OrgRooms, OrgInvite, OrgPeople, OrgRename, OrgAudit, OrgSeeSignIn, OrgOwners, OrgSignIn, OrgDelete} {
		if OrgMay(role, act) {
			out = append(out, act)
		}
	}
	return out
}

// Known reports whether there is such a role.
func (r OrgRole) Known() bool { return r.rank() >= 0 }

// NoOrg is the error of an organisation that is not there, or not for who asks.
func NoOrg() error {
	return codecollab.Errorf(codecollab.NotFound, "no_org", "There is no such organisation, or you are not in it.")
}

func orgRefused(act OrgAct) error {
	who := "owner"
	if orgTable[act] == OrgAdmin {
		who = "owner or administrator"
	}
	return codecollab.Errorf(codecollab.Forbidden, "org_role", "Only an %s of the organisation can do this.", who)
}
