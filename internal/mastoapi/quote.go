package mastoapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// quotes are the accepted quotes of a post.
func (a *API) quotes(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	page := r.Page(statusesPerPage)
	if _, err := a.Store.Status(r.Context(), r.Viewer.Account, id); err != nil {
		return nil, err
	}
	list, err := a.Store.QuotesOf(r.Context(), r.Viewer.Account, id, page)
	if err != nil {
		return nil, err
	}
	answer, err := a.markedPage(r, list, page)
	answer.PrevSince = true // behaviours 4.3
	return answer, err
}

// revokeQuote answers with the post that quotes no longer (behaviours 17.4).
func (a *API) revokeQuote(r *httpkit.Request) (any, error) {
	quoted, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	quoting, err := r.PathID("quoting_status_id")
	if err != nil {
		return nil, err
	}
	if err := a.Post.RevokeQuote(r.Context(), r.Viewer.Account, quoted, quoting); err != nil {
		return nil, err
	}
	return a.Render.Status(r.Context(), r.Viewer.Account, quoting)
}

// setQuotePolicy changes who may quote one's own post.
func (a *API) setQuotePolicy(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	policy, err := quotePolicy(r)
	if err != nil {
		return nil, err
	}
	if policy == nil {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Quote approval policy can't be blank")
	}
	if err := a.Post.SetQuotePolicy(r.Context(), r.Viewer.Account, id, *policy); err != nil {
		return nil, err
	}
	return a.Render.Status(r.Context(), r.Viewer.Account, id)
}

// quotePolicy is the one asked for, nil for none.
func quotePolicy(r *httpkit.Request) (*domain.QuotePolicy, error) {
	s := r.Params.StringOr("quote_approval_policy", "")
	if s == "" {
		return nil, nil
	}
	p, ok := domain.ParseQuotePolicy(s)
	if !ok {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Quote approval policy is not included in the list")
	}
	return &p, nil
}
