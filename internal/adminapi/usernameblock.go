package adminapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

type usernameBlock struct {
	ID            string    `json:"id"`
	Username      string    `json:"username"`
	Comparison    string    `json:"comparison"` // equals, contains
	AllowApproval bool      `json:"allow_with_approval"`
	CreatedAt     time.Time `json:"created_at"`
}

func showUsernameBlock(b *domain.UsernameBlock) any {
	out := usernameBlock{b.ID.String(), b.Username, "contains", b.AllowApproval, b.CreatedAt}
	if b.Exact {
		out.Comparison = "equals"
	}
	return out
}

// usernames is GET /api/coterie/v1/admin/username_blocks.
func (a *API) usernames(r *httpkit.Request) (any, error) {
	return listOf(r, a.Store.UsernameBlocks, func(b *domain.UsernameBlock) domain.ID { return b.ID }, showUsernameBlock)
}

func (a *API) username(r *httpkit.Request) (any, error) {
	return oneOf(r, a.Store.UsernameBlock, showUsernameBlock)
}

// blockUsername is POST /api/coterie/v1/admin/username_blocks.
func (a *API) blockUsername(r *httpkit.Request) (any, error) {
	p := r.Params
	how := p.StringOr("comparison", "equals")
	if how != "equals" && how != "contains" {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Comparison is not included in the list")
	}
	b, err := a.Moderation.BlockUsername(r.Context(), r.Viewer.Account, domain.UsernameBlock{
		Username: p.StringOr("username", ""), Exact: how == "equals", AllowApproval: p.BoolOr("allow_with_approval", false),
	})
	if err != nil {
		return nil, err
	}
	return showUsernameBlock(&b), nil
}
