package historybench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// get asks something about the room, and measures until the last byte of the answer.
func (b *bench) get(ctx context.Context, path string) (data []byte, took time.Duration, err error) {
	start := time.Now()
	data, err = fetch(ctx, b.server.URL+"/api/v1/rooms/"+Room+path)
	return data, time.Since(start), err
}

func fetch(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s %.200s", url, resp.Status, data)
	}
	return data, err
}
