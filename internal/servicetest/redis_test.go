package servicetest

import "testing"

func TestRedis(t *testing.T) {
	for _, r := range []*RedisServer{Redis(t), RedisWithPassword(t, "secret")} {
		if got := r.Command("SET a 1"); got != "+OK" {
			t.Fatalf("SET: %q", got)
		}
		r.Flush()
		if got := r.Command("EXISTS a"); got != ":0" {
			t.Errorf("after a flush: %q", got)
		}
		resume := r.Pause()
		if got := r.Command("PING"); got != "" {
			t.Errorf("paused, and yet %q", got)
		}
		resume()
		r.Stop()
		if got := r.Command("PING"); got != "" {
			t.Errorf("stopped, and yet %q", got)
		}
		r.Start()
		r.Disconnect()
	}
}
