package runner

// The messages of /connect, to the client.

type runtimeMessage struct {
	Type     string `json:"type"`
	Language string `json:"language"`
	Version  string `json:"version"`
}

type stageMessage struct {
	Type  string `json:"type"`
	Stage string `json:"stage"`
}

type dataMessage struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Data   string `json:"data"`
}

type exitMessage struct {
	Type  string `json:"type"`
	Stage string `json:"stage"`
	*stageResult
}

type errorMessage struct {
	Type       string `json:"type"`
	Message    string `json:"message"`
	Hint       string `json:"hint,omitempty"`        // what can be done about it
	RetryAfter int    `json:"retry_after,omitempty"` // seconds; when the runner is full
}

// waitingMessage says that the program begins, or ends, to wait for input. Only those who asked for it get it.
type waitingMessage struct {
	Type    string `json:"type"`
	Waiting bool   `json:"waiting"`
}

// skippedMessage says which files of the program are not given back, and why.
type skippedMessage struct {
	Type  string   `json:"type"`
	Names []string `json:"names"`
}
