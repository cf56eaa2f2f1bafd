package notify

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// PushKey is the public half of the P-256 key by which push services know
// this server (RFC 8292), an uncompressed point in padded base64url as apps
// expect it. The pair is made when it is first asked for and never changes;
// the private half stays in the store.
func (s *Service) PushKey(ctx context.Context) (string, error) {
	if known := s.pushKey.Load(); known != nil {
		return *known, nil
	}
	private, err := s.st.Reader().PushKey(ctx)
	if domain.Is(err, domain.NotFound) {
		private, err = s.makePushKey(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("read the push key: %w", err)
	}
	key, err := ecdh.P256().NewPrivateKey(private)
	if err != nil {
		return "", fmt.Errorf("read the push key: %w", err)
	}
	public := base64.URLEncoding.EncodeToString(key.PublicKey().Bytes())
	s.pushKey.Store(&public)
	return public, nil
}

// makePushKey keeps a new key, or returns the one another process kept first.
func (s *Service) makePushKey(ctx context.Context) (private []byte, err error) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.KeepPushKey(key.Bytes()); err != nil {
			return err
		}
		private, err = tx.PushKey(ctx)
		return err
	})
	return private, err
}
