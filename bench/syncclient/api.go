package syncclient

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"codecollab.dev"
)

// Guest asks the server for a new guest, and returns the token of the session.
func Guest(ctx context.Context, client *http.Client, url string) (token string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/v1/me", nil)
	if err != nil {
		return "", err
	}
	res, err := do(client, req)
	if err != nil {
		return "", err
	}
	defer drain(res)
	for _, c := range res.Cookies() {
		if c.Name == "codecollab" {
			return c.Value, nil
		}
	}
	return "", codecollab.Errorf(codecollab.Invalid, "no_cookie", "The answer to /api/v1/me sets no cookie codecollab.")
}

// CreateRoom makes a room whose programs are in a language of the catalogue ("python"), and returns its address:
// its id, a # and the key of its link for editors, as Config.Room takes it.
func CreateRoom(ctx context.Context, client *http.Client, url, token, language string) (room string, err error) {
	body, err := json.Marshal(map[string]string{"language": language})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/rooms", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := do(client, req)
	if err != nil {
		return "", err
	}
	defer drain(res)
	var answer struct {
		Room string `json:"room"`
		Key  string `json:"key"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return "", fmt.Errorf("the answer to POST /api/v1/rooms: %w", err)
	}
	if answer.Key != "" {
		return answer.Room + "#" + answer.Key, nil
	}
	return answer.Room, nil
}

// Address takes the address of a room apart; key is empty where there is none.
func Address(room string) (id, key string) {
	id, key, _ = strings.Cut(room, "#")
	return id, key
}

// do sends a request and makes an error of every answer that is not a success.
func do(client *http.Client, req *http.Request) (*http.Response, error) {
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode < 300 {
		return res, nil
	}
	defer drain(res)
	answer := struct{ Code, Message string }{Code: "http", Message: res.Status}
	_ = json.NewDecoder(res.Body).Decode(&answer)
	kind := codecollab.Invalid
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500 {
		kind = codecollab.Unavailable
	}
	return nil, codecollab.Errorf(kind, answer.Code, "%s %s: %s", req.Method, req.URL.Path, answer.Message)
}

// drain reads a body to its end, so that the connection can be used again.
func drain(res *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	_ = res.Body.Close()
}
