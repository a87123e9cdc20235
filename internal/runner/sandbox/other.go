//go:build !linux

package sandbox

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Sandbox does not exist outside Linux; New says so.
type Sandbox struct{}

// Cell does not exist outside Linux.
type Cell struct{}

func refusal() error {
	return &Refusal{Why: "cells are made of Linux namespaces and control groups",
		Do: "Run `codecollab runner` on a Linux machine and point this server at it", Tier: "none"}
}

// Survey finds nothing outside Linux.
func Survey() []Fact { return nil }

// Stat looks at the host.
func Stat(_, path string) (fs.FileInfo, error) { return os.Stat(path) }

// Glob looks at the host.
func Glob(_, pattern string) ([]string, error) { return filepath.Glob(pattern) }

// New refuses.
func New(context.Context, Config) (*Sandbox, error) { return nil, refusal() }

// SetViews does nothing.
func (*Sandbox) SetViews(map[string]View) {}

// Acquire refuses.
func (*Sandbox) Acquire(context.Context, string) (*Cell, error) { return nil, refusal() }

// Special refuses.
func (*Sandbox) Special(string, int64, int64) (*Cell, error) { return nil, refusal() }

// Report is empty.
func (*Sandbox) Report() Report { return Report{} }

// Close does nothing.
func (*Sandbox) Close() error { return nil }

// Write refuses.
func (*Cell) Write([]File) error { return refusal() }

// Run refuses.
func (*Cell) Run(context.Context, Stage) (Result, error) { return Result{}, refusal() }

// Signal does nothing.
func (*Cell) Signal(syscall.Signal) {}

// Kill does nothing.
func (*Cell) Kill() {}

// Close does nothing.
func (*Cell) Close() {}

// Collect refuses.
func (*Cell) Collect(CollectLimits) ([]Found, []string, error) { return nil, nil, refusal() }

// Resize refuses.
func (*Terminal) Resize(Size) error { return refusal() }
