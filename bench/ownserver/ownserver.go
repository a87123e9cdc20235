// Package ownserver runs the server that a measurement starts for itself.
package ownserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const (
	patience = time.Minute      // the longest that a server may take to be ready
	leave    = 20 * time.Second // until a server that does not end by itself is ended
)

// Server is a running "codecollab serve".
type Server struct {
	URL string // without a slash at its end

	cmd  *exec.Cmd
	gone chan struct{} // closed when it has ended
	err  error         // why, after gone
	own  string        // a folder that goes with the server; "" when its data was given
}

// Start runs "self serve" with args on a free address of the loopback interface, and returns when it is ready. data is its
// folder; without one it gets a folder that goes when it is stopped. log gets what it says; nil: nobody.
func Start(ctx context.Context, self, data string, log io.Writer, args ...string) (*Server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "http://" + addr, gone: make(chan struct{})}
	if data == "" {
		if s.own, err = os.MkdirTemp("", "codecollab-bench-"); err != nil {
			return nil, err
		}
		data = s.own
	}
	s.cmd = exec.Command(self, append([]string{"serve", "--addr", addr, "--data", data}, args...)...)
	s.cmd.Stderr = log
	// A group of its own: Ctrl+C is for the measurement, which stops its server.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.own))
	}
	go func() { s.err = s.cmd.Wait(); close(s.gone) }()
	if err := s.ready(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// Pid is the number of its process.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Stop ends the server as an operator does, and waits until it has ended. A second call does nothing.
func (s *Server) Stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	defer time.AfterFunc(leave, func() { _ = s.cmd.Process.Kill() }).Stop()
	<-s.gone
	return errors.Join(s.err, os.RemoveAll(s.own))
}

func (s *Server) ready(ctx context.Context) error {
	end := time.After(patience)
	for {
		if answers(ctx, s.URL+"/readyz") {
			return nil
		}
		select {
		case <-s.gone:
			return errors.New("the server ended while it started")
		case <-end:
			return fmt.Errorf("the server is not ready after %v", patience)
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// freeAddress is an address on the loopback interface that nobody listened on a moment ago.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
