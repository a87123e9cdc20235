package redis

import (
	"context"
	"time"

	"github.com/redis/rueidis"
)

// keyTime is how long a key may take. Who asks goes on without it then.
const keyTime = 250 * time.Millisecond

// Get returns a value that is kept; ok is false when there is none. Error ErrAway, or another one.
func (r *Redis) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	c, err := r.now()
	if err != nil {
		return nil, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, keyTime)
	defer cancel()
	value, err = c.Do(ctx, c.B().Get().Key(r.prefix+key).Build()).AsBytes()
	if rueidis.IsRedisNil(err) {
		return nil, false, nil
	}
	return value, err == nil, err
}

// Put keeps a value for some time, in the place of the one before.
func (r *Redis) Put(ctx context.Context, key string, value []byte, keep time.Duration) error {
	c, err := r.now()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, keyTime)
	defer cancel()
	if keep < time.Millisecond {
		return c.Do(ctx, c.B().Del().Key(r.prefix+key).Build()).Error()
	}
	return c.Do(ctx, c.B().Set().Key(r.prefix+key).Value(rueidis.BinaryString(value)).PxMilliseconds(keep.Milliseconds()).Build()).Error()
}

// now is the client, if Redis is there.
func (r *Redis) now() (rueidis.Client, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.health.OK || r.client == nil {
		return nil, ErrAway
	}
	return r.client, nil
}
