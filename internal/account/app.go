package account

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// NewApp is what a client says of itself when it registers (behaviours 6.2).
type NewApp struct {
	Name         string
	Website      string
	RedirectURIs []string
	Scopes       string // space separated; "" is read
}

const (
	maxAppName      = 255
	maxAppURL       = 2000
	maxRedirectURIs = 30
)

// Register makes an app and returns the secret that goes with it, which is
// not stored and cannot be shown again (SEC-42).
func (s *Service) Register(ctx context.Context, n NewApp) (domain.App, string, error) {
	a, err := n.app()
	if err != nil {
		return domain.App{}, "", err
	}
	secret := newSecret()
	a.ClientID, a.SecretHash = newSecret(), domain.HashSecret(secret)
	err = s.st.Write(ctx, func(tx *store.Tx) error { return tx.InsertApp(&a) })
	if err != nil {
		return domain.App{}, "", fmt.Errorf("register an app: %w", err)
	}
	return a, secret, nil
}

func (n *NewApp) app() (domain.App, error) {
	name, website := strings.TrimSpace(n.Name), strings.TrimSpace(n.Website)
	var bad []string
	switch {
	case name == "":
		bad = append(bad, "Application name can't be blank")
	case len([]rune(name)) > maxAppName:
		bad = append(bad, "Application name is too long (maximum is 255 characters)")
	}
	if website != "" && !webAddress(website) {
		bad = append(bad, "Application website must be a valid URL")
	}
	var redirects []string
	for _, list := range n.RedirectURIs {
		for u := range strings.FieldsSeq(list) {
			if !slices.Contains(redirects, u) {
				redirects = append(redirects, u)
			}
		}
	}
	switch {
	case len(redirects) == 0:
		bad = append(bad, "Redirect URI can't be blank")
	case len(redirects) > maxRedirectURIs:
		bad = append(bad, "Redirect URI has too many values")
	}
	for _, u := range redirects {
		if why := badRedirect(u); why != "" {
			bad = append(bad, "Redirect URI "+why)
			break
		}
	}
	scopes, err := ParseScopeList(n.Scopes)
	if err != nil {
		bad = append(bad, "Scopes doesn't match configured on the server.")
	}
	if len(bad) > 0 {
		return domain.App{}, domain.Errorf(domain.Invalid, "Validation failed: %s", strings.Join(bad, ", "))
	}
	return domain.App{Name: name, Website: website, RedirectURIs: redirects, Scopes: scopes.String()}, nil
}

// ParseScopeList reads scopes with spaces, commas or plus signs between, as
// clients write them; none is read (behaviours 6.2, 6.3).
func ParseScopeList(list string) (domain.Scopes, error) {
	list = strings.NewReplacer("+", " ", ",", " ").Replace(list)
	if strings.TrimSpace(list) == "" {
		list = "read"
	}
	return domain.ParseScopes(list)
}

// badRedirect says what is wrong with a redirect address, "" if nothing is.
// Any scheme will do but those that run in the page that follows them.
func badRedirect(address string) string {
	if address == domain.OutOfBand {
		return ""
	}
	if len(address) > maxAppURL {
		return "is too long (maximum is 2000 characters)"
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		return "must be a valid URI."
	case u.Scheme == "":
		return "must be an absolute URI."
	case u.Fragment != "" || strings.Contains(address, "#"):
		return "cannot contain a fragment."
	}
	switch u.Scheme { // url.Parse has put it in lower case
	case "data", "javascript", "vbscript", "about", "blob", "file", "view-source":
		return "is forbidden by the server."
	case "http", "https":
		if u.Hostname() == "" {
			return "must be an absolute URI."
		}
	}
	return ""
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= maxAppURL && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// App is the registered client with that id.
func (s *Service) App(ctx context.Context, id domain.ID) (domain.App, error) {
	return s.st.Reader().App(ctx, id)
}

// client checks what an app says to prove that it is itself.
func (s *Service) client(ctx context.Context, id, secret string) (domain.App, error) {
	refused := &GrantError{"invalid_client", "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."}
	if id == "" || len(id) > 512 || len(secret) > 512 {
		return domain.App{}, refused
	}
	a, err := s.st.Reader().AppByClient(ctx, id)
	if domain.Is(err, domain.NotFound) {
		return domain.App{}, refused
	}
	if err != nil {
		return domain.App{}, fmt.Errorf("look up the app: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(domain.HashSecret(secret)), []byte(a.SecretHash)) != 1 {
		return domain.App{}, refused
	}
	return a, nil
}
