package runner_test

import (
	"os/exec"
	"testing"

	"codecollab.dev/internal/runner"
)

// BenchmarkRuns compares a run through HTTP and a cell with the bare command, in turns, in one process:
//
//	go test ./internal/runner -run '^$' -bench Runs -benchtime 100x
func BenchmarkRuns(b *testing.B) {
	s, url := serve(b, runner.Options{Pool: 4})
	if _, err := s.Report(b.Context()); err != nil {
		b.Fatal(err)
	}
	ok(b, url, program("bash", "true", nil))
	for _, c := range []struct {
		name    string
		request object
		bare    []string
	}{
		{"true", program("bash", "exec /bin/true", nil), []string{"bash", "-c", "exec /bin/true"}},
		{"python", program("python", "print(1)", nil), []string{"/usr/bin/python3", "-c", "print(1)"}},
	} {
		b.Run(c.name+"/bare", func(b *testing.B) {
			for b.Loop() {
				if err := exec.CommandContext(b.Context(), c.bare[0], c.bare[1:]...).Run(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+"/http", func(b *testing.B) {
			for b.Loop() {
				ok(b, url, c.request)
			}
		})
	}
}
