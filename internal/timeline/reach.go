package timeline

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/domain"
)

// Listeners are those who want to hear at once what comes to a timeline.
type Listeners struct {
	Home   []domain.ID // accounts, of their home timeline
	Public []domain.ID // accounts, of a public or hashtag timeline
	Lists  []domain.ID // lists, of their timelines
}

// Empty reports whether nobody listens.
func (l Listeners) Empty() bool { return len(l.Home)+len(l.Public)+len(l.Lists) == 0 }

// Reach says whom of the Listeners a status concerns. Public holds those on
// whose public timelines it may stand; which of these they are follows from
// the rest.
type Reach struct {
	Home, Lists, Public []domain.ID

	Local    bool
	Media    bool
	Reply    bool   // to somebody else: on hashtag timelines only
	Language string // "": unknown
}

// Reach tells whom a new, edited or deleted status concerns. A statement for
// each kind of timeline that somebody listens to.
func (s *Service) Reach(ctx context.Context, ref domain.Ref, l Listeners) (Reach, error) {
	if ref.Event == domain.EventStatusDeleted {
		return s.reachOfDeleted(ctx, ref, l)
	}
	var out Reach
	err := s.reachHome(ctx, ref, l.Home, &out)
	if err == nil {
		err = s.reachLists(ctx, ref, l.Lists, &out)
	}
	if err == nil {
		err = s.reachPublic(ctx, ref, l.Public, &out)
	}
	if err != nil {
		return Reach{}, fmt.Errorf("find whom status %s concerns: %w", ref.Status, err)
	}
	return out, nil
}

// reachHome follows the rule of the home timeline. Whether a boost stands is
// known only to the reader's ring.
func (s *Service) reachHome(ctx context.Context, ref domain.Ref, readers []domain.ID, out *Reach) error {
	if len(readers) == 0 {
		return nil
	}
	found, err := s.st.HomeReaders(ctx, []domain.ID{ref.Status}, readers)
	if err != nil {
		return err
	}
	for i := range found {
		c := &found[i]
		if !onHome(c) {
			continue
		}
		if ref.ReblogOf != 0 {
			stands, err := s.standsOnHome(ctx, c.Reader, ref.Status)
			if err != nil {
				return err
			}
			if !stands {
				continue
			}
		}
		out.Home = append(out.Home, c.Reader)
	}
	return nil
}

// standsOnHome reports whether the home timeline of the reader shows a status.
func (s *Service) standsOnHome(ctx context.Context, reader, status domain.ID) (bool, error) {
	ids, err := s.Home(ctx, reader, domain.Page{MaxID: status + 1, SinceID: status - 1, Limit: 1})
	return len(ids) > 0, err
}

func (s *Service) reachLists(ctx context.Context, ref domain.Ref, lists []domain.ID, out *Reach) error {
	if len(lists) == 0 {
		return nil
	}
	found, err := s.st.ListReaders(ctx, []domain.ID{ref.Status}, lists)
	for i := range found {
		if c := &found[i]; c.Visible && domain.OnList(&c.Status, c.Entry, c.Replies) {
			out.Lists = append(out.Lists, c.List)
		}
	}
	return err
}

func (s *Service) reachPublic(ctx context.Context, ref domain.Ref, viewers []domain.ID, out *Reach) error {
	if len(viewers) == 0 || ref.Visibility != domain.Public || ref.ReblogOf != 0 {
		return nil
	}
	p, ids, err := s.st.PublicReaders(ctx, ref.Status, viewers)
	out.Public, out.Local, out.Media, out.Reply, out.Language = ids, p.Local, p.Media, p.Reply, p.Language
	return err
}

// reachOfDeleted is whoever may have been shown the status. Only its id is
// told, so rather one more than one less.
func (s *Service) reachOfDeleted(ctx context.Context, ref domain.Ref, l Listeners) (out Reach, err error) {
	out.Local, out.Media = ref.Local, true
	if len(l.Home) > 0 {
		if out.Home, err = s.st.FollowersAmong(ctx, ref.Account, ref.Tags, l.Home); err != nil {
			return Reach{}, fmt.Errorf("find the followers of %s: %w", ref.Account, err)
		}
		for _, id := range append(slices.Clone(ref.Mentions), ref.Account) {
			if slices.Contains(l.Home, id) && !slices.Contains(out.Home, id) {
				out.Home = append(out.Home, id)
			}
		}
		if ref.Visibility == domain.Direct {
			out.Home = slices.DeleteFunc(out.Home, func(id domain.ID) bool { return id != ref.Account && !slices.Contains(ref.Mentions, id) })
		}
	}
	if len(l.Lists) > 0 && ref.Visibility != domain.Direct {
		if out.Lists, err = s.st.ListsAmong(ctx, ref.Account, l.Lists); err != nil {
			return Reach{}, fmt.Errorf("find the lists of %s: %w", ref.Account, err)
		}
	}
	if ref.Visibility == domain.Public && ref.ReblogOf == 0 {
		out.Public = l.Public
	}
	return out, nil
}

// InLanguage reports whether somebody who chose these languages, none for all,
// gets it on public timelines.
func (r Reach) InLanguage(chosen []string) bool {
	return r.Language == "" || len(chosen) == 0 || slices.Contains(chosen, r.Language)
}
