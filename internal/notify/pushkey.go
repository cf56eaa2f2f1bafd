package notify

import (
	"context"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// pushKey is the pair of P-256 keys by which push services know this server
// (RFC 8292).
type pushKey struct {
	sign    *ecdsa.PrivateKey
	public  []byte // uncompressed point
	tickets []byte // with which tickets are made
}

// PushKey is the public half, in padded base64url as apps expect it. The pair
// is made when it is first asked for and never changes; the private half stays
// in the store.
func (s *Service) PushKey(ctx context.Context) (string, error) {
	k, err := s.key(ctx)
	if err != nil {
		return "", err
	}
	return base64.URLEncoding.EncodeToString(k.public), nil
}

func (s *Service) key(ctx context.Context) (*pushKey, error) {
	if known := s.pushKey.Load(); known != nil {
		return known, nil
	}
	private, err := s.st.Reader().PushKey(ctx)
	if domain.Is(err, domain.NotFound) {
		private, err = s.makePushKey(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read the push key: %w", err)
	}
	k, err := readPushKey(private)
	if err != nil {
		return nil, fmt.Errorf("read the push key: %w", err)
	}
	s.pushKey.Store(k)
	return k, nil
}

func readPushKey(private []byte) (*pushKey, error) {
	sign, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), private)
	if err != nil {
		return nil, err
	}
	public, err := sign.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	tickets, err := hkdf.Key(sha256.New, private, nil, "push tickets", sha256.Size)
	if err != nil {
		return nil, err
	}
	return &pushKey{sign: sign, public: public, tickets: tickets}, nil
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
