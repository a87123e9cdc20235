package redis

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/rueidis"
)

// Both scripts use Redis' own clock, so that nodes need not agree on the time. Times are in microseconds.

// takeScript keeps for a key when its bucket will be empty (the generic cell rate algorithm, as gate.Buckets does it).
var takeScript = rueidis.NewLuaScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local burst, every = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = tonumber(redis.call('GET', KEYS[1]) or '0')
if at < now then at = now end
at = at + every
local wait = at - now - burst * every
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', at), 'PX', math.ceil((at - now) / 1000) + 1)
return 0
`)

// tryScript keeps for a key how many tries there were, and until when the next one waits (as gate.Attempts does it).
var tryScript = rueidis.NewLuaScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local free, most, forget = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tries, untl = 0, 0
local kept = redis.call('GET', KEYS[1])
if kept then
	local a, b = string.match(kept, '^(%d+) (%d+)$')
	tries, untl = tonumber(a), tonumber(b)
end
if untl > now then return untl - now end
tries = tries + 1
untl = now
if tries >= free then untl = now + math.min(most, 1000000 * 2 ^ math.min(tries - free, 30)) end
redis.call('SET', KEYS[1], string.format('%d %.0f', tries, untl), 'PX', math.ceil((untl - now + forget) / 1000))
return 0
`)

// Take does something once in the name of key: at most burst times at once, and once more after each every. When that is too often
// nothing is done, and wait is how long to wait. Error ErrAway, or another one.
func (r *Redis) Take(ctx context.Context, key string, burst int, every time.Duration) (wait time.Duration, err error) {
	return r.count(ctx, takeScript, key, int64(burst), every.Microseconds())
}

// Try begins an attempt in the name of key, or says how long to wait: so many are free, and then each waits twice as long as the one
// before, from a second up to most. After its wait and forget a key begins afresh. Error ErrAway, or another one.
func (r *Redis) Try(ctx context.Context, key string, free int, most, forget time.Duration) (wait time.Duration, err error) {
	return r.count(ctx, tryScript, key, int64(free), most.Microseconds(), forget.Microseconds())
}

// Drop forgets a key.
func (r *Redis) Drop(ctx context.Context, key string) error {
	c, err := r.now()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, keyTime)
	defer cancel()
	return c.Do(ctx, c.B().Del().Key(r.prefix+key).Build()).Error()
}

func (r *Redis) count(ctx context.Context, script *rueidis.Lua, key string, args ...int64) (time.Duration, error) {
	c, err := r.now()
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, keyTime)
	defer cancel()
	words := make([]string, len(args))
	for i, n := range args {
		words[i] = strconv.FormatInt(n, 10)
	}
	wait, err := script.Exec(ctx, c, []string{r.prefix + key}, words).AsInt64()
	return time.Duration(wait) * time.Microsecond, err
}
