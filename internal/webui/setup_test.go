package webui_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"coterie/internal/testkit"
)

// link is the path and query of the set-up link in the log.
func link(t *testing.T, log string) string {
	t.Helper()
	_, after, found := strings.Cut(log, "link=")
	if !found {
		t.Fatalf("no set-up link in the log: %s", log)
	}
	u, err := url.Parse(strings.Fields(strings.Trim(after, `"`))[0])
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(u.RequestURI(), `"`)
}

// ready lets c say in its log that it is up; it stops at once.
func ready(t *testing.T, c *testkit.Community) {
	t.Helper()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := c.Run(stopped, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
}

// firstRun is a community before its first run and the link to set it up.
func firstRun(t *testing.T) (c *testkit.Community, setUp, key string) {
	t.Helper()
	var log strings.Builder
	c = testkit.NewInstance(t, testkit.Bare(), testkit.LogTo(&log))
	ready(t, c)
	setUp = link(t, log.String())
	u, err := url.Parse(setUp)
	if err != nil {
		t.Fatal(err)
	}
	return c, setUp, u.Query().Get("key")
}

func answers(key string) testkit.Form {
	return testkit.F("key", key, "server_name", "Larkspur", "description", "Neighbours & birders.",
		"username", "ines", "email", "", "password", testkit.Password, "registrations", "approval")
}

func TestFirstRunMakesTheOwnerAndSignsThemIn(t *testing.T) {
	t.Parallel()
	c, setUp, key := firstRun(t)
	guest := c.Anonymous()

	plain := guest.GET("/").OK()
	if body := string(plain.Body); strings.Contains(body, "<form") || strings.Contains(body, key) {
		t.Error("the set-up page is open to everyone")
	}
	if body := string(guest.GET(setUp).OK().Body); !strings.Contains(body, key) || !strings.Contains(body, `name="server_name"`) {
		t.Error("the link does not lead to the form")
	}

	made := guest.POST("/set-up", answers(key)).Want(http.StatusSeeOther)
	if made.Header.Get("Location") != "/" {
		t.Errorf("sent to %q", made.Header.Get("Location"))
	}
	res := http.Response{Header: made.Header}
	cookies := res.Cookies()
	if len(cookies) != 2 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || !cookies[1].HttpOnly || cookies[1].SameSite != http.SameSiteStrictMode {
		t.Fatalf("cookies: %v", cookies)
	}
	client := func(name string) *testkit.Client {
		return c.Anonymous().With("Cookie", name+"="+cookies[0].Value).With("Sec-Fetch-Site", "same-origin")
	}
	if me := client(cookies[1].Name).GET("/api/v1/accounts/verify_credentials").Object(); me.Str("username") != "ines" {
		t.Errorf("the web client is %v", me)
	}
	// A browser that lost the client's cookie gets it again where the client sends it.
	client(cookies[1].Name + "x").GET("/api/v1/accounts/verify_credentials").Error(http.StatusUnauthorized)
	back := client(cookies[0].Name).GET("/auth/sign_in?return_to=/home").Want(http.StatusSeeOther)
	if set := (&http.Response{Header: back.Header}).Cookies(); back.Header.Get("Location") != "/home" || len(set) != 2 || set[1].Name != cookies[1].Name {
		t.Errorf("sent back to %q with %v", back.Header.Get("Location"), set)
	}

	front := c.Anonymous().With("Cookie", cookies[0].Name+"="+cookies[0].Value).GET("/").OK()
	for _, want := range []string{"Larkspur", "Neighbours &amp; birders.", "@ines"} {
		if !strings.Contains(string(front.Body), want) {
			t.Errorf("the front page does not say %q", want)
		}
	}
	if reg := guest.GET("/api/v2/instance").Object().Obj("registrations"); !reg.Bool("approval_required") || !reg.Bool("enabled") {
		t.Errorf("registrations: %v", reg)
	}
	if got := front.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("signed in: Cache-Control %q", got)
	}
	if got := guest.GET(setUp).OK().Header.Get("Cache-Control"); got != "public, max-age=15" {
		t.Errorf("a guest's front page: Cache-Control %q", got)
	}
	guest.POST("/set-up", answers(key)).Want(http.StatusConflict)
	var log strings.Builder
	again := testkit.NewInstance(t, testkit.LogTo(&log))
	ready(t, again)
	if strings.Contains(log.String(), "key=") {
		t.Error("a community with an owner announces a set-up link")
	}
}

