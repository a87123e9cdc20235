package provider

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// preset is a provider that needs no address.
type preset struct{ url, model string }

// presets are the providers that can be named. The two last ones serve whichever model they were started with.
var presets = map[string]preset{
	"groq":     {"https://api.groq.com/openai/v1", "llama-3.3-70b-versatile"},
	"openai":   {"https://api.openai.com/v1", "gpt-4o-mini"},
	"ollama":   {"http://127.0.0.1:11434/v1", "llama3.2"},
	"llamacpp": {"http://127.0.0.1:8081/v1", ""},
	"vllm":     {"http://127.0.0.1:8000/v1", ""},
}

// Parse reads a chain as it is written in the settings: providers with commas between, each a name or an address and,
// after spaces, its model and its price: "groq, ollama llama3.2:3b, http://gpu:8000/v1 qwen 0.1/0.4". key gives the key of a
// provider by its name, or by "" for one that was given by address.
func Parse(list string, key func(name string) string) ([]Endpoint, error) {
	var out []Endpoint
	for one := range strings.SplitSeq(list, ",") {
		words := strings.Fields(one)
		if len(words) == 0 {
			continue
		}
		e, err := parseOne(words, key)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func parseOne(words []string, key func(string) string) (Endpoint, error) {
	var e Endpoint
	if p, ok := presets[strings.ToLower(words[0])]; ok {
		name := strings.ToLower(words[0])
		e = Endpoint{Name: name, URL: p.url, Model: p.model, Key: func() string { return key(name) }}
	} else {
		u, err := url.Parse(words[0])
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return e, fmt.Errorf("%q is no provider: it is groq, openai, ollama, llamacpp, vllm, or an address like http://host:8000/v1 (its key goes into hint-key)", words[0])
		}
		e = Endpoint{Name: u.Host, URL: words[0], Key: func() string { return key("") }}
	}
	for _, w := range words[1:] {
		if in, out, ok := price(w); ok {
			e.PriceIn, e.PriceOut = in, out
		} else {
			e.Model = w
		}
	}
	return e, nil
}

// price reads "0.59/0.79": dollars for a million tokens in and out.
func price(w string) (in, out float64, ok bool) {
	a, b, both := strings.Cut(w, "/")
	in, err1 := strconv.ParseFloat(a, 64)
	out, err2 := strconv.ParseFloat(b, 64)
	return in, out, both && err1 == nil && err2 == nil && in >= 0 && out >= 0
}
