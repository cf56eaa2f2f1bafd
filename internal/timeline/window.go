package timeline

import (
	"slices"
	"sort"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// entry is one status that belongs on a timeline by its rule, before boosts
// that come too soon are left out.
type entry struct {
	id      domain.ID
	shown   domain.ID // what it shows: itself, or what it boosts
	replyTo domain.ID // set: the entry goes when that status goes (behaviours 11.3)
}

// window is a stretch of a timeline without holes: every entry above low and
// below high, newest first.
type window struct {
	entries []entry
	low     domain.ID // 0: nothing is older
	high    domain.ID
	gap     int // see tuning
}

// rule decides whether a candidate belongs on the timeline.
type rule func(*store.Candidate) bool

func onHome(c *store.Candidate) bool { return c.Visible && domain.OnHome(&c.Status, c.Entry) }

func entryOf(c *store.Candidate) entry {
	e := entry{id: c.Status.ID, shown: c.Status.ReblogOf}
	if e.shown == 0 {
		e.shown = e.id
	}
	if c.Status.InReplyTo != 0 && c.Status.Visibility != domain.Direct && !c.Entry.Own && c.Entry.Follows {
		e.replyTo = c.Status.InReplyTo
	}
	return e
}

// below adds a part that was read downwards from the window's low end.
func (w *window) below(part store.Candidates, belongs rule) {
	w.entries = appendEntries(w.entries, part, belongs)
	w.low = part.Edge
}

// above adds a part that was read upwards from the window's high end.
func (w *window) above(part store.Candidates, belongs rule) {
	w.entries = append(appendEntries(nil, part, belongs), w.entries...)
	w.high = part.Edge
	if part.Edge == 0 {
		w.high = domain.MaxID
	}
}

func appendEntries(list []entry, part store.Candidates, belongs rule) []entry {
	for i := range part.List {
		if c := &part.List[i]; belongs(c) {
			list = append(list, entryOf(c))
		}
	}
	return list
}

// first is the index of the newest entry below id.
func (w *window) first(id domain.ID) int {
	return sort.Search(len(w.entries), func(i int) bool { return w.entries[i].id < id })
}

// stands tells whether entry i is shown; known is false when too few older
// entries are in the window to say.
func (w *window) stands(i int) (shown, known bool) {
	e := w.entries[i]
	if e.shown == e.id {
		return true, true
	}
	end := min(i+1+w.gap, len(w.entries))
	for _, older := range w.entries[i+1 : end] {
		if older.shown == e.shown {
			return false, true
		}
	}
	return true, end == i+1+w.gap || w.low == 0
}

// lack is what a window misses to answer for a page.
type lack uint8

const (
	nothing lack = iota
	older
	newer
)

// page is the page cut out of the window, newest first, if the window reaches
// far enough; else what it lacks.
func (w *window) page(p domain.Page) ([]domain.ID, lack) {
	if p.Ascending() {
		return w.pageUp(p)
	}
	ids := make([]domain.ID, 0, p.Limit)
	for i := w.first(p.Before()); i < len(w.entries) && w.entries[i].id > p.After(); i++ {
		shown, known := w.stands(i)
		if !known {
			return nil, older
		}
		if shown {
			ids = append(ids, w.entries[i].id)
		}
		if len(ids) == p.Limit {
			return ids, nothing
		}
	}
	if w.low > p.After() {
		return nil, older
	}
	return ids, nothing
}

func (w *window) pageUp(p domain.Page) ([]domain.ID, lack) {
	if w.low > p.After() {
		return nil, older
	}
	ids := make([]domain.ID, 0, p.Limit)
	for i := w.first(p.After()+1) - 1; i >= 0 && w.entries[i].id < p.Before(); i-- {
		shown, known := w.stands(i)
		if !known {
			return nil, older
		}
		if shown {
			ids = append(ids, w.entries[i].id)
		}
		if len(ids) == p.Limit {
			break
		}
	}
	if len(ids) < p.Limit && w.high < p.Before() {
		return nil, newer
	}
	slices.Reverse(ids)
	return ids, nothing
}

// loader reads a part of a timeline.
type loader func(store.Span) (store.Candidates, error)

// tuning are the sizes of parts; only tests have others than normal.
type tuning struct {
	// gap is how many entries must lie between a status and a boost of it, or
	// between two boosts, for the later one to stand (behaviours 11.1).
	gap int
	// each and total are the span of the first part that a page reads, where
	// the page asks for no more; further parts are larger by growth.
	each, total int
	// ringEach and ringTotal are the span with which a ring begins.
	ringEach, ringTotal int
	ringSize            int // entries kept of one reader's home timeline
	ringSlop            int // how far it may grow before it is cut
}

var normal = tuning{gap: 80, each: 40, total: 120, ringEach: 100, ringTotal: 400, ringSize: 800, ringSlop: 100}

const growth = 4

// read reads a page from the store: one part as a rule, more only where a
// rule leaves out most of what the sources hold.
func (t tuning) read(p domain.Page, load loader, belongs rule) ([]domain.ID, error) {
	w := window{low: p.Before(), high: p.Before(), gap: t.gap}
	missing := older
	if p.Ascending() {
		w.low, w.high = p.After(), p.After()+1
		missing = newer
	}
	each, total := max(t.each, p.Limit), max(t.total, 3*p.Limit)
	for first := true; ; first = false {
		span := store.Span{Before: p.Before(), After: w.high - 1, Upwards: true, Each: each, Total: total}
		if missing == older {
			span = store.Span{Before: w.low + 1, Each: each, Total: total}
			if first {
				span.Before = p.Before()
			}
		}
		part, err := load(span)
		if err != nil {
			return nil, err
		}
		if missing == older {
			w.below(part, belongs)
		} else {
			w.above(part, belongs)
		}
		var ids []domain.ID
		if ids, missing = w.page(p); missing == nothing {
			return ids, nil
		}
		each, total = growth*each, growth*total
	}
}
