package page_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/page"
)

// The policy equals the approved text byte for byte (SEC-55).
func TestSEC55_PolicyEqualsTheApprovedText(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/csp.golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	res := samples()[0].render(t, newPages(t, true))
	if got := res.Header.Get("Content-Security-Policy"); got != strings.TrimSpace(string(want)) {
		t.Errorf("policy is\n%s\nwant\n%s", got, want)
	}
}

func TestSecurityHeadersAreOnEveryPage(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	for _, s := range samples() {
		h := s.render(t, p).Header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=63072000; includeSubDomains", "Content-Type": "text/html; charset=utf-8",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", s.name, name, got, want)
			}
		}
		if h.Get("Permissions-Policy") == "" || !strings.Contains(h.Get("Vary"), "Cookie") {
			t.Errorf("%s: Permissions-Policy or Vary missing", s.name)
		}
	}
	if h := samples()[0].render(t, newPages(t, false)).Header; h.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS over plain http")
	}
}

// Sign-in and consent cannot be shown in another site's frame (SEC-64).
func TestSEC64_FormsCannotBeFramed(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	for _, s := range samples() {
		h := s.render(t, p).Header
		if h.Get("X-Frame-Options") != "DENY" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s may be framed", s.name)
		}
	}
}

// Private pages are not stored (SEC-35); a signed-in person's view of a public
// page is private too, and so is the choice of a language, which sets a cookie.
func TestSEC35_PrivatePagesAreNotStored(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	for _, s := range samples() {
		got := s.render(t, p).Header.Get("Cache-Control")
		public := map[string]bool{"front": true, "front-empty": true, "post": true, "post-elsewhere": true, "hashtag": true, "collection": true, "about": true, "terms": true}[s.name]
		if public == strings.Contains(got, "no-store") {
			t.Errorf("%s: Cache-Control %q", s.name, got)
		}
	}
}

