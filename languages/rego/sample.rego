# Who may open which door? Rules that say "yes" where all their lines hold, and nothing where they do not.
package doors

keys := {
	"workshop": {"roles": {"maker", "keeper"}, "hours": {9, 10, 11, 14, 15}},
	"archive": {"roles": {"keeper"}, "hours": {10, 11}},
}

people := {"Ines": "maker", "Bo": "keeper", "Sam": "guest"}

opens contains sprintf("%s opens the %s at %d", [person, door, hour]) if {
	some person, role in people
	some door, rule in keys
	role in rule.roles
	hour := min(rule.hours)
}

stays_outside contains person if {
	some person, role in people
	every door in keys {
		not role in door.roles
	}
}
