package deliver

import (
	"errors"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/store"
)

// fate is what an answer means for a letter.
type fate uint8

const (
	arrived        fate = iota
	refusedForGood      // no later try can change it
	orphaned            // nobody is left to sign it
	unsigned            // it was not signed, or not to the host's liking, which may pass
	hostFails           // the host, not the letter, is the trouble
)

// verdict reads the outcome of a request (facts 7): most 4xx are final; what
// speaks of the host's health is not.
func verdict(err error) fate {
	switch status := fetch.StatusOf(err); {
	case err == nil:
		return arrived
	case errors.Is(err, errOrphan):
		return orphaned
	case status == 401, errors.Is(err, errNotReady):
		return unsigned
	case status == 408, status == 425, status == 429, status >= 500 && status != 501:
		return hostFails
	case status != 0:
		return refusedForGood
	case errors.Is(err, fetch.ErrRefused), domain.Is(err, domain.Invalid):
		return refusedForGood // an address that nobody may call, or that is none
	}
	return hostFails
}

func (s *Service) succeed(h *store.Host) {
	h.Failures, h.FailingSince, h.NextTry, h.ParkedAt = 0, time.Time{}, time.Time{}, time.Time{}
}

// fail counts a failure of the host: it waits longer each time, and after a
// week of nothing else it is parked and only probed.
func (s *Service) fail(h *store.Host, err error) {
	now := s.Store.Now()
	h.Failures++
	if h.FailingSince.IsZero() {
		h.FailingSince = now
	}
	pause := max(wait(h.Failures), fetch.RetryAfter(err))
	if now.Sub(h.FailingSince) >= parkAfter {
		if h.ParkedAt.IsZero() {
			h.ParkedAt = now
			s.Log.Info("a host is parked after a week of failures", "host", h.Host)
		}
		pause = max(pause, probeEvery)
	}
	h.NextTry = now.Add(pause)
}

// wait is how long a host rests after its n-th failure in a row: 16 s at
// first, growing with the fourth power, six hours at most.
func wait(n int) time.Duration {
	n = min(n, 20)
	return min(time.Duration(n*n*n*n+15)*time.Second, 6*time.Hour)
}
