package adminapi

import (
	"errors"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/moderation"
	"coterie/internal/render"
)

// mostDomains is how many domains one page has at most.
const mostDomains = 500

// domains lists the decisions about domains: what allows, or the blocks.
func (a *API) domains(allow bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		list, err := a.Store.DomainPolicyPage(r.Context(), allow, r.PageMax(perPage, mostDomains))
		if err != nil {
			return nil, err
		}
		items := make([]any, 0, len(list))
		for i := range list {
			items = append(items, shownDomain(&list[i]))
		}
		return pageOf(list, func(p *domain.DomainPolicy) domain.ID { return p.ID }, items), nil
	}
}

func shownDomain(p *domain.DomainPolicy) any {
	if p.Severity == domain.SeverityAllow {
		return render.DomainAllow(p)
	}
	return render.AdminDomainBlock(p)
}

// domain is one decision about a domain.
func (a *API) domain(allow bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		p, err := a.Store.DomainPolicy(r.Context(), id)
		if err == nil && (p.Severity == domain.SeverityAllow) != allow {
			err = domain.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return shownDomain(&p), nil
	}
}

// clearDomain takes a decision about a domain back.
func (a *API) clearDomain(allow bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		return nil, a.Moderation.ClearDomain(r.Context(), r.Viewer.Account, id, allow)
	}
}

// allowDomain is POST /api/v1/admin/domain_allows.
func (a *API) allowDomain(r *httpkit.Request) (any, error) {
	p, err := a.Moderation.AllowDomain(r.Context(), r.Viewer.Account, r.Params.StringOr("domain", ""))
	if err != nil {
		return nil, err
	}
	return shownDomain(&p), nil
}

// blockDomain is POST /api/v1/admin/domain_blocks. What holds already is named
// in the refusal.
func (a *API) blockDomain(r *httpkit.Request) (any, error) {
	p := domain.DomainPolicy{Domain: r.Params.StringOr("domain", ""), Severity: domain.SeverityLimit}
	blockOf(r.Params, &p)
	p, err := a.Moderation.BlockDomain(r.Context(), r.Viewer.Account, p)
	var held *moderation.ErrBlocked
	if errors.As(err, &held) {
		return nil, httpkit.WithBody(err, map[string]any{"existing_domain_block": render.AdminDomainBlock(&held.Existing)})
	}
	if err != nil {
		return nil, err
	}
	return shownDomain(&p), nil
}

// changeBlock is PUT /api/v1/admin/domain_blocks/{id}.
func (a *API) changeBlock(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	p, err := a.Moderation.ChangeBlock(r.Context(), r.Viewer.Account, id, func(p *domain.DomainPolicy) { blockOf(r.Params, p) })
	if err != nil {
		return nil, err
	}
	return shownDomain(&p), nil
}

// blockOf reads what a request says of a block; the rest stays.
func blockOf(p httpkit.Params, into *domain.DomainPolicy) {
	if s, ok := p.String("severity"); ok {
		into.Severity = domain.Severity(s)
		if s == "silence" {
			into.Severity = domain.SeverityLimit
		}
	}
	into.RejectMedia = p.BoolOr("reject_media", into.RejectMedia)
	into.RejectReports = p.BoolOr("reject_reports", into.RejectReports)
	into.Obfuscate = p.BoolOr("obfuscate", into.Obfuscate)
	into.Comment = p.StringOr("public_comment", into.Comment)
	into.Private = p.StringOr("private_comment", into.Private)
}

// mostCut is how many of the follows that a block ends are named.
const mostCut = 200

// impact is GET /api/coterie/v1/admin/domain_blocks/preview.
func (a *API) impact(r *httpkit.Request) (any, error) {
	sum, list, err := a.Moderation.Impact(r.Context(), r.Params.StringOr("domain", ""), mostCut)
	if err != nil {
		return nil, err
	}
	return a.Render.DomainImpact(r.Context(), sum, list)
}
