package adminapi

import (
	"context"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/moderation"
	"coterie/internal/render"
)

// listOf is a page of rows, each shown by show.
func listOf[T any](r *httpkit.Request, read func(context.Context, domain.Page) ([]T, error), idOf func(*T) domain.ID, show func(*T) any) (any, error) {
	list, err := read(r.Context(), r.PageMax(perPage, mostPerPage))
	if err != nil {
		return nil, err
	}
	items := make([]any, 0, len(list))
	for i := range list {
		items = append(items, show(&list[i]))
	}
	return pageOf(list, idOf, items), nil
}

// oneOf is the row in the path.
func oneOf[T any](r *httpkit.Request, read func(context.Context, domain.ID) (T, error), show func(*T) any) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	v, err := read(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return show(&v), nil
}

// remove runs a verb on the row in the path.
func remove(verb func(ctx context.Context, by, id domain.ID) error) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		return nil, verb(r.Context(), r.Viewer.Account, id)
	}
}

func (a *API) showEmailDomain(b *domain.EmailDomainBlock) any {
	return render.EmailDomainBlock(b, a.Now())
}

func (a *API) emailDomains(r *httpkit.Request) (any, error) {
	return listOf(r, a.Store.EmailDomainBlocks, func(b *domain.EmailDomainBlock) domain.ID { return b.ID }, a.showEmailDomain)
}

func (a *API) emailDomain(r *httpkit.Request) (any, error) {
	return oneOf(r, a.Store.EmailDomainBlock, a.showEmailDomain)
}

// blockEmailDomain is POST /api/v1/admin/email_domain_blocks.
func (a *API) blockEmailDomain(r *httpkit.Request) (any, error) {
	b, err := a.Moderation.BlockEmailDomain(r.Context(), r.Viewer.Account, domain.EmailDomainBlock{
		Domain: r.Params.StringOr("domain", ""), AllowApproval: r.Params.BoolOr("allow_with_approval", false),
	})
	if err != nil {
		return nil, err
	}
	return a.showEmailDomain(&b), nil
}

func (a *API) emails(r *httpkit.Request) (any, error) {
	read := func(ctx context.Context, p domain.Page) ([]domain.CanonicalEmailBlock, error) {
		return a.Store.CanonicalEmailBlocks(ctx, "", p)
	}
	return listOf(r, read, func(b *domain.CanonicalEmailBlock) domain.ID { return b.ID }, render.CanonicalEmailBlock)
}

func (a *API) email(r *httpkit.Request) (any, error) {
	return oneOf(r, a.Store.CanonicalEmailBlock, render.CanonicalEmailBlock)
}

// testEmail is POST /api/v1/admin/canonical_email_blocks/test: the blocks that
// an address meets.
func (a *API) testEmail(r *httpkit.Request) (any, error) {
	address := r.Params.StringOr("email", "")
	if address == "" {
		return nil, domain.Errorf(domain.BadRequest, "The parameter email is missing")
	}
	list, err := a.Store.CanonicalEmailBlocks(r.Context(), domain.CanonicalEmailHash(address), domain.Page{Limit: 1})
	items := make([]any, 0, len(list))
	for i := range list {
		items = append(items, render.CanonicalEmailBlock(&list[i]))
	}
	return items, err
}

// blockEmail is POST /api/v1/admin/canonical_email_blocks.
func (a *API) blockEmail(r *httpkit.Request) (any, error) {
	b, err := a.Moderation.BlockEmail(r.Context(), r.Viewer.Account, r.Params.StringOr("email", ""), r.Params.StringOr("canonical_email_hash", ""))
	if err != nil {
		return nil, err
	}
	return render.CanonicalEmailBlock(&b), nil
}

func (a *API) networks(r *httpkit.Request) (any, error) {
	return listOf(r, a.Store.IPBlocks, func(b *domain.IPBlock) domain.ID { return b.ID }, render.IPBlock)
}

func (a *API) network(r *httpkit.Request) (any, error) {
	return oneOf(r, a.Store.IPBlock, render.IPBlock)
}

// blockNetwork is POST /api/v1/admin/ip_blocks, changeNetwork its PUT.
func (a *API) blockNetwork(r *httpkit.Request) (any, error) { return a.saveNetwork(r, 0) }

func (a *API) changeNetwork(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return a.saveNetwork(r, id)
}

func (a *API) saveNetwork(r *httpkit.Request, id domain.ID) (any, error) {
	p := r.Params
	b, err := a.Moderation.SaveIPBlock(r.Context(), r.Viewer.Account, id, func(b *domain.IPBlock) (err error) {
		if ip, ok := p.String("ip"); ok {
			if b.Network, err = moderation.ParseNetwork(ip); err != nil {
				return err
			}
		}
		if s, ok := p.String("severity"); ok {
			b.Severity = domain.IPSeverity(s)
		}
		if b.Severity == domain.IPNoAccess && b.Network.Contains(r.Client.Unmap()) {
			return domain.Errorf(domain.Invalid, "Validation failed: Ip is your own")
		}
		b.Comment = p.StringOr("comment", b.Comment)
		if d, ok := p.Seconds("expires_in"); ok && d > 0 {
			b.ExpiresAt = a.Now().Add(d)
		} else if p.Cleared("expires_in") {
			b.ExpiresAt = time.Time{}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return render.IPBlock(&b), nil
}
