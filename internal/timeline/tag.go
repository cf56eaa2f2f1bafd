package timeline

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// TagQuery says which hashtag timeline is meant. Names are as typed.
type TagQuery struct {
	Name           string
	Any, All, None []string
	PublicQuery
}

// maxMoreTags is how many of any, all and none count (behaviours 11.7).
const maxMoreTags = 4

// Tag is the timeline of a hashtag, newest first. An unknown one is empty.
func (s *Service) Tag(ctx context.Context, viewer domain.ID, q TagQuery, p domain.Page) ([]domain.ID, error) {
	hasAny := normalTags(append([]string{q.Name}, firstOf(q.Any)...))
	hasAll, hasNone := normalTags(firstOf(q.All)), normalTags(firstOf(q.None))
	if q.Local && q.Remote || len(hasAny) == 0 {
		return []domain.ID{}, nil
	}
	known, err := s.st.TagIDs(ctx, concat(hasAny, hasAll, hasNone))
	if err != nil {
		return nil, err
	}
	f := store.TagFilter{
		Any: idsOf(known, hasAny), All: idsOf(known, hasAll), None: idsOf(known, hasNone),
		PublicFilter: store.PublicFilter{Local: q.Local, Remote: q.Remote, Media: q.OnlyMedia},
	}
	if len(f.Any) == 0 || len(f.All) < len(hasAll) {
		return []domain.ID{}, nil
	}
	return s.st.Tagged(ctx, viewer, f, p)
}

func firstOf(names []string) []string { return names[:min(len(names), maxMoreTags)] }

func concat(lists ...[]string) []string {
	var out []string
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// TagName is the name of a hashtag as looked up, "" if it is none.
func TagName(typed string) string { return text.NormalizeHashtag(typed) }

// normalTags are the names as looked up, each once.
func normalTags(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		if n = text.NormalizeHashtag(n); n != "" && !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

func idsOf(known map[string]domain.ID, names []string) []domain.ID {
	ids := []domain.ID{}
	for _, n := range names {
		if id := known[n]; id != 0 {
			ids = append(ids, id)
		}
	}
	return ids
}
