package oauth_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// provider is an OpenID Connect provider on this machine.
type provider struct {
	*httptest.Server
	t     *testing.T
	mu    sync.Mutex
	key   *rsa.PrivateKey
	codes map[string]grantedCode
}

type grantedCode struct {
	challenge string
	claims    map[string]any
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key, codes: map[string]grantedCode{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.write(w, map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token",
			"jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		p.write(w, map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
			"n": raw(p.key.N.Bytes()), "e": raw(big.NewInt(int64(p.key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		p.mu.Lock()
		defer p.mu.Unlock()
		code, ok := p.codes[r.FormValue("code")]
		delete(p.codes, r.FormValue("code"))
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if id != "coterie" || secret != "the-secret" || !ok || raw(sum[:]) != code.challenge {
			w.WriteHeader(http.StatusBadRequest)
			p.write(w, map[string]string{"error": "invalid_grant"})
			return
		}
		p.write(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.sign(code.claims)})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func raw(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (p *provider) write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *provider) sign(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	text := raw([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + raw(body)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Fatal(err)
	}
	return text + "." + raw(sig)
}

// option has a community ask the provider.
func (p *provider) option(issuer string) testkit.Option {
	return testkit.With(func(c *instance.Config) {
		c.OIDC = instance.OIDC{Issuer: issuer, ClientID: "coterie", Secret: "the-secret", Name: "Choir"}
	})
}

// send has a browser go to the provider, where subject says yes, and is the
// path by which it comes back. more are claims beside or instead of the usual.
func (p *provider) send(b *browser, subject string, more map[string]any) string {
	p.t.Helper()
	b.open("/auth/sign_in?again=1&return_to=" + url.QueryEscape("/oauth/authorized_applications"))
	a := b.keep(b.client().POST("/auth/provider", testkit.F("return_to", "/oauth/authorized_applications")))
	at, q := answered(p.t, a)
	if at != p.URL+"/authorize" || q.Get("code_challenge_method") != "S256" || q.Get("redirect_uri") != b.in.Config.BaseURL()+"/auth/provider/callback" {
		p.t.Fatalf("sent to %s with %v", at, q)
	}
	claims := map[string]any{
		"iss": p.URL, "aud": "coterie", "sub": subject, "nonce": q.Get("nonce"), "preferred_username": subject,
		"iat": b.in.Clock.Now().Unix(), "exp": b.in.Clock.Now().Add(time.Minute).Unix(),
	}
	for k, v := range more {
		claims[k] = v
	}
	code := rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[code] = grantedCode{q.Get("code_challenge"), claims}
	return "/auth/provider/callback?" + url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
}

// An identity elsewhere signs in the account that its owner linked it with, and
// no address, known or confirmed, links it with any.
func TestSEC44_IdentitiesAreLinkedByTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		in.As("alice").In(t).GET(own).OK()
		isIn := func(b *browser) bool { return b.cookies["session"] != "" }
		alices := map[string]any{"email": "alice@example.org", "email_verified": true, "preferred_username": `"><script>alice)(uid=*)`}

		// Her confirmed address opens nothing; the password here does, and then
		// she says that it is hers. What the provider calls her is only shown.
		b := newBrowser(t, in)
		b.open(p.send(b, "s1", alices))
		if isIn(b) || !strings.HasPrefix(b.page.Path, "/auth/sign_in") {
			t.Fatalf("by her address: at %s with %v", b.page.Path, b.cookies)
		}
		a := b.submit("login", "alice", "password", testkit.Password)
		if a.Status != http.StatusOK || !strings.Contains(string(a.Body), "Is this you?") || strings.Contains(string(a.Body), "<script>alice") {
			t.Fatalf("after the password: %d %s", a.Status, a.Body)
		}
		b.submit()
		if b.page.Path != "/oauth/authorized_applications" {
			t.Fatalf("linked: at %s", b.page.Path)
		}
		b.from("same-origin", "").GET(own).OK()
		if got := in.As("alice").GET(own); got.Status != http.StatusUnauthorized { // SEC-40
			t.Errorf("her old token: %d", got.Status)
		}
		again := newBrowser(t, in)
		again.open(p.send(again, "s1", nil))
		if got := again.from("same-origin", "").In(t).GET(own).Object().Str("username"); got != "alice" {
			t.Errorf("by the link: %q", got)
		}

		// A session from before links nothing, and an identity is one account's.
		bob := newBrowser(t, in)
		bob.signIn("bob")
		in.Clock.Add(time.Second)
		bob.open(p.send(bob, "s2", nil))
		if a := bob.open("/auth/provider/link"); !strings.HasPrefix(a.Path, "/auth/sign_in") {
			t.Errorf("an old session is asked at %s", a.Path)
		}
		if a := bob.client().POST("/auth/provider/link", nil); a.Status != http.StatusUnauthorized {
			t.Errorf("an old session links: %d", a.Status)
		}

		// What was changed on the way, is another's, or late is refused.
		for what, claims := range map[string]map[string]any{
			"nonce": {"nonce": "another"}, "audience": {"aud": "another"}, "issuer": {"iss": "https://another.example"},
			"time": {"exp": in.Clock.Now().Add(-time.Hour).Unix()}, "subject": {"sub": ""},
		} {
			b := newBrowser(t, in)
			if b.open(p.send(b, "s1", claims)); isIn(b) {
				t.Errorf("with another %s somebody is in", what)
			}
		}
		b = newBrowser(t, in)
		back := p.send(b, "s1", nil)
		if b.open(strings.Replace(back, "state=", "state=x", 1)); isIn(b) {
			t.Error("with another state somebody is in")
		}
		victim := newBrowser(t, in)
		if victim.open(p.send(newBrowser(t, in), "s1", nil)); isIn(victim) {
			t.Error("another browser's answer signs in")
		}
		b = newBrowser(t, in)
		back = p.send(b, "s1", nil)
		b.open(back)
		if b = newBrowser(t, in); b.open(back).Status == http.StatusOK && isIn(b) {
			t.Error("an answer signs in twice")
		}

		// A second factor is asked for as after a password.
		alice := again.from("same-origin", "").In(t)
		secret, _ := withOneTime(t, in, alice)
		in.Clock.Add(time.Minute)
		b = newBrowser(t, in)
		b.open(p.send(b, "s1", nil))
		if isIn(b) || !strings.HasPrefix(b.page.Path, "/auth/second_factor") {
			t.Fatalf("with a second factor: at %s", b.page.Path)
		}
		if b.submit("code", code(t, in, secret)); !isIn(b) {
			t.Error("the second factor does not let in")
		}
		if got := alice.GET(security).Object().Str("provider"); got != "Choir" {
			t.Errorf("the provider: %q", got)
		}
		list := alice.GET(security + "/identities").List()
		if len(list) != 1 || list[0].Str("issuer") != p.URL {
			t.Fatalf("identities: %v", list)
		}
		alice.DELETE(security+"/identities/"+list[0].Str("id"), testkit.F("current_password", testkit.Password)).OK()
		b = newBrowser(t, in)
		b.open(p.send(b, "s1", nil))
		if isIn(b) || !strings.HasPrefix(b.page.Path, "/auth/sign_in") {
			t.Errorf("unlinked: at %s", b.page.Path)
		}
	}, p.option(p.URL))
}

// No setting weakens TLS: a provider whose certificate nobody vouches for is
// not asked, and the page says so.
func TestSEC44_ProvidersNeedACertificate(t *testing.T) {
	t.Parallel()
	bad := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(bad.Close)
	bad.Config.ErrorLog = nil
	in := testkit.NewInstance(t, (&provider{}).option(bad.URL))
	if a := newBrowser(t, in).client().POST("/auth/provider", nil); a.Status != http.StatusServiceUnavailable {
		t.Errorf("%d %s", a.Status, a.Header.Get("Location"))
	}
}
