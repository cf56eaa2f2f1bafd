package mastoapi

import (
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// activity is GET /api/v1/instance/activity: the last twelve weeks.
func (a *API) activity(r *httpkit.Request) (any, error) {
	weeks, err := a.Moderation.Activity(r.Context())
	return render.Activity(weeks), err
}

// languages are those that a post may be in.
func (a *API) languages(*httpkit.Request) (any, error) { return render.Languages(), nil }

// terms are those that hold now, or those of a date.
func (a *API) terms(r *httpkit.Request) (any, error) {
	set, err := a.Moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	t, ok := a.Render.Terms(set.Terms, r.Path("date"), a.Now())
	if !ok {
		return nil, domain.ErrNotFound
	}
	return t, nil
}

// maxPeersFound is how many hosts a search names.
const maxPeersFound = 10

// searchPeers are hosts known here whose name begins so.
func (a *API) searchPeers(r *httpkit.Request) (any, error) {
	out := []string{}
	q := strings.ToLower(strings.TrimSpace(r.Params.StringOr("q", "")))
	if q == "" {
		return out, nil
	}
	hosts, err := a.Store.PeersLike(r.Context(), q, 10*maxPeersFound)
	if err != nil {
		return nil, err
	}
	for _, h := range hosts {
		p, err := a.Moderation.Policy(r.Context(), h)
		if err != nil {
			return nil, err
		}
		if p.Severity != domain.SeveritySuspend && len(out) < maxPeersFound {
			out = append(out, h)
		}
	}
	return out, nil
}

// noCampaign says that nobody raises funds here.
func (a *API) noCampaign(r *httpkit.Request) (any, error) {
	r.Writer().WriteHeader(204)
	return httpkit.Written{}, nil
}

// identityProofs are none: what proved identities elsewhere is gone.
func (a *API) identityProofs(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if _, err := a.Account.Present(r.Context(), id); err != nil {
		return nil, err
	}
	return a.none(r)
}

// previewDomainBlock counts the follows that a block of a domain would end.
func (a *API) previewDomainBlock(r *httpkit.Request) (any, error) {
	following, followers, err := a.Relation.PreviewDomainBlock(r.Context(), r.Viewer.Account, r.Params.StringOr("domain", ""), a.Domain)
	if err != nil {
		return nil, err
	}
	return render.DomainBlockPreview{Following: following, Followers: followers}, nil
}

// confirmAgain is POST /api/v1/emails/confirmations, with another address
// where email says so.
func (a *API) confirmAgain(r *httpkit.Request) (any, error) {
	if err := r.LimitSubject(r.Viewer.Account.String()); err != nil {
		return nil, err
	}
	return nil, a.Account.ConfirmAgain(r.Context(), r.Viewer.Account, r.Params.StringOr("email", ""))
}

// confirmed says whether the viewer's address is confirmed: a bare true or false.
func (a *API) confirmed(r *httpkit.Request) (any, error) {
	return a.Account.Confirmed(r.Context(), r.Viewer.Account)
}
