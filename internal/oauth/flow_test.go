package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

const scheme = "burrow-app://signed-in"

// The whole way of an app: register, sign in, consent, token, use, revoke
// (behaviours 6.1 to 6.6).
func TestAuthorizationCode(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		a := register(t, in, scheme, "read write")
		b := newBrowser(t, in)

		got := b.open(a.authorize()).OK()
		if !strings.Contains(string(got.Body), "Burrow") || !strings.HasPrefix(got.Path, "/auth/sign_in?") {
			t.Fatalf("the way to the app does not begin with signing in: %s %s", got.Path, got.Body)
		}
		got = b.submit("login", "alice", "password", testkit.Password).OK()
		if !strings.HasPrefix(got.Path, "/oauth/authorize?") || !strings.Contains(string(got.Body), "burrow-app:") {
			t.Fatalf("no consent form at %s: %s", got.Path, got.Body)
		}
		at, q := answered(t, b.submit("decision", "allow"))
		if at != scheme || q.Get("state") != "s t&te" {
			t.Errorf("the app was called at %s with %v", at, q)
		}
		token := a.exchange(q.Get("code")).Object()
		if token.Str("token_type") != "Bearer" || token.Str("scope") != "read write" || token.Num("created_at") != float64(in.Clock.Now().Unix()) {
			t.Errorf("token: %v", token)
		}
		if _, there := token["expires_in"]; there {
			t.Error("the token says that it expires")
		}
		alice := in.WithToken(token.Str("access_token")).In(t)
		if name := alice.GET("/api/v1/accounts/verify_credentials").Object().Str("username"); name != "alice" {
			t.Errorf("the token is %q's", name)
		}
		if name := alice.GET("/api/v1/apps/verify_credentials").Object().Str("name"); name != "Burrow" {
			t.Errorf("the token is of the app %q", name)
		}

		// The same scopes again need no consent, and give a token of their own.
		_, q = answered(t, b.open(a.authorize()))
		second := a.exchange(q.Get("code")).Object().Str("access_token")
		if second == token.Str("access_token") {
			t.Error("two installations share a token")
		}
		// Other scopes, or force_login, ask again.
		if got := b.open(a.authorize("scope", "read")); got.Status != http.StatusOK {
			t.Errorf("other scopes: %d", got.Status)
		}
		if got := b.open(a.authorize("force_login", "true")); !strings.HasPrefix(got.Path, "/auth/sign_in?") {
			t.Errorf("force_login led to %s", got.Path)
		}
		if got := b.submit("login", "bob", "password", testkit.Password); !strings.Contains(string(got.Body), "@bob") {
			t.Errorf("after force_login the consent form is for: %s", got.Body)
		}

		revoke := testkit.F("client_id", a.id, "client_secret", a.secret, "token", second)
		for range 2 {
			if body := string(in.Anonymous().In(t).POST("/oauth/revoke", revoke).OK().Body); body != "{}" {
				t.Errorf("revoke: %s", body)
			}
		}
		in.WithToken(second).In(t).GET("/api/v1/accounts/verify_credentials").Want(http.StatusUnauthorized)
		alice.GET("/api/v1/accounts/verify_credentials").OK()
	})
}

// An app that sends somebody to sign in gets its answer if they join first
// (behaviours 6.3).
func TestAuthorizingSurvivesJoining(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	in.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
	a := register(t, in, scheme, "read")
	b := newBrowser(t, in)
	page := string(b.open(a.authorize()).Body)
	_, link, _ := strings.Cut(page, `href="/auth/sign_up?`)
	link, _, ok := strings.Cut(link, `"`)
	if !ok {
		t.Fatalf("no way to join: %s", page)
	}
	b.open("/auth/sign_up?" + html.UnescapeString(link)).OK()
	got := b.submit("username", "frank", "email", "frank@example.org", "password", testkit.Password, "agreement", "true")
	if !strings.HasPrefix(got.Path, "/oauth/authorize?") {
		t.Fatalf("joining leads to %s: %s", got.Path, got.Body)
	}
	_, q := answered(t, b.submit("decision", "allow"))
	token := a.exchange(q.Get("code")).Object().Str("access_token")
	if name := in.WithToken(token).GET("/api/v1/accounts/verify_credentials").Object().Str("username"); name != "frank" {
		t.Errorf("the token is %q's", name)
	}
}

