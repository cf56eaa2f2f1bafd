package remote

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/publicsuffix"

	"coterie/internal/domain"
)

// What strangers may make this server fetch (facts 3, 27).
const (
	window          = 10 * time.Minute
	actorsPerHost   = 300 // new ones, of one host in a window
	hostsPerDomain  = 10  // new sub-domains of one registrable domain in a window
	refreshPerHost  = 60  // keys asked for again, of one host in a window
	refreshPause    = time.Minute
	failurePause    = 5 * time.Minute
	longestPause    = time.Hour
	maxRemembered   = 20_000
	lookupTime      = time.Minute // of one look-up with everything it leads to
	resolveLookups  = 12
	backfillLookups = 30
)

// errBudget says that what is asked for must be left out.
var errBudget = domain.Errorf(domain.RateLimited, "Too much had to be looked up at once")

type budgetKey struct{}

// budget is how many look-ups are left; those of the outer ones count too.
type budget struct {
	left  atomic.Int64
	outer *budget
}

// WithBudget bounds how many things of strangers are looked up under ctx, by
// whatever it leads to. Beyond that look-ups are RateLimited: their callers
// leave out what they wanted. One look-up takes a handful of requests at most.
func WithBudget(ctx context.Context, n int) context.Context {
	outer, _ := ctx.Value(budgetKey{}).(*budget)
	b := &budget{outer: outer}
	b.left.Store(int64(n))
	return context.WithValue(ctx, budgetKey{}, b)
}

// spend takes one look-up from the budgets of ctx.
func spend(ctx context.Context) error {
	b, _ := ctx.Value(budgetKey{}).(*budget)
	for ; b != nil; b = b.outer {
		if b.left.Add(-1) < 0 {
			return errBudget
		}
	}
	return nil
}

// limits count by name within a window of time, and remember until when hosts
// and things are better left alone. What is counted is a process's own.
type limits struct {
	now func() time.Time

	mu     sync.Mutex
	counts map[string]count
	pauses map[string]pause
}

type count struct {
	n     int
	until time.Time
}

type pause struct {
	until time.Time
	why   error
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, counts: map[string]count{}, pauses: map[string]pause{}}
}

// take counts one more of name, and reports whether it is within limit.
func (l *limits) take(name string, limit int, within time.Duration) bool {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.counts[name]
	if !ok || !now.Before(c.until) {
		sweep(l.counts, func(c count) bool { return !now.Before(c.until) })
		c = count{until: now.Add(within)}
	}
	c.n++
	l.counts[name] = c
	return c.n <= limit
}

// rest leaves name alone for a while: until then paused gives why.
func (l *limits) rest(name string, d time.Duration, why error) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	sweep(l.pauses, func(p pause) bool { return !now.Before(p.until) })
	l.pauses[name] = pause{now.Add(min(d, longestPause)), why}
}

func (l *limits) paused(name string) error {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, ok := l.pauses[name]; ok && now.Before(p.until) {
		return p.why
	}
	return nil
}

// sweep bounds a map: what is over goes, and if that is not enough, whatever
// comes first.
func sweep[V any](m map[string]V, over func(V) bool) {
	if len(m) < maxRemembered {
		return
	}
	for k, v := range m {
		if over(v) {
			delete(m, k)
		}
	}
	for k := range m {
		if len(m) < maxRemembered {
			return
		}
		delete(m, k)
	}
}

// admit counts a new actor of a host, and the host among the new ones of its
// registrable domain.
func (s *Service) admit(ctx context.Context, host string) error {
	if !s.limits.take("actors of "+host, actorsPerHost, window) {
		return errBudget
	}
	known, err := s.Store.Reader().HostKnown(ctx, host)
	if err != nil || known || s.limits.counted("host "+host) {
		return err
	}
	if !s.limits.take("hosts of "+registrable(host), hostsPerDomain, window) {
		return errBudget
	}
	s.limits.take("host "+host, 1, window)
	return nil
}

// counted reports whether name has been counted in this window.
func (l *limits) counted(name string) bool {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.counts[name]
	return ok && now.Before(c.until)
}

// registrable is the part of a host that somebody registered; all of it where
// that is unknown.
func registrable(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}
