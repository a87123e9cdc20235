package piston

import (
	"context"
	"errors"
	"net/http"
	"time"

	"codecollab.dev"
)

// Source is a text that is to be formatted.
type Source struct {
	Language string `json:"language"`
	Version  string `json:"version,omitempty"`
	Name     string `json:"name"`
	Content  string `json:"content"`
}

// formatWithin is how long a formatter may take, its turn in the queue included.
const formatWithin = time.Minute

// Format has the server format a source. An error with the code "not_formatted" is the formatter's: the source is at fault.
func (c *Client) Format(ctx context.Context, s Source) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, formatWithin)
	defer cancel()
	if s.Version == "" {
		s.Version = "*"
	}
	var out struct {
		Content string `json:"content"`
	}
	err := c.call(ctx, http.MethodPost, "/format", s, &out)
	if r, ok := errors.AsType[refusal](err); ok {
		return "", codecollab.Errorf(codecollab.Invalid, "not_formatted", "%s", r.message)
	}
	return out.Content, err
}
