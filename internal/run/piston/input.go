package piston

import (
	"context"
	"strings"
	"unicode/utf8"

	"codecollab.dev/internal/run"
	"codecollab.dev/internal/wire"
)

// inputMessage is something for the program. EOF and the size are our runner's additions.
type inputMessage struct {
	Type   string `json:"type"`
	Stream string `json:"stream,omitempty"`
	Data   string `json:"data,omitempty"`
	EOF    bool   `json:"eof,omitempty"`
	Signal string `json:"signal,omitempty"`
	Rows   int    `json:"rows,omitempty"`
	Cols   int    `json:"cols,omitempty"`
}

// sendInput gives the program its input: a text and the end of it, or whatever is typed until the program ends.
func (t *conversing) sendInput(ctx context.Context) {
	if t.program.Terminal == nil {
		t.send(ctx, inputMessage{Type: "data", Stream: "stdin", Data: t.program.Stdin, EOF: true})
		return
	}
	for {
		data, size, err := t.program.Keys.Next(ctx)
		if err != nil {
			return
		}
		if t.cooked != nil {
			t.sendCooked(ctx, data)
			continue
		}
		if size != nil {
			t.send(ctx, inputMessage{Type: "resize", Rows: size.Rows, Cols: size.Cols})
		}
		if data != "" {
			t.send(ctx, inputMessage{Type: "data", Stream: "stdin", Data: data})
		}
	}
}

// send ends the conversation when the server does not take it. A program that has ended meanwhile is no reason: then the
// server closes, and listen knows.
func (t *conversing) send(ctx context.Context, m inputMessage) {
	t.owed.Add(int64(len(m.Data)))
	_ = send(ctx, t.ws, m)
}

// sendCooked does what a terminal would, for a server that has none: it shows what is typed, and gives it to the program line
// by line.
func (t *conversing) sendCooked(ctx context.Context, keys string) {
	messages, shown := t.cooked.take(keys)
	if shown != "" {
		t.tell(run.Event{Stream: "stdout", Data: shown})
	}
	for _, m := range messages {
		t.send(ctx, m)
	}
}

// cooked is a line that is being typed.
type cooked struct{ line string }

// take returns what the server is to be told of these keys, which is the lines that they complete and Ctrl+C, and what is to be
// seen of them. The end of input is none of Piston's messages: Ctrl+D does nothing.
func (c *cooked) take(keys string) (out []inputMessage, shown string) {
	var show strings.Builder
	for _, r := range keys {
		switch {
		case r == '\r' || r == '\n':
			out = append(out, inputMessage{Type: "data", Stream: "stdin", Data: c.line + "\n"})
			c.line = ""
			show.WriteString("\r\n")
		case r == '\x7f' || r == '\b':
			if _, n := utf8.DecodeLastRuneInString(c.line); n > 0 {
				c.line = c.line[:len(c.line)-n]
				show.WriteString("\b \b")
			}
		case r == '\x03':
			out = append(out, inputMessage{Type: "signal", Signal: "SIGINT"})
			c.line = ""
			show.WriteString("^C\r\n")
		case r >= ' ' || r == '\t':
			c.line += string(r)
			show.WriteRune(r)
		}
	}
	return out, show.String()
}

// terminal is the part of an init that asks our runner for a terminal.
type terminal struct {
	PTY  bool `json:"pty,omitempty"`
	Rows int  `json:"rows,omitempty"`
	Cols int  `json:"cols,omitempty"`
}

func terminalOf(s *wire.Size) terminal {
	if s == nil {
		return terminal{}
	}
	return terminal{PTY: true, Rows: s.Rows, Cols: s.Cols}
}
