package oauth_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// A flood of five sign-ups a second is let in at the pace of the machine:
// everybody has the name they chose, and the time they are told is true within
// a fifth, and half the time between two looks at the door.
func TestWaitingRoomTellsTheTruthAndLosesNoName(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
	type person struct {
		name   string
		ticket string
		told   time.Duration
		at     time.Time
	}
	var waiting []person
	in := 0
	const seconds = 24
	for s := range seconds {
		for i := range 5 {
			name := fmt.Sprintf("guest_%d_%d", s, i)
			a := c.Anonymous().POST("/auth/sign_up", newcomer(name, name+"@example.org")).Want(http.StatusSeeOther)
			if a.Header.Get("Location") != "/auth/waiting" {
				in++
				continue
			}
			waiting = append(waiting, person{name: name, ticket: cookieOf(t, a, "ticket"), told: c.PlaceOf(t, name).In, at: c.Clock.Now()})
		}
		c.After(time.Second)
	}
	if in < domain.AdmitBurst || in > 2*domain.AdmitBurst || len(waiting) < 50 {
		t.Fatalf("%d came in at once, %d wait", in, len(waiting))
	}
	last := waiting[len(waiting)-1]
	c.Anonymous().POST("/auth/sign_up", newcomer(last.name, "other@example.org")).Want(http.StatusUnprocessableEntity)
	signsIn(t, c, last.name, testkit.Password, http.StatusUnprocessableEntity)
	if a := c.Anonymous().With("Cookie", "ticket="+last.ticket).GET("/auth/waiting").OK(); a.Header.Get("Refresh") == "" || !strings.Contains(string(a.Body), "@"+last.name) {
		t.Errorf("the page: %s", a.Body)
	}
	for range 600 {
		c.After(time.Second)
		if c.PlaceOf(t, last.name).Number == 0 {
			break
		}
	}
	for _, p := range waiting {
		got := c.PlaceOf(t, p.name)
		if got.AdmittedAt.IsZero() {
			t.Fatalf("%s never came in", p.name)
		}
		took := got.AdmittedAt.Sub(p.at)
		if off := (took - p.told).Abs(); off > took/5+domain.AdmitEvery/2 {
			t.Errorf("%s was told %v and waited %v", p.name, p.told, took)
		}
	}
	signsIn(t, c, last.name, testkit.Password, http.StatusSeeOther)
	if a := c.Anonymous().With("Cookie", "ticket="+last.ticket).GET("/auth/waiting").OK(); !strings.Contains(string(a.Body), "your turn") {
		t.Errorf("once in: %s", a.Body)
	}
}

// cookieOf is the value of a cookie that an answer sets.
func cookieOf(t *testing.T, a *testkit.Answer, name string) string {
	t.Helper()
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name == name {
			return c.Value
		}
	}
	t.Fatalf("no cookie %s in %v", name, a.Header)
	return ""
}

// An app's newcomer sees the place by its token, which works nowhere else; an
// invitation leads past the queue; a busy machine keeps the door shut.
func TestWaitingByAppAndByInvitation(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
		app := c.Anonymous().In(t).POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", "urn:ietf:wg:oauth:2.0:oob", "scopes", "read write")).Object()
		client := c.Anonymous().In(t).POST("/oauth/token", testkit.F("grant_type", "client_credentials", "client_id", app.Str("client_id"), "client_secret", app.Str("client_secret"), "scope", "read write")).Object()
		var late *testkit.Client
		for i := range domain.AdmitBurst + 2 {
			form := newcomer(fmt.Sprintf("guest_%d", i), fmt.Sprintf("guest_%d@example.org", i))
			form.Set("agreement", "true")
			late = c.WithToken(c.WithToken(client.Str("access_token")).In(t).POST("/api/v1/accounts", form).Object().Str("access_token")).In(t)
		}
		late.GET("/api/v1/accounts/verify_credentials").Error(http.StatusForbidden)
		if p := late.GET("/api/coterie/v1/waiting").Object(); p.Num("number") != 2 || p.Num("seconds") < 1 {
			t.Errorf("place: %v", p)
		}
		_, code, _ := strings.Cut(c.As("alice").In(t).POST("/api/coterie/v1/invites", nil).Object().Str("url"), "/invite/")
		form := newcomer("friend", "friend@example.org")
		form.Set("invite_code", code)
		if to := c.Anonymous().In(t).POST("/auth/sign_up", form).Want(http.StatusSeeOther).Header.Get("Location"); to == "/auth/waiting" {
			t.Error("an invitation waits")
		}
		c.Settle()
		c.After(domain.AdmitEvery)
		if p := late.GET("/api/coterie/v1/waiting").Object(); p.Num("number") != 0 || p.Str("admitted_at") == "" {
			t.Errorf("in: %v", p)
		}
		late.GET("/api/v1/accounts/verify_credentials").OK()
	})
}

// Where there is a minimum age the day of birth is asked for, and not kept.
func TestMinimumAge(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Configure(func(s *testkit.Settings) { s.Registrations, s.MinAge = domain.RegistrationsOpen, 16 })
	if got := c.Anonymous().GET("/api/v2/instance").Object().Obj("registrations").Num("min_age"); got != 16 {
		t.Errorf("min_age is %v", got)
	}
	if a := c.Anonymous().GET("/auth/sign_up").OK(); !strings.Contains(string(a.Body), `name="date_of_birth"`) {
		t.Error("the page does not ask")
	}
	for _, born := range []string{"", "soon", "2010-03-02", "2030-01-01", "1800-01-01", "2010-02-30"} {
		form := newcomer("frank", "frank@example.org")
		form.Set("date_of_birth", born)
		c.Anonymous().POST("/auth/sign_up", form).Want(http.StatusUnprocessableEntity)
	}
	form := newcomer("frank", "frank@example.org")
	form.Set("date_of_birth", "2010-03-01")
	c.Anonymous().POST("/auth/sign_up", form).Want(http.StatusSeeOther)
}
