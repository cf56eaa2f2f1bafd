package timeline

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// TrendsEvery is how often trends are worked out (behaviours 16.3).
const TrendsEvery = 5 * time.Minute

const (
	mostTrends = 500  // kept of a kind
	mostMarked = 2000 // posts looked at
)

// Trends finds what trends, and keeps a note of it in the store: the rules are
// those of domain.Trend.
type Trends struct{ st *store.Store }

// NewTrends makes it.
func NewTrends(st *store.Store) *Trends { return &Trends{st} }

// Work is the periodic job. All of it is read before anything is written.
func (t *Trends) Work(ctx context.Context, j *job.Job) error {
	now, r := t.st.Now(), t.st.Reader()
	today := now.UTC().Truncate(24 * time.Hour)
	tags, err := r.TagUses(ctx, today, domain.TrendThreshold)
	if err != nil {
		return fmt.Errorf("count the uses of hashtags: %w", err)
	}
	links, err := r.LinkUses(ctx, today, domain.TrendThreshold)
	if err != nil {
		return fmt.Errorf("count the uses of links: %w", err)
	}
	posts, err := r.MarkedStatuses(ctx, now.Add(-domain.TrendKept), domain.TrendThreshold, mostMarked)
	if err != nil {
		return fmt.Errorf("find posts that many like: %w", err)
	}
	next := map[domain.TrendKind][]domain.Trend{domain.TrendStatus: postTrends(posts, now)}
	if next[domain.TrendTag], err = useTrends(ctx, r, domain.TrendTag, tags, domain.TagHalfLife, now); err != nil {
		return err
	}
	if next[domain.TrendLink], err = useTrends(ctx, r, domain.TrendLink, links, domain.LinkHalfLife, now); err != nil {
		return err
	}
	hosts, err := publishersOf(ctx, r, next[domain.TrendLink])
	if err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		for i, host := range hosts {
			if host == "" {
				continue
			}
			if next[domain.TrendLink][i].Publisher, err = tx.PublisherOf(host); err != nil {
				return fmt.Errorf("note the publisher %s: %w", host, err)
			}
		}
		for _, kind := range []domain.TrendKind{domain.TrendTag, domain.TrendStatus, domain.TrendLink} {
			if err := tx.SaveTrends(kind, next[kind]); err != nil {
				return fmt.Errorf("keep the trends of kind %s: %w", kind, err)
			}
		}
		return nil
	})
}

// publishersOf are the domains of the links that are shown, in their order, ""
// of others.
func publishersOf(ctx context.Context, r store.Reader, links []domain.Trend) ([]string, error) {
	ids, out := make([]domain.ID, len(links)), make([]string, len(links))
	for i := range links {
		ids[i] = links[i].Item
	}
	cards, err := r.Cards(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find the links that trend: %w", err)
	}
	hosts := map[domain.ID]string{}
	for i := range cards {
		if u, err := url.Parse(cards[i].URL); err == nil {
			hosts[cards[i].ID] = strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
		}
	}
	for i := range links {
		if links[i].Score > 0 {
			out[i] = hosts[links[i].Item]
		}
	}
	return out, nil
}

// useTrends takes the trends of a kind on by what is used now.
func useTrends(ctx context.Context, r store.Reader, kind domain.TrendKind, uses []store.Use, halfLife time.Duration, now time.Time) ([]domain.Trend, error) {
	before, err := r.Trends(ctx, kind)
	if err != nil {
		return nil, fmt.Errorf("find the trends of kind %s: %w", kind, err)
	}
	used := make(map[domain.ID]store.Use, len(uses))
	for _, u := range uses {
		used[u.Item] = u
	}
	var out []domain.Trend
	for _, t := range before {
		u := used[t.Item]
		delete(used, t.Item)
		out = append(out, t.Next(u.Today, u.Yesterday, halfLife, now))
	}
	for _, u := range used {
		out = append(out, domain.Trend{Kind: kind, Item: u.Item}.Next(u.Today, u.Yesterday, halfLife, now))
	}
	out = slices.DeleteFunc(out, func(t domain.Trend) bool { return t.Peak == 0 })
	return highest(out), nil
}

