package auth

// PeopleQuery says which accounts the administrator looks for. A field that is not set asks nothing.
type PeopleQuery struct {
	Text  string // words that are all in the name or the address
	After string // accounts behind this one
	Limit int
}