func TestDenial(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, "https://app.example/back?keep=1", "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	b.open(a.authorize()).OK()
	at, q := answered(t, b.submit("decision", "deny"))
	if at != "https://app.example/back" || q.Get("error") != "access_denied" || q.Get("state") != "s t&te" || q.Get("keep") != "1" {
		t.Errorf("%s %v", at, q)
	}
	at, q = answered(t, b.client().DELETE("/oauth/authorize", testkit.F("response_type", "code", "client_id", a.id, "redirect_uri", a.redirect)))
	if at != "https://app.example/back" || q.Get("error") != "access_denied" {
		t.Errorf("DELETE: %s %v", at, q)
	}
}

func TestOutOfBand(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, domain.OutOfBand, "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	b.open(a.authorize()).OK()
	got := b.submit("decision", "allow").OK()
	u, err := url.Parse(got.Path)
	if err != nil || u.Path != "/oauth/authorize/native" {
		t.Fatalf("the code is shown at %s", got.Path)
	}
	code := u.Query().Get("code")
	if code == "" || !strings.Contains(string(got.Body), `value="`+code+`"`) {
		t.Errorf("the page does not show the code %q: %s", code, got.Body)
	}
	a.exchange(code).OK()
}

func TestPKCE(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, scheme, "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	verifier := strings.Repeat("prairie-dog", 5)
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])

	code := a.code(b, "code_challenge", challenge, "code_challenge_method", "S256")
	for _, wrong := range []string{"", "x", challenge, verifier + "x"} {
		if e := a.exchange(code, "code_verifier", wrong).Error(http.StatusBadRequest); e != "invalid_grant" {
			t.Errorf("verifier %q: %s", wrong, e)
		}
	}
	a.exchange(code, "code_verifier", verifier).OK()
	// A verifier without a challenge hints at a stripped challenge.
	a.exchange(a.code(b), "code_verifier", verifier).Error(http.StatusBadRequest)
}

// What a client may get wrong, and what it is told.
func TestTokenErrors(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, scheme, "read write:statuses")
	for _, c := range []struct {
		name   string
		form   testkit.Form
		status int
		code   string
	}{
		{"no grant type", testkit.F("client_id", a.id), 400, "invalid_request"},
		{"password grant", testkit.F("grant_type", "password", "client_id", a.id, "client_secret", a.secret, "username", "alice", "password", testkit.Password), 400, "unsupported_grant_type"},
		{"no code", testkit.F("grant_type", "authorization_code", "client_id", a.id, "client_secret", a.secret), 400, "invalid_request"},
		{"unknown client", testkit.F("grant_type", "client_credentials", "client_id", "x", "client_secret", a.secret), 401, "invalid_client"},
		{"wrong secret", testkit.F("grant_type", "client_credentials", "client_id", a.id, "client_secret", "x"), 401, "invalid_client"},
		{"no secret", testkit.F("grant_type", "client_credentials", "client_id", a.id), 401, "invalid_client"},
		{"unknown scope", testkit.F("grant_type", "client_credentials", "client_id", a.id, "client_secret", a.secret, "scope", "all"), 400, "invalid_scope"},
		{"raised scope", testkit.F("grant_type", "client_credentials", "client_id", a.id, "client_secret", a.secret, "scope", "write"), 400, "invalid_scope"},
		{"unknown code", testkit.F("grant_type", "authorization_code", "client_id", a.id, "client_secret", a.secret, "redirect_uri", scheme, "code", "x"), 400, "invalid_grant"},
	} {
		got := in.Anonymous().In(t).POST("/oauth/token", c.form)
		if e := got.Error(c.status); e != c.code || !strings.Contains(string(got.Body), "error_description") {
			t.Errorf("%s: %s", c.name, got.Body)
		}
	}
}

func TestAppToken(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, scheme, "read write")
	token := func(cl *testkit.Client, body any) string {
		t.Helper()
		return cl.In(t).POST("/oauth/token", body).Object().Str("access_token")
	}
	anyone := in.Anonymous()
	basic := anyone.With("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(a.id+":"+a.secret)))
	for name, secret := range map[string]string{
		"form":  token(anyone, testkit.F("grant_type", "client_credentials", "client_id", a.id, "client_secret", a.secret)),
		"json":  token(anyone, map[string]string{"grant_type": "client_credentials", "client_id": a.id, "client_secret": a.secret, "scope": "read"}),
		"basic": token(basic, testkit.F("grant_type", "client_credentials")),
	} {
		cl := in.WithToken(secret).In(t)
		if got := cl.GET("/api/v1/apps/verify_credentials").Object(); got.Str("client_secret") != "" || got.Str("name") != "Burrow" {
			t.Errorf("%s: %v", name, got)
		}
		cl.GET("/api/v1/accounts/verify_credentials").Error(http.StatusUnprocessableEntity)
	}
}

