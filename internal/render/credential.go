package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

type sourceJSON struct {
	Privacy             string      `json:"privacy"`
	Sensitive           bool        `json:"sensitive"`
	Language            *string     `json:"language"`
	Note                string      `json:"note"`
	Fields              []fieldJSON `json:"fields"`
	FollowRequestsCount int         `json:"follow_requests_count"`
	HideCollections     bool        `json:"hide_collections"`
	Discoverable        bool        `json:"discoverable"`
	Indexable           bool        `json:"indexable"`
	AttributionDomains  []string    `json:"attribution_domains"`
	QuotePolicy         string      `json:"quote_policy"`
}

// maxRequestsShown caps source.follow_requests_count (behaviours 7.3).
const maxRequestsShown = 40

// CredentialAccount is the account as its own user sees it: Account with
// source and role (behaviours 7.3).
func (r *Renderer) CredentialAccount(ctx context.Context, id domain.ID) (json.RawMessage, error) {
	b, err := r.Account(ctx, id, id)
	if err != nil {
		return nil, err
	}
	a, err := r.st.Account(ctx, id)
	if err != nil {
		return nil, err
	}
	u, err := r.st.User(ctx, id)
	if err != nil {
		return nil, err
	}
	n, err := r.st.CountFollowRequests(ctx, id, maxRequestsShown)
	if err != nil {
		return nil, err
	}
	source := sourceJSON{
		Privacy: u.Prefs.DefaultVisibility(a.Locked).String(), Sensitive: u.Prefs.Sensitive, Language: textOrNull(u.Prefs.Language),
		Note: a.Note, Fields: []fieldJSON{}, FollowRequestsCount: n, HideCollections: a.HideCollections,
		Discoverable: a.Discoverable, Indexable: a.Indexable, AttributionDomains: a.AttributionDomains, QuotePolicy: domain.QuotePublic.String(),
	}
	if source.AttributionDomains == nil {
		source.AttributionDomains = []string{}
	}
	if u.Prefs.QuotePolicy != "" {
		source.QuotePolicy = u.Prefs.QuotePolicy
	}
	for _, f := range a.Fields {
		source.Fields = append(source.Fields, fieldJSON{Name: f.Name, Value: f.Value, VerifiedAt: orNull(f.VerifiedAt)})
	}
	tail, err := encode(struct {
		Source sourceJSON `json:"source"`
		Role   ownRole    `json:"role"`
	}{source, roleOf(&u.Held)})
	if err != nil {
		return nil, err
	}
	b[len(b)-1] = ','
	return append(b, tail[1:]...), nil
}
