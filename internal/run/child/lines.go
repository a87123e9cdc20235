package child

import "bytes"

// lines is a writer that passes lines on, without their ends. One that is too long is passed on in parts.
type lines struct {
	each func(string)
	rest []byte
}

const mostLine = 64 << 10

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			break
		}
		l.each(string(line))
		l.rest = rest
	}
	if len(l.rest) > mostLine {
		l.each(string(l.rest))
		l.rest = nil
	}
	return len(p), nil
}
