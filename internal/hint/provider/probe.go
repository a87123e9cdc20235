package provider

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Probe asks an endpoint for the list of its models, which costs nothing: an error says that it cannot be reached or does not take
// the key.
func Probe(ctx context.Context, e *Endpoint) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	key := ""
	if e.Key != nil {
		key = e.Key()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(e.URL, "/")+"/models", nil)
	if err != nil {
		return err
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	client := newCaller(0, 0).http
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		return failure(ctx, e, key, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return failure(ctx, e, key, refusal(resp))
	}
	return nil
}
