package oauth_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

const security = "/api/coterie/v1/security"

// withOneTime turns one-time codes on for somebody signed in as the client and
// returns the secret and the recovery codes.
func withOneTime(t *testing.T, in *testkit.Community, cl *testkit.Client) (secret string, codes []any) {
	t.Helper()
	o := cl.POST(security+"/one_time", testkit.F("current_password", testkit.Password)).Object()
	secret = o.Str("secret")
	got := cl.POST(security+"/one_time/confirm", testkit.F("code", code(t, in, secret))).Object()
	return secret, got["recovery_codes"].([]any)
}

func code(t *testing.T, in *testkit.Community, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, in.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// half signs in as far as the second factor.
func half(t *testing.T, in *testkit.Community, name string) *browser {
	t.Helper()
	b := newBrowser(t, in)
	if a := b.signIn(name); a.Status != http.StatusOK || b.cookies["pending"] == "" || b.cookies["session"] != "" {
		t.Fatalf("%d, cookies %v", a.Status, b.cookies)
	}
	return b
}

// An app that sends somebody to sign in gets its answer after the second factor,
// too (behaviours 6.3).
func TestAuthorizingSurvivesTheSecondFactor(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	secret, _ := withOneTime(t, in, in.As("alice").In(t))
	in.Clock.Add(30 * time.Second)
	a := register(t, in, scheme, "read")
	b := newBrowser(t, in)
	b.open(a.authorize())
	if got := b.submit("login", "alice", "password", testkit.Password); b.cookies["session"] != "" {
		t.Fatalf("in without a second factor: %s", got.Path)
	}
	got := b.submit("code", code(t, in, secret))
	if !strings.HasPrefix(got.Path, "/oauth/authorize?") {
		t.Fatalf("the second factor leads to %s", got.Path)
	}
	at, q := answered(t, b.submit("decision", "allow"))
	if at != scheme || q.Get("state") != "s t&te" {
		t.Errorf("the app was called at %s with %v", at, q)
	}
	a.exchange(q.Get("code")).OK()
}

func TestSEC43_OneTimeCodes(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		alice := in.As("alice").In(t)
		secret, recovery := withOneTime(t, in, alice)
		if len(recovery) != 10 {
			t.Fatalf("recovery codes: %v", recovery)
		}
		first := code(t, in, secret)

		// A half signed-in browser has no rights, whatever it sends.
		b := half(t, in, "alice")
		if got := b.from("same-origin", "").GET(own); got.Status != http.StatusUnauthorized {
			t.Errorf("with half a sign-in: %d", got.Status)
		}
		if a := b.submit("code", "000000"); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a wrong code: %d", a.Status)
		}
		// The code that confirmed was used; the next is good once.
		if a := b.submit("code", first); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("the code that confirmed: %d", a.Status)
		}
		in.Clock.Add(30 * time.Second)
		next := code(t, in, secret)
		if a := b.submit("code", next[:3]+" "+next[3:]); a.Status != http.StatusOK || b.cookies["session"] == "" || b.cookies["pending"] != "" {
			t.Fatalf("a right code: %d, %v", a.Status, b.cookies)
		}
		if got := b.from("same-origin", "").GET(own); got.Status != http.StatusOK {
			t.Errorf("signed in: %d", got.Status)
		}
		if a := half(t, in, "alice").submit("code", next); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a code again: %d", a.Status)
		}
		// A code of two steps ago is late, one of the step before is not.
		in.Clock.Add(time.Minute)
		old := code(t, in, secret)
		in.Clock.Add(time.Minute)
		if a := half(t, in, "alice").submit("code", old); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a late code: %d", a.Status)
		}
		before := code(t, in, secret)
		in.Clock.Add(30 * time.Second)
		if a := half(t, in, "alice").submit("code", before); a.Status != http.StatusOK {
			t.Errorf("the code of the step before: %d", a.Status)
		}

		// Recovery codes work once each.
		if a := half(t, in, "alice").submit("code", recovery[0].(string)); a.Status != http.StatusOK {
			t.Errorf("a recovery code: %d", a.Status)
		}
		if a := half(t, in, "alice").submit("code", recovery[0].(string)); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a recovery code again: %d", a.Status)
		}
		if n := alice.GET(security).Object().Num("recovery_codes"); n != 9 {
			t.Errorf("%v recovery codes are left", n)
		}
	})
}

