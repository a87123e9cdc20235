package privacy

import (
	"math"
	"regexp"
	"strings"
)

// Removed stands where a secret was.
const Removed = "[secret]"

// secrets are the forms of keys and tokens that are known. Where a form has a group, only that is taken out.
var secrets = compile(
	`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`,                          // AWS
	`\bgh[pousr]_[A-Za-z0-9]{20,}\b`, `\bgithub_pat_[A-Za-z0-9_]{20,}`, // GitHub
	`\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_\-]{16,}`,  // GitLab
	`\bxox[abeoprs]-[A-Za-z0-9-]{10,}`, `\bxapp-[A-Za-z0-9-]{10,}`, // Slack
	`https://hooks\.slack\.com/[A-Za-z0-9/_-]+`,                //
	`\bAIza[A-Za-z0-9_\-]{30,}`, `\bya29\.[A-Za-z0-9_\-]{20,}`, // Google
	`\b[srp]k_(?:live|test)_[A-Za-z0-9]{10,}`, `\bwhsec_[A-Za-z0-9]+`, // Stripe
	`\bsk-[A-Za-z0-9_\-]{16,}`, `\bgsk_[A-Za-z0-9]{16,}`, // OpenAI, Anthropic, Groq
	`\bhf_[A-Za-z0-9]{20,}`, `\br8_[A-Za-z0-9]{20,}`, // Hugging Face, Replicate
	`\bnpm_[A-Za-z0-9]{20,}`, `\bpypi-[A-Za-z0-9_\-]{20,}`, // registries
	`\bdckr_pat_[A-Za-z0-9_\-]{16,}`, `\bdop_v1_[a-f0-9]{32,}`, // Docker, DigitalOcean
	`\bSG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}`,                   // SendGrid
	`\bkey-[a-f0-9]{32}\b`, `\bSK[a-f0-9]{32}\b`, `\bAC[a-f0-9]{32}\b`, // Mailgun, Twilio
	`\b\d{8,10}:[A-Za-z0-9_\-]{35}\b`,                                    // Telegram
	`\b[MNO][A-Za-z0-9_\-]{23,}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,}`, // Discord
	`\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b`, `\bsq0[a-z]{3}-[A-Za-z0-9_\-]{22,}`,
	`\b(?:glsa|glc)_[A-Za-z0-9_=\-]{20,}`, `\bhvs\.[A-Za-z0-9_\-]{20,}`, `\bATATT3[A-Za-z0-9_=\-]{20,}`,
	`\bEAACEdEose0cBA[A-Za-z0-9]+`, `\bage-secret-key-1[a-z0-9]{20,}`,
	`\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]*)?`, // JWT
	`(?i)\b[a-z][a-z0-9+.\-]*://[^\s/:@'"]*:([^\s/@'"]{1,})@`,           // a password in an address
	`(?i)\b(?:account|shared)key=([A-Za-z0-9+/=]{16,})`,                 // Azure
	`(?i)\b(?:bearer|basic)\s+([A-Za-z0-9_\-.~+/=]{12,})`,               // headers
	// A name that says so, and its value: password = "…", "api_key": "…", export TOKEN=….
	`(?i)(?:passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|auth[_-]?key|credentials?)`+
		`[A-Za-z0-9_\-]*["'\]]*(?:\s*:\s*[A-Za-z][\w.<>?\[\]]*)?\s*(?::=|=>|=|:)\s*[A-Za-z]{0,2}["'`+"`"+`]([^"'`+"`"+`]{4,})["'`+"`"+`]`,
	`(?i)^\s*(?:export\s+|set\s+)?[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)[A-Z0-9_]*=([^\s"']{6,})\s*$`,
)

var (
	keyBegin = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----`)
	keyEnd   = regexp.MustCompile(`-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----`)
	// run is what could be a key without a known form.
	run = regexp.MustCompile(`[A-Za-z0-9+/_\-]{20,}={0,2}`)
	hex = regexp.MustCompile(`^[0-9a-fA-F]+$`)
	// written is a word within a name, as in getElementsByTagName.
	written = regexp.MustCompile(`[A-Z]?[a-z]{2,}`)
)

func compile(forms ...string) (all []*regexp.Regexp) {
	for _, f := range forms {
		all = append(all, regexp.MustCompile(f))
	}
	return all
}

// Scrubber takes secrets out of a text, line by line, since a private key has many lines.
type Scrubber struct {
	Found int // secrets taken out so far
	key   bool
}

// Scrub takes the secrets out of a text of any number of lines.
func Scrub(text string) (clean string, found int) {
	var s Scrubber
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = s.Text(line)
	}
	return strings.Join(lines, "\n"), s.Found
}

// Text takes the secrets out of the next line.
func (s *Scrubber) Text(line string) string {
	if s.key {
		s.key = !keyEnd.MatchString(line)
		return Removed
	}
	if at := keyBegin.FindStringIndex(line); at != nil {
		s.Found++
		s.key = !keyEnd.MatchString(line)
		return line[:at[0]] + Removed
	}
	for _, form := range secrets {
		line = s.replace(line, form)
	}
	return run.ReplaceAllStringFunc(line, func(word string) string {
		if !random(word) {
			return word
		}
		s.Found++
		return Removed
	})
}

func (s *Scrubber) replace(line string, form *regexp.Regexp) string {
	var b strings.Builder
	last := 0
	for _, at := range form.FindAllStringSubmatchIndex(line, -1) {
		from, to := at[0], at[1]
		if len(at) > 2 && at[2] >= 0 {
			from, to = at[2], at[3]
		}
		if line[from:to] == Removed {
			continue
		}
		s.Found++
		b.WriteString(line[last:from])
		b.WriteString(Removed)
		last = to
	}
	return b.String() + line[last:]
}

// random reports whether a word looks drawn and not written: hexadecimal of at least 32 digits, or letters of both cases with
// digits among them, which are no words put together, and with nearly as much in it as so many characters can have.
func random(word string) bool {
	word = strings.Trim(word, "=-_/+")
	if hex.MatchString(word) {
		return len(word) >= 32 && strings.ContainsAny(word, "0123456789") && strings.ContainsAny(word, "abcdefABCDEF") && entropy(word) > 3
	}
	var upper, lower, digit int
	for _, r := range word {
		switch {
		case r >= '0' && r <= '9':
			digit++
		case r >= 'A' && r <= 'Z':
			upper++
		case r >= 'a' && r <= 'z':
			lower++
		}
	}
	names := 0
	for _, w := range written.FindAllString(word, -1) {
		names += len(w)
	}
	digits := 2
	if len(word) >= 32 {
		digits = 1
	}
	return len(word) >= 20 && digit >= digits && upper >= 2 && lower >= 2 && names*10 < len(word)*6 && entropy(word) >= 3.7
}

// entropy is Shannon's, in bits a character.
func entropy(word string) (bits float64) {
	count := map[rune]float64{}
	n := 0.0
	for _, r := range word {
		count[r]++
		n++
	}
	for _, c := range count {
		bits -= c / n * math.Log2(c/n)
	}
	return bits
}
