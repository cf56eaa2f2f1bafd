package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"image/png"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"coterie/internal/domain"
	"coterie/internal/store"
)

const (
	stepSeconds = 30 // RFC 6238 section 4.1
	// stepSlack is how many steps a clock may be off, either way.
	stepSlack     = 1
	secretBytes   = 20
	pictureSize   = 240 // of the QR code, in pixels
	recoveryChars = 10
)

var codeOptions = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// OneTimeSetUp is what an authenticator app needs once.
type OneTimeSetUp struct {
	Secret string // base32, to type
	URI    string // otpauth://, to open
	QR     string // data: address of a PNG, to scan
}

// ProposeOneTime makes a secret for one-time codes, which counts once a code
// was right (ConfirmOneTime).
func (s *Service) ProposeOneTime(ctx context.Context, account domain.ID) (OneTimeSetUp, error) {
	secret, err := drawOneTimeSecret()
	if err != nil {
		return OneTimeSetUp{}, err
	}
	a, err := s.st.Reader().Account(ctx, account)
	if err != nil {
		return OneTimeSetUp{}, fmt.Errorf("look up the account: %w", err)
	}
	out, err := s.oneTimeSetUp(&a, secret)
	if err != nil {
		return out, err
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error { return tx.ProposeOneTimeSecret(account, out.Secret) })
	if domain.Is(err, domain.Conflict) {
		err = domain.Errorf(domain.Conflict, "One-time codes are on already. Turn them off first.")
	}
	return out, err
}

func drawOneTimeSecret() (string, error) {
	raw := make([]byte, secretBytes)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("draw a secret: %w", err)
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw), nil
}

// oneTimeSetUp is a secret in the forms that an app takes.
func (s *Service) oneTimeSetUp(a *domain.Account, secret string) (OneTimeSetUp, error) {
	out := OneTimeSetUp{Secret: secret}
	key, err := otp.NewKeyFromURL(fmt.Sprintf("otpauth://totp/%[1]s:%[2]s?secret=%[3]s&issuer=%[1]s", s.domains[0], a.Username, out.Secret))
	if err != nil {
		return out, fmt.Errorf("make the key: %w", err)
	}
	out.URI = key.String()
	picture, err := key.Image(pictureSize, pictureSize)
	if err != nil {
		return out, fmt.Errorf("draw the QR code: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return out, fmt.Errorf("write the QR code: %w", err)
	}
	out.QR = "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
	return out, nil
}

// ConfirmOneTime turns one-time codes on after a first code was right. Every
// other session and token ends (SEC-40); keep is the token that asked. codes
// are the recovery codes, if these are the first factor.
func (s *Service) ConfirmOneTime(ctx context.Context, account, keep domain.ID, code string) (codes []string, err error) {
	err = s.changeFactors(ctx, account, keep, &codes, func(tx *store.Tx) error {
		return confirmOneTime(ctx, tx, account, code)
	})
	return codes, err
}

func confirmOneTime(ctx context.Context, tx *store.Tx, account domain.ID, code string) error {
	o, err := tx.OneTimeSecret(ctx, account)
	if domain.Is(err, domain.NotFound) || err == nil && o.Confirmed {
		return domain.Errorf(domain.Conflict, "There is no secret to confirm. Begin again.")
	}
	if err != nil {
		return err
	}
	ok, err := takeOneTime(tx, o, code)
	if err == nil && !ok {
		return wrongCode()
	}
	if err != nil {
		return err
	}
	return tx.ConfirmOneTimeSecret(account)
}

// DropOneTime turns one-time codes off.
func (s *Service) DropOneTime(ctx context.Context, account, keep domain.ID) error {
	return s.changeFactors(ctx, account, keep, nil, func(tx *store.Tx) error {
		if err := tx.DeleteOneTimeSecret(account); err != nil {
			return err
		}
		return enough(ctx, tx, account)
	})
}

// DropFactors forgets one-time codes, passkeys and recovery codes, and ends
// every session and token: for somebody who lost them and asked who runs the
// server.
func (s *Service) DropFactors(ctx context.Context, account domain.ID) error {
	return s.changeFactors(ctx, account, 0, nil, func(tx *store.Tx) error { return tx.DeleteFactors(account) })
}

// NewRecoveryCodes replaces the recovery codes, all of them.
func (s *Service) NewRecoveryCodes(ctx context.Context, account domain.ID) ([]string, error) {
	f, err := s.Factors(ctx, account)
	if err != nil {
		return nil, err
	}
	if !f.Any() {
		return nil, domain.Errorf(domain.Invalid, "Recovery codes come with one-time codes or a passkey.")
	}
	codes, hashes := drawRecoveryCodes()
	err = s.st.Write(ctx, func(tx *store.Tx) error { return tx.SetRecoveryCodes(account, hashes) })
	return codes, err
}

// Factors are what the account is signed in with.
func (s *Service) Factors(ctx context.Context, account domain.ID) (domain.Factors, error) {
	return factors(ctx, s.st.Reader(), account)
}

func factors(ctx context.Context, r store.Reader, account domain.ID) (f domain.Factors, err error) {
	o, err := r.OneTimeSecret(ctx, account)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return f, fmt.Errorf("look up one-time codes: %w", err)
	}
	f.OneTime = o.Confirmed
	u, err := r.User(ctx, account)
	if err != nil {
		return f, fmt.Errorf("look up the login: %w", err)
	}
	f.Password = u.PasswordHash != ""
	if f.Passkeys, err = r.Passkeys(ctx, account); err != nil {
		return f, fmt.Errorf("look up passkeys: %w", err)
	}
	f.RecoveryCodes, err = r.RecoveryCodes(ctx, account)
	return f, err
}

