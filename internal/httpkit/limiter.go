package httpkit

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"coterie/internal/domain"
)

const (
	limitShards = 64
	// shardMost bounds the buckets of a shard, so the whole stays below about
	// 20 MB however many addresses knock.
	shardMost = 4096
	// sweepEvery is how often a shard that is in use forgets closed windows.
	sweepEvery = int64(time.Minute)
)

// limiter counts in fixed windows, in memory, for one process.
type limiter struct {
	seed   maphash.Seed
	shards [limitShards]limitShard
	resets sync.Map // end of window in ns (int64) to its text
	oldest atomic.Int64
}

type limitShard struct {
	mu      sync.Mutex
	buckets map[limitKey]window
	swept   int64
}

// limitKey names a bucket: the rule (class and place in its list) and what it
// counts by.
type limitKey struct {
	class, place uint8
	by           keyed
	hi, lo       uint64
}

type window struct {
	end   int64 // ns since the epoch
	count int32
}

func newLimiter() *limiter { return &limiter{seed: maphash.MakeSeed()} }

// state is how a bucket stands after a request.
type state struct {
	limit, remaining int
	end              int64 // ns since the epoch
	over             bool
}

// take counts one request in the bucket of key under the rule.
func (l *limiter) take(key limitKey, ru rule, now int64) state {
	period := int64(ru.period)
	end := now - now%period + period
	s := &l.shards[maphash.Comparable(l.seed, key)%limitShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buckets == nil {
		s.buckets = make(map[limitKey]window)
	}
	if now-s.swept > sweepEvery || now < s.swept {
		s.sweep(now)
	}
	w, known := s.buckets[key]
	if !known && len(s.buckets) >= shardMost {
		s.evict(now)
	}
	if w.end != end {
		w = window{end: end}
	}
	// Counting stops one past the limit, so that a flood cannot overflow.
	if int(w.count) <= ru.n {
		w.count++
	}
	s.buckets[key] = w
	return state{limit: ru.n, remaining: max(0, ru.n-int(w.count)), end: end, over: int(w.count) > ru.n}
}

func (s *limitShard) sweep(now int64) {
	s.swept = now
	for key, w := range s.buckets {
		if w.end <= now {
			delete(s.buckets, key)
		}
	}
}

// evict makes room in a full shard: closed windows first, else the emptiest
// of a few, so that whoever is being limited stays limited. A flood of new
// keys costs a look at all buckets once a second, not each time.
func (s *limitShard) evict(now int64) {
	if now-s.swept > int64(time.Second) {
		if s.sweep(now); len(s.buckets) < shardMost {
			return
		}
	}
	var victim limitKey
	least, seen := int32(1<<30), 0
	for key, w := range s.buckets {
		if w.count < least {
			victim, least = key, w.count
		}
		if seen++; seen == 16 {
			break
		}
	}
	delete(s.buckets, victim)
}

// size is how many buckets there are.
func (l *limiter) size() int {
	n := 0
	for i := range l.shards {
		l.shards[i].mu.Lock()
		n += len(l.shards[i].buckets)
		l.shards[i].mu.Unlock()
	}
	return n
}

// addressKey is the address, or the /64 of an IPv6 one: a home has that many.
func addressKey(a netip.Addr) (hi, lo uint64) {
	b := a.As16()
	hi, lo = binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	if a.Is6() {
		lo = 0
	}
	return hi, lo
}

// key finds the bucket of a rule for a viewer; ok is false if the rule does
// not apply.
func (ru rule) key(class LimitClass, place int, v *Viewer, client netip.Addr) (limitKey, bool) {
	k := limitKey{class: uint8(class), place: uint8(place), by: ru.by}
	switch ru.by {
	case byToken:
		k.lo = uint64(v.Token)
		return k, v.Token != 0
	case byUser:
		if v.Account != 0 {
			k.lo = uint64(v.Account)
			return k, true
		}
		k.by = byAddress
	case bySubject:
		return k, false
	}
	k.hi, k.lo = addressKey(client)
	return k, true
}

// resetText is the end of a window as ISO 8601 with microseconds. Windows are
// aligned, so nearly all requests share a handful of texts.
func (l *limiter) resetText(end int64) string {
	if t, ok := l.resets.Load(end); ok {
		return t.(string)
	}
	text := time.Unix(0, end).UTC().Format("2006-01-02T15:04:05.000000Z")
	if old := l.oldest.Load(); end > old && l.oldest.CompareAndSwap(old, end) {
		l.resets.Range(func(k, _ any) bool {
			if k.(int64) < end-int64(25*time.Hour) {
				l.resets.Delete(k)
			}
			return true
		})
	}
	l.resets.Store(end, text)
	return text
}

// LimitSubject counts the request against something the client named, such as
// the e-mail address of a sign-in, under the route's limit class. Use the
// canonical form. Over the limit it returns the error to answer.
func (r *Request) LimitSubject(subject string) error {
	if r.kit.cfg.NoRateLimits {
		return nil
	}
	l := r.kit.limits
	for place, ru := range limitTable[r.ep.Limit] {
		if ru.by != bySubject {
			continue
		}
		key := limitKey{class: uint8(r.ep.Limit), place: uint8(place), by: bySubject, lo: maphash.String(l.seed, subject)}
		st := l.take(key, ru, r.x.start.UnixNano())
		r.x.tighten(st)
		r.kit.limitHeaders(r.x)
		if st.over {
			return domain.Errorf(domain.RateLimited, "%s", errLimit.Msg)
		}
	}
	return nil
}
