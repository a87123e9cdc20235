package room

// Visited is a room in the list of a person who has been in it.
type Visited struct {
	Room     string `json:"room"`
	Title    string `json:"title,omitempty"`
	Language string `json:"language"`
	Role     string `json:"role"`    // what the person was at the last visit
	Visited  int64  `json:"visited"` // ms since the Unix epoch
	Changed  int64  `json:"changed"` // when the last event was, ms since the Unix epoch
	Last     int64  `json:"-"`       // when anybody was there
	// Ends is when the room will be deleted if nobody comes before, ms since the Unix epoch; 0: it stays.
	Ends int64 `json:"ends,omitempty"`
}

// Listed is a room in the list of its organisation.
type Listed struct {
	Room     string `json:"room"`
	Title    string `json:"title,omitempty"`
	Language string `json:"language"`
	Changed  int64  `json:"changed"` // when the last event was, ms since the Unix epoch
}

// Invitation lets somebody in who has signed in.
type Invitation struct {
	Who  string `json:"who"` // an e-mail address in lower case, or the id of an account
	Role string `json:"role"`
	At   int64  `json:"at"` // ms since the Unix epoch
}