// postTrends are the best post of each author.
func postTrends(posts []store.MarkedStatus, now time.Time) []domain.Trend {
	best := map[domain.ID]domain.Trend{}
	for _, p := range posts {
		score := domain.PostScore(p.Marks, now.Sub(p.CreatedAt))
		if score > best[p.Account].Score {
			best[p.Account] = domain.Trend{Kind: domain.TrendStatus, Item: p.ID, Score: score, Peak: score, PeakAt: now, Observed: p.Marks}
		}
	}
	out := make([]domain.Trend, 0, len(best))
	for _, t := range best {
		out = append(out, t)
	}
	return highest(out)
}

// highest are the best of some trends, in an order that does not vary.
func highest(list []domain.Trend) []domain.Trend {
	slices.SortFunc(list, func(a, b domain.Trend) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Item, b.Item))
	})
	return list[:min(len(list), mostTrends)]
}

// trendPage fills in what the community and the viewer want; shown is false
// where nothing trends.
func (s *Service) trendPage(ctx context.Context, viewer domain.ID, limit, offset int) (p store.TrendPage, shown bool, err error) {
	set, err := s.st.Settings(ctx)
	if err != nil || set.Trends == domain.TrendsOff {
		return p, false, err
	}
	p = store.TrendPage{Review: set.Trends == domain.TrendsReview, Limit: limit, Offset: offset}
	if viewer == 0 {
		return p, true, nil
	}
	u, err := s.st.User(ctx, viewer)
	if err != nil {
		return p, false, err
	}
	p.Languages = u.Prefs.ChosenLanguages
	if tag, ok := text.LanguageTag(u.Locale); ok && len(p.Languages) == 0 {
		p.Languages = []string{tag}
	}
	return p, true, nil
}

// TrendingTags are hashtags that more people use than before.
func (s *Service) TrendingTags(ctx context.Context, limit, offset int) ([]domain.Tag, error) {
	p, shown, err := s.trendPage(ctx, 0, limit, offset)
	if err != nil || !shown {
		return []domain.Tag{}, err
	}
	return s.st.TrendingTags(ctx, p)
}

// TrendingStatuses are posts that many boost and favourite.
func (s *Service) TrendingStatuses(ctx context.Context, viewer domain.ID, limit, offset int) ([]domain.ID, error) {
	p, shown, err := s.trendPage(ctx, viewer, limit, offset)
	if err != nil || !shown {
		return []domain.ID{}, err
	}
	return s.st.TrendingStatuses(ctx, viewer, p)
}

// TrendingLinks are links, by their cards, that more people post than before.
func (s *Service) TrendingLinks(ctx context.Context, viewer domain.ID, limit, offset int) ([]domain.ID, error) {
	p, shown, err := s.trendPage(ctx, viewer, limit, offset)
	if err != nil || !shown {
		return []domain.ID{}, err
	}
	return s.st.TrendingLinks(ctx, p)
}

// Link is the timeline of a link that trends; of any other it is
// domain.ErrNotFound.
func (s *Service) Link(ctx context.Context, viewer domain.ID, address string, p domain.Page) ([]domain.ID, error) {
	set, err := s.st.Settings(ctx)
	if err != nil {
		return nil, err
	}
	trends, err := s.st.LinkTrends(ctx, address, set.Trends == domain.TrendsReview)
	if err != nil {
		return nil, err
	}
	if !trends || set.Trends == domain.TrendsOff {
		return nil, domain.ErrNotFound
	}
	var languages []string
	if viewer != 0 {
		u, err := s.st.User(ctx, viewer)
		if err != nil {
			return nil, err
		}
		languages = u.Prefs.ChosenLanguages
	}
	return s.st.Linked(ctx, viewer, address, languages, p)
}
