// Package run takes a request to run a program from the log of its room to its result in that log.
//
// A request is an event in the room's log, and so is the result. Between the two lies a job in a queue, which may be
// lost without harm: a sweep at start, and now and then, queues whatever was requested and has neither job nor result.
// What a program prints is streamed to the room and kept as head and tail for the result.
//
// A program that crashes has a result. An error of an Executor means that we failed; then there is a second attempt at
// once, which is safe since a program acts nowhere but in its sandbox. A server that stops lets programs go on for a
// moment and kills those that need longer; the next one runs them again, and that is not held against them. A server that
// dies without a word may have died of the program: such a run is tried twice, and then it has failed.
package run

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"codecollab.dev/internal/trace"
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
	// Terminal asks for a terminal of that size; nil: there is none, and the program gets Stdin and its end.
	Terminal *wire.Size
	// Wall is how long the program may take, if not as long as the runner says.
	Wall time.Duration
	Keys *Keys // what people type, and the terminal's later sizes; nil without a terminal
}

// File is one file of a program.
type File struct {
	Name    string // a relative path
	Content string
}

// Event is what an Executor tells while a program runs: where it is, a piece of output, or, at its end, a file that it left.
type Event struct {
	State  string // "compiling", "running" or "waiting" (for input) from here on; empty: no news of that
	Stream string // "stdout" or "stderr"
	Data   string // valid UTF-8
	File   *Found
}

// Found is a file that a program left.
type Found struct {
	Name string // a relative path
	Data []byte
}

// Executor runs programs.
type Executor interface {
	// Execute runs a program to its end and returns how it ended, without output and files, which on has been given (by one
	// goroutine at a time). A program that fails has a result; an error means that we failed, and that trying again may
	// help. An error that is a *codecollab.Error is shown to people. When ctx ends the program is killed.
	Execute(ctx context.Context, p Program, on func(Event)) (wire.Finish, error)
}

// Rooms is what runs need of rooms.
type Rooms interface {
	// Program returns the files as of the version that the run pins, whether there is a result or not. Errors of codes
	// "no_room" and "no_run" mean that nobody waits for one.
	Program(ctx context.Context, room string, run int64) (Program, error)
	// Progress tells the room where a run is. An attempt that grows makes void what it was told before.
	Progress(room string, s wire.RunState)
	// Output sends the room a piece of output of a stream, one of those of wire.Chunk.
	Output(room string, run int64, stream, data string)
	// Finish keeps the files, puts the result into the room's log and returns when it is durable. When there is one already,
	// it changes nothing and returns nil or an error of code "no_run".
	Finish(ctx context.Context, room string, f wire.Finish, files []Found) error
	// Unfinished lists the runs that were requested and have no result, oldest first. It may leave out those of days ago.
	Unfinished(ctx context.Context) ([]Job, error)
}

// Queue keeps jobs until they are worked, over the end of the process.
type Queue interface {
	// Start works jobs, so many at a time, those of the lowest rank first. attempt counts from 1; one that the end of a
	// process cut short counts unless Close did it. An error of work ends the job as its success does, unless the queue is
	// being closed: then the job is kept.
	Start(ctx context.Context, workers int, work func(ctx context.Context, j Job, attempt int) error) error
	// Put adds a job with its rank, unless it is there already: then added is false. Ranks lie in the past. Jobs that an earlier
	// process has left in a queue of its own come before all others.
	Put(ctx context.Context, j Job, rank time.Time) (added bool, err error)
	// Drain starts no more jobs here, so that other processes do. What is at work goes on, and Put may still be called.
	Drain()
	// Close starts no more jobs, lets those at work go on for half of the time until ctx ends, then cancels them, and
	// keeps them and the rest for the next Start.
	Close(ctx context.Context) error
}

// Options are the settings of a Service. All must be set, but those that say so.
type Options struct {
	Workers   int // programs that compute at a time
	Idle      int // programs that may wait for input beside them
	HeadBytes int // kept of the beginning of a program's output
	TailBytes int // kept of its end
	// TerminalTime is how long a program with a terminal may take.
	TerminalTime time.Duration
	Log          *slog.Logger
	Ended        func(Ended)   // is told of every run that ends here; nil: nobody is
	Trace        *trace.Tracer // nil: nobody keeps any

	Node   string // what this node is called among the Others
	Others Others // nil: there are none
}

// Ended is a run that has a result.
type Ended struct {
	Language string // "" when it was not known yet
	Outcome  string // as in wire.Finish
	Waited   time.Duration
	Took     time.Duration // from its turn to the result in the log
}

// TraceOf names the trace of a run: whichever nodes do parts of it, they are parts of one.
func TraceOf(room string, run int64) string { return fmt.Sprintf("run %s %d", room, run) }

// attempts is how often a run is tried when we fail, or die.
const attempts = 2
