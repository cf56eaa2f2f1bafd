package oauth_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"coterie/internal/account"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

const own = "/api/v1/accounts/verify_credentials"

// A new password, set by whoever runs the server, ends every session and
// token of the account, and nobody else's.
func TestSEC40_NewPasswordEndsAccess(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		a := register(t, in, scheme, "read")
		alice, bob := newBrowser(t, in), newBrowser(t, in)
		alice.signIn("alice")
		bob.signIn("bob")
		mine, his := a.exchange(a.code(alice)).Object().Str("access_token"), a.exchange(a.code(bob)).Object().Str("access_token")
		pending := a.code(alice, "scope", "read:accounts")
		in.WithToken(mine).In(t).GET(own).OK()
		if _, err := in.AccountPassword(t.Context(), instance.AccountPassword{Name: "alice", Password: "another password"}); err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{mine, in.Person("alice").Token} {
			in.WithToken(token).In(t).GET(own).Want(http.StatusUnauthorized)
		}
		a.exchange(pending).Error(http.StatusBadRequest)
		if got := alice.open("/oauth/authorized_applications"); !strings.HasPrefix(got.Path, "/auth/sign_in") {
			t.Errorf("the session lives: %s", got.Path)
		}
		in.WithToken(his).In(t).GET(own).OK()
		bob.open("/oauth/authorized_applications").OK()
		if got := alice.signIn("alice"); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the old password still opens: %d", got.Status)
		}
	})
}

// Signing out ends the session on the server, not only the cookie.
func TestSEC40_SignOut(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	b := newBrowser(t, in)
	b.signIn("alice")
	stolen := newBrowser(t, in)
	stolen.cookies[account.SessionCookie] = b.cookies[account.SessionCookie]
	stolen.open("/oauth/authorized_applications").OK()
	b.keep(b.client().POST("/auth/sign_out", nil)).Want(http.StatusSeeOther)
	if len(b.cookies) != 0 {
		t.Errorf("cookies left: %v", b.cookies)
	}
	if got := stolen.open("/oauth/authorized_applications"); !strings.HasPrefix(got.Path, "/auth/sign_in") {
		t.Errorf("the session lives on elsewhere: %s", got.Path)
	}
}

// Signing in again ends the session the browser had, so that nobody can plant
// one.
func TestSEC40_SessionsRotate(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	b := newBrowser(t, in)
	b.signIn("alice")
	planted := newBrowser(t, in)
	planted.cookies[account.SessionCookie] = b.cookies[account.SessionCookie]
	b.signIn("bob")
	if b.cookies[account.SessionCookie] == planted.cookies[account.SessionCookie] {
		t.Error("the session kept its secret")
	}
	if got := planted.open("/oauth/authorized_applications"); !strings.HasPrefix(got.Path, "/auth/sign_in") {
		t.Errorf("the session before lives: %s", got.Path)
	}
}

func TestSEC42_Authorize(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, "https://app.example/back\nburrow-app://back", "read write:statuses")
	a.redirect = "https://app.example/back"
	b := newBrowser(t, in)
	b.signIn("alice")
	// Errors about the client or its address are shown and lead nowhere.
	for name, path := range map[string]string{
		"unknown client":  a.authorize("client_id", "x"),
		"no client":       a.authorize("client_id", ""),
		"other host":      a.authorize("redirect_uri", "https://evil.example/back"),
		"longer path":     a.authorize("redirect_uri", "https://app.example/back/more"),
		"query":           a.authorize("redirect_uri", "https://app.example/back?x=1"),
		"upper case":      a.authorize("redirect_uri", "https://APP.example/back"),
		"user part":       a.authorize("redirect_uri", "https://app.example@evil.example/back"),
		"no address":      a.authorize("redirect_uri", ""),
		"not registered":  a.authorize("redirect_uri", "urn:ietf:wg:oauth:2.0:oob"),
		"both, as stored": a.authorize("redirect_uri", "https://app.example/back\nburrow-app://back"),
	} {
		got := b.client().GET(path)
		if got.Status != http.StatusBadRequest || got.Header.Get("Location") != "" {
			t.Errorf("%s: %d to %q", name, got.Status, got.Header.Get("Location"))
		}
		got = b.client().POST("/oauth/authorize", testkit.Form(must(url.ParseQuery(strings.SplitN(path, "?", 2)[1]))))
		if got.Status != http.StatusBadRequest || got.Header.Get("Location") != "" {
			t.Errorf("%s, posted: %d to %q", name, got.Status, got.Header.Get("Location"))
		}
	}
	// The rest is told to the app.
	for name, c := range map[string]struct{ path, code string }{
		"raised scope":     {a.authorize("scope", "read write"), "invalid_scope"},
		"unknown scope":    {a.authorize("scope", "read all"), "invalid_scope"},
		"admin":            {a.authorize("scope", "admin:read"), "invalid_scope"},
		"token response":   {a.authorize("response_type", "token"), "unsupported_response_type"},
		"plain challenge":  {a.authorize("code_challenge", strings.Repeat("x", 43), "code_challenge_method", "plain"), "invalid_request"},
		"no method":        {a.authorize("code_challenge", strings.Repeat("x", 43)), "invalid_request"},
		"method only":      {a.authorize("code_challenge_method", "S256"), "invalid_request"},
		"broken challenge": {a.authorize("code_challenge", "x", "code_challenge_method", "S256"), "invalid_request"},
	} {
		at, q := answered(t, b.client().GET(c.path))
		if at != a.redirect || q.Get("error") != c.code || q.Get("state") != "s t&te" || q.Get("code") != "" {
			t.Errorf("%s: %s %v", name, at, q)
		}
	}
	// A narrower scope than the app's is fine, and what is granted is that.
	if scope := a.exchange(a.code(b, "scope", "read:accounts write:statuses")).Object().Str("scope"); scope != "read:accounts write:statuses" {
		t.Errorf("granted %q", scope)
	}
	if scope := a.exchange(a.code(b, "scope", "")).Object().Str("scope"); scope != "read" {
		t.Errorf("granted %q where none was named", scope)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A code is for its client and address only. Used again, it ends what it gave.
func TestSEC42_ReusedCode(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		a := register(t, in, scheme, "read")
		other := register(t, in, scheme, "read")
		b := newBrowser(t, in)
		b.signIn("alice")
		code := a.code(b)
		other.exchange(code).Error(http.StatusBadRequest)
		a.exchange(code, "redirect_uri", "burrow-app://elsewhere").Error(http.StatusBadRequest)
		a.exchange(code, "client_secret", other.secret).Error(http.StatusUnauthorized)
		token := a.exchange(code).Object().Str("access_token")
		in.WithToken(token).In(t).GET(own).OK()
		if e := a.exchange(code).Error(http.StatusBadRequest); e != "invalid_grant" {
			t.Error(e)
		}
		in.WithToken(token).In(t).GET(own).Want(http.StatusUnauthorized)
	})
}

