package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

type policySummary struct {
	Requests      int `json:"pending_requests_count"`
	Notifications int `json:"pending_notifications_count"`
}

// NotificationPolicy is the entity of that name (behaviours 13.4).
type NotificationPolicy struct {
	NotFollowing    domain.Verdict `json:"for_not_following"`
	NotFollowers    domain.Verdict `json:"for_not_followers"`
	NewAccounts     domain.Verdict `json:"for_new_accounts"`
	PrivateMentions domain.Verdict `json:"for_private_mentions"`
	LimitedAccounts domain.Verdict `json:"for_limited_accounts"`
	Bots            domain.Verdict `json:"for_bots"`
	Summary         policySummary  `json:"summary"`
}

// Policy makes the entity.
func Policy(p domain.NotificationPolicy, waiting domain.PendingNotifications) NotificationPolicy {
	return NotificationPolicy{p.NotFollowing, p.NotFollowers, p.NewAccounts, p.PrivateMentions, p.LimitedAccounts, p.Bots, policySummary(waiting)}
}

// NotificationPolicyV1 is the older form, which knows no dropping.
type NotificationPolicyV1 struct {
	NotFollowing    bool          `json:"filter_not_following"`
	NotFollowers    bool          `json:"filter_not_followers"`
	NewAccounts     bool          `json:"filter_new_accounts"`
	PrivateMentions bool          `json:"filter_private_mentions"`
	Summary         policySummary `json:"summary"`
}

// PolicyV1 makes the older entity.
func PolicyV1(p domain.NotificationPolicy, waiting domain.PendingNotifications) NotificationPolicyV1 {
	strict := func(v domain.Verdict) bool { return v != domain.VerdictAccept }
	return NotificationPolicyV1{
		strict(p.NotFollowing), strict(p.NotFollowers), strict(p.NewAccounts), strict(p.PrivateMentions), policySummary(waiting),
	}
}

// requestJSON is the entity NotificationRequest (behaviours 2.4, 13.5).
type requestJSON struct {
	ID         domain.ID       `json:"id"`
	CreatedAt  string          `json:"created_at"`
	UpdatedAt  string          `json:"updated_at"`
	Count      int             `json:"notifications_count,string"`
	Account    json.RawMessage `json:"account"`
	LastStatus json.RawMessage `json:"last_status"` // null when gone
}

// NotificationRequests makes the entities of viewer's requests. One whose
// sender has gone meanwhile is left out.
func (r *Renderer) NotificationRequests(ctx context.Context, viewer domain.ID, list ...domain.NotificationRequest) ([]json.RawMessage, error) {
	out := []json.RawMessage{}
	if len(list) == 0 {
		return out, nil
	}
	var people, statuses []domain.ID
	for _, q := range list {
		people = append(people, q.From)
		if q.LastStatus != 0 {
			statuses = append(statuses, q.LastStatus)
		}
	}
	accounts, err := r.accountsOf(ctx, people)
	if err != nil {
		return nil, err
	}
	posts, err := r.page(ctx, viewer, statuses)
	if err != nil {
		return nil, err
	}
	for _, q := range list {
		e := requestJSON{ID: q.ID, CreatedAt: timestamp(q.CreatedAt), UpdatedAt: timestamp(q.UpdatedAt), Count: q.Count}
		var there bool
		if e.Account, there = accounts.append(nil, q.From); !there {
			continue
		}
		if b, ok := posts.append(nil, q.LastStatus); ok {
			e.LastStatus = b
		}
		b, err := encode(e)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}
