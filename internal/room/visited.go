package room

// Visited is a room in the list of a person who has been in it.
type Visited struct {
	Room     string `json:"room"`
	Title    string `json:"title,omitempty"`
	Language string `json:"language"`
	Role     string `json:"role"`    // what the person was at the last visit
	Visited  int64  `json:"visited"` // ms since the Unix epoch
	Changed  int64  `json:"changed"` // when the last event was, ms since the Unix epoch
}
