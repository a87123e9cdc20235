// Package provider asks language models over the OpenAI chat-completions API, which Groq, OpenAI, Ollama, llama.cpp, vLLM
// and many others speak. It knows how to ask, how to go on when a provider fails, and nothing of hints.
//
// An Endpoint is one model at one address. A Chain has several of them in order: it asks the first; the next one when that
// fails, and also when it stays silent for too long (then both are asked, and the first to say a word is listened to).
package provider

import (
	"net/url"
	"time"
)

// Endpoint is a model at an address.
type Endpoint struct {
	Name  string        // for people: "groq", or the host of its address
	URL   string        // what "/chat/completions" is put behind
	Model string        // as the provider calls it; empty: its only one
	Key   func() string // sent as a bearer token and shown to nobody; nil or empty: none
	// PriceIn and PriceOut are dollars for a million tokens; 0 when nobody has said.
	PriceIn, PriceOut float64
}

// Place is where the model runs, for people: the host of its address.
func (e *Endpoint) Place() string {
	u, err := url.Parse(e.URL)
	if err != nil || u.Host == "" {
		return e.Name
	}
	return u.Host
}

// Message is a turn of a conversation.
type Message struct {
	Role    string `json:"role"` // "system", "user" or "assistant"
	Content string `json:"content"`
}

// Request is what to ask.
type Request struct {
	Messages  []Message
	MaxTokens int // the longest answer
	// Sent is told of each endpoint that the request goes to, before it does; nil: nobody wants to know.
	Sent func(*Endpoint)
}

// Usage is what a call cost, in tokens. A provider that does not say is estimated, at four characters a token.
type Usage struct{ In, Out int }

// Answer is a whole answer, and who gave it.
type Answer struct {
	Text     string
	Endpoint *Endpoint
	Model    string // as the provider names itself; else that of the endpoint
	Usage    Usage
	Cut      bool          // it was longer than it might be
	First    time.Duration // from the request to the first token
	Total    time.Duration
}

// Cost is what the answer cost in millionths of a dollar; 0 when no price is known.
func (a *Answer) Cost() int64 {
	if a.Endpoint == nil {
		return 0
	}
	return int64(float64(a.Usage.In)*a.Endpoint.PriceIn + float64(a.Usage.Out)*a.Endpoint.PriceOut + 0.5)
}

// estimate is how many tokens a text has, roughly.
func estimate(units int) int { return (units + 3) / 4 }

// size is the length of all that a request says.
func (r *Request) size() (n int) {
	for _, m := range r.Messages {
		n += len(m.Content)
	}
	return n
}

// Estimate is the most that a request may cost, in tokens.
func (r *Request) Estimate() int { return estimate(r.size()) + r.MaxTokens }
