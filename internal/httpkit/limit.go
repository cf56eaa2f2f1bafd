package httpkit

import (
	"strconv"
	"strings"
	"time"
)

// limit counts the request in every bucket that applies and sets the headers
// of the tightest one (behaviours 5.1). It reports whether the request may go
// on. again is set when the token was found only after the request was counted
// against its address.
func (k *Kit) limit(r *Request, e *endpoint, again bool) bool {
	if k.cfg.NoRateLimits || e.Limit == LimitNone {
		return true
	}
	x, now := r.x, r.x.start.UnixNano()
	count := func(class LimitClass, place int, ru rule) {
		if key, ok := ru.key(class, place, &r.Viewer, x.client); ok && !(again && key.by == byAddress) {
			x.tighten(k.limits.take(key, ru, now))
		}
	}
	switch {
	case e.Auth == Peer:
	case r.Viewer.Token == 0 && r.Viewer.Account == 0:
		count(LimitGeneral, 2, ruleAnonymous)
	default:
		count(LimitGeneral, 0, ruleUser)
		count(LimitGeneral, 1, ruleToken)
	}
	if isPaging(r.HTTP.URL.RawQuery) && e.Auth != Peer {
		count(LimitGeneral, 3, rulePaging)
	}
	for place, ru := range limitTable[e.Limit] {
		count(e.Limit, place, ru)
	}
	k.limitHeaders(x)
	return !x.over
}

// limitAnonymous counts a request that came without a good token, or that no
// route matches, against its address.
func (k *Kit) limitAnonymous(x *exchange) bool {
	if k.cfg.NoRateLimits {
		return true
	}
	key, _ := ruleAnonymous.key(LimitGeneral, 2, &Viewer{}, x.client)
	x.tighten(k.limits.take(key, ruleAnonymous, x.start.UnixNano()))
	k.limitHeaders(x)
	return !x.over
}

// isPaging reports whether a query goes through pages. It looks at the raw
// text: an escaped spelling of these names is nobody's client.
func isPaging(query string) bool {
	return query != "" && (strings.Contains(query, "max_id=") || strings.Contains(query, "min_id=") ||
		strings.Contains(query, "since_id=") || strings.Contains(query, "offset="))
}

// tighten keeps the tighter of the buckets seen so far.
func (x *exchange) tighten(st state) {
	x.over = x.over || st.over
	if x.tight.limit == 0 || st.remaining < x.tight.remaining || (st.over && !x.tight.over) {
		x.tight = st
	}
}

func (k *Kit) limitHeaders(x *exchange) {
	if x.tight.limit == 0 {
		return
	}
	x.set(3, "X-Ratelimit-Limit", strconv.Itoa(x.tight.limit))
	x.set(4, "X-Ratelimit-Remaining", strconv.Itoa(x.tight.remaining))
	x.set(5, "X-Ratelimit-Reset", k.limits.resetText(x.tight.end))
}

// retryAfter says in seconds when the window that refused ends.
func (k *Kit) retryAfter(x *exchange) {
	wait := time.Duration(x.tight.end - x.start.UnixNano())
	if x.tight.limit == 0 {
		wait = time.Minute
	}
	x.Header()["Retry-After"] = []string{strconv.Itoa(int((wait + time.Second - 1) / time.Second))}
}