// The secret of an app is shown to the one who registered it, once.
func TestSEC42_SecretIsShownOnce(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, scheme, "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	consent := b.open(a.authorize()).OK()
	_, q := answered(t, b.submit("decision", "allow"))
	token := a.exchange(q.Get("code"))
	cl := in.WithToken(token.Object().Str("access_token")).In(t)
	for _, got := range []*testkit.Answer{consent, token, cl.GET("/api/v1/apps/verify_credentials").OK(), b.open("/oauth/authorized_applications").OK()} {
		if strings.Contains(string(got.Body), a.secret) {
			t.Errorf("%s shows the secret", got.Path)
		}
	}
}

// Of many exchanges of one code at once, one succeeds at most.
func TestSEC43_CodeUsedInParallel(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		a := register(t, in, scheme, "read")
		b := newBrowser(t, in)
		b.signIn("alice")
		code := a.code(b)
		var wg sync.WaitGroup
		statuses := make([]int, 8)
		for i := range statuses {
			wg.Go(func() { statuses[i] = a.exchange(code).Status })
		}
		wg.Wait()
		given := 0
		for _, status := range statuses {
			if status == http.StatusOK {
				given++
			}
		}
		if given > 1 {
			t.Errorf("one code gave %d tokens", given)
		}
	})
}

// Each limit trips: per address, per account wherever it is tried from, and
// for every spelling of the path (behaviours 5.2).
func TestSEC47_Limits(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t, testkit.Limited())
	from := func(address string) *testkit.Client {
		return in.Anonymous().In(t).With("X-Forwarded-For", address).With("Sec-Fetch-Site", "same-origin")
	}
	count := func(try func(i int) int) int {
		for i := range 200 {
			if try(i) == http.StatusTooManyRequests {
				return i
			}
		}
		return -1
	}
	wrong := testkit.F("login", "alice", "password", "wrong")
	if n := count(func(i int) int {
		return from("203.0.113.1").POST("/auth/sign_in"+strings.Repeat("/", i%2), testkit.F("login", fmt.Sprint("u", i), "password", "x")).Status
	}); n != 25 {
		t.Errorf("sign-in from one address: %d tries", n)
	}
	if n := count(func(i int) int {
		return from(fmt.Sprintf("2001:db8:1:2::%x", i)).POST("/auth/sign_in", testkit.F("login", fmt.Sprint("v", i), "password", "x")).Status
	}); n != 25 {
		t.Errorf("sign-in from one network: %d tries", n)
	}
	if n := count(func(i int) int {
		wrong.Set("login", []string{"alice", "ALICE", "@alice", " alice "}[i%4])
		return from(fmt.Sprintf("203.0.113.%d", 10+i)).POST("/auth/sign_in", wrong).Status
	}); n != 25 {
		t.Errorf("sign-in to one account: %d tries", n)
	}
	if n := count(func(i int) int {
		return from("203.0.113.2").POST("/api/v1/apps"+strings.Repeat("/", i%2), nil).Status
	}); n != 5 {
		t.Errorf("app registration: %d tries", n)
	}
	if n := count(func(i int) int { return from("203.0.113.3").POST("/auth/sign_up", nil).Status }); n != 5 {
		t.Errorf("sign-up: %d tries", n)
	}
}

