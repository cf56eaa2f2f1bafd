package account

import (
	"context"
	"fmt"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// addressAllowed refuses addresses that were blocked, in whatever spelling
// (SEC-45). Some are let in by approval only: asks tells so.
func addressAllowed(ctx context.Context, r store.Reader, email string) (asks bool, err error) {
	if email == "" {
		return false, nil
	}
	blocked := invalid([]domain.FieldError{{Field: "email", Code: "ERR_BLOCKED", Description: "uses a forbidden e-mail provider"}})
	key := text.EmailKey(email)
	_, host, _ := strings.Cut(key, "@")
	var parents []string
	for name := host; name != ""; _, name, _ = strings.Cut(name, ".") {
		parents = append(parents, name)
	}
	provider, err := r.EmailDomainBlockOf(ctx, parents)
	switch {
	case err != nil && !domain.Is(err, domain.NotFound):
		return false, fmt.Errorf("look for blocks of the provider: %w", err)
	case err == nil && !provider.AllowApproval:
		return false, blocked
	case err == nil:
		asks = true
	}
	list, err := r.CanonicalEmailBlocks(ctx, domain.CanonicalEmailHash(key), domain.Page{Limit: 1})
	if err != nil {
		return false, fmt.Errorf("look for blocks of the address: %w", err)
	}
	if len(list) > 0 {
		return false, blocked
	}
	return asks, nil
}

// nameAllowed refuses names that were blocked, in whatever spelling. Some are
// let in by approval only: asks tells so.
func nameAllowed(ctx context.Context, r store.Reader, username string) (asks bool, err error) {
	b, err := r.UsernameBlockOf(ctx, username)
	switch {
	case domain.Is(err, domain.NotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look for blocks of the name: %w", err)
	case !b.AllowApproval:
		return false, invalid([]domain.FieldError{{Field: "username", Code: "ERR_RESERVED", Description: "is reserved"}})
	}
	return true, nil
}

// mustAsk refuses names, addresses and networks that were blocked. Where somebody
// decides anyway, or some were let in by approval only, it tells so.
func mustAsk(ctx context.Context, tx *store.Tx, n *SignUp, approval bool) (bool, error) {
	asks, err := addressAllowed(ctx, tx.Reader, n.Email)
	if err != nil {
		return false, err
	}
	named, err := nameAllowed(ctx, tx.Reader, n.Username)
	if err != nil {
		return false, err
	}
	approval = approval || asks || named
	if !n.From.IsValid() {
		return approval, nil
	}
	networks, err := tx.IPBlocksNow(ctx, tx.Now())
	if err != nil {
		return false, fmt.Errorf("look for blocks of the network: %w", err)
	}
	switch domain.Barred(networks, n.From, tx.Now()) {
	case domain.IPSignUp, domain.IPNoAccess:
		return false, domain.Errorf(domain.Forbidden, "This community does not take new members from your network.")
	case domain.IPApproval:
		approval = true
	}
	return approval, nil
}
