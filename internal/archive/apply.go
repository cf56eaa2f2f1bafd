package archive

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/relation"
	"coterie/internal/timeline"
)

// find looks up the account of a handle, at its server if need be.
func (s *Service) find(ctx context.Context, handle string) (domain.ID, error) {
	found, err := s.Remote.Resolve(ctx, handle)
	if err == nil && found.Account == 0 {
		err = domain.ErrNotFound
	}
	return found.Account, err
}

// findPost looks up the post at an address, at its server if need be.
func (s *Service) findPost(ctx context.Context, uri string) (domain.ID, error) {
	found, err := s.Remote.Resolve(ctx, uri)
	if err == nil && found.Status == 0 {
		err = domain.ErrNotFound
	}
	return found.Status, err
}

func (s *Service) addFollow(ctx context.Context, i *domain.Import, cells []string) error {
	target, err := s.find(ctx, cells[0])
	if err != nil {
		return err
	}
	boosts, tell := cells[1] == "true", cells[2] == "true"
	languages := []string{}
	if cells[3] != "" {
		languages = strings.Split(cells[3], ", ")
	}
	return tooMany(s.Relation.Follow(ctx, i.Account, target, relation.FollowOptions{Reblogs: &boosts, Notify: &tell, Languages: &languages}))
}

// tooMany tells the bounds on what one may have from what cannot be.
func tooMany(err error) error {
	if domain.Is(err, domain.Invalid) {
		return &domain.Error{Kind: domain.TooLarge, Msg: "There are too many", Err: err}
	}
	return err
}

func (s *Service) removeFollow(ctx context.Context, owner domain.ID, e entry) error {
	return s.Relation.Unfollow(ctx, owner, e.at.Account)
}

func (s *Service) addBlock(ctx context.Context, i *domain.Import, cells []string) error {
	target, err := s.find(ctx, cells[0])
	if err != nil {
		return err
	}
	return s.Relation.Block(ctx, i.Account, target)
}

func (s *Service) removeBlock(ctx context.Context, owner domain.ID, e entry) error {
	return s.Relation.Unblock(ctx, owner, e.at.Account)
}

func (s *Service) addMute(ctx context.Context, i *domain.Import, cells []string) error {
	target, err := s.find(ctx, cells[0])
	if err != nil {
		return err
	}
	return s.Relation.Mute(ctx, i.Account, target, cells[1] == "true", 0)
}

func (s *Service) removeMute(ctx context.Context, owner domain.ID, e entry) error {
	return s.Relation.Unmute(ctx, owner, e.at.Account)
}

func (s *Service) addDomainBlock(ctx context.Context, i *domain.Import, cells []string) error {
	return s.Relation.BlockDomain(ctx, i.Account, cells[0], s.Host)
}

func (s *Service) removeDomainBlock(ctx context.Context, owner domain.ID, e entry) error {
	return s.Relation.UnblockDomain(ctx, owner, e.at.Domain)
}

// addMember puts somebody on the list of that title, which is made if need be,
// and follows them, as everybody on a list is followed.
func (s *Service) addMember(ctx context.Context, i *domain.Import, cells []string) error {
	target, err := s.find(ctx, cells[1])
	if err != nil {
		return err
	}
	r := s.Store.Reader()
	on, err := r.ListsWith(ctx, i.Account, target)
	titled := func(l domain.List) bool { return l.Title == cells[0] }
	if err != nil || slices.ContainsFunc(on, titled) {
		return err
	}
	if target != i.Account {
		followed, err := r.Followed(ctx, i.Account, []domain.ID{target})
		if err != nil {
			return err
		}
		if len(followed) == 0 {
			if err := tooMany(s.Relation.Follow(ctx, i.Account, target, relation.FollowOptions{})); err != nil {
				return err
			}
		}
	}
	lists, err := r.Lists(ctx, i.Account)
	if err != nil {
		return err
	}
	var list domain.List
	if at := slices.IndexFunc(lists, titled); at >= 0 {
		list = lists[at]
	} else if list, err = s.Relation.CreateList(ctx, i.Account, relation.ListChange{Title: &cells[0]}); err != nil {
		return tooMany(err)
	}
	return s.Relation.AddToList(ctx, i.Account, list.ID, []domain.ID{target})
}

