package remote

import (
	"context"
	"fmt"
	"slices"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// maxUnseen is how many unknown collections that one post links to are fetched
// (SEC-60).
const maxUnseen = 3

// taggedJob is the payload of domain.JobTagged.
type taggedJob struct {
	Status domain.ID `json:"status"`
	URI    string    `json:"uri"`
	// EditedAt is that of the post then: another edit has named its own.
	EditedAt time.Time `json:"edited_at,omitzero"`
}

// unseen are addresses of collections elsewhere among those a post links to,
// none where all of them are known.
func (s *Service) unseen(uris []string, known int) []string {
	uris = uris[:min(len(uris), apub.MaxTaggedCollections)]
	if known >= len(uris) {
		return nil
	}
	out := slices.DeleteFunc(slices.Clone(uris), s.atHome)
	return out[:min(len(out), maxUnseen)]
}

// fetchTagged has the collections fetched that the post links to and nobody here
// knows, if the post is news.
func fetchTagged(tx *store.Tx, st *domain.Status, uris []string) error {
	if tx.Now().Sub(st.CreatedAt) > newsFor {
		return nil
	}
	for _, uri := range uris {
		_, err := job.Enqueue(tx, domain.JobTagged, taggedJob{st.ID, uri, st.EditedAt},
			job.Unique(st.ID.String()+" "+uri), job.Priority(domain.PriorityLow))
		if err != nil {
			return err
		}
	}
	return nil
}

// Tagged is the job that fetches a collection which a post links to, unless it
// is known by now.
func (s *Service) Tagged(ctx context.Context, j *job.Job) error {
	var p taggedJob
	if err := j.Decode(&p); err != nil {
		return err
	}
	st, err := s.Store.Reader().AnyStatus(ctx, p.Status)
	if err != nil || !st.EditedAt.Equal(p.EditedAt) {
		return ignoreGone(err)
	}
	ids, err := s.KnownCollections(ctx, s.Store.Reader(), []string{p.URI})
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		id, err := s.collectionAt(WithBudget(ctx, lookups), p.URI)
		if passing(err) {
			return fmt.Errorf("fetch a collection that a post links to: %w", err)
		}
		if err != nil {
			return nil
		}
		ids = []domain.ID{id}
	}
	return j.Write(ctx, func(tx *store.Tx) error { return tx.TagCollection(p.Status, ids[0]) })
}

// collectionAt fetches the collection at an address.
func (s *Service) collectionAt(ctx context.Context, uri string) (domain.ID, error) {
	d, err := s.Collection(ctx, uri)
	if err != nil {
		return 0, err
	}
	return s.collectionFound(ctx, uri, d.AttributedTo)
}