// changeFactors is the function of that name in a transaction of its own.
func (s *Service) changeFactors(ctx context.Context, account, keep domain.ID, codes *[]string, change func(*store.Tx) error) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return changeFactors(ctx, tx, account, keep, codes, change) })
}

// changeFactors runs change and ends every other session and token of the
// account (SEC-40). Recovery codes come with the first factor, into codes, and
// go with the last.
func changeFactors(ctx context.Context, tx *store.Tx, account, keep domain.ID, codes *[]string, change func(*store.Tx) error) error {
	before, err := factors(ctx, tx.Reader, account)
	if err != nil {
		return err
	}
	if err := change(tx); err != nil {
		return err
	}
	after, err := factors(ctx, tx.Reader, account)
	if err != nil {
		return err
	}
	switch {
	case !before.Any() && after.Any():
		made, hashes := drawRecoveryCodes()
		if err := tx.SetRecoveryCodes(account, hashes); err != nil {
			return err
		}
		*codes = made
	case !after.Any():
		if err := tx.SetRecoveryCodes(account, nil); err != nil {
			return err
		}
	}
	if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailFactors, Account: account})); err != nil {
		return err
	}
	return endOthers(ctx, tx, account, keep)
}

// endOthers ends every session and token of the account but keep and the
// session that it belongs to.
func endOthers(ctx context.Context, tx *store.Tx, account, keep domain.ID) error {
	what := store.Revocation{KeepToken: keep}
	list, err := tx.Sessions(ctx, account)
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.Token == keep {
			what.KeepSession = x.ID
		}
	}
	return tx.Revoke(account, what)
}

func wrongCode() error {
	return invalid([]domain.FieldError{{Field: "code", Code: "ERR_INVALID", Description: "is wrong or was used before"}})
}

// takeOneTime takes a code of now, or of a step beside it; each step counts
// once (RFC 6238 section 5.2).
func takeOneTime(tx *store.Tx, o domain.OneTimeSecret, code string) (bool, error) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code)
	now := tx.Now().Unix() / stepSeconds
	for step := now - stepSlack; step <= now+stepSlack; step++ {
		want, err := hotp.GenerateCodeCustom(o.Secret, uint64(step), codeOptions)
		if err != nil {
			return false, fmt.Errorf("make the code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return tx.UseStep(o.Account, step)
		}
	}
	return false, nil
}

// drawRecoveryCodes are codes to write down, as "abcde-fghij", and their
// hashes.
func drawRecoveryCodes() (codes, hashes []string) {
	for range domain.RecoveryCodes {
		c := strings.ToLower(rand.Text()[:recoveryChars])
		codes = append(codes, c[:recoveryChars/2]+"-"+c[recoveryChars/2:])
		hashes = append(hashes, domain.HashSecret(c))
	}
	return codes, hashes
}

// recoveryHash is the hash of a code as somebody typed it.
func recoveryHash(code string) string {
	return domain.HashSecret(strings.ToLower(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, code)))
}