// Of many right answers at once one opens a session.
func TestSEC43_CodesInParallel(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		secret, _ := withOneTime(t, in, in.As("alice").In(t))
		in.Clock.Add(30 * time.Second)
		now := code(t, in, secret)
		b := half(t, in, "alice")
		other := half(t, in, "alice")
		var mu sync.Mutex
		var wg sync.WaitGroup
		opened := 0
		for i := range 8 {
			wg.Go(func() {
				from := b
				if i%2 == 1 {
					from = other
				}
				a := from.client().POST("/auth/second_factor", testkit.F("code", now))
				mu.Lock()
				defer mu.Unlock()
				res := http.Response{Header: a.Header}
				for _, c := range res.Cookies() {
					if c.Name == "session" && c.Value != "" {
						opened++
					}
				}
			})
		}
		wg.Wait()
		if opened != 1 {
			t.Errorf("%d sessions for one code", opened)
		}
	})
}

// A sign-in takes five answers, and ten minutes.
func TestSEC43_CodesAreNotGuessed(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	secret, _ := withOneTime(t, in, in.As("alice").In(t))
	in.Clock.Add(30 * time.Second)
	b := half(t, in, "alice")
	for range 5 {
		b.client().POST("/auth/second_factor", testkit.F("code", "123456"))
	}
	if a := b.client().POST("/auth/second_factor", testkit.F("code", code(t, in, secret))); a.Status != http.StatusSeeOther || a.Header.Get("Location") == "/" {
		t.Errorf("a right code after five wrong ones: %d to %s", a.Status, a.Header.Get("Location"))
	}
	b = half(t, in, "alice")
	in.Clock.Add(11 * time.Minute)
	b.client().POST("/auth/second_factor", testkit.F("code", code(t, in, secret)))
	if a := b.open("/auth/second_factor"); b.cookies["session"] != "" || a.Path == "/auth/second_factor" {
		t.Errorf("a right code after eleven minutes: at %s with %v", a.Path, b.cookies)
	}
}

// However often the password is given anew, codes are counted by account.
func TestSEC47_CodesAreLimitedByAccount(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t, testkit.Limited())
	withOneTime(t, in, in.As("alice").In(t))
	limited := false
	for i := range 8 {
		// Another address and the other name of the account each time, so that
		// nothing but the codes is limited.
		b := newBrowser(t, in)
		b.signIn("alice")
		for range 4 {
			a := b.client().POST("/auth/second_factor", testkit.F("code", "123456"))
			limited = limited || a.Status == http.StatusTooManyRequests
		}
		if i%6 == 5 {
			in.Clock.Add(6 * time.Minute) // the limit by address begins anew
		}
	}
	if !limited {
		t.Error("32 codes were tried without a limit")
	}
}

func passkey(t *testing.T, cl *testkit.Client, device *testkit.Authenticator, name string) testkit.Object {
	t.Helper()
	asked := cl.POST(security+"/passkeys/options", testkit.F("current_password", testkit.Password)).Object()
	return cl.POST(security+"/passkeys", testkit.F(
		"secret", asked.Str("secret"), "name", name, "answer", device.Create(asked.Obj("options")))).Object()
}

// byPasskey has the browser sign in with the device.
func byPasskey(b *browser, device *testkit.Authenticator, second bool) *testkit.Answer {
	asked := b.client().POST("/auth/passkey/options", map[string]any{"second": second}).Object()
	return b.keep(b.client().POST("/auth/passkey", map[string]any{
		"secret": asked["secret"], "answer": device.Get(asked.Obj("options")), "return_to": "/home",
	}))
}

