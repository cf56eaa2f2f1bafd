package mastoapi_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// appToken registers an app and gives a token without a person.
func appToken(t *testing.T, c *testkit.Community, scopes string) string {
	t.Helper()
	anyone := c.Anonymous().In(t)
	a := anyone.POST("/api/v1/apps", testkit.F("client_name", "Burrow", "redirect_uris", domain.OutOfBand, "scopes", scopes)).Object()
	return anyone.POST("/oauth/token", testkit.F("grant_type", "client_credentials", "client_id", a.Str("client_id"),
		"client_secret", a.Str("client_secret"), "scope", scopes)).Object().Str("access_token")
}

func open(registrations domain.Registrations) testkit.Option {
	return testkit.With(func(cfg *instance.Config) { cfg.Registrations = registrations })
}

func TestRegisterApp(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Bare())
	anyone := c.Anonymous().In(t)
	for name, body := range map[string]any{
		"form":          testkit.F("client_name", "Burrow", "redirect_uris", "burrow://a\nurn:ietf:wg:oauth:2.0:oob", "scopes", "read write:statuses"),
		"array in form": testkit.F("client_name", "Burrow", "redirect_uris[]", "burrow://a", "redirect_uris[]", domain.OutOfBand, "scopes", "read write:statuses"),
		"json":          map[string]any{"client_name": "Burrow", "redirect_uris": []string{"burrow://a", domain.OutOfBand}, "scopes": "read write:statuses"},
	} {
		o := anyone.POST("/api/v1/apps", body).Object()
		if got := fmt.Sprint(o["redirect_uris"]); got != "[burrow://a urn:ietf:wg:oauth:2.0:oob]" && name != "array in form" {
			t.Errorf("%s: redirect_uris %s", name, got)
		}
		if o.Str("redirect_uri") != "burrow://a\nurn:ietf:wg:oauth:2.0:oob" && name != "array in form" {
			t.Errorf("%s: redirect_uri %q", name, o.Str("redirect_uri"))
		}
		if fmt.Sprint(o["scopes"]) != "[read write:statuses]" || o.Str("client_secret") == "" || o["client_secret_expires_at"] != 0.0 {
			t.Errorf("%s: %v", name, o)
		}
	}
	if o := anyone.POST("/api/v1/apps", testkit.F("client_name", "Burrow", "redirect_uris", "http://x.example/")).Object(); fmt.Sprint(o["scopes"]) != "[read]" {
		t.Errorf("without scopes: %v", o)
	}
	for name, f := range map[string]testkit.Form{
		"no name":        testkit.F("redirect_uris", "burrow://a"),
		"no redirect":    testkit.F("client_name", "x"),
		"script":         testkit.F("client_name", "x", "redirect_uris", "javascript:alert(1)"),
		"script in caps": testkit.F("client_name", "x", "redirect_uris", "JavaScript:alert(1)"),
		"data":           testkit.F("client_name", "x", "redirect_uris", "data:text/html,x"),
		"vbscript":       testkit.F("client_name", "x", "redirect_uris", "vbscript:x"),
		"relative":       testkit.F("client_name", "x", "redirect_uris", "/x"),
		"fragment":       testkit.F("client_name", "x", "redirect_uris", "https://x.example/#a"),
		"scope":          testkit.F("client_name", "x", "redirect_uris", "burrow://a", "scopes", "read all"),
		"website":        testkit.F("client_name", "x", "redirect_uris", "burrow://a", "website", "javascript:x"),
		"long name":      testkit.F("client_name", strings.Repeat("x", 300), "redirect_uris", "burrow://a"),
	} {
		if e := anyone.POST("/api/v1/apps", f).Error(422); !strings.HasPrefix(e, "Validation failed: ") {
			t.Errorf("%s: %s", name, e)
		}
	}
}

