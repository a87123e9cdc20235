// Package wire defines every message of the socket protocol and every event of a room's log, as plain data.
//
// The same JSON travels on a WebSocket, on the server-sent-events fallback, and (for events) lies in the store.
// A message is one JSON object whose first field "t" names its type; an event's body names its own with "kind".
// docs/protocol.md describes the conversation, SPEC.md its rules, and the TypeScript types are generated from here
// (go generate), so the three cannot drift apart unseen.
//
// All positions and lengths of text count UTF-16 code units; all times are milliseconds since the Unix epoch unless
// a name says otherwise; a version is the number of events in the log up to and including that one.
package wire

import (
	"bytes"
	"encoding/json"
	"fmt"

	"codecollab.dev"
)

//go:generate go run ./gen -out ../../web/client/src/wire.gen.ts

// Message is anything with a name of its own on the socket.
type Message interface {
	// Type is the value of the field "t".
	Type() string
}

// Marshal writes m as one JSON object, its type first.
func Marshal(m Message) ([]byte, error) { return tagged("t", m.Type(), m) }

// tagged marshals v, a struct, and puts the field tag with value name in front of its own fields.
func tagged(tag, name string, v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // code is full of <, > and &, and nothing here goes into HTML
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	body := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	out := make([]byte, 0, len(body)+len(tag)+len(name)+8)
	out = append(out, '{', '"')
	out = append(out, tag...)
	out = append(out, `":"`...)
	out = append(out, name...)
	out = append(out, '"')
	if len(body) > len("{}") {
		out = append(out, ',')
	}
	return append(out, body[1:]...), nil
}

// ParseClient reads a message that a client sent. Unknown fields are ignored, so that a newer client can talk to an
// older server; an unknown type or a malformed message is an error of code "bad_message".
func ParseClient(data []byte) (Message, error) { return parse(data, clientMessages()) }

// ParseServer reads a message that a server sent (for clients in Go: the load generator and the tests).
func ParseServer(data []byte) (Message, error) { return parse(data, serverMessages()) }

func parse(data []byte, known []Message) (Message, error) {
	var head struct {
		T string `json:"t"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, badMessage("not a JSON object with a field \"t\" (%v)", err)
	}
	for _, m := range known {
		if m.Type() == head.T {
			if err := json.Unmarshal(data, m); err != nil {
				return nil, fieldError(head.T, err)
			}
			return m, nil
		}
	}
	return nil, badMessage("unknown type %.40q", head.T)
}

// fieldError keeps the code of an error from a nested parser (a bad edit stays "bad_edit").
func fieldError(what string, err error) error {
	if codecollab.CodeOf(err) != "internal" {
		return err
	}
	return badMessage("%s: %v", what, err)
}

func badMessage(format string, args ...any) error {
	return codecollab.Errorf(codecollab.Invalid, "bad_message", "This message cannot be read: %s.", fmt.Sprintf(format, args...))
}

// JoinFrame puts messages into one frame: one JSON object a line. A frame may hold many, so that a reader that is behind
// catches up with few writes.
func JoinFrame(frames [][]byte) []byte { return bytes.Join(frames, []byte("\n")) }

// SplitFrame is the other way round; empty lines are skipped.
func SplitFrame(frame []byte) [][]byte {
	lines := bytes.Split(frame, []byte("\n"))
	out := lines[:0]
	for _, l := range lines {
		if len(bytes.TrimSpace(l)) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// Vocabulary lists one empty value of everything the protocol consists of; the TypeScript generator and the
// documentation's tests read it.
func Vocabulary() (client, server []Message, bodies []Payload) {
	return clientMessages(), serverMessages(), payloads()
}

// SeqOf finds the batch number in a message that could not be read, so that its author can be told which one it was; 0
// when there is none.
func SeqOf(data []byte) int64 {
	var m struct {
		Seq int64 `json:"seq"`
	}
	if json.Unmarshal(data, &m) != nil {
		return 0
	}
	return m.Seq
}
