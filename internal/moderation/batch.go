package moderation

import (
	"context"
	"errors"

	"coterie/internal/domain"
)

// mostBatch is how many are decided about at once.
const mostBatch = 100

// Refusal is what of a batch was left as it was, and why.
type Refusal struct {
	ID    domain.ID `json:"id"`
	Error string    `json:"error"`
}

// Batch does the same to several, each for itself: one that is refused keeps
// none of the others.
func Batch(ctx context.Context, ids []domain.ID, do func(ctx context.Context, id domain.ID) error) (done []domain.ID, left []Refusal, err error) {
	ids = once(ids)
	if len(ids) == 0 || len(ids) > mostBatch {
		return nil, nil, domain.Errorf(domain.Invalid, "Validation failed: Ids must be 1 to %d", mostBatch)
	}
	done, left = []domain.ID{}, []Refusal{}
	for _, id := range ids {
		err := do(ctx, id)
		var e *domain.Error
		switch {
		case err == nil:
			done = append(done, id)
		case errors.As(err, &e) && e.Kind != domain.Internal && e.Kind != domain.Unavailable:
			left = append(left, Refusal{id, e.Msg})
		default:
			return done, left, err
		}
	}
	return done, left, nil
}
