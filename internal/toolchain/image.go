package toolchain

import (
	"context"
	"errors"
)

// Import is not built yet.
func (i *Installer) Import(context.Context, string, string) error {
	return errors.New("images cannot be imported yet")
}
