package notify

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"coterie/internal/domain"
)

// vapidLife is how long a push service may believe a token; 24 hours are the
// most (RFC 8292 section 2).
const vapidLife = 12 * time.Hour

// vapid is the token that says to the push service at an origin who sends.
func (k *pushKey) vapid(origin, contact string, now time.Time) (string, error) {
	claims, err := json.Marshal(struct {
		Audience string `json:"aud"`
		Expires  int64  `json:"exp"`
		Subject  string `json:"sub"`
	}{origin, now.Add(vapidLife).Unix(), contact})
	if err != nil {
		return "", err
	}
	text := raw64([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + raw64(claims)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, k.sign, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + raw64(signature), nil
}

func raw64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// ticket lets its bearer end the subscription, and nothing else.
func (k *pushKey) ticket(id domain.ID) string {
	mac := hmac.New(sha256.New, k.tickets)
	mac.Write([]byte(id.String()))
	return id.String() + "." + raw64(mac.Sum(nil))
}

// ticketed is the subscription of a good ticket.
func (k *pushKey) ticketed(ticket string) (domain.ID, bool) {
	text, _, _ := strings.Cut(ticket, ".")
	id, ok := domain.ParseID(text)
	return id, ok && hmac.Equal([]byte(ticket), []byte(k.ticket(id)))
}
