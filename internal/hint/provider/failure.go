package provider

import (
	"fmt"
	"strings"
	"time"
)

// Reason is why an endpoint gave no answer.
type Reason string

// The reasons.
const (
	Unreached Reason = "unreached" // no connection, or it broke before the answer
	Refused   Reason = "refused"   // the key is wrong, or may not use the model
	Busy      Reason = "busy"      // 429: too many requests, or the account has no more
	Broken    Reason = "broken"    // a status of 500 and more
	Wrong     Reason = "wrong"     // it does not take the request: no such model, too long …
	Silent    Reason = "silent"    // no token within the time given, or none for too long
	Dropped   Reason = "dropped"   // the answer ended in the middle
	Garbled   Reason = "garbled"   // what came is not the protocol
	Empty     Reason = "empty"     // the answer has no text
)

// Failure is an endpoint that gave no answer. Its text has no secret in it, whatever the provider said.
type Failure struct {
	Endpoint string
	Reason   Reason
	Status   int           // of HTTP; 0 when there was none
	After    time.Duration // when to come again, if the provider said so
	Detail   string
}

// Error says who failed, and how.
func (f *Failure) Error() string {
	s := fmt.Sprintf("%s: %s", f.Endpoint, f.Reason)
	if f.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", f.Status)
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

// mostDetail is how much of a provider's own words is kept.
const mostDetail = 200

// without cuts a text to one short line and takes the key out of it: some providers repeat it when they refuse it.
func without(key, text string) string {
	if key != "" {
		text = strings.ReplaceAll(text, key, "[secret]")
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > mostDetail {
		text = strings.ToValidUTF8(text[:mostDetail], "") + "…"
	}
	return text
}
