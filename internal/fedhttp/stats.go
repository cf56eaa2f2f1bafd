package fedhttp

import "sync/atomic"

// Outcome is what became of a request to an inbox.
type Outcome uint8

const (
	Accepted    Outcome = iota // stored, 202
	Repeated                   // seen before: 202, nothing stored
	Unconcerned                // of no use to us: 202, nothing stored
	Malformed                  // 4xx: cannot be read
	BadSign                    // 401: not signed well, or by another than its actor
	NotAllowed                 // 403: the host or the signer is refused
	NoInbox                    // 404, 410: nobody is there
	KeyMissing                 // 503: the key cannot be fetched now
	Failed                     // 5xx: our own fault
	outcomes
)

var outcomeNames = [outcomes]string{
	"accepted", "repeated", "unconcerned", "malformed", "bad_signature", "not_allowed", "no_inbox", "key_missing", "failed",
}

// String is the outcome as metrics and log lines name it.
func (o Outcome) String() string {
	if o < outcomes {
		return outcomeNames[o]
	}
	return "unknown"
}

// Stats count the requests to the inboxes. Safe for concurrent use.
type Stats struct{ counts [outcomes]atomic.Int64 }

func (s *Stats) count(o Outcome) { s.counts[o].Add(1) }

// Each calls f with every outcome and how often it was, the same each time.
func (s *Stats) Each(f func(outcome Outcome, count int64)) {
	for o := range outcomes {
		f(o, s.counts[o].Load())
	}
}
