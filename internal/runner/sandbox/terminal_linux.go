package sandbox

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Resize tells the program that its terminal has another size now.
func (t *Terminal) Resize(s Size) error {
	if t.resize != nil {
		return t.resize(s)
	}
	return errors.Join(setSize(t.Out, s), setSize(t.Err, s))
}

func setSize(f *os.File, s Size) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Row: s.Rows, Col: s.Cols})
	})
	return errors.Join(err, failed)
}

// openTerminal makes a pseudo-terminal: the master, and the program's side, which belongs to owner if that is not negative.
func openTerminal(multiplexer string, s Size, owner int) (master, slave *os.File, err error) {
	fd, err := unix.Open(multiplexer, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	master = os.NewFile(uintptr(fd), "terminal")
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("unlock a pseudo-terminal: %w", err), master.Close())
	}
	// By the master, not by name: the name may mean a terminal of another file system.
	peer, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
	if e != 0 {
		return nil, nil, errors.Join(fmt.Errorf("open the program's side of a terminal: %w", e), master.Close())
	}
	slave = os.NewFile(peer, "program's side")
	if err := prepare(slave, s, owner); err != nil {
		return nil, nil, errors.Join(err, master.Close(), slave.Close())
	}
	return master, slave, nil
}

func prepare(slave *os.File, s Size, owner int) error {
	fd := int(slave.Fd())
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: s.Rows, Col: s.Cols}); err != nil {
		return fmt.Errorf("set the terminal's size: %w", err)
	}
	mode, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return fmt.Errorf("read the terminal's mode: %w", err)
	}
	mode.Iflag |= unix.IUTF8 // backspace takes a character, not a byte
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, mode); err != nil {
		return fmt.Errorf("set the terminal's mode: %w", err)
	}
	if owner < 0 {
		return nil
	}
	return slave.Chown(owner, owner)
}

// terminals makes the two of one stage and hands their masters to the supervisor.
func (c *cell) terminals(s Size) error {
	out, errs, err := c.openTerminals(s)
	if err != nil {
		return err
	}
	defer out.Close()
	defer errs.Close()
	return send(c.conn, reply{}, out, errs, c.slaves[0])
}

// openTerminals makes the two of one stage and gives their masters.
func (c *cell) openTerminals(s Size) (out, errs *os.File, err error) {
	c.dropTerminals()
	out, outSlave, err := openTerminal(c.multiplexer, s, c.owner)
	if err != nil {
		return nil, nil, err
	}
	errs, errSlave, err := openTerminal(c.multiplexer, s, c.owner)
	if err != nil {
		return nil, nil, errors.Join(err, out.Close(), outSlave.Close())
	}
	c.slaves = []*os.File{outSlave, errSlave}
	return out, errs, nil
}

func (c *cell) dropTerminals() {
	_ = closeAll(c.slaves)
	c.slaves = nil
}

// terminal asks the cell for the masters of a stage, and for the program's side of its input, which the caller closes.
func (c *Cell) terminal(s Size) (*Terminal, *os.File, error) {
	got, err := c.ask(request{Op: "terminal", Size: s})
	if err != nil {
		return nil, nil, err
	}
	if len(got) != 3 {
		return nil, nil, errors.Join(fmt.Errorf("the cell handed out %d descriptors of terminals instead of 3", len(got)), closeAll(got))
	}
	t := &Terminal{Out: pollable(got[0]), Err: pollable(got[1])}
	if c.plan.Container {
		t.resize = func(s Size) error { return c.send(request{Op: "resize", Size: s}) }
	}
	return t, got[2], nil
}

// pollable makes reads of a terminal wait in Go's poller, so that closing it ends them.
func pollable(f *os.File) *os.File {
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return f
	}
	_ = unix.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), f.Name())
}