func TestSignUp(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		cl := c.WithToken(appToken(t, c, "read write")).In(t)
		good := func(pairs ...string) testkit.Form {
			f := testkit.F("username", "Frank", "email", "frank@example.org", "password", testkit.Password, "agreement", "true", "locale", "de")
			for i := 0; i < len(pairs); i += 2 {
				f.Set(pairs[i], pairs[i+1])
			}
			return f
		}
		for _, w := range []struct{ field, value, code string }{
			{"username", "", "ERR_BLANK"},
			{"username", "frank!", "ERR_INVALID"},
			{"username", strings.Repeat("f", 31), "ERR_TOO_LONG"},
			{"username", "ALICE", "ERR_TAKEN"},
			{"username", "Admin", "ERR_RESERVED"},
			{"email", "", "ERR_BLANK"},
			{"email", "frank", "ERR_INVALID"},
			{"email", "ALICE@EXAMPLE.ORG", "ERR_TAKEN"},
			{"password", "short", "ERR_TOO_SHORT"},
			{"password", strings.Repeat("long", 50), "ERR_TOO_LONG"},
			{"password", "", "ERR_BLANK"},
			{"agreement", "false", "ERR_ACCEPTED"},
		} {
			var e struct {
				Details map[string][]struct{ Error, Description string }
			}
			a := cl.POST("/api/v1/accounts", good(w.field, w.value)).Want(422).Into(&e)
			if len(e.Details[w.field]) != 1 || e.Details[w.field][0].Error != w.code || len(e.Details) != 1 {
				t.Errorf("%s %.20q: %s", w.field, w.value, a.Body)
			}
		}
		token := cl.POST("/api/v1/accounts", good()).Object()
		frank := c.WithToken(token.Str("access_token")).In(t).GET("/api/v1/accounts/verify_credentials").Object()
		if frank.Str("username") != "Frank" || token.Str("scope") != "read write" {
			t.Errorf("%v %v", token, frank)
		}
		cl.POST("/api/v1/accounts", good("email", "other@example.org")).Error(422)
		// A person's token cannot sign others up.
		c.As("alice").In(t).POST("/api/v1/accounts", good("username", "grace", "email", "grace@example.org")).Error(403)
		c.Anonymous().In(t).POST("/api/v1/accounts", good("username", "grace", "email", "grace@example.org")).Error(401)
	}, open(domain.RegistrationsOpen))
}

// TestSignUpRefusals are those that depend on what the community asks for
// (behaviours 2.8, 18.1).
func TestSignUpRefusals(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, open(domain.RegistrationsApproval))
	c.Configure(func(s *testkit.Settings) { s.MinAge = 16 })
	c.As("alice").POST("/api/v1/admin/email_domain_blocks", testkit.F("domain", "spam.example")).OK()
	cl := c.WithToken(appToken(t, c, "read write"))
	for _, w := range []struct{ field, value, code string }{
		{"email", "frank@spam.example", "ERR_BLOCKED"},
		{"email", "frank@mail.spam.example", "ERR_BLOCKED"},
		{"date_of_birth", "2010-03-02", "ERR_BELOW_LIMIT"},
		{"date_of_birth", "", "ERR_BLANK"},
		{"date_of_birth", "yesterday", "ERR_INVALID"},
		{"reason", "", "ERR_BLANK"},
		{"", "", ""},
	} {
		f := testkit.F("username", "frank", "email", "frank@example.org", "password", testkit.Password, "agreement", "true", "locale", "de",
			"date_of_birth", "2010-03-01", "reason", "I like prairie dogs", "time_zone", "Europe/Berlin")
		if w.field == "" {
			cl.POST("/api/v1/accounts", f).OK()
			continue
		}
		f.Set(w.field, w.value)
		var e struct {
			Error   string
			Details map[string][]struct{ Error, Description string }
		}
		a := cl.POST("/api/v1/accounts", f).Want(http.StatusUnprocessableEntity).Into(&e)
		if got := e.Details[w.field]; len(got) != 1 || got[0].Error != w.code || len(e.Details) != 1 || !strings.HasPrefix(e.Error, "Validation failed: ") {
			t.Errorf("%s %q: %s", w.field, w.value, a.Body)
		}
	}
}

func TestSignUpClosed(t *testing.T) {
	t.Parallel()
	for _, mode := range []domain.Registrations{domain.RegistrationsClosed, domain.RegistrationsInvite} {
		c := testkit.NewInstance(t, open(mode))
		cl := c.WithToken(appToken(t, c, "read write")).In(t)
		if e := cl.POST("/api/v1/accounts", testkit.F("username", "frank", "email", "frank@example.org",
			"password", testkit.Password, "agreement", "true")).Error(403); e == "" {
			t.Errorf("%s: no sentence", mode)
		}
		if c.Anonymous().In(t).GET("/auth/sign_up").Status != 403 {
			t.Errorf("%s: the page lets people join", mode)
		}
	}
}