// Forms of other sites do nothing, and no answer lets a foreign page read
// with a person's cookies.
func TestSEC64_CrossSite(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a := register(t, in, scheme, "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	q := must(url.ParseQuery(strings.SplitN(a.authorize(), "?", 2)[1]))
	for _, route := range []struct {
		method, path string
		form         testkit.Form
	}{
		{"POST", "/oauth/authorize", q},
		{"DELETE", "/oauth/authorize", q},
		{"POST", "/oauth/authorized_applications", testkit.F("app", "1")},
		{"DELETE", "/oauth/authorized_applications/1", nil},
		{"POST", "/auth/sign_in", testkit.F("login", "alice", "password", testkit.Password)},
		{"POST", "/auth/sign_out", nil},
		{"DELETE", "/auth/sign_out", nil},
		{"POST", "/auth/sign_up", nil},
	} {
		for name, header := range map[string][2]string{
			"cross-site":     {"Sec-Fetch-Site", "cross-site"},
			"same-site":      {"Sec-Fetch-Site", "same-site"},
			"foreign origin": {"Origin", "https://evil.example"},
			"null origin":    {"Origin", "null"},
		} {
			cl := in.Anonymous().In(t).With("Cookie", account.SessionCookie+"="+b.cookies[account.SessionCookie]).With(header[0], header[1])
			got := cl.Do(route.method, route.path, route.form)
			if got.Status != http.StatusForbidden || got.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s, %s: %d", route.method, route.path, name, got.Status)
			}
		}
	}
	b.open("/oauth/authorized_applications").OK()
	for _, path := range []string{"/auth/sign_in", "/oauth/authorized_applications", a.authorize(), own} {
		got := b.client().With("Origin", "https://evil.example").GET(path)
		if got.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s lets other origins use the cookies", path)
		}
	}
	for _, path := range []string{"/auth/sign_in?again=1", a.authorize()} {
		h := b.open(path).OK().Header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "form-action") || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s may be framed, or cannot lead to the app: %v", path, h)
		}
	}
	// A session is no token.
	b.client().With("Origin", "https://evil.example").GET(own).Want(http.StatusUnauthorized)
}

func TestSEC64_Cookies(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t, testkit.Domain("coterie.example"), testkit.With(func(cfg *instance.Config) {
		cfg.Dev, cfg.NoRateLimits = false, false
	}))
	b := newBrowser(t, in)
	b.open("/auth/sign_in").OK()
	got := b.keep(b.client().POST("/auth/sign_in", testkit.F("login", "alice@example.org", "password", testkit.Password))).Want(http.StatusSeeOther)
	res := http.Response{Header: got.Header}
	want := map[string]http.SameSite{"__Host-" + account.SessionCookie: http.SameSiteLaxMode, "__Host-" + account.ClientCookie: http.SameSiteStrictMode}
	for _, c := range res.Cookies() {
		if c.SameSite != want[c.Name] || !c.Secure || !c.HttpOnly || c.Domain != "" || c.Path != "/" {
			t.Errorf("%s", c)
		}
		delete(want, c.Name)
	}
	if len(want) != 0 {
		t.Errorf("missing: %v", want)
	}
	got = b.keep(b.client().POST("/auth/sign_out", nil))
	if len(b.cookies) != 0 || got.Header.Get("Clear-Site-Data") == "" {
		t.Errorf("after signing out: %v", b.cookies)
	}
}

// Where signing in leads to is always a page of ours.
func TestSEC65_ReturnTo(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	for target, want := range map[string]string{
		"/oauth/authorize?a=b":         "/oauth/authorize?a=b",
		"http://coterie.test/x":        "/x",
		"":                             "/",
		"//evil.example":               "/",
		`/\evil.example`:               "/",
		`\\evil.example`:               "/",
		"/%2F%2Fevil.example":          "/",
		"/%2Fevil.example":             "/",
		"/%5Cevil.example":             "/",
		"/%255Cevil.example":           "/",
		"https://evil.example/":        "/",
		"http://coterie.test.evil/":    "/",
		"http://coterie.test@evil/":    "/",
		"javascript:alert(1)":          "/",
		"/\r\nSet-Cookie: a=b":         "/",
		"/\tx":                         "/",
		"evil.example":                 "/",
		"///evil.example":              "/",
		"/" + strings.Repeat("x", 1e4): "/",
	} {
		b := newBrowser(t, in)
		page := b.client().GET("/auth/sign_in?" + url.Values{"return_to": {target}}.Encode()).OK()
		if !strings.Contains(string(page.Body), `name="return_to" value="`+want+`"`) {
			t.Errorf("%.60q goes along in the form", target)
		}
		got := b.client().POST("/auth/sign_in", testkit.F("login", "alice", "password", testkit.Password, "return_to", target)).Want(http.StatusSeeOther)
		if to := got.Header.Get("Location"); to != want {
			t.Errorf("%.60q led to %q, want %q", target, to, want)
		}
		b.keep(got)
		if to := b.client().GET("/auth/sign_in?" + url.Values{"return_to": {target}}.Encode()).Header.Get("Location"); to != want {
			t.Errorf("%.60q, signed in, led to %q, want %q", target, to, want)
		}
	}
}
