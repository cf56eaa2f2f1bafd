package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// Hashing is the cost of argon2id.
type Hashing struct {
	MemoryKiB uint32
	Passes    uint32
}

// DefaultHashing is what OWASP's password storage guide asks for at least.
func DefaultHashing() Hashing { return Hashing{MemoryKiB: 19 << 10, Passes: 2} }

const (
	saltBytes = 16
	keyBytes  = 32
)

// hasher makes and checks password hashes, at most one per core at a time,
// because each takes its memory for tens of milliseconds.
type hasher struct {
	cost  Hashing
	slots chan struct{}
	made  atomic.Int64 // hashes computed, for the test of SEC-48
}

func newHasher(cost Hashing) *hasher {
	return &hasher{cost: cost, slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

// hash is the PHC string of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer func() { <-h.slots }()
	h.made.Add(1)
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, h.cost.Passes, h.cost.MemoryKiB, 1, keyBytes)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.cost.MemoryKiB, h.cost.Passes,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// verify reports whether password is the one that was hashed. An unreadable
// hash costs as much as a real one and never matches (SEC-48).
func (h *hasher) verify(ctx context.Context, phc, password string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer func() { <-h.slots }()
	h.made.Add(1)
	cost, salt, key, ok := parsePHC(phc)
	if !ok {
		cost, salt, key = h.cost, make([]byte, saltBytes), make([]byte, keyBytes)
	}
	got := argon2.IDKey([]byte(password), salt, cost.Passes, cost.MemoryKiB, 1, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1 && ok, nil
}

func parsePHC(phc string) (cost Hashing, salt, key []byte, ok bool) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return cost, nil, nil, false
	}
	var version, lanes int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return cost, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.MemoryKiB, &cost.Passes, &lanes); err != nil || lanes != 1 {
		return cost, nil, nil, false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return cost, nil, nil, false
	}
	key, err = base64.RawStdEncoding.DecodeString(parts[5])
	return cost, salt, key, err == nil && len(key) > 0
}
