package provider

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// mostLine is the longest line of a stream. A token is a few bytes.
const mostLine = 256 << 10

// errLong is a line that never ends.
var errLong = errors.New("a line of the stream is longer than 256 KiB")

// events reads server-sent events and calls on with the data of each, until on returns false or the stream ends. Lines
// may end with LF, CRLF or CR and be cut anywhere; comments and other fields are passed over.
func events(r io.Reader, on func(data []byte) (more bool, err error)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4<<10), mostLine)
	lines.Split(splitter())
	var data []byte
	var some bool
	for lines.Scan() {
		line := lines.Bytes()
		if len(line) > 0 {
			if value, ok := field(line); ok {
				if some {
					data = append(data, '\n')
				}
				data, some = append(data, value...), true
			}
			continue
		}
		if !some {
			continue
		}
		more, err := on(data)
		if err != nil || !more {
			return err
		}
		data, some = data[:0], false
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return errLong
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if some { // some servers end without the last empty line
		_, err := on(data)
		return err
	}
	return nil
}

// field is the value of a line, if that is one of data.
func field(line []byte) ([]byte, bool) {
	value, ok := bytes.CutPrefix(line, []byte("data"))
	switch {
	case !ok:
		return nil, false
	case len(value) == 0:
		return nil, true
	case value[0] != ':':
		return nil, false
	}
	return bytes.TrimPrefix(value[1:], []byte(" ")), true
}

// splitter makes a bufio.SplitFunc for lines that end with LF, CRLF or CR. A CR ends a line at once, since what follows it
// may not come for a long time; the LF of a pair is then passed over.
func splitter() bufio.SplitFunc {
	afterCR := false
	return func(data []byte, atEOF bool) (int, []byte, error) {
		skip := 0
		if afterCR && len(data) > 0 {
			afterCR = false
			if data[0] == '\n' {
				skip = 1
			}
		}
		rest := data[skip:]
		if i := bytes.IndexAny(rest, "\r\n"); i >= 0 {
			afterCR = rest[i] == '\r'
			return skip + i + 1, rest[:i:i], nil
		}
		if atEOF && len(rest) > 0 {
			return len(data), rest, nil
		}
		return skip, nil, nil
	}
}