func TestPasskeysSignIn(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		alice := in.As("alice").In(t)
		device := testkit.NewAuthenticator(t, in.Config.BaseURL())
		made := passkey(t, alice, device, "Telephone")
		if made.Obj("passkey").Str("name") != "Telephone" || len(made["recovery_codes"].([]any)) != 10 {
			t.Errorf("made: %v", made)
		}

		// Alone, without name or password.
		b := newBrowser(t, in)
		if a := byPasskey(b, device, false); a.Status != http.StatusOK || a.Object().Str("next") != "/home" {
			t.Fatalf("%d: %s", a.Status, a.Body)
		}
		if me := b.from("same-origin", "").GET(own); me.Status != http.StatusOK {
			t.Errorf("signed in: %d", me.Status)
		}
		// As the second factor.
		b = half(t, in, "alice")
		if a := byPasskey(b, device, true); a.Status != http.StatusOK || b.cookies["session"] == "" || b.cookies["pending"] != "" {
			t.Errorf("second factor: %d, %v", a.Status, b.cookies)
		}
		// A device that does not know its owner is a second factor only.
		device.Verifies = false
		if a := byPasskey(newBrowser(t, in), device, false); a.Status != http.StatusUnauthorized {
			t.Errorf("alone, unverified: %d", a.Status)
		}
		if a := byPasskey(half(t, in, "alice"), device, true); a.Status != http.StatusOK {
			t.Errorf("second factor, unverified: %d", a.Status)
		}
		device.Verifies = true
		// A copy of the device has counted less far.
		device.Count = 0
		if a := byPasskey(newBrowser(t, in), device, false); a.Status != http.StatusUnauthorized {
			t.Errorf("a copy: %d", a.Status)
		}
		device.Count = 100
		// Another device, another site, another's sign-in.
		if a := byPasskey(newBrowser(t, in), testkit.NewAuthenticator(t, in.Config.BaseURL()), false); a.Status != http.StatusUnauthorized {
			t.Errorf("a stranger's device: %d", a.Status)
		}
		bob := testkit.NewAuthenticator(t, in.Config.BaseURL())
		passkey(t, in.As("bob").In(t), bob, "Key")
		if a := byPasskey(half(t, in, "alice"), bob, true); a.Status != http.StatusUnauthorized {
			t.Errorf("bob's device for alice: %d", a.Status)
		}
		// An answer counts once.
		asked := b.client().POST("/auth/passkey/options", nil).Object()
		answer := map[string]any{"secret": asked["secret"], "answer": device.Get(asked.Obj("options"))}
		if a := newBrowser(t, in).client().POST("/auth/passkey", answer); a.Status != http.StatusOK {
			t.Errorf("an answer: %d", a.Status)
		}
		if a := newBrowser(t, in).client().POST("/auth/passkey", answer); a.Status != http.StatusUnauthorized {
			t.Errorf("an answer again: %d", a.Status)
		}
		// Suspended people do not come in that way either.
		id := alice.GET(security).Object()["passkeys"].([]any)[0].(map[string]any)["id"].(string)
		if a := alice.DELETE(security+"/passkeys/"+id, testkit.F("current_password", testkit.Password)); a.Status != http.StatusOK {
			t.Errorf("remove: %d", a.Status)
		}
		if a := byPasskey(newBrowser(t, in), device, false); a.Status != http.StatusUnauthorized {
			t.Errorf("a removed passkey: %d", a.Status)
		}
		if a := newBrowser(t, in).signIn("alice"); a.Status != http.StatusOK {
			t.Errorf("with the password again: %d", a.Status)
		}
	})
}

// What changes who may sign in ends every other session and token.
func TestSEC40_SecondFactorsEndOtherAccess(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		b := newBrowser(t, in)
		b.signIn("alice")
		other := newBrowser(t, in)
		other.signIn("alice")
		secret, _ := withOneTime(t, in, b.from("same-origin", ""))
		check := func(what string) {
			t.Helper()
			if got := b.from("same-origin", "").GET(own); got.Status != http.StatusOK {
				t.Errorf("%s: the session that asked: %d", what, got.Status)
			}
			if got := other.from("same-origin", "").GET(own); got.Status != http.StatusUnauthorized {
				t.Errorf("%s: another session: %d", what, got.Status)
			}
			if got := in.As("alice").GET(own); got.Status != http.StatusUnauthorized {
				t.Errorf("%s: a token: %d", what, got.Status)
			}
		}
		check("codes on")
		in.Clock.Add(30 * time.Second)
		other = half(t, in, "alice")
		other.submit("code", code(t, in, secret))
		b.from("same-origin", "").DELETE(security+"/one_time", testkit.F("current_password", testkit.Password)).OK()
		check("codes off")

		// Who lost everything is helped by who runs the server.
		withOneTime(t, in, b.from("same-origin", ""))
		if _, err := in.AccountPassword(t.Context(), instance.AccountPassword{Name: "alice", Password: testkit.Password, Factors: true}); err != nil {
			t.Fatal(err)
		}
		if got := b.from("same-origin", "").GET(own); got.Status != http.StatusUnauthorized {
			t.Errorf("after help: a session: %d", got.Status)
		}
		fresh := newBrowser(t, in)
		if fresh.signIn("alice"); fresh.cookies["session"] == "" {
			t.Error("after help the password alone does not sign in")
		}
	})
}
