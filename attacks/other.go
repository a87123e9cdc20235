//go:build !linux

package attacks

import (
	"context"
	"errors"
	"io"
)

// Main says that attacks need Linux, as the sandbox does.
func Main(context.Context, []string, io.Writer, io.Writer, string) error {
	return errors.New("attacks need Linux, as the sandbox does")
}