func TestUpdateCredentials(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		const path = "/api/v1/accounts/update_credentials"
		o := alice.PATCH(path, testkit.F(
			"display_name", " Alice  of the\nprairie ", "note", "Hello @bob, https://example.org", "locked", "true", "bot", "0",
			"fields_attributes[1][name]", "B", "fields_attributes[1][value]", "two",
			"fields_attributes[0][name]", "A", "fields_attributes[0][value]", "https://example.org",
			"source[privacy]", "unlisted", "source[sensitive]", "1", "source[language]", "de")).Object()
		source := o.Obj("source")
		if o.Str("display_name") != "Alice of the prairie" || !o.Bool("locked") || o.Bool("bot") ||
			!strings.Contains(o.Str("note"), "/@bob") || source.Str("note") != "Hello @bob, https://example.org" {
			t.Errorf("%v", o)
		}
		if source.Str("privacy") != "unlisted" || !source.Bool("sensitive") || source.Str("language") != "de" {
			t.Errorf("source %v", source)
		}
		fields := o["fields"].([]any)
		if len(fields) != 2 || fields[0].(map[string]any)["name"] != "A" || !strings.Contains(fields[0].(map[string]any)["value"].(string), `rel="me `) {
			t.Errorf("fields %v", fields)
		}
		// What is left out stays; PUT does the same, JSON too.
		o = alice.PUT(path, map[string]any{"indexable": true, "fields_attributes": []any{map[string]string{"name": "C", "value": "three"}}}).Object()
		if o.Str("display_name") != "Alice of the prairie" || !o.Bool("locked") || !o.Bool("indexable") || len(o["fields"].([]any)) != 1 ||
			o.Obj("source").Str("privacy") != "unlisted" {
			t.Errorf("%v", o)
		}
		o = alice.PATCH(path, map[string]any{"fields_attributes": map[string]any{"0": map[string]string{"name": "", "value": ""}}, "source": map[string]any{"language": ""}}).Object()
		if len(o["fields"].([]any)) != 0 || o.Obj("source")["language"] != nil {
			t.Errorf("%v", o)
		}
		p := alice.GET("/api/v1/preferences").Object()
		if p.Str("posting:default:visibility") != "unlisted" || !p.Bool("posting:default:sensitive") || p["posting:default:language"] != nil {
			t.Errorf("preferences %v", p)
		}
		for name, f := range map[string]testkit.Form{
			"display_name": testkit.F("display_name", strings.Repeat("x", 41)),
			"note":         testkit.F("note", strings.Repeat("x", 501)),
			"fields": testkit.F("fields_attributes[][name]", "1", "fields_attributes[][value]", "1", "fields_attributes[][name]", "2", "fields_attributes[][value]", "1",
				"fields_attributes[0][name]", "3", "fields_attributes[0][value]", strings.Repeat("x", 256)),
			"privacy":      testkit.F("source[privacy]", "direct"),
			"language":     testkit.F("source[language]", "x\"y"),
			"quote_policy": testkit.F("source[quote_policy]", "some"),
		} {
			var e struct{ Details map[string]any }
			a := alice.PATCH(path, f).Want(422).Into(&e)
			if e.Details[name] == nil {
				t.Errorf("%s: %s", name, a.Body)
			}
		}
		five := testkit.Form{}
		for i := range 5 {
			five.Set(fmt.Sprintf("fields_attributes[%d][name]", i), "n")
			five.Set(fmt.Sprintf("fields_attributes[%d][value]", i), "v")
		}
		alice.PATCH(path, five).Want(422)
	})
}

func TestPicturesAreRefused(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice").In(t)
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("display_name", "Alice"); err != nil {
		t.Fatal(err)
	}
	part, err := w.CreateFormFile("avatar", "a.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte("picture")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	body := testkit.Raw{Type: w.FormDataContentType(), Body: b.Bytes()}
	for _, path := range []string{"/api/v1/accounts/update_credentials", "/api/v1/profile"} {
		if e := alice.PATCH(path, body).Error(422); e == "" {
			t.Errorf("%s: no sentence", path)
		}
	}
	for _, path := range []string{"/api/v1/profile/avatar", "/api/v1/profile/header"} {
		if o := alice.DELETE(path, nil).Object(); o.Str("username") != "alice" || o.Str("display_name") != "" {
			t.Errorf("%s: %v", path, o)
		}
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice").In(t)
	o := alice.PUT("/api/v1/profile", testkit.F("display_name", "A", "note", "*plain* <b>", "show_media", "false",
		"attribution_domains[]", "Example.ORG", "attribution_domains[]", "bücher.example")).Object()
	if o.Str("note") != "*plain* <b>" || o.Bool("show_media") || !o.Bool("show_featured") || o["avatar"] != nil ||
		fmt.Sprint(o["attribution_domains"]) != "[example.org xn--bcher-kva.example]" {
		t.Errorf("%v", o)
	}
	if got := alice.GET("/api/v1/profile").Object(); got.Str("display_name") != "A" {
		t.Errorf("%v", got)
	}
	alice.PATCH("/api/v1/profile", testkit.F("attribution_domains[]", "no host/x")).Want(422)
	// Numbered, as libraries send lists in forms.
	o = alice.PATCH("/api/v1/accounts/update_credentials", testkit.F("attribution_domains[0]", "hedge.example", "attribution_domains[1]", "tide.example")).Object()
	if got := fmt.Sprint(o.Obj("source")["attribution_domains"]); got != "[hedge.example tide.example]" {
		t.Errorf("numbered: %s", got)
	}
}

func TestMarkers(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		if o := alice.GET("/api/v1/markers?timeline[]=home&timeline[]=notifications&timeline[]=x").Object(); len(o) != 0 {
			t.Errorf("%v", o)
		}
		o := alice.POST("/api/v1/markers", testkit.F("home[last_read_id]", "100", "notifications[last_read_id]", "7")).Object()
		if o.Obj("home").Num("version") != 1 || o.Obj("notifications").Str("last_read_id") != "7" {
			t.Errorf("%v", o)
		}
		// Backwards is stored, too; only what was written is answered.
		o = alice.POST("/api/v1/markers", map[string]any{"home": map[string]any{"last_read_id": "50"}}).Object()
		if o.Obj("home").Num("version") != 2 || o.Obj("home").Str("last_read_id") != "50" || len(o) != 1 {
			t.Errorf("%v", o)
		}
		if o := alice.GET("/api/v1/markers?timeline[]=home").Object(); o.Obj("home").Str("last_read_id") != "50" || len(o) != 1 {
			t.Errorf("%v", o)
		}
		if o := c.As("bob").In(t).GET("/api/v1/markers?timeline=home").Object(); len(o) != 0 {
			t.Errorf("bob sees %v", o)
		}
		alice.POST("/api/v1/markers", testkit.F("home[last_read_id]", strings.Repeat("1", 200))).Want(422)
	})
}

