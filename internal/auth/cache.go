package auth

import (
	"crypto/sha256"
	"sync"
	"time"
)

// cacheMost bounds the tokens whose owners are remembered; each is some hundred bytes.
const cacheMost = 20_000

// cacheFor bounds how long one is believed without a look at the store, should a note about a change ever be lost.
const cacheFor = 30 * time.Second

// known is what is remembered about a token.
type known struct {
	id      Identity
	session Session   // zero for guests and API tokens
	seen    time.Time // of an API token: when it was used last, to some minutes
	expires time.Time
	read    time.Time
}

// cache remembers whose a token is. What is read from the store before a change is not remembered after it: a reader takes a
// ticket first, and forget makes all tickets void.
type cache struct {
	mu     sync.Mutex
	ticket int64
	tokens map[[sha256.Size]byte]known
}

func (c *cache) get(hash [sha256.Size]byte, now time.Time, believe time.Duration) (k known, ok bool, ticket int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok = c.tokens[hash]
	return k, ok && now.Sub(k.read) < believe, c.ticket
}

func (c *cache) put(hash [sha256.Size]byte, k known, ticket int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ticket != c.ticket {
		return
	}
	if c.tokens == nil || len(c.tokens) >= cacheMost {
		c.tokens = map[[sha256.Size]byte]known{}
	}
	c.tokens[hash] = k
}

// forgetAll drops everything.
func (c *cache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ticket++
	c.tokens = nil
}

// forget drops everything about a person.
func (c *cache) forget(person string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ticket++
	for hash, k := range c.tokens {
		if k.id.Person == person {
			delete(c.tokens, hash)
		}
	}
}
