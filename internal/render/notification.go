package render

import (
	"context"
	"encoding/json"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/locale"
)

// notificationJSON is the entity Notification (behaviours 13.1).
type notificationJSON struct {
	ID        domain.ID               `json:"id"`
	Type      domain.NotificationType `json:"type"`
	CreatedAt string                  `json:"created_at"`
	GroupKey  string                  `json:"group_key"`
	Fallback  *fallbackJSON           `json:"fallback,omitempty"`
	Filtered  bool                    `json:"filtered,omitempty"`
	// Account, status and report follow as they are at hand.
}

// fallbackJSON stands for a notification in an app that does not know its type
// (behaviours 13.2); newer apps call the description details.
type fallbackJSON struct {
	Title       string `json:"title"`
	Summary     string `json:"summary"`
	Description string `json:"description"`
	Details     string `json:"details"`
}

// Fallbacks says which notifications get a fallback: those of no baseline type
// that the app does not name. The zero value gives none.
type Fallbacks struct {
	Asked     bool // the app says which types it knows
	Supported []string
	Locale    string // tag of the language
}

func (f Fallbacks) wanted(t domain.NotificationType) bool {
	return f.Asked && !t.Baseline() && !slices.Contains(f.Supported, string(t))
}

// told is what is needed to write some notifications.
type told struct {
	reports map[domain.ID]domain.Report
	severed map[domain.ID]domain.SeveredTies
	strikes map[domain.ID]domain.Strike
	// collections are entities by id.
	collections map[domain.ID][]byte
	accounts    *accountSet
	posts       *statusPage
	names       map[domain.ID]string // of those named in fallbacks
}

// Notifications makes the entities of viewer's notifications. One whose
// sender or status has gone meanwhile is left out.
func (r *Renderer) Notifications(ctx context.Context, viewer domain.ID, list []domain.Notification) ([]json.RawMessage, error) {
	return r.NotificationsWith(ctx, viewer, list, Fallbacks{})
}

// NotificationsWith is Notifications with fallbacks.
func (r *Renderer) NotificationsWith(ctx context.Context, viewer domain.ID, list []domain.Notification, fb Fallbacks) ([]json.RawMessage, error) {
	t, err := r.told(ctx, viewer, list, nil, fb)
	if err != nil {
		return nil, err
	}
	out := []json.RawMessage{}
	for _, n := range list {
		b, err := open(notificationJSON{
			ID: n.ID, Type: n.Type, CreatedAt: timestamp(n.CreatedAt), GroupKey: n.GroupKey, Filtered: n.Filtered, Fallback: t.fallback(n, fb),
		})
		if err != nil {
			return nil, err
		}
		b, there, err := t.append(b, n)
		if err != nil {
			return nil, err
		}
		if there {
			out = append(out, append(b, '}'))
		}
	}
	return out, nil
}

// append writes whom and what the notification is about; there is false when
// any of it has gone.
func (t *told) append(b []byte, n domain.Notification) (_ []byte, there bool, err error) {
	if b, there = t.accounts.append(append(b, `,"account":`...), n.From); !there {
		return b, false, nil
	}
	if n.Status != 0 {
		if b, there = t.posts.append(append(b, `,"status":`...), n.Status); !there {
			return b, false, nil
		}
	}
	if n.Collection != 0 {
		c := t.collections[n.Collection]
		if c == nil {
			return b, false, nil
		}
		b = append(append(b, `,"collection":`...), c...)
	}
	report, there, err := t.report(n)
	if err != nil || !there {
		return b, there, err
	}
	if report != nil {
		b = append(append(b, `,"report":`...), report...)
	}
	warning, err := t.strike(n)
	if err != nil {
		return b, false, err
	}
	if warning != nil {
		b = append(append(b, `,"moderation_warning":`...), warning...)
	}
	if n.Severance == 0 {
		return b, true, nil
	}
	event, err := encode(t.severance(n))
	return append(append(b, `,"event":`...), event...), true, err
}

// told looks up what the notifications speak of, and these people.
func (r *Renderer) told(ctx context.Context, viewer domain.ID, list []domain.Notification, people []domain.ID, fb Fallbacks) (*told, error) {
	t := &told{}
	var statuses, named []domain.ID
	for _, n := range list {
		people = append(people, n.From)
		if n.Status != 0 {
			statuses = append(statuses, n.Status)
		}
		if fb.wanted(n.Type) {
			named = append(named, n.From)
		}
	}
	var err error
	if t.reports, err = r.reports(ctx, list); err != nil {
		return nil, err
	}
	if t.severed, err = r.severed(ctx, viewer, list); err != nil {
		return nil, err
	}
	if t.strikes, err = r.strikesIn(ctx, list); err != nil {
		return nil, err
	}
	if t.collections, err = r.collectionsIn(ctx, viewer, list); err != nil {
		return nil, err
	}
	for _, p := range t.reports {
		people = append(people, p.Target)
	}
	if t.accounts, err = r.accountsOf(ctx, people); err != nil {
		return nil, err
	}
	if t.posts, err = r.page(ctx, viewer, statuses); err != nil || len(named) == 0 {
		return t, err
	}
	accounts, err := r.st.Accounts(ctx, named)
	t.names = make(map[domain.ID]string, len(accounts))
	for _, a := range accounts {
		t.names[a.ID] = a.DisplayName
		if a.DisplayName == "" {
			t.names[a.ID] = a.Username
		}
	}
	return t, err
}

// reports are those that the notifications tell of, by id.
func (r *Renderer) reports(ctx context.Context, list []domain.Notification) (map[domain.ID]domain.Report, error) {
	var ids []domain.ID
	for _, n := range list {
		if n.Report != 0 {
			ids = append(ids, n.Report)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := r.st.Reports(ctx, ids)
	byID := make(map[domain.ID]domain.Report, len(found))
	for _, p := range found {
		byID[p.ID] = p
	}
	return byID, err
}

// collectionsIn are those that the notifications tell of, by id.
func (r *Renderer) collectionsIn(ctx context.Context, viewer domain.ID, list []domain.Notification) (map[domain.ID][]byte, error) {
	var ids []domain.ID
	for _, n := range list {
		if n.Collection != 0 {
			ids = append(ids, n.Collection)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := r.st.CollectionsByID(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	entities, err := r.Collections(ctx, viewer, rows...)
	if err != nil {
		return nil, err
	}
	out := make(map[domain.ID][]byte, len(entities))
	for _, c := range entities {
		if out[c.ID], err = encode(c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// report is that of the notification, nil without one; there is false when
// whom it is about has gone.
func (t *told) report(n domain.Notification) (b json.RawMessage, there bool, err error) {
	p, ok := t.reports[n.Report]
	if !ok {
		return nil, true, nil
	}
	target, known := t.accounts.append(nil, p.Target)
	if !known {
		return nil, false, nil
	}
	b, err = report(&p, target)
	return b, true, err
}

func (t *told) fallback(n domain.Notification, fb Fallbacks) *fallbackJSON {
	if !fb.wanted(n.Type) {
		return nil
	}
	l := locale.Match("", fb.Locale)
	title, hint := l.T("notification."+string(n.Type), "name", t.names[n.From]), l.T("notification.unknown")
	return &fallbackJSON{Title: title, Summary: hint, Description: title, Details: title}
}