func TestGuardRefusesFormsOfOtherSites(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	h := p.Guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	for _, c := range []struct {
		method, header, value string
		want                  int
	}{
		{"POST", "Sec-Fetch-Site", "cross-site", 403},
		{"POST", "Sec-Fetch-Site", "same-site", 403},
		{"POST", "Origin", "https://evil.example", 403},
		{"POST", "Origin", "null", 403},
		{"POST", "Sec-Fetch-Site", "same-origin", 418},
		{"POST", "Origin", "https://larkspur.social", 418},
		{"GET", "Sec-Fetch-Site", "cross-site", 418},
	} {
		r := httptest.NewRequest(c.method, "https://larkspur.social/sign-in", nil)
		r.Header.Set(c.header, c.value)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != c.want {
			t.Errorf("%s with %s: %s answers %d, want %d", c.method, c.header, c.value, rec.Code, c.want)
		}
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{true, false} {
		p := newPages(t, secure)
		rec := httptest.NewRecorder()
		p.SetCookie(rec, "session", "abc", time.Hour)
		c := rec.Result().Cookies()[0]
		if !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 3600 {
			t.Errorf("secure %v: cookie %v", secure, c)
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.AddCookie(c)
		if got := p.Cookie(r, "session"); got != "abc" {
			t.Errorf("secure %v: read back %q", secure, got)
		}
		rec = httptest.NewRecorder()
		p.ClearCookie(rec, "session")
		if last := rec.Result().Cookies()[0]; last.MaxAge >= 0 {
			t.Errorf("secure %v: not cleared: %v", secure, last)
		}
	}
}

func TestErrorSaysNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	for _, c := range []struct {
		err       error
		status    int
		has, lack string
	}{
		{domain.ErrNotFound, 404, "Nothing in this burrow", "Record not found"},
		{os.ErrPermission, 500, "Something broke here", "permission"},
		{domain.Errorf(domain.Forbidden, "This door is closed."), 403, "This door is closed.", "xyz"},
		{domain.Errorf(domain.RateLimited, "Slow down."), 429, "One moment", "xyz"},
	} {
		rec := httptest.NewRecorder()
		p.Error(rec, httptest.NewRequest("GET", "/secret-path?token=t", nil), c.err)
		body := rec.Body.String()
		if rec.Code != c.status || !strings.Contains(body, c.has) || strings.Contains(body, c.lack) || strings.Contains(body, "<code>/secret") {
			t.Errorf("%v: status %d, body %s", c.err, rec.Code, body)
		}
	}
}

func TestErrorPageForTheKit(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	r := httptest.NewRequest("GET", "/x?lang=de", nil)
	for _, c := range []struct {
		status         int
		sentence, want string
	}{
		{403, "Your login is currently suspended", "Dein Konto ist gesperrt"},
		{404, "Record not found", "Nichts in diesem Bau"},
		{500, "secret", "Hier ist etwas kaputtgegangen"},
	} {
		body := string(p.ErrorPage(r, c.status, c.sentence))
		checkHTML(t, body)
		if !strings.Contains(body, c.want) || strings.Contains(body, "secret") {
			t.Errorf("%d: %s", c.status, body)
		}
	}
}

func TestFailPutsProblemsInTheirPlace(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	r := httptest.NewRequest("POST", "/sign-up", nil)
	f := p.Fail(r, page.Form{Action: "/x"}, &domain.Error{Kind: domain.Invalid, Msg: "Validation failed", Fields: []domain.FieldError{
		{Field: "username", Code: "ERR_TAKEN", Description: "has already been taken"}, {Field: "email", Code: "ERR_NEW", Description: "is odd"},
	}})
	if f.Action != "/x" || f.Problem != "" || f.Problems["username"] != "This is already taken." || f.Problems["email"] != "is odd" {
		t.Errorf("form is %+v", f)
	}
	if f := p.Fail(r, page.Form{}, os.ErrPermission); strings.Contains(f.Problem, "permission") || f.Problem == "" {
		t.Errorf("internal error says %q", f.Problem)
	}
}

// The language menu never links to another host (SEC-65).
func TestSEC65_LanguageLinksStayHere(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	for _, path := range []string{"//evil.example/x", "/\\evil.example", "///evil.example"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = path
		rec := httptest.NewRecorder()
		p.ErrorStatus(rec, r, 404, "")
		if strings.Contains(rec.Body.String(), `href="//`) {
			t.Errorf("%s: menu leaves this host", path)
		}
	}
}

func TestAnswerToAFormOffersNoLanguageLinks(t *testing.T) {
	t.Parallel()
	rec := httptest.NewRecorder()
	newPages(t, true).SignIn(rec, httptest.NewRequest("POST", "/sign-in", nil), page.SignIn{Form: page.Form{Problem: "x"}})
	if strings.Contains(rec.Body.String(), "?lang=") {
		t.Error("links would lose what was sent")
	}
}

func TestLanguageIsChosenAndRemembered(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	rec := httptest.NewRecorder()
	p.ErrorStatus(rec, httptest.NewRequest("GET", "/x?lang=ar", nil), 404, "")
	if !strings.Contains(rec.Body.String(), `<html lang="ar" dir="rtl">`) {
		t.Error("?lang=ar is not Arabic")
	}
	r := httptest.NewRequest("GET", "/x", nil)
	r.AddCookie(rec.Result().Cookies()[0])
	r.Header.Set("Accept-Language", "de")
	if got := p.Locale(r).Tag(); got != "ar" {
		t.Errorf("remembered %q", got)
	}
}

func TestAssetsAreImmutableAndCompressed(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	mux := http.NewServeMux()
	p.RegisterAssets(mux)
	get := func(path, encoding string) *http.Response {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Encoding", encoding)
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, r)
		return rec.Result()
	}
	css := get(p.AssetPath("base.css"), "br, gzip;q=0.8")
	if css.StatusCode != 200 || css.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(css.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("base.css: %d %v", css.StatusCode, css.Header)
	}
	plain := readAll(t, get(p.AssetPath("base.css"), "gzip;q=0"))
	if !strings.Contains(plain, "url(/static/fonts/") {
		t.Error("style sheet does not name the hashed fonts")
	}
	for _, path := range []string{page.MissingAvatar, page.MissingHeader, page.Thumbnail, "/favicon.ico", "/favicon.svg", "/apple-touch-icon.png"} {
		if res := get(path, ""); res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "image/") {
			t.Errorf("%s: %d %s", path, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
	if res := get("/static/base.css", ""); res.StatusCode != 404 {
		t.Errorf("unhashed name answers %d", res.StatusCode)
	}
}
