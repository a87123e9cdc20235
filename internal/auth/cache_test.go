package auth

import (
	"testing"
	"time"
)

// What was read before a change is not remembered after it: the reader may have read what was before.
func TestWhatWasReadBeforeAChangeIsNotRemembered(t *testing.T) {
	var c cache
	now := time.Now()
	hash := hashOf("token")
	ann := known{id: Identity{Person: "uann"}, read: now}
	_, _, ticket := c.get(hash, now, cacheFor)
	c.put(hash, ann, ticket)
	if _, ok, _ := c.get(hash, now, cacheFor); !ok {
		t.Fatal("it is not remembered at all")
	}
	_, _, ticket = c.get(hash, now, cacheFor)
	c.forget("uann")
	c.put(hash, ann, ticket)
	if _, ok, _ := c.get(hash, now, cacheFor); ok {
		t.Error("a reader from before the change has put it back")
	}
	_, _, ticket = c.get(hash, now, cacheFor)
	c.put(hash, ann, ticket)
	c.forget("ubob")
	if _, ok, _ := c.get(hash, now, cacheFor); !ok {
		t.Error("a change of somebody else makes it forgotten")
	}
	if _, ok, _ := c.get(hash, now.Add(cacheFor), cacheFor); ok {
		t.Error("it is remembered for ever")
	}
}

func TestTheMemoryIsBounded(t *testing.T) {
	var c cache
	now := time.Now()
	for i := range cacheMost + 10 {
		hash := hashOf(string(rune(i)) + "x")
		hash[0], hash[1], hash[2] = byte(i), byte(i>>8), byte(i>>16)
		c.put(hash, known{read: now}, 0)
	}
	if len(c.tokens) > cacheMost {
		t.Errorf("it remembers %d", len(c.tokens))
	}
}
