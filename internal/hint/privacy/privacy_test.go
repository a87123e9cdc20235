package privacy

import (
	"fmt"
	"strings"
	"testing"

	"codecollab.dev"
)

const plenty = 1 << 20

// Made up, each in the form of the real ones. The parts are joined here so that no scanner takes this file for a leak.
var leaks = []string{
	"AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a", "github_pat_" + "11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ",
	"glpat-" + "xYz1234567890AbCdEfG", "xoxb-" + "123456789012-abcdefGHIJ", "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
	"sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc", "sk-" + "proj-abcdefghij1234567890KLMNOP", "sk-ant-" + "api03-abcdefghijklmnop", "gsk_" + "aBcDeFgHiJkLmNoPqRsT1234",
	"hf_" + "abcdefghijklmnopqrstuvwxyz", "npm_" + "abcdefghijklmnopqrstuvwxyz0123456789", "pypi-" + "AgEIcHlwaS5vcmcCJDU3",
	"SG." + "abcdefghijklmnopqrstuv.wxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "123456789:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
	"eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
	"9f86d081884c7d659a2feaa0c55ad015", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "q8Zx2LmP0vRt7YkWn4Bc9DfG",
}

func TestSecretsDoNotLeave(t *testing.T) {
	for _, secret := range leaks {
		for _, line := range []string{
			`client = Client("` + secret + `")`, "// " + secret, "url = 'https://api.example.com/?k=" + secret + "'",
			"export THING=" + secret, secret, "\tKEY:\t" + secret + ",",
		} {
			clean, n := Scrub(line)
			if strings.Contains(clean, secret) || strings.Contains(clean, secret[:12]) && !strings.HasPrefix(secret, "123456789:") || n == 0 {
				t.Errorf("%q leaves as %q (%d found)", line, clean, n)
			}
		}
	}
}

func TestWhatANameCallsASecretDoesNotLeave(t *testing.T) {
	for _, line := range []string{
		`password = "correct horse"`, `const apiKey: string = 'tr0ub4dor'`, `{"client_secret": "abcd1234"}`, "DB_PASSWORD=hunter2hunter2",
		`db_password := "hunter2!"`, `headers["X-Api-Key"] = "abcdefg"`, `Authorization: Bearer abcdef0123456789`,
		`postgres://admin:s3cr3t@db:5432/x`, `$secret_token => 'blue42'`, "let passphrase = `open sesame`",
	} {
		clean, n := Scrub(line)
		if n != 1 || !strings.Contains(clean, Removed) {
			t.Errorf("%q leaves as %q (%d found)", line, clean, n)
		}
	}
}

func TestAPrivateKeyDoesNotLeave(t *testing.T) {
	text := "a = 1\nkey = '''-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc+def\n-----END RSA PRIVATE KEY-----'''\nb = 2\n"
	clean, n := Scrub(text)
	if n != 1 || strings.Contains(clean, "MIIE") || strings.Contains(clean, "abc+def") || !strings.Contains(clean, "b = 2") {
		t.Errorf("%q (%d found)", clean, n)
	}
	if strings.Count(clean, "\n") != strings.Count(text, "\n") {
		t.Error("lines have moved")
	}
}

func TestCodeStaysAsItIs(t *testing.T) {
	for _, line := range []string{
		"for i in range(len(numbers) - 1):", "func calculateMaximumSubarraySum2(values []int) int {", "token = tokens[i + 1]", "if token == '(' {",
		"AbstractSingletonProxyFactoryBean bean = new AbstractSingletonProxyFactoryBean();", "import org.springframework.boot.autoconfigure",
		"#include <linux/if_packet.h>", "#define MAX_BUFFER_SIZE_IN_BYTES_0123456789 4096", "x = 0x1234567890abcdef", "password = input('Password? ')",
		"const HTTP2_STREAM_FLOW_CONTROL_WINDOW = 65535", "https://example.com/a/long/path/to/a/page.html", "3.14159265358979323846264338327950288",
		"01101000011001010110110001101100", "==========================================", "return x if x else y  # see Smith et al. 2019",
		"00000000000000000000000000000000", "std::chrono::duration_cast<std::chrono::milliseconds>(t1 - t0).count();", `key = "a"`, "secret = None",
		"assert token_type == TokenType.LEFT_PAREN", "getElementsByTagNameNS2AndClassName3(x)",
	} {
		if clean, n := Scrub(line); clean != line || n != 0 {
			t.Errorf("%q becomes %q", line, clean)
		}
	}
}

func TestMarksKeepLinesHere(t *testing.T) {
	text := "a\n# no-ai-begin\nb = 'inner'\n# no-ai-end\nc\nd()  // no-ai: mine\n<!-- no-ai-begin -->\ne\nf"
	p, err := Prepare("x.py", text, 0, plenty)
	if err != nil {
		t.Fatal(err)
	}
	sent := p.Numbered()
	for _, gone := range []string{"inner", "d()", "| e", "| f", "mine"} {
		if strings.Contains(sent, gone) {
			t.Errorf("%q left:\n%s", gone, sent)
		}
	}
	for _, stays := range []string{"1| a\n", "5| c\n", "3| [kept away]\n", "9| [kept away]\n"} {
		if !strings.Contains(sent, stays) {
			t.Errorf("%q is missing:\n%s", stays, sent)
		}
	}
	if p.Marked != 7 || p.Has(3) || !p.Has(5) || p.Has(10) || p.Has(0) {
		t.Errorf("%d marked", p.Marked)
	}
}

