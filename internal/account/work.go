package account

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Where the community asks for it, a stranger's browser works a second or two
// before it may sign up, which costs one person nothing and who makes accounts
// by the thousand a lot. Nothing is stored for a challenge before it was met.

// Challenge is what a browser or app has to find an answer to: a number that,
// after Text and a colon, makes a SHA-256 which begins with Bits zero bits.
type Challenge struct {
	Text    string
	Bits    int
	Expires time.Time
}

// WorkChallenge makes a challenge, with no Text where none is asked for.
func (s *Service) WorkChallenge(ctx context.Context) (c Challenge, err error) {
	set, err := s.st.Reader().Settings(ctx)
	if err != nil || set.ProofOfWork == 0 {
		return c, err
	}
	key, err := s.workKey(ctx)
	if err != nil {
		return c, err
	}
	c.Bits, c.Expires = set.ProofOfWork, s.st.Now().Add(domain.WorkLife).Truncate(time.Second)
	signed := fmt.Sprintf("%d.%d.%s", c.Bits, c.Expires.Unix(), rand.Text())
	c.Text = signed + "." + workSignature(key, signed)
	return c, nil
}

func workSignature(key, signed string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(signed))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// workKey is what challenges are signed with, by every process alike.
func (s *Service) workKey(ctx context.Context) (string, error) {
	key, err := s.st.Reader().WorkKey(ctx)
	if domain.Is(err, domain.NotFound) {
		err = s.st.Write(ctx, func(tx *store.Tx) error {
			key, err = tx.KeepWorkKey(newSecret())
			return err
		})
	}
	if err != nil {
		return "", fmt.Errorf("read the key of challenges: %w", err)
	}
	return key, nil
}

// checkWork is what is wrong with a proof, "" if nothing: a challenge of ours,
// a colon and a number. challenge is for spendWork.
func (s *Service) checkWork(ctx context.Context, proof string) (challenge, code string, err error) {
	const bad = "ERR_INVALID"
	if proof == "" {
		return "", "ERR_BLANK", nil
	}
	challenge, _, found := strings.Cut(proof, ":")
	at := strings.LastIndexByte(challenge, '.')
	if !found || at < 0 || len(proof) > maxSecret {
		return "", bad, nil
	}
	key, err := s.workKey(ctx)
	if err != nil {
		return "", "", err
	}
	parts := strings.Split(challenge[:at], ".")
	if !hmac.Equal([]byte(challenge[at+1:]), []byte(workSignature(key, challenge[:at]))) || len(parts) != 3 {
		return "", bad, nil
	}
	zeros, errBits := strconv.Atoi(parts[0])
	until, errTime := strconv.ParseInt(parts[1], 10, 64)
	if errBits != nil || errTime != nil || s.st.Now().Unix() > until || !domain.Worked(proof, zeros) {
		return "", bad, nil
	}
	return challenge, "", nil
}

// spendWork takes a challenge that was met, once.
func spendWork(tx *store.Tx, challenge string) error {
	err := tx.InsertCeremony(&domain.Ceremony{Kind: domain.CeremonyWork}, domain.HashSecret(challenge))
	if domain.Is(err, domain.Conflict) {
		return invalid([]domain.FieldError{workError("ERR_INVALID")})
	}
	return err
}

func workError(code string) domain.FieldError {
	description := "is not valid any more; load the page again"
	if code == "ERR_BLANK" {
		description = "is asked of whoever signs up here; use the page to join, or an app that knows how"
	}
	return domain.FieldError{Field: "proof_of_work", Code: code, Description: description}
}
