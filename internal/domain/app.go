package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// OutOfBand is the redirect URI that shows the code on a page instead.
const OutOfBand = "urn:ietf:wg:oauth:2.0:oob"

// App is a registered OAuth client. Its secret is kept only as a hash.
type App struct {
	ID           ID
	Name         string
	Website      string
	RedirectURIs []string
	Scopes       string // space separated
	ClientID     string
	SecretHash   string // hex SHA-256
	CreatedAt    time.Time
}

// Token is an access token. It never expires; it can be revoked.
type Token struct {
	ID        ID
	App       ID // 0: made on the command line
	Account   ID // 0: an app token (client credentials)
	Scopes    string
	CreatedAt time.Time
	RevokedAt time.Time
	UsedAt    time.Time // to the day
}

// Code is an authorisation code: ten minutes, once (behaviours 6.3).
type Code struct {
	ID          ID
	App         ID
	Account     ID
	RedirectURI string
	Scopes      string
	Challenge   string // S256; "" when the client sent none
	CreatedAt   time.Time
	UsedAt      time.Time
	Token       ID // what it was exchanged for
}

// CodeLife is how long an authorisation code may be exchanged.
const CodeLife = 10 * time.Minute

// Session is a signed-in browser.
type Session struct {
	ID      ID
	Account ID
	// Token stands for the session where apps have an access token: on the
	// APIs, on streams and with push. Nobody knows its text.
	Token     ID
	IP        string
	UserAgent string
	CreatedAt time.Time
	SeenAt    time.Time
}

// SessionLife is how long a browser session lasts without being used.
const SessionLife = 60 * 24 * time.Hour

// HashSecret is how the text of a token, code, session or mailed link is
// stored.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
