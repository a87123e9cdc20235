// Package run takes a request to run a program from the log of its room to its result in that log.
//
// A request is an event in the room's log, and so is the result. Between the two lies a job in a queue, which may be
// lost without harm: a sweep at start, and now and then, queues whatever was requested and has neither job nor result.
// What a program prints is streamed to the room and kept as head and tail for the result.
//
// A program that crashes has a result. An error of an Executor means that we failed; then there is a second attempt,
// which is safe since a program acts nowhere but in its sandbox.
package run

import (
	"context"
	"log/slog"

	"codecollab.dev/internal/wire"
)

// Job names a run: its room, and the version of the event that asked for it.
type Job struct {
	Room string
	Run  int64
}

// Program is what to run.
type Program struct {
	Language string // an id of the catalogue
	Main     string // the name of the file to start
	Files    []File
	Stdin    string
	Args     []string
}

// File is one file of a program.
type File struct {
	Name    string // a relative path
	Content string
}

// Event is what an Executor tells while a program runs: that a stage begins, or a piece of output.
type Event struct {
	Stage  string // "compile" or "run" at its beginning; empty for output
	Stream string // "stdout" or "stderr"
	Data   string // valid UTF-8
}

// Executor runs programs.
type Executor interface {
	// Execute runs a program to its end and returns how it ended, without its output, which on has been given (by one
	// goroutine). When ctx ends the program is killed.
	Execute(ctx context.Context, p Program, on func(Event)) (wire.Finish, error)
}

// Rooms is what runs need of rooms.
type Rooms interface {
	// Program returns the files as of the version that the run pins. Errors of codes "no_room" and "no_run" mean that
	// nobody waits for the result any more.
	Program(ctx context.Context, room string, run int64) (Program, error)
	// Progress tells the room where a run is: "queued" with its place from 1, "compiling" or "running".
	Progress(room string, run int64, state string, place int)
	// Output sends the room a piece of output of a stream: "stdout", "stderr" or "compile".
	Output(room string, run int64, stream, data string)
	// Finish puts the result into the room's log and returns when it is durable; "no_run" when there is one already.
	Finish(ctx context.Context, room string, f wire.Finish) error
	// Unfinished lists the runs that were requested and have no result, oldest first.
	Unfinished(ctx context.Context) ([]Job, error)
}

// Queue keeps jobs until they are worked. It starts them in the order in which they were put.
type Queue interface {
	// Start works jobs, so many at a time. An error of work leads to another attempt; attempt counts from 1.
	Start(ctx context.Context, workers int, work func(ctx context.Context, j Job, attempt int) error) error
	// Put adds a job, unless it is there already.
	Put(ctx context.Context, j Job) error
	// Close cancels what is being worked, waits for it, and keeps the rest for the next start.
	Close(ctx context.Context) error
}

// Options are the settings of a Service. All must be set.
type Options struct {
	Workers   int // programs at a time
	HeadBytes int // kept of the beginning of a program's output
	TailBytes int // kept of its end
	Log       *slog.Logger
}

// attempts is how often a run is tried when we fail.
const attempts = 2
