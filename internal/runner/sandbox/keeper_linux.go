package sandbox

import (
	"encoding/json"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// keeperPath is where a container finds this binary, and argv[0] of its process 1.
const keeperPath = "/.codecollab/keeper"

func isKeeper() bool { return len(os.Args) == 1 && os.Args[0] == keeperPath && os.Getpid() == 1 }

// keeper is process 1 of a container that an OCI runtime has made. It has the user of the programs, and no capabilities.
type keeper struct {
	cell
	frames
	stageNumber byte
	input       chan []byte // of the running stage, if it has any
	masters     []*os.File  // of the coming or running stage's terminals
	mu          sync.Mutex  // guards the three
	files       uint64      // that a process may have open
}

// keep does not return.
func keep() {
	unix.Umask(0o022)
	signal.Notify(make(chan os.Signal, 1)) // as for any cell; programs have our user
	calls := filter(sharedUserCalls()...)
	k := &keeper{frames: frames{w: os.Stdout}}
	k.cell = cell{giveUp: func() error { return giveUp(calls, os.Getuid(), false) }, place: "/work", multiplexer: "/dev/ptmx", owner: -1,
		spare: make(chan *thread, 1), sweep: func() { _ = syscall.Kill(-1, syscall.SIGKILL) },
		rename: func(word string) string { return word }, full: full, group: make(chan int, 1)}
	k.group <- 0
	for {
		kind, body, err := readFrame(os.Stdin)
		if err != nil {
			k.sweep()
			os.Exit(0) // the supervisor is gone; everything in the container dies with process 1
		}
		switch kind {
		case frameRequest:
			k.request(body)
		case frameInput:
			k.feed(body)
		}
	}
}

func (k *keeper) request(body []byte) {
	var req request
	if err := json.Unmarshal(body, &req); err != nil {
		k.reply(reply{}, err)
		return
	}
	switch req.Op {
	case "build":
		err := k.confine(req.Build)
		k.reply(reply{}, err)
		if err == nil {
			k.spare <- newThread(k.giveUp)
		}
	case "terminal":
		k.reply(reply{}, k.makeTerminals(req.Size))
	case "resize":
		k.mu.Lock()
		for _, master := range k.masters {
			_ = setSize(master, req.Size)
		}
		k.mu.Unlock()
	case "stage":
		input := make(chan []byte, 1)
		k.mu.Lock()
		k.stageNumber, k.input = k.stageNumber+1, input
		k.mu.Unlock()
		go k.stage(req, input)
	case "signal":
		k.signal(req.Signal)
	}
}

func (k *keeper) reply(r reply, err error) {
	if err != nil {
		r.Err = err.Error()
	}
	_ = k.writeJSON(frameReply, r)
}

// confine sets the limits that programs inherit. They have our user, so nobody but us may look into us.
func (k *keeper) confine(b *blueprint) error {
	k.files = b.Files
	if err := k.limit(b); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

func (k *keeper) makeTerminals(s Size) error {
	out, errs, err := k.openTerminals(s)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.masters = []*os.File{out, errs}
	return nil
}

// feed hands input on to the stage that it is for. More comes when that has been taken, so this never waits.
func (k *keeper) feed(body []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(body) == 0 || body[0] != k.stageNumber || k.input == nil {
		return // it came too late
	}
	if len(body) > 1 {
		k.input <- body[1:]
		return
	}
	close(k.input)
	k.input = nil
}

func (k *keeper) stage(req request, input <-chan []byte) {
	files, in, outputs, err := k.streams()
	if err != nil {
		k.reply(reply{}, err)
		return
	}
	go k.typeInto(in, input)
	watched := make(chan bool)
	stop := make(chan struct{})
	var unread []*os.File
	if len(k.slaves) == 0 {
		unread = outputs
	}
	go func() { watched <- k.watch(files[0], unread, stop) }()
	var pumps sync.WaitGroup
	pumps.Go(func() { k.copyFrames(frameOut, outputs[0]) })
	pumps.Go(func() { k.copyFrames(frameErr, outputs[1]) })
	r := k.runStage(req, files)
	close(stop)
	if full := <-watched; full && r.Full == "" {
		r.Full = Files
	}
	k.dropTerminals()
	pumps.Wait() // nothing is left that could write
	_ = closeAll(outputs)
	k.mu.Lock()
	if k.input != nil {
		close(k.input)
	}
	k.input, k.masters = nil, nil
	k.mu.Unlock()
	k.reply(r, nil)
}

// streams are a program's own, and our sides of them: terminals if there are any, else pipes.
func (k *keeper) streams() (files []*os.File, in *os.File, outputs []*os.File, err error) {
	if len(k.slaves) == 2 {
		k.mu.Lock()
		defer k.mu.Unlock()
		return append(files, k.slaves[0], k.slaves[0], k.slaves[1]), k.masters[0], k.masters, nil
	}
	var ends [3][2]*os.File
	for i := range ends {
		var fds [2]int
		if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil { // not os.Pipe, whose ends do not wait
			return nil, nil, nil, err
		}
		ends[i] = [2]*os.File{os.NewFile(uintptr(fds[0]), "pipe"), os.NewFile(uintptr(fds[1]), "pipe")}
	}
	return []*os.File{ends[0][0], ends[1][1], ends[2][1]}, ends[0][1], []*os.File{ends[1][0], ends[2][0]}, nil
}

// watch looks at the programs, as the supervisor does with those that it can see: it tells when they begin to wait for input, and when they no longer
// do. It answers whether one has had as many files open as it may.
func (k *keeper) watch(input *os.File, unread []*os.File, stop <-chan struct{}) (full bool) {
	w, err := newWaits(input, unread, programsHere, func(now bool) {
		var is byte
		if now {
			is = 1
		}
		_ = k.write(frameWaiting, []byte{is})
	})
	if err != nil {
		return false
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return full
		case <-tick.C:
			w.tick()
			full = full || anyFull(programsHere(), k.files)
		}
	}
}

// programsHere are all processes but process 1.
func programsHere() []int {
	return slices.DeleteFunc(numbers("/proc"), func(pid int) bool { return pid == 1 })
}

// typeInto gives the program its input, and says whenever it has been taken. A program that does not read it any more is none of our business.
func (k *keeper) typeInto(in *os.File, input <-chan []byte) {
	for data := range input {
		_, _ = in.Write(data)
		_ = k.write(frameTaken, nil)
	}
	if len(k.terminalMasters()) == 0 { // or the program would lose its terminal
		_ = in.Close()
	}
}

func (k *keeper) terminalMasters() []*os.File {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.masters
}
