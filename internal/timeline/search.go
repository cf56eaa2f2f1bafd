package timeline

import (
	"context"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// TagNamed is the hashtag of that name as typed, with or without its sign. It
// need not exist; what cannot be a hashtag is domain.ErrNotFound.
func TagNamed(name string) (domain.Tag, error) {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "#"), "＃")
	normal := text.NormalizeHashtag(name)
	if normal == "" || !text.ValidHashtag(name) {
		return domain.Tag{}, domain.ErrNotFound
	}
	return domain.Tag{Name: normal, Display: name}, nil
}

// TagSearch asks for hashtags as somebody typed it.
type TagSearch struct {
	Text     string
	Reviewed bool // but for the exact one, only those that staff decided about
	Limit    int
	Offset   int
}

// SearchTags are the hashtags that begin with what was typed, the exact one
// first, then what trends (behaviours 16.1).
func (s *Service) SearchTags(ctx context.Context, q TagSearch) ([]domain.Tag, error) {
	prefix := text.NormalizeHashtag(strings.TrimSpace(q.Text))
	if prefix == "" || strings.Contains(q.Text, "@") {
		return []domain.Tag{}, nil
	}
	return s.st.SearchTags(ctx, store.TagSearch{Prefix: prefix, Reviewed: q.Reviewed, Limit: q.Limit, Offset: q.Offset})
}

// StatusSearch asks for posts as somebody typed it. Page bounds them, newest
// first whichever cursor it has.
type StatusSearch struct {
	Text   string
	Author domain.ID // 0: any
	Page   domain.Page
	Offset int
}

// SearchStatuses are the posts that the viewer looks for and may find, newest
// first (behaviours 16.2). find is who a handle names, domain.ErrNotFound for
// nobody; what is of nobody is not found. Days are those of zone.
func (s *Service) SearchStatuses(ctx context.Context, viewer domain.ID, q StatusSearch, find func(ctx context.Context, handle string) (domain.ID, error)) ([]domain.ID, error) {
	search := text.ParseSearch(q.Text, time.UTC)
	if viewer == 0 || search.Empty() {
		return []domain.ID{}, nil
	}
	out := store.StatusSearch{
		Viewer: viewer, Phrases: search.Phrases, Languages: search.Languages, Traits: search.Traits, Scope: search.Scope,
		After: q.Page.After(), Before: q.Page.Before(), Limit: q.Page.Limit, Offset: q.Offset,
	}
	if q.Author != 0 {
		out.Authors = append(out.Authors, domain.Sought[domain.ID]{What: q.Author})
	}
	if !search.After.IsZero() {
		out.After = max(out.After, firstID(search.After)-1)
	}
	if !search.Before.IsZero() {
		out.Before = min(out.Before, firstID(search.Before))
	}
	known, err := s.knownAuthors(ctx, viewer, &search, &out, find)
	if err == nil && known {
		known, err = s.knownTags(ctx, &search, &out)
	}
	if err != nil || !known {
		return []domain.ID{}, err
	}
	return s.st.SearchStatuses(ctx, out)
}

// firstID is domain.FirstID of any time, also of one too late for an id.
func firstID(t time.Time) domain.ID {
	if !t.Before(domain.MaxID.Time()) {
		return domain.MaxID
	}
	return domain.FirstID(t)
}

// knownAuthors looks up the authors of a search. It reports false if one that
// is wanted is unknown.
func (s *Service) knownAuthors(ctx context.Context, viewer domain.ID, search *domain.Search, out *store.StatusSearch, find func(context.Context, string) (domain.ID, error)) (bool, error) {
	for _, a := range search.Authors {
		id := viewer
		if !strings.EqualFold(a.What, domain.SearchMe) {
			var err error
			id, err = find(ctx, a.What)
			if domain.Is(err, domain.NotFound) && a.Not {
				continue
			}
			if domain.Is(err, domain.NotFound) {
				return false, nil
			}
			if err != nil {
				return false, err
			}
		}
		out.Authors = append(out.Authors, domain.Sought[domain.ID]{What: id, Not: a.Not})
	}
	return true, nil
}

// knownTags is knownAuthors for hashtags.
func (s *Service) knownTags(ctx context.Context, search *domain.Search, out *store.StatusSearch) (bool, error) {
	if len(search.Tags) == 0 {
		return true, nil
	}
	names := make([]string, len(search.Tags))
	for i, t := range search.Tags {
		names[i] = t.What
	}
	ids, err := s.st.TagIDs(ctx, names)
	if err != nil {
		return false, err
	}
	for _, t := range search.Tags {
		id, ok := ids[t.What]
		if !ok && !t.Not {
			return false, nil
		}
		if ok {
			out.Tags = append(out.Tags, domain.Sought[domain.ID]{What: id, Not: t.Not})
		}
	}
	return true, nil
}
