package archive

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// batch is how many entries are read at once.
const batch = 500

// handle is the name of an account as files have it, ours with our domain.
func (s *Service) handle(p *store.Portable) string {
	if p.Domain == "" {
		return p.Username + "@" + s.Host
	}
	return p.Username + "@" + p.Domain
}

type portableReader func(ctx context.Context, account, after domain.ID, limit int) ([]store.Portable, error)

// walk yields what read finds, batch by batch, as the cells of each.
func walk(ctx context.Context, owner domain.ID, read portableReader, cells func(*store.Portable) (cells []string, key string)) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		for after := domain.ID(0); ; {
			list, err := read(ctx, owner, after, batch)
			if err != nil {
				yield(entry{}, fmt.Errorf("read what there is: %w", err))
				return
			}
			for i := range list {
				e := entry{at: list[i]}
				e.cells, e.key = cells(&list[i])
				if !yield(e, nil) {
					return
				}
				after = list[i].ID
			}
			if len(list) < batch {
				return
			}
		}
	}
}

func (s *Service) follows(ctx context.Context, owner domain.ID) iter.Seq2[entry, error] {
	return walk(ctx, owner, s.Store.Reader().PortableFollows, s.followCells)
}

func (s *Service) followCells(p *store.Portable) ([]string, string) {
	h := s.handle(p)
	return []string{h, yesNo(p.Reblogs), yesNo(p.Notify), strings.Join(p.Languages, ", ")}, strings.ToLower(h)
}

func (s *Service) handleCells(p *store.Portable) ([]string, string) {
	h := s.handle(p)
	return []string{h}, strings.ToLower(h)
}

func (s *Service) blocks(ctx context.Context, owner domain.ID) iter.Seq2[entry, error] {
	return walk(ctx, owner, s.Store.Reader().PortableBlocks, s.handleCells)
}

func (s *Service) mutes(ctx context.Context, owner domain.ID) iter.Seq2[entry, error] {
	return walk(ctx, owner, s.Store.Reader().PortableMutes, func(p *store.Portable) ([]string, string) {
		h := s.handle(p)
		return []string{h, yesNo(p.Hide)}, strings.ToLower(h)
	})
}

func (s *Service) domainBlocks(ctx context.Context, owner domain.ID) iter.Seq2[entry, error] {
	return walk(ctx, owner, s.Store.Reader().PortableDomainBlocks, func(p *store.Portable) ([]string, string) {
		return []string{p.Domain}, p.Domain
	})
}

func (s *Service) members(ctx context.Context, owner domain.ID) iter.Seq2[entry, error] {
	return walk(ctx, owner, s.Store.Reader().PortableListMembers, func(p *store.Portable) ([]string, string) {
		h := s.handle(p)
		return []string{p.Title, h}, memberKey(p.Title, h)
	})
}

// markReader reads what somebody marked, newest first.
type markReader func(ctx context.Context, account domain.ID, p domain.Page) ([]store.Entry, error)

// marked yields the addresses of the posts that read lists, those left out
// that the owner may not see any more (SEC-33).
func (s *Service) marked(ctx context.Context, owner domain.ID, read markReader) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		for page := (domain.Page{Limit: batch}); ; {
			list, err := read(ctx, owner, page)
			if err != nil {
				yield(entry{}, fmt.Errorf("read the marks: %w", err))
				return
			}
			ids := make([]domain.ID, len(list))
			for i, e := range list {
				ids[i], page.MaxID = e.ID, e.Cursor
			}
			uris, err := s.addresses(ctx, owner, ids)
			if err != nil {
				yield(entry{}, err)
				return
			}
			for _, id := range ids {
				uri := uris[id]
				if uri != "" && !yield(entry{cells: []string{uri}, key: uri, at: store.Portable{ID: id}}, nil) {
					return
				}
			}
			if len(list) < batch {
				return
			}
		}
	}
}

func (s *Service) bookmarks(ctx context.Context, owner domain.ID) iter.Seq2[entry, error] {
	return s.marked(ctx, owner, s.Store.Reader().Bookmarks)
}

// addresses are the ids by which other servers know posts, of those that the
// viewer may see.
func (s *Service) addresses(ctx context.Context, viewer domain.ID, ids []domain.ID) (map[domain.ID]string, error) {
	out := make(map[domain.ID]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	r := s.Store.Reader()
	seen, err := r.PageStatuses(ctx, viewer, ids)
	if err != nil {
		return nil, fmt.Errorf("ask which posts may be seen: %w", err)
	}
	var visible, authors []domain.ID
	for i := range seen {
		visible, authors = append(visible, seen[i].ID), append(authors, seen[i].Author.ID)
	}
	if len(visible) == 0 {
		return out, nil
	}
	posts, err := r.PageTexts(ctx, visible)
	if err != nil {
		return nil, fmt.Errorf("read the posts: %w", err)
	}
	people, err := r.Accounts(ctx, authors)
	if err != nil {
		return nil, fmt.Errorf("read their authors: %w", err)
	}
	by := make(map[domain.ID]*domain.Account, len(people))
	for i := range people {
		by[people[i].ID] = &people[i]
	}
	for i := range posts {
		if author := by[posts[i].Account]; author != nil {
			out[posts[i].ID] = s.Remote.URLs.StatusURI(&posts[i], author)
		}
	}
	return out, nil
}

func (s *Service) filters(ctx context.Context, owner domain.ID) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		list, err := s.Store.Reader().Filters(ctx, owner)
		if err != nil {
			yield(entry{}, fmt.Errorf("read the filters: %w", err))
			return
		}
		for i := range list {
			text, err := s.filterText(ctx, &list[i])
			if !yield(entry{cells: []string{text}, key: list[i].Title, at: store.Portable{ID: list[i].ID}}, err) || err != nil {
				return
			}
		}
	}
}

func (s *Service) filterText(ctx context.Context, f *domain.Filter) (string, error) {
	j := filterJSON{Title: f.Title, Contexts: f.Contexts, Action: f.Action, Keywords: []keywordJSON{}, Statuses: []string{}}
	if !f.ExpiresAt.IsZero() {
		t := f.ExpiresAt.UTC().Truncate(time.Second)
		j.Expires = &t
	}
	for _, k := range f.Keywords {
		j.Keywords = append(j.Keywords, keywordJSON{k.Keyword, k.WholeWord})
	}
	ids := make([]domain.ID, len(f.Statuses))
	for i, st := range f.Statuses {
		ids[i] = st.Status
	}
	uris, err := s.addresses(ctx, f.Account, ids)
	if err != nil {
		return "", err
	}
	for _, id := range ids {
		if uris[id] != "" {
			j.Statuses = append(j.Statuses, uris[id])
		}
	}
	b, err := json.Marshal(j)
	return string(b), err
}
