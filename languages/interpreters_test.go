package languages

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

type example struct{ program, stdin, want string }

// What the description of GolfScript says, name by name; the standard input lies on the stack first.
var golfscript = []example{
	{`;5~`, "", "-6\n"},
	{`;[1 2 3]~`, "", "123\n"},
	{`;"1 2+"~ {1 2+}~`, "", "33\n"},
	{"1`[1 [2] 'asdf']`\"\\x01\\\"a\"`{1}`]n*", "", "\n1\n[1 [2] \"asdf\"]\n\"\\x01\\\"a\"\n{1}\n"},
	{`;1!{}! []!`, "", "011\n"},
	{`;1 2 3@1$`, "", "2313\n"},
	{`;'asdf'$[5 4 3 1 2]$-1*' '*`, "", "adfs\n"},
	{`;[5 4 3 1 2]{-1*}$' '*`, "", "5 4 3 2 1\n"},
	{`;5 7+'asdf'{1234}+~[1 2 3][4 5]+`, "", "12123412345\n"},
	{`;1 2-3+ 5[1]+ 1 2+`, "", "1-1513\n"},
	{`;[5 2 5 4 1 1][1 2]-`, "", "554\n"},
	{`;2{2*}5*'asdf'3*[1 2]2*`, "", "64asdfasdfasdf1212\n"},
	{`;[1 2 3]','*[1 2 3][4]*"asdf"" "*`, "", "1,2,314243a s d f\n"},
	{`;[1 2 3 4]{+}*'asdf'{+}*`, "", "10414\n"},
	{`;7 3/-7 3/' '-7 3%`, "", "2-3 2\n"},
	{`;[1 2 3 4 2 3 5][2 3]/` + "`", "", "[[1] [4] [5]]\n"},
	{`;'a s d f'' '/` + "`", "", "[\"a\" \"s\" \"d\" \"f\"]\n"},
	{`;[1 2 3 4 5]2/` + "`", "", "[[1 2] [3 4] [5]]\n"},
	{`;0 1{100<}{.@+}/` + "`", "", "89[1 1 2 3 5 8 13 21 34 55 89]\n"},
	{`;[1 2 3]{1+}/`, "", "234\n"},
	{`;'assdfs''s'%` + "`" + `[1 2 3 4 5]2%` + "`" + `[1 2 3 4 5]-1%`, "", "[\"a\" \"df\"][1 3 5]54321\n"},
	{`;"abc"{1+}%[1 2 3]{.}%`, "", "bcd112233\n"},
	{`;5 3|[1 1 2 2][1 3]&[1 2 1 3][2 3 5 5]^`, "", "7115\n"},
	{`;3 4<"asdf""asdg"<[1 2 3]2<`, "", "1112\n"},
	{`;3 4>[1 2 3]2>[1 2 3]-1=`, "", "033\n"},
	{`;10,,5,{3%},`, "", "10124\n"},
	{`;2 8?5[4 3 5 1]?[1 2 3 4 5 6]{.*20>}?`, "", "25625\n"},
	{`;5([1 2 3](`, "", "4231\n"},
	{`;5)[1 2 3])"ab")`, "", "6123a98\n"},
	{`;5{1 and}0 or 0 2 or 1 0 xor`, "", "121\n"},
	{`;1 2 3if 0 2{1.}if`, "", "211\n"},
	{`;5{1-.}do 5{.}{1-}while 5{.}{1-}until`, "", "005\n"},
	{`;[1 1 0]2base 6 2base-2abs`, "", "61102\n"},
	{`;1:a a{2}:b;b b+ 4:+;+`, "", "1144\n"},
	{`~+`, "3 4", "7\n"},
}

var cow = []example{
	{"MoO MoO OOM MOo OOM OOO OOM", "", "2\n1\n0\n"},
	{"oom MMM moO MMM OOM", "42\n", "42\n"},
	{"Moo Moo Moo", "A", "AA"},
	{"MoO MoO MoO MOO OOM MOo moo", "", "3\n2\n1\n"},
	{"MOO OOM MOO OOM moo moo MoO OOM", "", "1\n"},
	{"MoO MoO MoO MoO MoO MoO MoO MoO MoO MoO mOO", "", "10\n"},
}

// One process does all examples of GolfScript: Node needs longer to start than for any of them.
const golfscriptExamples = `
import { readFileSync } from 'node:fs';
import { builtins } from './builtins.mjs';
import { Machine } from './machine.mjs';

const answers = JSON.parse(readFileSync(0, 'utf8')).map(([program, stdin]) => {
  let out = '';
  const machine = new Machine(builtins, (text) => (out += text));
  machine.push(stdin);
  try {
    machine.run(program);
    machine.finish();
  } catch (error) {
    out += error.stack;
  }
  return out;
});
console.log(JSON.stringify(answers));
`

func TestGolfScript(t *testing.T) {
	dir := ownInterpreter(t, "golfscript")
	var cases [][2]string
	for _, e := range golfscript {
		cases = append(cases, [2]string{e.program, e.stdin})
	}
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "examples.mjs"), golfscriptExamples)
	var got []string
	if err := json.Unmarshal([]byte(node(t, string(in), filepath.Join(dir, "examples.mjs"))), &got); err != nil {
		t.Fatal(err)
	}
	for i, e := range golfscript {
		if got[i] != e.want {
			t.Errorf("%q printed %q, want %q", e.program, got[i], e.want)
		}
	}
}

func TestCOW(t *testing.T) {
	dir := ownInterpreter(t, "cow")
	program := filepath.Join(dir, "main.cow")
	for _, e := range cow {
		write(t, program, e.program)
		if got := node(t, e.stdin, filepath.Join(dir, "cow.mjs"), program); got != e.want {
			t.Errorf("%q printed %q, want %q", e.program, got, e.want)
		}
	}
}

// ownInterpreter puts the lib of a language into a folder, and skips the test where Node is not installed.
func ownInterpreter(t *testing.T, id string) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil && os.Getenv("CI") != "true" {
		t.Skip("node is not installed")
	}
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	l, ok := all.Find(id)
	if !ok {
		t.Fatalf("there is no language %s", id)
	}
	dir := t.TempDir()
	for name, text := range l.Lib {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func node(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command("node", args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(stdin), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node %v: %v\n%s", args, err, stderr.String())
	}
	return string(out)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
