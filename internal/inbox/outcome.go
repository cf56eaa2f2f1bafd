package inbox

import (
	"context"
	"errors"

	"coterie/internal/domain"
	"coterie/internal/remote"
)

// outcomeOf reads an error of a verb. Kinds with a meaning for people are
// answers; what was cut short or limited may go better later.
func outcomeOf(err error) Outcome {
	var r *reason
	switch {
	case err == nil:
		return Applied
	case errors.As(err, &r):
		return r.outcome
	case errors.Is(err, remote.ErrHeld):
		return Held
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return Deferred
	}
	switch domain.KindOf(err) {
	case domain.Unavailable, domain.RateLimited, domain.Conflict:
		return Deferred
	case domain.Internal:
		return Failed
	}
	return Refused
}
