package sandbox_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

var roomy = sandbox.CollectLimits{Files: 10, FileBytes: 1000, AllBytes: 3000}

// collected runs a program with files in a cell and gives what it left, by path.
func collected(t *testing.T, limits sandbox.CollectLimits, change func(*sandbox.Stage), script string) (map[string]string, []string, outcome) {
	t.Helper()
	c, err := start(t, sandbox.Config{}).Acquire(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	files := []sandbox.File{{Path: "main.sh", Data: []byte(script)}, {Path: "data/in.txt", Data: []byte("in")}, {Path: "same", Data: []byte("same")}}
	if err := c.Write(files); err != nil {
		t.Fatal(err)
	}
	o := stage(t, t.Context(), c, change, "bash", "main.sh")
	found, skipped, err := c.Collect(limits)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for i, f := range found {
		got[f.Path] = string(f.Data)
		if i > 0 && found[i-1].Path >= f.Path {
			t.Errorf("%s comes after %s", f.Path, found[i-1].Path)
		}
	}
	return got, skipped, o
}

func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	for path, text := range got {
		if w, ok := want[path]; !ok || w != text {
			t.Errorf("%s holds %.40q, want %.40q", path, text, w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d: %v", len(got), len(want), got)
	}
}

func TestCollect(t *testing.T) {
	got, skipped, o := collected(t, roomy, nil, `
		echo new >new; mkdir -p a/b; echo deep >a/b/deep.csv; printf changed >data/in.txt
		touch same; chmod +x main.sh; printf same >same; mv same other; mv other same; : >empty`)
	same(t, got, map[string]string{"new": "new\n", "a/b/deep.csv": "deep\n", "data/in.txt": "changed", "empty": ""})
	if len(skipped) > 0 || o.Code != 0 {
		t.Errorf("%v, %+v", skipped, o)
	}
}

func TestCollectTraps(t *testing.T) {
	got, skipped, o := collected(t, roomy, nil, `
		ln -s /etc/passwd link; ln -s /etc dirlink; ln -s ../.. up; mkfifo fifo; echo ok >ok
		python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")' 2>/dev/null
		printf x >$'new\nline'; printf x >$'\xff'; printf x >'back\slash'; printf x >$'right\xe2\x80\xaeleft'
		truncate -s 60M sparse; d=.; for i in $(seq 60); do d=$d/d; done; mkdir -p $d; echo x >$d/x
		echo hidden >locked; chmod 0 locked`)
	want := map[string]string{"ok": "ok\n", "locked": "hidden\n"}
	if os.Geteuid() != 0 {
		delete(want, "locked") // a runner without privileges cannot read it
	}
	same(t, got, want)
	all := strings.Join(skipped, "; ")
	parts := []string{"fifo: no regular file", `"new\nline": the name`, `"\xff": `, `"back\\slash": `,
		`"right\u202eleft"`, "sparse: too large: 60 MiB, at most 1000 bytes", "more than 32 deep"}
	if tierHere() == "namespaces" { // elsewhere there are no sockets
		parts = append(parts, "socket: no regular file")
	}
	for _, part := range parts {
		if !strings.Contains(all, part) {
			t.Errorf("no %q in %s", part, all)
		}
	}
	if o.Code != 0 {
		t.Errorf("%+v", o)
	}
}

func TestCollectBounds(t *testing.T) {
	limits := sandbox.CollectLimits{Files: 3, FileBytes: 100, AllBytes: 150, Match: func(path string, size int64) bool { return path != "not" && size > 0 }}
	got, skipped, _ := collected(t, limits, nil, `
		printf %100s >a; printf %60s >b; printf %10s >c; printf %10s >d; printf %101s >e; printf %10s >f; echo >not; : >g`)
	same(t, got, map[string]string{"a": strings.Repeat(" ", 100), "c": strings.Repeat(" ", 10), "d": strings.Repeat(" ", 10)})
	if len(skipped) != 3 {
		t.Errorf("%q", skipped)
	}
}

func TestCollectNamesSome(t *testing.T) {
	_, skipped, _ := collected(t, sandbox.CollectLimits{Files: 1, FileBytes: 1, AllBytes: 1}, nil, `for i in $(seq 1000); do echo long >f$i; done`)
	if len(skipped) != 51 || skipped[50] != "and 950 more" {
		t.Errorf("%d skipped, the last %q", len(skipped), skipped[len(skipped)-1])
	}
}

func TestCollectAfterLimit(t *testing.T) {
	got, _, o := collected(t, roomy, func(st *sandbox.Stage) { st.Wall = 500 * time.Millisecond }, `echo kept >kept; while :; do sleep 1; done`)
	same(t, got, map[string]string{"kept": "kept\n"})
	if o.Verdict != sandbox.Wall {
		t.Errorf("%+v", o)
	}
}

func TestFull(t *testing.T) {
	for _, c := range []struct {
		script string
		want   sandbox.Verdict
	}{
		{`head -c 100M /dev/zero >./big`, sandbox.Disk},
		{`for i in $(seq 1000); do : >./$i || exit 1; done; sleep 20`, sandbox.Inodes},
		{`python3 -c '
import time
kept = []
try:
    while True: kept.append(open("/dev/null"))
finally: time.sleep(.2)'`, sandbox.Files},
	} {
		s := start(t, sandbox.Config{Spec: sandbox.Spec{Disk: 4 << 20, Inodes: 200}})
		if o := run(t, s, nil, "bash", "-c", c.script); o.Verdict != c.want || o.Code == 0 && o.Signal == 0 {
			t.Errorf("%s: %+v", c.want, o)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
