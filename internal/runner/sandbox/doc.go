// Package sandbox runs programs that nobody trusts.
//
// A program runs inside a cell: this very binary, started again as process 1 of new user, mount, pid, net, ipc, uts and
// cgroup namespaces, which sees a small read-only root, has its own /work, /tmp and /dev, no network but a loopback of
// its own, and control groups that bound its memory, tasks and CPU share. A cell is made ahead of need, serves one job
// (any number of stages: compile, run …) and is destroyed; it never serves a second job.
//
//	supervisor (Sandbox, Cell)  ──socket──▶  process 1 of the cell (cell_linux.go)  ──fork──▶  program
//	   sees the cgroups, kills                 builds the root, reaps                  uid 1000, no capabilities, seccomp
//
// The supervisor decides about time, CPU and memory; process 1 only builds, forks and reaps. Killing process 1 kills
// everything in the cell. Where the kernel refuses any part of this, New refuses to make a Sandbox (Refusal): there is
// no silent weaker mode.
//
// A program that uses this package calls Init first thing in main, and in TestMain.
package sandbox

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// View is a root file system that cells show: its /usr, the usual links beside it and the few files of /etc that programs
// need, and trees beside those. Of a root that is not the host's, /etc, /opt and /var/lib are shown as well; users, groups and hosts are
// always the cell's own.
type View struct {
	Root  string // a folder of the host; empty or "/": the host's own root. Links in it lead nowhere but into it
	Trees []Tree
	Stamp string // another one says that the folder was made anew: cells that show the old one are not handed out
}

// Tree is a file or folder that cells see read-only.
type Tree struct {
	From string // on the host; a missing one is left out
	To   string // inside the cell, absolute; empty means the same path as From
	// Inside says that From is a path in the view's root.
	Inside bool
	// Overlay lets programs write to the tree: what they write is kept in the cell's memory and ends with it.
	Overlay bool
}

// Spec is the shape of a cell.
type Spec struct {
	Root   string // as in View; so are Trees
	Trees  []Tree
	Disk   int64  // bytes that /work, /tmp and all overlays may hold, each; default 64 MiB
	Inodes int64  // files and folders that each of them may hold; default 10 000
	Files  uint64 // open files of one process; default 256
}

// Config says how to make cells. Its Spec is also the first view, which has no name.
type Config struct {
	Spec
	Pool   int          // cells kept ready of the view most used; default 2
	Memory int64        // bytes a ready cell may use until its first stage says otherwise; default 64 MiB
	Logger *slog.Logger // default: discards

	Tier        string // "namespaces", "landlock", "gvisor", or "auto" (default): namespaces, or landlock if AllowWeaker
	AllowWeaker bool   // auto may choose landlock, which is weaker, where namespaces cannot be had
	Runtime     string // of gvisor: the OCI runtime, a path or a name in PATH; default "runsc"
	Dir         string // of landlock and gvisor: where cells have their folders; default: one in the system's folder of temporary files
}

// File is written into a cell before its stages run.
type File struct {
	Path string // relative to /work, clean, without ".."
	Data []byte
}

// Stage is one program of a job.
type Stage struct {
	Argv   []string // Argv[0] is looked up in PATH of Env
	Env    []string // all of the environment, "KEY=value"
	Stdin  *os.File // the three are handed to the program; the caller closes its own copies
	Stdout *os.File
	Stderr *os.File
	Wall   time.Duration // 0: no limit
	CPU    time.Duration // of all processes together; 0: no limit
	Memory int64         // bytes of all processes and files together
	Tasks  int           // processes and threads

	// Terminal, if not nil, gives the program a pseudo-terminal of that size as stdin and stdout, which controls it, and a second
	// one as stderr. Then Stdin, Stdout and Stderr must be nil, and OnTerminal is called before the program starts.
	Terminal   *Size
	OnTerminal func(t *Terminal)
	// OnWaiting, if not nil, is told when the program begins to wait for input that is not there, and when it no longer does. The
	// last word of a stage is false. It is called by one goroutine and may take its time.
	OnWaiting func(waiting bool)
}

