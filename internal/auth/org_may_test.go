package auth

import "testing"

// TestWhatRolesMayInAnOrganisation is the whole of the table, written out once more.
func TestWhatRolesMayInAnOrganisation(t *testing.T) {
	roles := []OrgRole{"", "guest", OrgMember, OrgAdmin, OrgOwner}
	for act, want := range map[OrgAct]string{
		OrgSee:       "--yyy",
		OrgRooms:     "---yy",
		OrgInvite:    "---yy",
		OrgPeople:    "---yy",
		OrgRename:    "---yy",
		OrgAudit:     "---yy",
		OrgSeeSignIn: "---yy",
		OrgOwners:    "----y",
		OrgSignIn:    "----y",
		OrgDelete:    "----y",
		"fly":        "-----",
	} {
		for i, role := range roles {
			if may := OrgMay(role, act); may != (want[i] == 'y') {
				t.Errorf("%q may %s: %v", role, act, may)
			}
		}
	}
	if n := len(OrgActs(OrgOwner)); n != len(orgTable) {
		t.Errorf("owners are told of %d acts of %d", n, len(orgTable))
	}
	if n := len(OrgActs("")); n != 0 {
		t.Errorf("strangers are told of %d acts", n)
	}
}
