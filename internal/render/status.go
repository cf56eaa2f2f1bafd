package render

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/timeline"
)

// Statuses are the statuses with these ids in their order, as the viewer sees
// them; 0 is an anonymous viewer. What is gone or hidden from the viewer is
// left out, and so is a boost of such a one.
func (r *Renderer) Statuses(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]json.RawMessage, error) {
	out := make([]json.RawMessage, 0, len(ids))
	p, err := r.page(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	buf := make([]byte, 0, p.size)
	for _, id := range ids {
		start := len(buf)
		var ok bool
		if buf, ok = p.append(buf, id); ok {
			out = append(out, buf[start:len(buf):len(buf)])
		}
	}
	return out, nil
}

// StatusPage is Statuses as one JSON array, which the function returned
// appends to what it is given.
func (r *Renderer) StatusPage(ctx context.Context, viewer domain.ID, ids []domain.ID) (func([]byte) []byte, error) {
	p, err := r.page(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	return func(b []byte) []byte {
		return p.appendList(slices.Grow(b, p.size+len(ids)+2), ids)
	}, nil
}

// Status is the status with that id, or domain.ErrNotFound.
func (r *Renderer) Status(ctx context.Context, viewer, id domain.ID) (json.RawMessage, error) {
	list, err := r.Statuses(ctx, viewer, []domain.ID{id})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, domain.ErrNotFound
	}
	return list[0], nil
}

// statusPage is everything needed to write some statuses for one viewer.
type statusPage struct {
	viewer      domain.ID
	rows        map[domain.ID]*store.PageStatus
	fragments   map[domain.ID]*statusFragment
	accounts    *accountSet
	polls       map[domain.ID][]byte
	collections map[domain.ID][]byte
	filters     *timeline.FilterSet
	size        int // about how many bytes it will be
}

func (r *Renderer) page(ctx context.Context, viewer domain.ID, ids []domain.ID) (*statusPage, error) {
	p := &statusPage{viewer: viewer}
	if len(ids) == 0 {
		return p, nil
	}
	rows, err := r.pageRows(ids, func(ids []domain.ID) ([]store.PageStatus, error) { return r.st.PageStatuses(ctx, viewer, ids) })
	if err != nil {
		return nil, err
	}
	return p, r.fill(ctx, p, rows)
}

// reportedPosts are these posts for the staff, by id.
func (r *Renderer) reportedPosts(ctx context.Context, ids []domain.ID) (map[domain.ID]json.RawMessage, error) {
	out := map[domain.ID]json.RawMessage{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := r.st.ReportedStatuses(ctx, ids)
	if err != nil {
		return nil, err
	}
	p := &statusPage{}
	if err := r.fill(ctx, p, rows); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if b, ok := p.append(nil, id); ok {
			out[id] = b
		}
	}
	return out, nil
}

// fill gathers what the rows need.
func (r *Renderer) fill(ctx context.Context, p *statusPage, rows []store.PageStatus) (err error) {
	if p.fragments, p.accounts, err = r.shared(ctx, rows); err != nil {
		return err
	}
	if p.filters, err = r.filters.Set(ctx, p.viewer); err != nil {
		return err
	}
	if p.collections, err = r.tagged(ctx, p.viewer, p.fragments); err != nil {
		return err
	}
	polls := p.take(rows)
	p.polls, err = r.polls(ctx, p.viewer, polls)
	p.measure()
	return err
}

// shared is what is the same for all viewers of the rows.
func (r *Renderer) shared(ctx context.Context, rows []store.PageStatus) (map[domain.ID]*statusFragment, *accountSet, error) {
	fragments, err := r.fragments(ctx, rows)
	if err != nil {
		return nil, nil, err
	}
	authors := make([]store.PageAccount, len(rows))
	for i := range rows {
		authors[i] = rows[i].Author
	}
	cards := make([]*cardFragment, 0, len(rows))
	for _, f := range fragments {
		cards = append(cards, f.card)
	}
	if authors, err = r.withCreators(ctx, authors, cards); err != nil {
		return nil, nil, err
	}
	accounts, err := r.accountSet(ctx, authors)
	return fragments, accounts, err
}

// take keeps the rows, and returns the polls among them.
func (p *statusPage) take(rows []store.PageStatus) (polls []domain.ID) {
	p.rows = make(map[domain.ID]*store.PageStatus, len(rows))
	for i := range rows {
		s := &rows[i]
		p.rows[s.ID] = s
		if s.Poll != 0 {
			polls = append(polls, s.Poll)
		}
	}
	return polls
}

// maxShown is how far a row leads on: from a boost to a post to what it quotes.
const maxShown = 2

// pageRows asks for the statuses, for what they boost and for what these
// quote: in one statement unless one of them has not been seen before.
func (r *Renderer) pageRows(ids []domain.ID, read func(ids []domain.ID) ([]store.PageStatus, error)) ([]store.PageStatus, error) {
	asked := make(map[domain.ID]bool, 2*len(ids))
	var next []domain.ID
	ask := func(id domain.ID) {
		for range maxShown + 1 {
			if !asked[id] {
				asked[id] = true
				next = append(next, id)
			}
			var ok bool
			if id, ok = r.shows.GetIfPresent(id); !ok {
				return
			}
		}
	}
	for _, id := range ids {
		ask(id)
	}
	var rows []store.PageStatus
	for range maxShown + 1 {
		if len(next) == 0 {
			break
		}
		list, err := read(next)
		if err != nil {
			return nil, err
		}
		rows, next = append(rows, list...), nil
		for i := range list {
			if id := shown(&list[i]); id != 0 && !asked[id] {
				r.shows.Set(list[i].ID, id)
				ask(id)
			}
		}
	}
	return rows, nil
}

// shown is what a boost boosts or a post quotes, 0 for nothing.
func shown(s *store.PageStatus) domain.ID {
	if s.ReblogOf != 0 {
		return s.ReblogOf
	}
	if s.Quote.State == domain.QuoteAccepted {
		return s.Quote.Quoted
	}
	return 0
}

// measure guesses the size, so that the buffer is made once.
func (p *statusPage) measure() {
	for id, s := range p.rows {
		p.size += 400
		if f := p.fragments[id]; f != nil {
			p.size += len(f.body) + len(f.app)
		}
		if f := p.accounts.fragments[s.Author.ID]; f != nil {
			p.size += len(f.body)
		}
		p.size += len(p.polls[s.Poll])
	}
}

// appendList writes the statuses as a JSON array.
func (p *statusPage) appendList(b []byte, ids []domain.ID) []byte {
	b = append(b, '[')
	start := len(b)
	for _, id := range ids {
		before := len(b)
		if before > start {
			b = append(b, ',')
		}
		var ok bool
		if b, ok = p.append(b, id); !ok {
			b = b[:before]
		}
	}
	return append(b, ']')
}

// append writes the status; ok is false when the viewer may not have it.
func (p *statusPage) append(b []byte, id domain.ID) (_ []byte, ok bool) {
	return p.appendAt(b, id, false)
}

// appendAt is append; what a quoted status quotes is only named.
func (p *statusPage) appendAt(b []byte, id domain.ID, quoted bool) (_ []byte, ok bool) {
	s := p.rows[id]
	if s == nil || p.fragments[id] == nil {
		return b, false
	}
	shown := s // whose counts and marks the entity carries
	if s.ReblogOf != 0 {
		if shown = p.rows[s.ReblogOf]; shown == nil || p.fragments[shown.ID] == nil {
			return b, false
		}
	}
	start := len(b)
	author := p.accounts.fragments[s.Author.ID]
	b = p.fragments[id].appendTo(b, author != nil && author.sensitized)
	b = p.appendCard(b, id)
	b = p.appendCollections(b, id)
	b = appendCounts(b, shown)
	b = p.appendMarks(b, s, shown)
	b = p.appendApplication(b, s)
	b = p.appendApproval(b, s)
	b = p.appendQuote(b, s, quoted)
	if poll := p.polls[s.Poll]; poll != nil {
		b = append(append(b, `,"poll":`...), poll...)
	} else {
		b = append(b, `,"poll":null`...)
	}
	b = append(b, `,"account":`...)
	if b, ok = p.accounts.append(b, s.Author.ID); !ok {
		return b[:start], false
	}
	b = append(b, `,"reblog":`...)
	if s.ReblogOf == 0 {
		b = append(b, `null`...)
	} else if b, ok = p.appendAt(b, s.ReblogOf, quoted); !ok {
		return b[:start], false
	}
	return append(b, '}'), true
}

func appendCounts(b []byte, s *store.PageStatus) []byte {
	b = append(b, `,"replies_count":`...)
	b = strconv.AppendInt(b, s.RepliesCount, 10)
	b = append(b, `,"reblogs_count":`...)
	b = strconv.AppendInt(b, s.ReblogsCount, 10)
	b = append(b, `,"favourites_count":`...)
	b = strconv.AppendInt(b, s.FavouritesCount, 10)
	b = append(b, `,"quotes_count":`...)
	return strconv.AppendInt(b, s.QuotesCount, 10)
}

// appendMarks writes what only a signed-in viewer gets (behaviours 2.5). A
// boost carries the marks of what it boosts.
func (p *statusPage) appendMarks(b []byte, s, shown *store.PageStatus) []byte {
	if p.viewer == 0 {
		return b
	}
	b = appendFlag(b, `,"favourited":`, shown.Flags&store.Favourited != 0)
	b = appendFlag(b, `,"reblogged":`, shown.Flags&store.Reblogged != 0)
	b = appendFlag(b, `,"muted":`, shown.Flags&store.ThreadMuted != 0)
	b = appendFlag(b, `,"bookmarked":`, shown.Flags&store.Bookmarked != 0)
	if s.Author.ID == p.viewer && s.ReblogOf == 0 && s.Visibility != domain.Direct {
		b = appendFlag(b, `,"pinned":`, s.Flags&store.Pinned != 0)
	}
	return p.appendFiltered(b, s, shown)
}

func appendFlag(b []byte, key string, v bool) []byte {
	return strconv.AppendBool(append(b, key...), v)
}

// appendApplication writes the app if the author shows it or looks (behaviours 2.5).
func (p *statusPage) appendApplication(b []byte, s *store.PageStatus) []byte {
	app, author := p.fragments[s.ID].app, p.accounts.fragments[s.Author.ID]
	if app == nil || s.Author.ID != p.viewer && (author == nil || !author.showsApp) {
		return b
	}
	return append(append(b, `,"application":`...), app...)
}