func TestRevokeOfAnotherApp(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a, other := register(t, in, scheme, "read"), register(t, in, scheme, "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	token := a.exchange(a.code(b)).Object().Str("access_token")
	for name, f := range map[string]testkit.Form{
		"another app":  testkit.F("client_id", other.id, "client_secret", other.secret, "token", token),
		"no secret":    testkit.F("client_id", a.id, "token", token),
		"wrong secret": testkit.F("client_id", a.id, "client_secret", other.secret, "token", token),
	} {
		if e := in.Anonymous().In(t).POST("/oauth/revoke", f).Error(http.StatusForbidden); e != "unauthorized_client" {
			t.Errorf("%s: %s", name, e)
		}
	}
	in.WithToken(token).In(t).GET("/api/v1/accounts/verify_credentials").OK()
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	o := in.Anonymous().GET("/.well-known/oauth-authorization-server").Object()
	if o.Str("issuer") != "http://coterie.test/" || o.Str("token_endpoint") != "http://coterie.test/oauth/token" {
		t.Errorf("%v", o)
	}
	if n := len(o["scopes_supported"].([]any)); n != len(domain.AllScopes()) {
		t.Errorf("%d scopes", n)
	}
	for key, want := range map[string]string{
		"authorization_endpoint": "http://coterie.test/oauth/authorize", "revocation_endpoint": "http://coterie.test/oauth/revoke",
		"userinfo_endpoint": "http://coterie.test/oauth/userinfo", "app_registration_endpoint": "http://coterie.test/api/v1/apps",
		"response_types_supported": "[code]", "grant_types_supported": "[authorization_code client_credentials]", "code_challenge_methods_supported": "[S256]",
		"token_endpoint_auth_methods_supported": "[client_secret_basic client_secret_post]", "introspection_endpoint": "<nil>",
	} {
		if got := fmt.Sprint(o[key]); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if o.Str("service_documentation") == "" || len(o["response_modes_supported"].([]any)) == 0 {
		t.Errorf("%v", o)
	}
}

func TestUserinfo(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, scheme, "read profile")
	b := newBrowser(t, in)
	b.signIn("alice")
	in.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.F("display_name", "Alice")).OK()
	token := a.exchange(a.code(b, "scope", "profile")).Object().Str("access_token")
	for _, method := range []string{"GET", "POST"} {
		o := in.WithToken(token).In(t).Do(method, "/oauth/userinfo", nil).Object()
		if o.Str("sub") != "http://coterie.test/users/alice" || o.Str("preferred_username") != "alice" || o.Str("iss") != "http://coterie.test/" {
			t.Errorf("%s: %v", method, o)
		}
		if o.Str("name") != "Alice" || o.Str("profile") != "http://coterie.test/@alice" || !strings.HasSuffix(o.Str("picture"), "missing.png") {
			t.Errorf("%s: %v", method, o)
		}
	}
	in.WithToken(a.exchange(a.code(b, "scope", "read")).Object().Str("access_token")).In(t).GET("/oauth/userinfo").Want(http.StatusForbidden)
}

func TestAuthorizedApps(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, scheme, "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	token := a.exchange(a.code(b)).Object().Str("access_token")
	in.WithToken(token).In(t).GET("/api/v1/accounts/verify_credentials").OK()
	if got := b.open("/oauth/authorized_applications").OK(); !strings.Contains(string(got.Body), "Burrow") {
		t.Fatalf("the app is not listed: %s", got.Body)
	}
	id := in.WithToken(token).In(t).GET("/api/v1/apps/verify_credentials").Object().Str("id")
	b.keep(b.client().POST("/oauth/authorized_applications", testkit.F("app", id))).Want(http.StatusSeeOther)
	in.WithToken(token).In(t).GET("/api/v1/accounts/verify_credentials").Want(http.StatusUnauthorized)
	if got := b.open("/oauth/authorized_applications").OK(); strings.Contains(string(got.Body), "Burrow") {
		t.Error("the app is still listed")
	}
	token = a.exchange(a.code(b)).Object().Str("access_token")
	b.keep(b.client().DELETE("/oauth/authorized_applications/"+id, nil)).Want(http.StatusSeeOther)
	in.WithToken(token).In(t).GET("/api/v1/accounts/verify_credentials").Want(http.StatusUnauthorized)
}

func TestCodeEnds(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, scheme, "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	code := a.code(b)
	in.Clock.Add(domain.CodeLife + time.Second)
	a.exchange(code).Error(http.StatusBadRequest)
}