func TestAMarkedFileStaysHere(t *testing.T) {
	for _, mark := range []string{
		"# no-ai", "// no-ai", "/* no-ai */", "-- NO-AI --", "<!-- no-ai -->", "(* no-ai *)", "; no-ai", "% no-ai", "REM no-ai", "' no-ai", `" no-ai`,
		"{- no-ai -}", "no-ai", "  // no-ai: exam", "#no-ai", " * no-ai", "//no-ai,please",
	} {
		if _, err := Prepare("x", "a\n"+mark+"\nb", 0, plenty); codecollab.CodeOf(err) != "no_ai" {
			t.Errorf("%q: %v", mark, err)
		}
	}
	for _, no := range []string{"# no-aim", "# no-aid for them", "x = 'there is no-ai here'", "# casino-ai", "# see no-ai-beginning"} {
		p, err := Prepare("x", "a\n"+no+"\nb", 0, plenty)
		if err != nil || p.Marked != 0 {
			t.Errorf("%q is taken for a mark: %v, %d", no, err, p.Marked)
		}
	}
}

func TestTooLongAFileIsAWindow(t *testing.T) {
	var lines []string
	for i := range 2000 {
		lines = append(lines, fmt.Sprintf("line %d of the file", i+1))
	}
	text := strings.Join(lines, "\n")
	for _, near := range []int{0, 1, 1000, 2000, 9999} {
		p, err := Prepare("x", text, near, 1000)
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for _, l := range p.Lines {
			size += len(l.Text) + 1
		}
		at := min(max(near, 1), 2000)
		if p.Whole() || size > 1000 || size < 900 || !p.Has(at) || p.Of != 2000 {
			t.Errorf("around %d: lines %d to %d, %d characters", near, p.First, p.First+len(p.Lines)-1, size)
		}
		if near == 1000 && (p.First > 985 || p.First+len(p.Lines) < 1015) {
			t.Errorf("not in the middle: from %d, %d lines", p.First, len(p.Lines))
		}
		if want := fmt.Sprintf("%d| line %d of", at, at); !strings.Contains(p.Numbered(), want) {
			t.Errorf("the numbers are wrong: no %q", want)
		}
	}
	p, err := Prepare("x", strings.Repeat("ä", 10_000), 1, 100)
	if err != nil || len(p.Lines[0].Text) > 100 || strings.ContainsRune(p.Lines[0].Text, '\uFFFD') {
		t.Errorf("one long line: %d bytes, %v", len(p.Lines[0].Text), err)
	}
}

func TestWhatIsNoTextIsRefused(t *testing.T) {
	for _, text := range []string{"a\x00b", "\xff\xfe", strings.Repeat("\x01\x02", 50)} {
		if _, err := Prepare("x", text, 0, plenty); codecollab.CodeOf(err) != "hint_binary" {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Prepare("x", "plain\r\ntext\twith\x1b[0m colour\n", 0, plenty); err != nil {
		t.Error(err)
	}
}

func TestWhatQuotesAKeptLineDoesNotLeaveEither(t *testing.T) {
	files := []File{
		{"main.py", "import helper\n# no-ai-begin\nprice = margin * 17\n# no-ai-end\nhelper.go()\n"},
		{"helper.py", "# no-ai\ndef go():\n    raise ValueError(recipe)\n"}, {"notes.txt", "a note\n"}, {"big.txt", strings.Repeat("x\n", 5000)},
	}
	s, err := NewSet(files, "main.py", 5, 2000)
	if err != nil {
		t.Fatal(err)
	}
	quoted := s.Text("File main.py, line 3\n    price = margin * 17\nFile helper.py\n    raise ValueError(recipe)\ntoken=ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a")
	for _, gone := range []string{"margin", "recipe", "16C7"} {
		if strings.Contains(quoted, gone) {
			t.Errorf("%q left: %s", gone, quoted)
		}
	}
	if len(s.Others) != 1 || s.Others[0].Name != "notes.txt" || strings.Join(s.Left, " ") != "helper.py big.txt" {
		t.Errorf("others %+v, left %v", s.Others, s.Left)
	}
	if s.Secrets() != 1 || s.Marked() != 3 || s.Has("main.py", 3) || !s.Has("main.py", 5) || s.Has("helper.py", 2) || !s.Has("notes.txt", 1) {
		t.Errorf("%d secrets, %d marked", s.Secrets(), s.Marked())
	}
	if _, err := NewSet(files, "helper.py", 1, 2000); codecollab.CodeOf(err) != "no_ai" {
		t.Error(err)
	}
}