func TestFirstRunWithAWrongKeyChangesNothing(t *testing.T) {
	t.Parallel()
	c, setUp, key := firstRun(t)
	guest := c.Anonymous()
	for _, wrong := range []string{"", "A", key[1:], strings.ToLower(key), key + "A"} {
		if body := string(guest.GET("/?key=" + wrong).Want(http.StatusForbidden).Body); strings.Contains(body, "<form") {
			t.Errorf("key %q opens the form", wrong)
		}
		guest.POST("/set-up", answers(wrong)).Want(http.StatusForbidden)
	}
	guest.POST("/set-up", nil).Want(http.StatusForbidden)
	guest.GET(setUp).OK()
	guest.GET("/set-up").Want(http.StatusSeeOther)
}

func TestFirstRunKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	c, _, key := firstRun(t)
	form := answers(key)
	form.Set("username", "not a name")
	form.Set("password", "short")
	form.Set("server_name", " ")
	form.Set("registrations", "some")
	// What is wrong comes back step by step, the first first.
	for _, step := range []struct{ mended, value, wrong string }{
		{"", "", "server_name"}, {"server_name", "Larkspur", "registrations"}, {"registrations", "open", "username"}, {"username", "ines", "password"},
	} {
		form.Set(step.mended, step.value)
		body := string(c.Anonymous().POST("/set-up", form).Want(http.StatusUnprocessableEntity).Body)
		for _, want := range []string{form.Get("username"), "Neighbours &amp; birders.", `id="f-` + step.wrong + `-error"`, key} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the form does not come back with %q", step.wrong, want)
			}
		}
		if strings.Contains(body, `value="short"`) {
			t.Error("the form comes back with the password")
		}
	}
	c.Anonymous().POST("/set-up", answers(key)).Want(http.StatusSeeOther)
}

// Each step leads on by address with what was answered, and no step is left
// out that has something wrong.
func TestFirstRunGoesStepByStep(t *testing.T) {
	t.Parallel()
	c, setUp, key := firstRun(t)
	guest := c.Anonymous()
	shows := func(path string, status int, want ...string) {
		t.Helper()
		body := string(guest.GET(path).Want(status).Body)
		for _, each := range append(want, `name="key" value="`+key+`"`) {
			if !strings.Contains(body, each) {
				t.Errorf("%s does not show %s", path, each)
			}
		}
	}
	shows(setUp, http.StatusOK, `name="server_name"`, `name="step" value="join"`, `method="get"`)
	named := setUp + "&server_name=Larkspur&description=Birds"
	shows(named+"&step=join", http.StatusOK, `name="registrations" value="invite" checked`, `name="step" value="you"`, `type="hidden" name="server_name" value="Larkspur"`)
	shows(named+"&step=you&registrations=open", http.StatusOK, `method="post" action="/set-up"`, `name="password"`, `type="hidden" name="registrations" value="open"`, `type="hidden" name="description" value="Birds"`)
	shows(setUp+"&step=you&registrations=open", http.StatusUnprocessableEntity, `id="f-server_name-error"`)
	shows(named+"&step=you&registrations=some", http.StatusUnprocessableEntity, `id="f-registrations-error"`)
	shows(named+"&step=nowhere", http.StatusOK, `name="server_name" type="text" value="Larkspur"`)
	guest.GET("/?key=wrong&step=you&server_name=Larkspur").Want(http.StatusForbidden)
}

func TestFirstRunRefusesFormsOfOtherSites(t *testing.T) {
	t.Parallel()
	c, _, key := firstRun(t)
	c.Anonymous().With("Origin", "https://evil.example").POST("/set-up", answers(key)).Want(http.StatusForbidden)
	c.Anonymous().With("Sec-Fetch-Site", "cross-site").POST("/set-up", answers(key)).Want(http.StatusForbidden)
}

func TestFirstRunHasOneWinner(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		key, err := c.SetUpKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if again, err := c.SetUpKey(t.Context()); err != nil || again != key {
			t.Errorf("the key changed from %q to %q, %v", key, again, err)
		}
		const people = 20
		codes := make([]int, people)
		var wg sync.WaitGroup
		for i := range people {
			wg.Go(func() {
				form := answers(key)
				form.Set("username", "person"+string(rune('a'+i)))
				codes[i] = c.Anonymous().POST("/set-up", form).Status
			})
		}
		wg.Wait()
		won := 0
		for _, code := range codes {
			switch code {
			case http.StatusSeeOther:
				won++
			case http.StatusConflict, http.StatusForbidden: // the key is gone with the winner
			default:
				t.Errorf("a loser got %d", code)
			}
		}
		report, err := c.Status(t.Context())
		if won != 1 || err != nil || report.Accounts != 1 {
			t.Errorf("%d owners, %d accounts, %v: %v", won, report.Accounts, err, codes)
		}
		if key, err := c.SetUpKey(t.Context()); key != "" || err != nil {
			t.Errorf("a community with an owner has the key %q, %v", key, err)
		}
	}, testkit.Bare())
}
