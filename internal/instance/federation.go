package instance

import (
	"context"
	"crypto"

	"coterie/internal/domain"
	"coterie/internal/fetch"
)

// knownKey is the key of that id as it was stored with its account.
func (in *Instance) knownKey(ctx context.Context, keyID string) (crypto.PublicKey, domain.Account, error) {
	row, err := in.st.Reader().ActorKeyByURI(ctx, keyID)
	if err != nil {
		return nil, domain.Account{}, err
	}
	a, err := in.st.Reader().Account(ctx, row.Account)
	if err != nil {
		return nil, a, err
	}
	key, err := fetch.DecodePublicPEM(row.Public)
	return key, a, err
}