func (s *Service) removeMember(ctx context.Context, owner domain.ID, e entry) error {
	return s.Relation.RemoveFromList(ctx, owner, e.at.List, []domain.ID{e.at.Account})
}

func (s *Service) addBookmark(ctx context.Context, i *domain.Import, cells []string) error {
	id, err := s.findPost(ctx, cells[0])
	if err != nil {
		return err
	}
	_, err = s.Posts.Bookmark(ctx, i.Account, id)
	return err
}

func (s *Service) removeBookmark(ctx context.Context, owner domain.ID, e entry) error {
	_, err := s.Posts.Unbookmark(ctx, owner, e.at.ID)
	return err
}

// addFilter makes a filter. Into one of the same title its words are put, or
// take the place of those there where the file overwrites.
func (s *Service) addFilter(ctx context.Context, i *domain.Import, cells []string) error {
	var want filterJSON
	if err := json.Unmarshal([]byte(cells[0]), &want); err != nil {
		return err
	}
	c := timeline.FilterChange{Title: &want.Title, Contexts: want.Contexts, Action: &want.Action}
	if want.Expires != nil {
		life := want.Expires.Sub(s.Store.Now())
		c.Life = &life
	}
	for k := range want.Keywords {
		c.Keywords = append(c.Keywords, timeline.KeywordChange{Keyword: &want.Keywords[k].Keyword, WholeWord: &want.Keywords[k].WholeWord})
	}
	list, err := s.Store.Reader().Filters(ctx, i.Account)
	if err != nil {
		return err
	}
	var f domain.Filter
	if at := slices.IndexFunc(list, func(f domain.Filter) bool { return f.Title == want.Title }); at < 0 {
		f, err = s.Filters.Create(ctx, i.Account, c)
	} else {
		f = list[at]
		_, err = s.Filters.Change(ctx, i.Account, f.ID, joined(&f, c, i.Overwrite))
	}
	if err != nil {
		return tooMany(err)
	}
	return s.addFiltered(ctx, &f, want.Statuses)
}

// joined is what brings words into a filter that is there: beside its own, or
// instead of them.
func joined(f *domain.Filter, c timeline.FilterChange, instead bool) timeline.FilterChange {
	if instead {
		for _, k := range f.Keywords {
			c.Keywords = append(c.Keywords, timeline.KeywordChange{ID: k.ID, Remove: true})
		}
		return c
	}
	words := slices.DeleteFunc(c.Keywords, func(k timeline.KeywordChange) bool {
		return slices.ContainsFunc(f.Keywords, func(own domain.FilterKeyword) bool { return own.Keyword == *k.Keyword })
	})
	return timeline.FilterChange{Keywords: words}
}

// addFiltered puts posts into a filter. Those that cannot be found are left
// out: the words are what a filter is kept for.
func (s *Service) addFiltered(ctx context.Context, f *domain.Filter, uris []string) error {
	for _, uri := range uris {
		id, err := s.findPost(ctx, uri)
		if domain.Is(err, domain.RateLimited) {
			return err
		}
		if err != nil || slices.ContainsFunc(f.Statuses, func(st domain.FilterStatus) bool { return st.Status == id }) {
			continue
		}
		if _, err := s.Filters.AddStatus(ctx, f.Account, f.ID, id); err != nil && !domain.Is(err, domain.NotFound) {
			return tooMany(err)
		}
	}
	return nil
}

func (s *Service) removeFilter(ctx context.Context, owner domain.ID, e entry) error {
	return s.Filters.Delete(ctx, owner, e.at.ID)
}
