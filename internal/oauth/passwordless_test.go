package oauth_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

var shownCode = regexp.MustCompile(`<li><code>([^<]+)</code>`)

// proved are the parameters by which a passkey shows that its owner acts.
func proved(cl *testkit.Client, device *testkit.Authenticator, pairs ...string) testkit.Form {
	asked := cl.POST(security+"/proof", nil).Object()
	return testkit.F(append([]string{"passkey_secret", asked.Str("secret"), "passkey_answer", device.Get(asked.Obj("options"))}, pairs...)...)
}

// Somebody joins by an invitation with a passkey: no mail, no password.
func TestJoiningWithAPasskeyAlone(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		path, _ := invite(t, in, "alice")
		b := newBrowser(t, in)
		b.open(path).OK()
		device := testkit.NewAuthenticator(t, in.Config.BaseURL())
		asked := b.client().POST("/auth/sign_up/passkey", testkit.F("username", "nora", "invite_code", strings.TrimPrefix(path, "/invite/"))).Object()
		answer := device.Create(asked.Obj("options"))
		// What else was wrong does not cost the passkey.
		if a := b.submit("username", "alice", "secret", asked.Str("secret"), "answer", answer, "agreement", "1"); a.Status != http.StatusUnprocessableEntity || strings.Contains(string(a.Body), `name="password"`) {
			t.Fatalf("a name that is taken: %d %s", a.Status, a.Body)
		}
		a := b.submit("username", "nora", "agreement", "1", "answer", answer)
		codes := shownCode.FindAllSubmatch(a.Body, -1)
		if a.Status != http.StatusOK || len(codes) != domain.RecoveryCodes {
			t.Fatalf("joining: %d %s", a.Status, a.Body)
		}
		nora := b.from("same-origin", "").In(t)
		if got := nora.GET(security).Object(); got.Bool("password") || got.Num("recovery_codes") != domain.RecoveryCodes {
			t.Errorf("how she signs in: %v", got)
		}
		in.Settle()

		// The passkey signs in, no password does, and a ceremony serves once.
		if a := byPasskey(newBrowser(t, in), device, false); a.Status != http.StatusOK {
			t.Errorf("by passkey: %d", a.Status)
		}
		for _, wrong := range []string{testkit.Password, string(codes[0][1])} {
			other := newBrowser(t, in)
			other.open("/auth/sign_in")
			if a := other.submit("login", "nora", "password", wrong); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("with the password %q: %d", wrong, a.Status)
			}
		}
		again := newBrowser(t, in)
		again.open(path)
		if a := again.submit("username", "nils", "secret", asked.Str("secret"), "answer", answer, "agreement", "1"); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("the same passkey for another account: %d", a.Status)
		}

		// Her last passkey stays; what changes how she signs in asks it, or takes
		// a recovery code.
		id := nora.GET(security).Object()["passkeys"].([]any)[0].(map[string]any)["id"].(string)
		nora.DELETE(security+"/passkeys/"+id, testkit.F("current_password", testkit.Password)).Error(http.StatusUnprocessableEntity)
		nora.DELETE(security+"/passkeys/"+id, proved(nora, device)).Error(http.StatusUnprocessableEntity)
		nora.DELETE(security+"/passkeys/"+id, proved(nora, testkit.NewAuthenticator(t, in.Config.BaseURL()))).Error(http.StatusUnprocessableEntity)
		nora.POST(security+"/one_time", testkit.F("current_password", string(codes[0][1]))).OK()
		nora.POST(security+"/one_time", testkit.F("current_password", string(codes[0][1]))).Error(http.StatusUnprocessableEntity)
		used := proved(nora, device)
		nora.POST(security+"/one_time", used).OK()
		nora.POST(security+"/one_time", used).Error(http.StatusUnprocessableEntity)

		// Who loses the passkey comes in by a code, once.
		lost := newBrowser(t, in)
		lost.open("/auth/recovery")
		if a := lost.submit("login", "nora", "code", "abcde-fghij"); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a wrong code: %d", a.Status)
		}
		lost.submit("login", "nora", "code", string(codes[1][1]))
		lost.from("same-origin", "").In(t).GET(own).OK()
		lost = newBrowser(t, in)
		lost.open("/auth/recovery")
		if a := lost.submit("login", "nora", "code", string(codes[1][1])); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a code again: %d", a.Status)
		}

		// With a password codes alone do not sign in any more.
		nora.POST(security+"/password", proved(nora, device, "password", testkit.Password)).OK()
		lost = newBrowser(t, in)
		lost.open("/auth/recovery")
		if a := lost.submit("login", "nora", "code", string(codes[2][1])); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a code beside a password: %d", a.Status)
		}
	}, joining(domain.RegistrationsInvite))
}

// The password goes once a passkey that knows its owner, and codes, stay; every
// other session and token ends.
func TestSEC40_PasswordsAreRemoved(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		b := newBrowser(t, in)
		b.signIn("alice")
		alice := b.from("same-origin", "").In(t)
		password := testkit.F("current_password", testkit.Password)
		alice.DELETE(security+"/password", password).Error(http.StatusUnprocessableEntity)
		device := testkit.NewAuthenticator(t, in.Config.BaseURL())
		device.Verifies = false
		passkey(t, alice, device, "A key without a PIN")
		alice.DELETE(security+"/password", password).Error(http.StatusUnprocessableEntity)
		device = testkit.NewAuthenticator(t, in.Config.BaseURL())
		passkey(t, alice, device, "Telephone")
		other := newBrowser(t, in)
		byPasskey(other, device, false).OK()
		alice.DELETE(security+"/password", password).OK()
		alice.GET(own).OK()
		if got := other.from("same-origin", "").GET(own); got.Status != http.StatusUnauthorized {
			t.Errorf("another session: %d", got.Status)
		}
		if got := newBrowser(t, in).signIn("alice"); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the old password: %d", got.Status)
		}
		byPasskey(newBrowser(t, in), device, false).OK()
	})
}

// A wrong code reads the same for unknown names, for accounts with a password,
// whatever their codes are, and for those without.
func TestSEC48_RecoveryTellsNothing(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	_, codes := withOneTime(t, in, in.As("alice").In(t))
	try := func(login, code string) string {
		a := in.Anonymous().In(t).With("Sec-Fetch-Site", "same-origin").POST("/auth/recovery", testkit.F("login", login, "code", code))
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s with %s: %d", login, code, a.Status)
		}
		return strings.ReplaceAll(string(a.Body), login, "")
	}
	want := try("nobody", "abcde-fghij")
	for _, login := range []string{"alice", "bob", "nobody@example.org", "alice@example.org"} {
		if try(login, codes[0].(string)) != want {
			t.Errorf("%s can be told from nobody", login)
		}
	}
}

// Codes are counted by the account they are tried for, from wherever.
func TestSEC47_RecoveryIsLimitedByAccount(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t, testkit.Limited())
	limited := false
	for i := range 30 {
		a := in.Anonymous().In(t).With("Sec-Fetch-Site", "same-origin").POST("/auth/recovery", testkit.F("login", "alice", "code", "abcde-fghij"))
		limited = limited || a.Status == http.StatusTooManyRequests
		if i%10 == 9 {
			in.Clock.Add(6 * time.Minute) // the limit by address begins anew
		}
	}
	if !limited {
		t.Error("30 codes were tried without a limit")
	}
}
