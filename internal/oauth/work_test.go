package oauth_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

var shownChallenge = regexp.MustCompile(`data-challenge="([^"]+)" data-bits="(\d+)"`)

// work answers a challenge as the script of the page does.
func work(t *testing.T, challenge string, bits int) string {
	t.Helper()
	for n := range 1 << 20 {
		if proof := challenge + ":" + strconv.Itoa(n); domain.Worked(proof, bits) {
			return proof
		}
	}
	t.Fatalf("no answer to %q", challenge)
	return ""
}

// Strangers work before they sign up, once for each account; the invited do
// not, nor does who waits for somebody to decide.
func TestAProofOfWorkIsAskedOfStrangers(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		in.Configure(func(s *testkit.Settings) { s.ProofOfWork = 8 })
		page := func() (*browser, string) {
			b := newBrowser(t, in)
			m := shownChallenge.FindSubmatch(b.open("/auth/sign_up").Body)
			if m == nil || string(m[2]) != "8" {
				t.Fatalf("no challenge on %s", b.page.Body)
			}
			return b, string(m[1])
		}
		join := func(b *browser, name, proof string) *testkit.Answer {
			return b.submit("username", name, "email", name+"@example.org", "password", testkit.Password, "agreement", "1", "proof_of_work", proof)
		}
		b, challenge := page()
		proof := work(t, challenge, 8)
		easier := strings.Replace(challenge, "8.", "0.", 1)
		late, lateChallenge := page()
		for what, wrong := range map[string]string{"none": "", "no work": challenge + ":x", "another's": proof[1:], "an easier one": easier + ":1"} {
			if a := join(tab(b), "ewan", wrong); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", what, a.Status)
			}
		}
		if a := join(b, "ewan", proof); a.Status != http.StatusOK || b.cookies["session"] == "" {
			t.Fatalf("with the work done: %d", a.Status)
		}
		again, _ := page()
		if a := join(again, "fay", proof); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("the same proof again: %d", a.Status)
		}
		in.Clock.Add(domain.WorkLife + time.Minute)
		if a := join(late, "fay", work(t, lateChallenge, 8)); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("late: %d", a.Status)
		}

		// Apps do the same, or are spared.
		app := register(t, in, scheme, "read write")
		token := in.Anonymous().In(t).POST("/oauth/token", testkit.F("grant_type", "client_credentials", "client_id", app.id, "client_secret", app.secret, "scope", "read write")).Object().Str("access_token")
		cl := in.WithToken(token).In(t)
		byApp := func(name string, more ...string) *testkit.Answer {
			return cl.POST("/api/v1/accounts", testkit.F(append([]string{"username", name, "email", name + "@example.org", "password", testkit.Password, "agreement", "true"}, more...)...))
		}
		if got := in.Anonymous().In(t).GET("/api/v2/instance").Object().Obj("registrations").Str("url"); got != in.Config.BaseURL()+"/auth/sign_up" {
			t.Errorf("registrations.url is %q", got)
		}
		byApp("gil").Error(http.StatusUnprocessableEntity)
		asked := cl.GET("/api/coterie/v1/proof_of_work").Object()
		byApp("gil", "proof_of_work", work(t, asked.Str("challenge"), int(asked.Num("bits")))).OK()
		in.Configure(func(s *testkit.Settings) { s.ProofOfWorkSparesApps = true })
		byApp("hal").OK()

		path, _ := invite(t, in, "alice")
		if b, a := accept(t, in, path, "ida"); b.cookies["session"] == "" || shownChallenge.Match(a.Body) {
			t.Errorf("invited: %d", a.Status)
		}
		in.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsApproval })
		if a := newBrowser(t, in).open("/auth/sign_up"); shownChallenge.Match(a.Body) {
			t.Error("work is asked of who waits for approval")
		}
	}, joining(domain.RegistrationsOpen))
}

// tab is another tab of the same page.
func tab(b *browser) *browser {
	c := newBrowser(b.t, b.in)
	c.page = b.page
	return c
}
