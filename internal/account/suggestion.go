package account

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// How far suggestions look.
const (
	suggestedOfEach  = 40  // of each source
	suggestedFriends = 500 // whose follows are looked at
	suggestionLists  = 10_000
)

// suggestions remember lists for a while.
type suggestions struct {
	mu    sync.Mutex
	lists map[domain.ID]suggestionList
}

type suggestionList struct {
	at   time.Time
	list []domain.Suggestion
}

func newSuggestions() *suggestions { return &suggestions{lists: map[domain.ID]suggestionList{}} }

func (c *suggestions) get(viewer domain.ID, now time.Time) ([]domain.Suggestion, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.lists[viewer]
	return l.list, ok && now.Sub(l.at) < domain.SuggestionsKept
}

func (c *suggestions) set(viewer domain.ID, now time.Time, list []domain.Suggestion) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.lists) >= suggestionLists {
		for id, l := range c.lists {
			if now.Sub(l.at) >= domain.SuggestionsKept {
				delete(c.lists, id)
			}
		}
	}
	if len(c.lists) >= suggestionLists {
		clear(c.lists)
	}
	c.lists[viewer] = suggestionList{now, list}
}

// Suggestions are accounts the viewer may want to follow (behaviours 16.4):
// first the picks of the staff in their order, then, shuffled, those followed
// by whom the viewer follows and those most followed here. The shuffled list stays as it is for a quarter of an hour, but for those
// that no longer fit, which are left out at once.
func (s *Service) Suggestions(ctx context.Context, viewer domain.ID, picks []domain.ID, limit, offset int) ([]domain.Suggestion, error) {
	now, r := s.st.Now(), s.st.Reader()
	list, ok := s.suggested.get(viewer, now)
	if !ok {
		var err error
		if list, err = suggest(ctx, r, viewer, now); err != nil {
			return nil, err
		}
		s.suggested.set(viewer, now, list)
	}
	list = withPicks(picks, list)
	ids := make([]domain.ID, len(list))
	for i := range list {
		ids[i] = list[i].Account
	}
	still, err := r.Suggestible(ctx, viewer, ids)
	if err != nil {
		return nil, fmt.Errorf("find who may still be suggested: %w", err)
	}
	fit := []domain.Suggestion{}
	for _, one := range list {
		if slices.Contains(still, one.Account) {
			fit = append(fit, one)
		}
	}
	fit = fit[min(offset, len(fit)):]
	return fit[:min(limit, len(fit))], nil
}

// withPicks are the picks of the staff, and then who else is on the list.
func withPicks(picks []domain.ID, list []domain.Suggestion) []domain.Suggestion {
	out := make([]domain.Suggestion, 0, len(picks)+len(list))
	for _, id := range picks {
		pick := domain.Suggestion{Account: id, Sources: []domain.SuggestionSource{domain.Featured}}
		if i := slices.IndexFunc(list, func(x domain.Suggestion) bool { return x.Account == id }); i >= 0 {
			pick.Sources = append(pick.Sources, list[i].Sources...)
		}
		out = append(out, pick)
	}
	for _, one := range list {
		if !slices.Contains(picks, one.Account) {
			out = append(out, one)
		}
	}
	return out
}

func suggest(ctx context.Context, r store.Reader, viewer domain.ID, now time.Time) ([]domain.Suggestion, error) {
	friends, err := r.FollowedByFollowed(ctx, viewer, suggestedFriends, suggestedOfEach)
	if err != nil {
		return nil, fmt.Errorf("find whom friends follow: %w", err)
	}
	popular, err := r.PopularHere(ctx, viewer, suggestedOfEach)
	if err != nil {
		return nil, fmt.Errorf("find who is followed here: %w", err)
	}
	var list []domain.Suggestion
	for _, id := range friends {
		list = append(list, domain.Suggestion{Account: id, Sources: []domain.SuggestionSource{domain.FriendsOfFriends}})
	}
	for _, id := range popular {
		i := slices.IndexFunc(list, func(x domain.Suggestion) bool { return x.Account == id })
		if i < 0 {
			list = append(list, domain.Suggestion{Account: id})
			i = len(list) - 1
		}
		list[i].Sources = append(list[i].Sources, domain.MostFollowed)
	}
	// The same order in every process for as long as a list is kept.
	order := rand.New(rand.NewPCG(uint64(viewer), uint64(now.UnixMilli()/domain.SuggestionsKept.Milliseconds())))
	order.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list, nil
}

// DismissSuggestion keeps an account from being suggested to the viewer again.
func (s *Service) DismissSuggestion(ctx context.Context, viewer, target domain.ID) error {
	if _, err := s.Present(ctx, target); err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DismissSuggestion(viewer, target) })
}
