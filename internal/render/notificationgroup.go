package render

import (
	"context"
	"encoding/json"
	"slices"

	"coterie/internal/domain"
)

// groupJSON is the entity NotificationGroup (behaviours 13.7).
type groupJSON struct {
	GroupKey   string                  `json:"group_key"`
	Count      int                     `json:"notifications_count"`
	Type       domain.NotificationType `json:"type"`
	MostRecent int64                   `json:"most_recent_notification_id"` // a number (behaviours 2.2)
	PageMinID  *domain.ID              `json:"page_min_id,omitempty"`
	PageMaxID  *domain.ID              `json:"page_max_id,omitempty"`
	LatestAt   *string                 `json:"latest_page_notification_at,omitempty"`
	Senders    []domain.ID             `json:"sample_account_ids"`
	StatusID   *domain.ID              `json:"status_id,omitempty"`
	Report     json.RawMessage         `json:"report,omitempty"`
	Event      *severanceJSON          `json:"event,omitempty"`
	Warning    json.RawMessage         `json:"moderation_warning,omitempty"`
	Collection json.RawMessage         `json:"collection,omitempty"`
	Fallback   *fallbackJSON           `json:"fallback,omitempty"`
}

// GroupOptions say how groups are written.
type GroupOptions struct {
	Fallbacks
	// Partial gives whole accounts for the newest of each group alone.
	Partial bool
	// Single leaves out what speaks of a page.
	Single bool
}

// NotificationGroups makes the answer with these groups of viewer's. One whose
// status has gone meanwhile, or all of whose senders have, is left out.
func (r *Renderer) NotificationGroups(ctx context.Context, viewer domain.ID, groups []domain.NotificationGroup, o GroupOptions) (json.RawMessage, error) {
	var list []domain.Notification
	var people []domain.ID
	for _, g := range groups {
		list, people = append(list, g.Newest), append(people, g.Senders...)
	}
	t, err := r.told(ctx, viewer, list, people, o.Fallbacks)
	if err != nil {
		return nil, err
	}
	w := groupWriter{told: t, o: o, seen: map[domain.ID]bool{}, groups: []groupJSON{}}
	for i := range groups {
		if err := w.group(&groups[i]); err != nil {
			return nil, err
		}
	}
	return w.result()
}

// groupWriter gathers the answer; each account and status stands there once.
type groupWriter struct {
	*told
	o        GroupOptions
	seen     map[domain.ID]bool // accounts and statuses
	accounts []json.RawMessage
	rest     []domain.ID // accounts that may be partial
	statuses []json.RawMessage
	groups   []groupJSON
}

// result is the entity GroupedNotificationsResults.
func (w *groupWriter) result() (json.RawMessage, error) {
	groups, err := encode(w.groups)
	if err != nil {
		return nil, err
	}
	b := append([]byte(`{"accounts":`), List(w.accounts)...)
	if w.o.Partial {
		b = append(append(b, `,"partial_accounts":`...), List(w.partials())...)
	}
	b = append(append(b, `,"statuses":`...), List(w.statuses)...)
	b = append(append(b, `,"notification_groups":`...), groups...)
	return append(b, '}'), nil
}

func (w *groupWriter) group(g *domain.NotificationGroup) error {
	n := g.Newest
	e := groupJSON{GroupKey: g.Key, Count: g.Count, Type: n.Type, MostRecent: int64(n.ID), Fallback: w.fallback(n, w.o.Fallbacks)}
	e.Senders = slices.DeleteFunc(slices.Clone(g.Senders), func(id domain.ID) bool { return w.told.accounts.fragments[id] == nil })
	if len(e.Senders) == 0 || n.Status != 0 && !w.status(n.Status) {
		return nil
	}
	e.StatusID = idOrNull(n.Status)
	if e.Collection = w.collections[n.Collection]; n.Collection != 0 && e.Collection == nil {
		return nil
	}
	report, there, err := w.report(n)
	if err != nil || !there {
		return err
	}
	e.Report, e.Event = report, w.severance(n)
	if e.Warning, err = w.strike(n); err != nil {
		return err
	}
	if !w.o.Single {
		at := timestamp(n.CreatedAt)
		e.PageMinID, e.PageMaxID, e.LatestAt = &g.PageMin, &n.ID, &at
	}
	for i, id := range e.Senders {
		if i > 0 && w.o.Partial {
			w.rest = append(w.rest, id)
			continue
		}
		w.account(id)
	}
	w.groups = append(w.groups, e)
	return nil
}

func (w *groupWriter) account(id domain.ID) {
	if w.seen[id] {
		return
	}
	w.seen[id] = true
	if b, ok := w.told.accounts.append(nil, id); ok {
		w.accounts = append(w.accounts, b)
	}
}

// status adds the status and reports whether the viewer may have it.
func (w *groupWriter) status(id domain.ID) bool {
	if w.seen[id] {
		return true
	}
	b, ok := w.posts.append(nil, id)
	if ok {
		w.seen[id] = true
		w.statuses = append(w.statuses, b)
	}
	return ok
}

// partials are those who are not there whole.
func (w *groupWriter) partials() []json.RawMessage {
	var list []json.RawMessage
	for _, id := range w.rest {
		if !w.seen[id] {
			w.seen[id] = true
			list = append(list, w.told.accounts.fragments[id].partial)
		}
	}
	return list
}
