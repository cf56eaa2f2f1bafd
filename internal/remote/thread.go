package remote

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// maxThreadDepth is how far up a thread is fetched.
const maxThreadDepth = 100

// threadJob has the parent of a post fetched. Depth counts the posts that were
// fetched before it on the way up.
type threadJob struct {
	Status domain.ID `json:"status"`
	Depth  int       `json:"depth"`
}

type threadKey struct{}

func threadDepth(ctx context.Context) int {
	depth, _ := ctx.Value(threadKey{}).(int)
	return depth
}

// lookups is how many look-ups one fetched post may cause.
const lookups = 32

// Thread is the job that fetches what one post answers. Accepting that post
// links the two and, if it answers another that is unknown, has that fetched
// by a job of its own, one deeper.
func (s *Service) Thread(ctx context.Context, j *job.Job) error {
	var t threadJob
	if err := j.Decode(&t); err != nil {
		return err
	}
	child, err := s.Store.Reader().AnyStatus(ctx, t.Status)
	if err != nil || child.InReplyToURI == "" {
		return ignoreGone(err)
	}
	ctx = WithBudget(context.WithValue(ctx, threadKey{}, t.Depth+1), lookups)
	parent, err := s.Status(ctx, child.InReplyToURI)
	if passing(err) {
		return fmt.Errorf("fetch what %s answers: %w", child.URI, err)
	}
	if err != nil || parent.ReblogOf != 0 || parent.Local {
		return nil // it cannot be had, or is not for this author
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		child, err := tx.AnyStatus(ctx, t.Status)
		if err != nil || child.InReplyToURI != parent.URI {
			return ignoreGone(err)
		}
		if err := link(tx, &child, &parent); err != nil {
			return err
		}
		return tx.RecountReplies(parent.ID)
	})
}

// passing reports an error that another attempt may mend.
func passing(err error) bool {
	return err != nil && (domain.Is(err, domain.Unavailable) || domain.Is(err, domain.RateLimited) || domain.Is(err, domain.Internal))
}
