//go:build !linux

package toolchain

import (
	"context"
	"errors"
	"os/exec"
)

var errLinux = errors.New("languages are installed on Linux only")

func (task) command(context.Context) (*exec.Cmd, error) { return nil, errLinux }
func explain(err error) error                           { return err }
func (*Store) lock() (func(), error)                    { return nil, errLinux }
func (*Store) free() (int64, error)                     { return 0, errLinux }