// Size of a terminal, in characters.
type Size struct{ Rows, Cols uint16 }

// Terminal is the other side of a program's pseudo-terminals. Whoever gets it reads both files until an error (EIO when the
// program and all it started are gone), writes input to Out, and closes both.
type Terminal struct {
	Out, Err *os.File

	resize func(Size) error // where a file's size is not the terminal's
}

// Found is a file that programs left in /work.
type Found struct {
	Path string // relative to /work
	Data []byte
}

// CollectLimits bound what Collect takes.
type CollectLimits struct {
	Files     int                                // at most so many
	FileBytes int64                              // of one file
	AllBytes  int64                              // of all together
	Match     func(path string, size int64) bool // nil: every file. What does not match is not called skipped
}

// Verdict says which limit ended a stage; it is empty when the program ended by itself.
type Verdict string

// The verdicts. Tasks, Disk, Inodes and Files do not end a program: they explain why one failed.
const (
	Wall    Verdict = "wall"
	CPU     Verdict = "cpu"
	Memory  Verdict = "memory"
	Tasks   Verdict = "tasks"
	Disk    Verdict = "disk"
	Inodes  Verdict = "inodes"  // files and folders
	Files   Verdict = "files"   // open files of one process
	Stopped Verdict = "stopped" // the caller's context ended
)

// Result is how a stage ended. A program that fails is a Result, not an error.
type Result struct {
	Code    int            // exit code; -1 when a signal ended it
	Signal  syscall.Signal // 0 when it exited by itself
	Verdict Verdict
	Wall    time.Duration
	CPU     time.Duration
	Memory  int64 // peak, bytes; includes files in /work and /tmp and the cell's own few MiB
}

// Report says what confines programs on this host.
type Report struct {
	Tier    string   `json:"tier"`               // "namespaces + cgroups"
	OneRoot bool     `json:"one_root,omitempty"` // cells can show no root but the host's own
	Cgroups []string `json:"cgroups"`            // "memory: v1", one a controller
	Notes   []string `json:"notes,omitempty"`
}

// Fact is one thing that a tier needs, and whether this host has it.
type Fact struct {
	Name   string
	Holds  bool
	Found  string // in words, with its numbers
	Remedy string // what the operator can change; empty when it holds
}

// Refusal says why this host cannot confine programs and what to change. New returns it.
type Refusal struct {
	Why  string // what was tried and failed
	Do   string // what the operator can change
	Err  error
	Tier string // the tier that was tried
}

// Error is one sentence for the operator.
func (r *Refusal) Error() string {
	s := "programs cannot be confined on this host: " + r.Why
	if r.Err != nil {
		s += fmt.Sprintf(" (%v)", r.Err)
	}
	return s + ". " + r.Do
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// ErrOneRoot is why a cell with another root than the host's cannot be had.
var ErrOneRoot = errors.New("the tier landlock can show no root file system but the host's own; environments need the tier namespaces, " +
	"for which `codecollab doctor` says what is missing")

// MissingProgram is the error of Run when Argv[0] is not in the cell.
type MissingProgram struct{ Name string }

func (m *MissingProgram) Error() string { return "no program " + m.Name + " in the sandbox" }

func (c Config) withDefaults() Config {
	if c.Disk == 0 {
		c.Disk = 64 << 20
	}
	if c.Inodes == 0 {
		c.Inodes = 10_000
	}
	if c.Files == 0 {
		c.Files = 256
	}
	if c.Pool == 0 {
		c.Pool = 2
	}
	if c.Memory == 0 {
		c.Memory = 64 << 20
	}
	if c.Tier == "" {
		c.Tier = "auto"
	}
	if c.Runtime == "" {
		c.Runtime = "runsc"
	}
	if c.Dir == "" {
		c.Dir = filepath.Join(os.TempDir(), "codecollab-cells")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}
