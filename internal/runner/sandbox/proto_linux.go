package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// The supervisor and process 1 of a cell speak over a stream socket: four bytes of length, then JSON; descriptors ride
// with the length. The supervisor asks, the cell answers each request but signals once, in order.

const (
	maxFrame = 64 << 20 // bytes
	maxFiles = 253      // descriptors that the kernel lets ride with one message
)

// request is what the supervisor says.
type request struct {
	Op     string     `json:"op"` // "build", "files", "terminal", "stage", "signal"; in a container also "resize"; of the nursery: "start"
	Build  *blueprint `json:"build,omitempty"`
	Born   bool       `json:"born,omitempty"` // start: the last descriptor is the folder of a group
	Files  []File     `json:"files,omitempty"`
	Size   Size       `json:"size,omitzero"`  // terminal; the answer's descriptors: masters of stdin and stdout, of stderr, and the program's stdin
	Argv   []string   `json:"argv,omitempty"` // stage; descriptors: stdin, stdout, stderr, or none if there are terminals
	Env    []string   `json:"env,omitempty"`
	Signal int        `json:"signal,omitempty"` // to the program's process group
}

// reply is what the cell says. That of "build" comes with a descriptor of /work.
type reply struct {
	Err     string  `json:"err,omitempty"`
	Pid     int     `json:"pid,omitempty"`     // of the nursery: the cell's process, by the host's number; a descriptor of it rides along
	Missing bool    `json:"missing,omitempty"` // Err is about Argv[0] not being there
	Code    int     `json:"code,omitempty"`
	Signal  int     `json:"signal,omitempty"`
	Peak    int64   `json:"peak,omitempty"`  // bytes of the largest process
	Nanos   int64   `json:"nanos,omitempty"` // from fork to the end of the program
	Full    Verdict `json:"full,omitempty"`  // Disk or Inodes, if there is none left
}

// blueprint is what a cell builds its root from. Mounts come as detached trees, in this order, from descriptor 4 on, unless the cell has to
// open them itself.
type blueprint struct {
	Mounts    []mountPoint      `json:"mounts"`
	Plain     bool              `json:"plain,omitempty"` // the supervisor is not root: the cell opens the trees, and has but one user
	Links     map[string]string `json:"links"`           // path → target
	Disk      int64             `json:"disk"`
	Inodes    int64             `json:"inodes"`
	Files     uint64            `json:"nofile"`
	Container bool              `json:"container,omitempty"` // instead of mounts and links: an OCI runtime has made the root
	Folder    *folder           `json:"folder,omitempty"`    // instead of mounts and links: the cell is a folder of the host
}

type mountPoint struct {
	From    string `json:"from"`
	Root    string `json:"root,omitempty"` // in which From is; empty: the host's
	To      string `json:"to"`
	Dir     bool   `json:"dir"`
	Overlay bool   `json:"overlay,omitempty"`
	Device  bool   `json:"device,omitempty"`
}

func send(c *net.UnixConn, v any, files ...*os.File) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(body) > maxFrame {
		return fmt.Errorf("message of %d bytes is over the limit of %d", len(body), maxFrame)
	}
	if len(files) > maxFiles {
		return fmt.Errorf("%d files at once are over the limit of %d", len(files), maxFiles)
	}
	var oob []byte
	if len(files) > 0 {
		fds := make([]int, len(files))
		for i, f := range files {
			fds[i] = int(f.Fd())
		}
		oob = unix.UnixRights(fds...)
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	if _, _, err := c.WriteMsgUnix(head, oob, nil); err != nil {
		return err
	}
	_, err = c.Write(body)
	return err
}

func receive(c *net.UnixConn, v any) ([]*os.File, error) {
	head, oob := make([]byte, 4), make([]byte, unix.CmsgSpace(4*maxFiles))
	n, oobn, _, _, err := c.ReadMsgUnix(head, oob)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, io.EOF
	}
	files, err := passed(oob[:oobn])
	if err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(c, head[n:]); err != nil {
		return files, err
	}
	size := binary.BigEndian.Uint32(head)
	if size > maxFrame {
		return files, errors.New("message too large")
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(c, body); err != nil {
		return files, err
	}
	return files, json.Unmarshal(body, v)
}

func passed(oob []byte) ([]*os.File, error) {
	if len(oob) == 0 {
		return nil, nil
	}
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, err
	}
	var files []*os.File
	for _, m := range msgs {
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			continue
		}
		for _, fd := range fds {
			syscall.CloseOnExec(fd)
			files = append(files, os.NewFile(uintptr(fd), "passed"))
		}
	}
	return files, nil
}

// socketPair gives both ends of a new connection: one as a file to hand on, one to speak through.
func socketPair() (*net.UnixConn, *os.File, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	theirs := os.NewFile(uintptr(fds[1]), "cell")
	conn, err := connOf(uintptr(fds[0]))
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn, theirs, nil
}

func connOf(fd uintptr) (*net.UnixConn, error) {
	f := os.NewFile(fd, "socket")
	defer f.Close() // FileConn has made a copy
	c, err := net.FileConn(f)
	if err != nil {
		return nil, err
	}
	return c.(*net.UnixConn), nil
}
