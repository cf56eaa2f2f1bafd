package timeline

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Filters are the filters of everybody: the verbs on them, and what statuses
// they match. Each viewer's are compiled once and kept until they change,
// here or in another process, or one of them expires.
type Filters struct {
	st *store.Store

	mu    sync.Mutex
	epoch uint64 // counts changes, so that what was read before one is not kept after it
	kept  *otter.Cache[domain.ID, *FilterSet]
}

// keptFilters bounds the cache: sets, keywords and filtered statuses together.
const keptFilters = 200_000

// NewFilters makes the service, which listens for changes as long as the store
// is open.
func NewFilters(st *store.Store) *Filters {
	s := &Filters{st: st, kept: otter.Must(&otter.Options[domain.ID, *FilterSet]{
		MaximumWeight: keptFilters,
		Weigher:       func(_ domain.ID, set *FilterSet) uint32 { return set.weight() },
	})}
	st.Listen(domain.TopicFilters, s.forget)
	return s
}

// forget drops the sets of those named, or all when names may have been missed.
func (s *Filters) forget(n store.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	if n.Missed {
		s.kept.InvalidateAll()
		return
	}
	for name := range strings.FieldsSeq(n.Payload) {
		if id, ok := domain.ParseID(name); ok {
			s.kept.Invalidate(id)
		}
	}
}

// Set is what the viewer's filters match now; for 0, an anonymous viewer,
// nothing.
func (s *Filters) Set(ctx context.Context, viewer domain.ID) (*FilterSet, error) {
	if viewer == 0 {
		return &FilterSet{}, nil
	}
	now := s.st.Now()
	if set, ok := s.kept.GetIfPresent(viewer); ok && set.fresh(now) {
		return set, nil
	}
	s.mu.Lock()
	epoch := s.epoch
	s.mu.Unlock()
	list, err := s.st.Reader().Filters(ctx, viewer)
	if err != nil {
		return nil, fmt.Errorf("read the filters: %w", err)
	}
	set := compile(list, now)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.epoch == epoch {
		s.kept.Set(viewer, set)
	}
	return set, nil
}

// FilterSet is what one viewer's unexpired filters match. It never changes;
// the zero value matches nothing.
type FilterSet struct {
	filters []compiledFilter
	until   time.Time // when the first of them expires; zero: never
}

type compiledFilter struct {
	filter   domain.Filter // without keywords and statuses
	keywords text.FilterMatcher
	statuses map[domain.ID]bool
	size     int
}

// FilterMatch is one filter that matches a status (behaviours 12.2).
type FilterMatch struct {
	Filter   *domain.Filter // without keywords and statuses
	Keywords []string       // as written in the filter
	Statuses []domain.ID
}

func compile(list []domain.Filter, now time.Time) *FilterSet {
	set := &FilterSet{}
	for _, f := range list {
		if f.Expired(now) {
			continue
		}
		if !f.ExpiresAt.IsZero() && (set.until.IsZero() || f.ExpiresAt.Before(set.until)) {
			set.until = f.ExpiresAt
		}
		c := compiledFilter{statuses: map[domain.ID]bool{}, size: len(f.Keywords) + len(f.Statuses)}
		keywords := make([]text.Keyword, len(f.Keywords))
		for i, k := range f.Keywords {
			keywords[i] = text.Keyword{Keyword: k.Keyword, WholeWord: k.WholeWord}
		}
		c.keywords = text.CompileFilter(keywords)
		for _, s := range f.Statuses {
			c.statuses[s.Status] = true
		}
		f.Keywords, f.Statuses = nil, nil
		c.filter = f
		set.filters = append(set.filters, c)
	}
	return set
}

func (set *FilterSet) fresh(now time.Time) bool { return set.until.IsZero() || now.Before(set.until) }

func (set *FilterSet) weight() uint32 {
	n := 1
	for i := range set.filters {
		n += 1 + set.filters[i].size
	}
	return uint32(n)
}

// Empty reports whether it matches nothing at all.
func (set *FilterSet) Empty() bool { return len(set.filters) == 0 }

// Match are the filters that match a status with these texts, a boost's being
// those of what it boosts; reblogOf is 0 for what is no boost (behaviours
// 12.3, 12.4). Contexts are left to the client (12.2).
func (set *FilterSet) Match(status, reblogOf domain.ID, texts ...string) []FilterMatch {
	if set.Empty() {
		return nil
	}
	ready := text.PrepareFilterTexts(texts...)
	var out []FilterMatch
	for i := range set.filters {
		f := &set.filters[i]
		m := FilterMatch{Filter: &f.filter, Keywords: f.keywords.MatchPrepared(ready)}
		for _, id := range [...]domain.ID{status, reblogOf} {
			if f.statuses[id] {
				m.Statuses = append(m.Statuses, id)
			}
		}
		if len(m.Keywords) > 0 || len(m.Statuses) > 0 {
			out = append(out, m)
		}
	}
	return out
}
