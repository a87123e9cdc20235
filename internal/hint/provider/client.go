package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// mostAnswer is the longest text that is taken from a provider, in bytes. Hints have some hundreds.
const mostAnswer = 64 << 10

// Connections to providers that are kept for the next question.
const (
	idle        = 10 * time.Minute
	idlePerHost = 8
)

// caller makes single calls.
type caller struct {
	http  *http.Client
	first time.Duration // no token within this: silent
	whole time.Duration // an answer that is not whole within this is given up
}

func newCaller(first, whole time.Duration) *caller {
	// Questions come some minutes apart, and making a connection takes longer than all else that we do.
	kept := http.DefaultTransport.(*http.Transport).Clone()
	kept.IdleConnTimeout, kept.MaxIdleConnsPerHost = idle, idlePerHost
	return &caller{first: first, whole: whole, http: &http.Client{
		Transport: kept,
		// A provider has one address; a redirect would carry the code elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type chatRequest struct {
	Model         string         `json:"model,omitempty"`
	Messages      []Message      `json:"messages"`
	Stream        bool           `json:"stream"`
	StreamOptions map[string]any `json:"stream_options"`
	MaxTokens     int            `json:"max_tokens"`
	Temperature   float64        `json:"temperature"`
}

// chunk is a piece of an answer, or a whole one from a server that does not stream.
type chunk struct {
	Model   string `json:"model"`
	Choices []struct {
		Delta   content `json:"delta"`
		Message content `json:"message"`
		Finish  string  `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		In  int `json:"prompt_tokens"`
		Out int `json:"completion_tokens"`
	} `json:"usage"`
	Error json.RawMessage `json:"error"`
}

type content struct {
	Content string `json:"content"`
}

// call asks an endpoint once. on gets each piece of the answer; it is not called after call has returned.
func (c *caller) call(ctx context.Context, e *Endpoint, req *Request, on func(text string)) (Answer, error) {
	key := ""
	if e.Key != nil {
		key = e.Key()
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, c.whole)
	defer cancel()
	// The clock of silence starts anew with each token.
	ctx, hush := context.WithCancelCause(ctx)
	defer hush(nil)
	silence := time.AfterFunc(c.first, func() { hush(errSilent) })
	defer silence.Stop()

	a := Answer{Endpoint: e, Model: e.Model}
	err := c.exchange(ctx, e, key, req, &a, func(text string) {
		silence.Reset(c.first)
		if a.First == 0 {
			a.First = time.Since(began)
		}
		on(text)
	})
	a.Total = time.Since(began)
	if err != nil {
		return a, failure(ctx, e, key, err)
	}
	a.fillUsage(req)
	return a, nil
}

var errSilent = errors.New("no token came in time")

// failure is what an error of a call comes down to.
func failure(ctx context.Context, e *Endpoint, key string, err error) error {
	if f, ok := errors.AsType[*Failure](err); ok && ctx.Err() == nil {
		f.Endpoint, f.Detail = e.Name, without(key, f.Detail)
		return f
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errSilent), errors.Is(cause, context.DeadlineExceeded):
		return &Failure{Endpoint: e.Name, Reason: Silent, Detail: "no word came in time"}
	case cause != nil:
		return context.Canceled
	}
	return &Failure{Endpoint: e.Name, Reason: Unreached, Detail: without(key, err.Error())}
}

func (c *caller) exchange(ctx context.Context, e *Endpoint, key string, req *Request, a *Answer, on func(string)) error {
	body, err := json.Marshal(chatRequest{
		Model: e.Model, Messages: req.Messages, Stream: true, StreamOptions: map[string]any{"include_usage": true}, MaxTokens: req.MaxTokens,
	})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(e.URL, "/")+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return refusal(resp)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")) // without one, it is taken for a stream
	if kind == "application/json" {
		return a.readWhole(resp.Body, on)
	}
	return a.readStream(resp.Body, on)
}

// refusal reads an answer that is no success.
func refusal(resp *http.Response) *Failure {
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10)) // what came must do
	f := &Failure{Status: resp.StatusCode, Reason: Wrong, Detail: words(text)}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		f.Reason, f.After = Busy, retryAfter(resp.Header.Get("Retry-After"), time.Now())
	case resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusForbidden, resp.StatusCode == http.StatusPaymentRequired:
		f.Reason, f.Detail = Refused, "" // their words often have a part of the key
	case resp.StatusCode >= 500:
		f.Reason = Broken
		f.After = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	}
	return f
}

// words finds the message in an error, which every provider wraps in its own way.
func words(body []byte) string {
	var in struct {
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"`
	}
	if json.Unmarshal(body, &in) != nil {
		return string(body)
	}
	var inner struct {
		Message string `json:"message"`
	}
	var text string
	switch {
	case json.Unmarshal(in.Error, &inner) == nil && inner.Message != "":
		return inner.Message
	case json.Unmarshal(in.Error, &text) == nil && text != "":
		return text
	}
	return in.Message
}

// retryAfter reads a header of seconds (with a fraction, as some write it) or of a date.
func retryAfter(h string, now time.Time) time.Duration {
	if s, err := strconv.ParseFloat(h, 64); err == nil && s > 0 && s < 1e6 {
		return time.Duration(s * float64(time.Second))
	}
	if t, err := http.ParseTime(h); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

func (a *Answer) readWhole(r io.Reader, on func(string)) error {
	var c chunk
	if err := json.NewDecoder(io.LimitReader(r, 4*mostAnswer)).Decode(&c); err != nil {
		return streamError(err)
	}
	for i := range c.Choices {
		c.Choices[i].Delta = c.Choices[i].Message
	}
	if _, err := a.take(&c, on); err != nil {
		return err
	}
	return a.complete()
}

func (a *Answer) readStream(r io.Reader, on func(string)) error {
	finished := false
	err := events(r, func(data []byte) (bool, error) {
		if bytes.Equal(bytes.TrimSpace(data), []byte("[DONE]")) {
			finished = true
			return false, nil
		}
		var c chunk
		if err := json.Unmarshal(data, &c); err != nil {
			return false, &Failure{Reason: Garbled, Detail: "a piece of the answer is not JSON"}
		}
		last, err := a.take(&c, on)
		finished = finished || last
		return !a.Cut, err
	})
	switch {
	case err != nil:
		return streamError(err)
	case !finished && !a.Cut:
		return &Failure{Reason: Dropped, Detail: "the answer ended in the middle"}
	}
	if !a.Cut {
		readOut(r)
	}
	return a.complete()
}

// endOfBody is how long the end of a body is waited for, once all that counts has come.
const endOfBody = 20 * time.Millisecond

// readOut reads a body to its end, if that is here: only then is the connection used again, and the next question spared its making.
func readOut(r io.Reader) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.CopyN(io.Discard, r, 4<<10) // whatever is wrong with it only costs the connection
	}()
	select {
	case <-done:
	case <-time.After(endOfBody):
	}
}

func streamError(err error) error {
	if _, ok := errors.AsType[*Failure](err); ok {
		return err
	}
	if errors.Is(err, errLong) {
		return &Failure{Reason: Garbled, Detail: err.Error()}
	}
	return &Failure{Reason: Dropped, Detail: err.Error()}
}

// take adds a piece; last says that the provider named it the last one.
func (a *Answer) take(c *chunk, on func(string)) (last bool, err error) {
	if len(c.Error) > 0 && string(c.Error) != "null" {
		return false, &Failure{Reason: Broken, Detail: words([]byte(fmt.Sprintf(`{"error":%s}`, c.Error)))}
	}
	if c.Model != "" {
		a.Model = c.Model
	}
	if c.Usage != nil {
		a.Usage = Usage{In: max(0, c.Usage.In), Out: max(0, c.Usage.Out)}
	}
	if len(c.Choices) == 0 {
		return false, nil
	}
	text := c.Choices[0].Delta.Content
	if room := mostAnswer - len(a.Text); len(text) > room {
		text, a.Cut = strings.ToValidUTF8(text[:room], ""), true
	}
	if text != "" {
		a.Text += text
		on(text)
	}
	a.Cut = a.Cut || c.Choices[0].Finish == "length"
	return c.Choices[0].Finish != "", nil
}

func (a *Answer) complete() error {
	if strings.TrimSpace(a.Text) == "" {
		return &Failure{Reason: Empty, Detail: "the answer has no text"}
	}
	return nil
}

func (a *Answer) fillUsage(req *Request) {
	if a.Usage.In == 0 {
		a.Usage.In = estimate(req.size())
	}
	if a.Usage.Out == 0 {
		a.Usage.Out = estimate(len(a.Text))
	}
}
