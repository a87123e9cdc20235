package historybench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"syscall"
	"time"
)

// server is a `codecollab serve` that was started for a measurement.
type server struct {
	url  string
	cmd  *exec.Cmd
	gone chan error
	http http.Client
}

// startTime is how long a server may take until it is ready.
const startTime = time.Minute

func startServer(ctx context.Context, self, dir string) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	s := &server{url: "http://" + addr, cmd: exec.Command(self, "serve", "--addr", addr, "--data", dir, "--log-level", "error"), gone: make(chan error, 1)}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.gone <- s.cmd.Wait() }()
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if _, err := s.fetch(ctx, s.url+"/readyz"); err == nil {
			return s, nil
		}
		select {
		case err := <-s.gone:
			s.gone <- err
			return nil, fmt.Errorf("the server ended while it started: %w", err)
		case <-ctx.Done():
			return nil, fmt.Errorf("the server was not ready within %s: %w", startTime, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop ends the server as an operator does. A second call does nothing.
func (s *server) stop() error {
	if s.cmd == nil {
		return nil
	}
	err := s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.gone
	s.cmd = nil
	return err
}

// get asks something about the room, and measures until the last byte of the answer.
func (s *server) get(ctx context.Context, path string) (data []byte, took time.Duration, err error) {
	start := time.Now()
	data, err = s.fetch(ctx, s.url+"/api/v1/rooms/"+Room+path)
	return data, time.Since(start), err
}

func (s *server) fetch(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s %.200s", url, resp.Status, data)
	}
	return data, err
}
