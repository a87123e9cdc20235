package piston

import (
	"encoding/base64"
	"fmt"

	"codecollab.dev/internal/run"
)

// leftFile is a file that a program left, as our runner sends it.
type leftFile struct {
	Name     string `json:"name"`
	Encoding string `json:"encoding"`
	Content  string `json:"content"`
}

func (f *leftFile) found() (*run.Found, error) {
	switch f.Encoding {
	case "base64":
		data, err := base64.StdEncoding.DecodeString(f.Content)
		if err != nil {
			return nil, fmt.Errorf("the runner sent it damaged: %w", err)
		}
		return &run.Found{Name: f.Name, Data: data}, nil
	case "", "utf8":
		return &run.Found{Name: f.Name, Data: []byte(f.Content)}, nil
	}
	return nil, fmt.Errorf("the runner sent it in an unknown encoding %.20q", f.Encoding)
}
