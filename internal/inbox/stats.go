package inbox

import (
	"fmt"
	"sync/atomic"
)

// Outcome is what became of a letter.
type Outcome uint8

const (
	Applied  Outcome = iota // done, or done before
	Ignored                 // a kind of news that we have no use for
	Unwanted                // about nobody here
	Held                    // the staff looks at it first
	Refused                 // against the rules, or about what is not there
	Deferred                // tried again: another server has to answer first
	GivenUp                 // as Deferred, too often
	Failed                  // our own fault: tried again, then kept
	outcomes
)

var outcomeNames = [outcomes]string{"applied", "ignored", "unwanted", "held", "refused", "deferred", "given_up", "failed"}

// String is the outcome as metrics and log lines name it.
func (o Outcome) String() string {
	if o < outcomes {
		return outcomeNames[o]
	}
	return "unknown"
}

// Stats count the letters. Safe for concurrent use.
type Stats struct{ counts [outcomes]atomic.Int64 }

func (s *Stats) count(o Outcome) { s.counts[o].Add(1) }

// Each calls f with every outcome and how often it was, the same each time.
func (s *Stats) Each(f func(outcome Outcome, count int64)) {
	for o := range outcomes {
		f(o, s.counts[o].Load())
	}
}

// reason is why nothing follows from a letter, though nothing is wrong here.
type reason struct {
	outcome Outcome
	why     string
}

func (r *reason) Error() string { return r.why }

var (
	errIgnored  = &reason{Ignored, "nothing follows from this kind of activity"}
	errUnwanted = &reason{Unwanted, "it concerns nobody here"}
)

func refusef(format string, args ...any) error {
	return &reason{Refused, fmt.Sprintf(format, args...)}
}
