package timeline

import (
	"context"
	"fmt"
	"log/slog"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// reindexBatch is how many posts one job looks at.
const reindexBatch = 200

// Index keeps the words by which posts are searched to the preparation that
// this program has: old posts follow in the background, newest first.
type Index struct {
	st  *store.Store
	log *slog.Logger
}

// NewIndex makes it.
func NewIndex(st *store.Store, log *slog.Logger) *Index { return &Index{st, log} }

// Begin has all posts brought up to date if they are not, or are not on their
// way there; again in any case. It is meant for every start of the program.
func (x *Index) Begin(ctx context.Context, again bool) error {
	state, err := x.st.Reader().SearchIndex(ctx)
	if err != nil {
		return fmt.Errorf("look how the search index stands: %w", err)
	}
	if !again && state.Target == text.WordsVersion {
		if state.Current() {
			return nil
		}
		return x.st.Write(ctx, enqueueReindex) // which waits already, unless it was set aside
	}
	state.Version, state.Target, state.Before, state.Done = 0, text.WordsVersion, domain.MaxID, 0
	if state.Posts, err = x.st.Reader().CountIndexed(ctx); err != nil {
		return fmt.Errorf("count the posts to index: %w", err)
	}
	if state.Posts == 0 {
		state.Version = state.Target
	}
	return x.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveSearchIndex(state); err != nil || state.Current() {
			return err
		}
		return enqueueReindex(tx)
	})
}

// State is how far it is.
func (x *Index) State(ctx context.Context) (domain.SearchIndex, error) {
	return x.st.Reader().SearchIndex(ctx)
}

func enqueueReindex(tx *store.Tx) error {
	_, err := job.Enqueue(tx, domain.JobReindex, nil, job.Unique("reindex"), job.Priority(domain.PriorityLow))
	return err
}

// Work is the job: a batch of posts and where to go on are one transaction, so
// a crash costs nothing. A post that is edited meanwhile has the new words
// already.
func (x *Index) Work(ctx context.Context, j *job.Job) error {
	r := x.st.Reader()
	state, err := r.SearchIndex(ctx)
	if err != nil {
		return fmt.Errorf("look how the search index stands: %w", err)
	}
	if state.Target != text.WordsVersion {
		return nil // another program's
	}
	posts, err := r.IndexedTexts(ctx, state.Before, reindexBatch)
	if err != nil {
		return fmt.Errorf("read posts to index: %w", err)
	}
	words, err := wordsOf(ctx, r, posts)
	if err != nil {
		return err
	}
	state.Done += int64(len(posts))
	if len(posts) < reindexBatch {
		state.Version, state.Before = state.Target, 0
	} else {
		state.Before = posts[len(posts)-1].ID
	}
	err = j.Write(ctx, func(tx *store.Tx) error {
		for i, p := range posts {
			if words[i] == p.Words {
				continue
			}
			if err := tx.SetWords(p.ID, p.Words, words[i]); err != nil {
				return fmt.Errorf("index post %s: %w", p.ID, err)
			}
		}
		if err := tx.SaveSearchIndex(state); err != nil || state.Current() {
			return err
		}
		return enqueueReindex(tx)
	})
	if err == nil && state.Current() && state.Done > 0 {
		x.log.Info("all posts are indexed for search", "posts", state.Done, "version", state.Version)
	}
	return err
}

// wordsOf are the words of each post.
func wordsOf(ctx context.Context, r store.Reader, posts []store.IndexedText) ([]string, error) {
	ids, polls := make([]domain.ID, len(posts)), []domain.ID{}
	for i, p := range posts {
		ids[i] = p.ID
		if p.Poll != 0 {
			polls = append(polls, p.Poll)
		}
	}
	media, err := r.Attachments(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read what posts to index show: %w", err)
	}
	asked, err := r.Polls(ctx, polls)
	if err != nil {
		return nil, fmt.Errorf("read what posts to index ask: %w", err)
	}
	more := map[domain.ID][]string{}
	for _, p := range asked {
		for _, o := range p.Options {
			more[p.Status] = append(more[p.Status], o.Title)
		}
	}
	for i := range media {
		more[media[i].Status] = append(more[media[i].Status], media[i].Description)
	}
	words := make([]string, len(posts))
	for i, p := range posts {
		said := p.Text
		if !p.Local {
			said = text.PlainText(p.Content)
		}
		words[i] = text.IndexWords(append([]string{p.Spoiler, said}, more[p.ID]...)...)
	}
	return words, nil
}
