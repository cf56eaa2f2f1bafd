package ownapi

import (
	"time"

	"coterie/internal/httpkit"
)

type termsStanding struct {
	Asked    *askedTerms    `json:"asked"`    // to accept next
	Accepted *acceptedTerms `json:"accepted"` // last
}

type askedTerms struct {
	Effective string `json:"effective_date"`
	Holds     bool   `json:"effective"` // they hold already
}

type acceptedTerms struct {
	Effective  string    `json:"effective_date"`
	AcceptedAt time.Time `json:"accepted_at"`
}

// terms is GET /terms: which version the viewer accepted, and is asked about.
func (a *API) terms(r *httpkit.Request) (any, error) {
	t, err := a.Account.Terms(r.Context(), r.Viewer.Account)
	var out termsStanding
	if t.Asked != nil {
		out.Asked = &askedTerms{t.Asked.Effective, t.Holds}
	}
	if t.Accepted != nil {
		out.Accepted = &acceptedTerms{t.Accepted.Effective, t.Accepted.AcceptedAt}
	}
	return out, err
}

// acceptTerms is POST /terms/accept.
func (a *API) acceptTerms(r *httpkit.Request) (any, error) {
	if err := a.Account.AcceptTerms(r.Context(), r.Viewer.Account, r.Params.StringOr("effective_date", "")); err != nil {
		return nil, err
	}
	return a.terms(r)
}
