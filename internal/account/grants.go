package account

import (
	"sync"
	"time"
)

const (
	// grantLife bounds how long a token is believed without looking: what
	// revokes it must bite within five seconds even where the word is lost.
	grantLife = 4 * time.Second
	maxGrants = 20_000
)

// grantCache remembers valid tokens by their hash.
type grantCache struct {
	mu   sync.RWMutex
	age  uint64 // counts drops
	held map[string]heldGrant
}

type heldGrant struct {
	grant Grant
	until time.Time
}

func newGrantCache() *grantCache { return &grantCache{held: map[string]heldGrant{}} }

// get finds a grant; age is for put, if there is none.
func (c *grantCache) get(hash string, now time.Time) (g Grant, age uint64, ok bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	h, ok := c.held[hash]
	// A clock that stepped back must not lengthen the life.
	ok = ok && now.Before(h.until) && h.until.Sub(now) <= grantLife
	return h.grant, c.age, ok
}

// put keeps a grant that was looked up when the cache had that age. If access
// changed since, the grant may be of before and is not kept.
func (c *grantCache) put(hash string, g Grant, age uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.age != age {
		return
	}
	if len(c.held) >= maxGrants {
		clear(c.held)
	}
	c.held[hash] = heldGrant{g, now.Add(grantLife)}
}

// drop forgets everything: somebody's access changed.
func (c *grantCache) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.age++
	clear(c.held)
}