func TestFindAccounts(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		c.As("bob").In(t).PATCH("/api/v1/profile", testkit.F("display_name", "Alfred Älter")).OK()
		for _, acct := range []string{"bob", "@bob", "BOB", "bob@coterie.test", "@Bob@Coterie.Test"} {
			if o := c.Anonymous().In(t).GET("/api/v1/accounts/lookup?acct=" + acct).Object(); o.Str("acct") != "bob" {
				t.Errorf("%s: %v", acct, o)
			}
		}
		for _, acct := range []string{"", "nobody", "bob@elsewhere.example", "%00"} {
			alice.GET("/api/v1/accounts/lookup?acct=" + acct).Want(404)
		}
		names := func(q string) string {
			t.Helper()
			var all []string
			for _, o := range alice.GET("/api/v1/accounts/search?" + q).List() {
				all = append(all, o.Str("username"))
			}
			return strings.Join(all, " ")
		}
		c.Follow("alice", "bob")
		for q, want := range map[string]string{
			"q=al": "bob alice", "q=alice": "alice", "q=@alice": "alice", "q=alfred": "bob", "q=%C3%A4lt": "bob",
			"q=alf+alt": "", "q=alf+%C3%A4": "bob", "q=bob@cot": "bob", "q=bob@else": "", "q=%25": "", "q=": "",
			"q=a&following=true": "bob", "q=al&limit=1": "bob", "q=al&limit=1&offset=1": "alice", "q=bo_": "", "q=c": "carol",
		} {
			if got := names(q); got != want {
				t.Errorf("%s: got %q, want %q", q, got, want)
			}
		}
		c.Anonymous().In(t).GET("/api/v1/accounts/search?q=al").Want(401)

		bob, carol := c.Person("bob").ID.String(), c.Person("carol").ID.String()
		if o := alice.GET("/api/v1/accounts/" + bob).Object(); o.Str("display_name") != "Alfred Älter" {
			t.Errorf("%v", o)
		}
		if l := c.Anonymous().In(t).GET("/api/v1/accounts?id[]=" + bob + "&id[]=1&id[]=" + carol).List(); len(l) != 2 {
			t.Errorf("%v", l)
		}
		alice.GET("/api/v1/accounts/1").Want(404)
		alice.GET("/api/v1/accounts/" + strings.Repeat("9", 40)).Want(404)
		many := strings.Repeat("id[]="+bob+"&", 41)
		alice.GET("/api/v1/accounts?" + many).Want(422)
	})
}

// Somebody who is not yet confirmed exists for nobody and may do nothing.
func TestNewcomer(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	made, err := c.AccountCreate(t.Context(), instance.AccountCreate{
		Name: "frank", Email: "frank@example.org", Password: testkit.Password, TokenScopes: "read write",
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Settle()
	if e := c.WithToken(made.Token).In(t).GET("/api/v1/accounts/verify_credentials").Error(http.StatusForbidden); !strings.Contains(e, "confirmed") {
		t.Error(e)
	}
	alice := c.As("alice").In(t)
	alice.GET("/api/v1/accounts/" + made.ID.String()).Want(404)
	alice.GET("/api/v1/accounts/lookup?acct=frank").Want(404)
	if l := alice.GET("/api/v1/accounts?id[]=" + made.ID.String()).List(); len(l) != 0 {
		t.Errorf("%v", l)
	}
	if l := alice.GET("/api/v1/accounts/search?q=frank").List(); len(l) != 0 {
		t.Errorf("%v", l)
	}
}
