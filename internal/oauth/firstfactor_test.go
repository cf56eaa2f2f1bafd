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

const rolesPath = "/api/coterie/v1/admin/roles"

var shownSecret = regexp.MustCompile(`<code dir="ltr">([A-Z2-7]+)</code>`)

// Whose role asks for a second factor may do nothing without one, neither by
// session nor by token, and sets it up after the password.
func TestRolesAskForASecondFactor(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		in.Join("mina", domain.RoleModerator)
		in.Join("owner", domain.RoleOwner)
		owner, mina := in.As("owner").In(t), in.As("mina").In(t)
		b := newBrowser(t, in)
		b.signIn("mina")
		b.open("/oauth/authorized_applications").OK()
		mina.GET(own).OK()

		owner.PUT(rolesPath+"/moderator", testkit.F("second_factor", "true")).OK()
		if got := mina.GET(own).Error(http.StatusForbidden); !strings.Contains(got, "second factor") {
			t.Errorf("her token: %s", got)
		}
		if got := b.from("same-origin", "").GET(own); got.Status != http.StatusForbidden {
			t.Errorf("her session: %d", got.Status)
		}
		if got := b.open("/oauth/authorized_applications"); !strings.HasPrefix(got.Path, "/auth/sign_in") {
			t.Errorf("her browser is at %s", got.Path)
		}
		in.As("alice").In(t).GET(own).OK() // a role beside it

		// After the password: a wrong code, then the right one.
		if a := b.signIn("mina"); !strings.HasPrefix(a.Path, "/auth/first_factor") {
			t.Fatalf("after the password at %s", a.Path)
		}
		secret := shownSecret.FindSubmatch(b.page.Body)
		if secret == nil {
			t.Fatalf("no secret on %s", b.page.Body)
		}
		if a := b.submit("code", "000000"); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a wrong code: %d", a.Status)
		}
		if got := b.from("same-origin", "").GET(own); got.Status == http.StatusOK {
			t.Error("half a sign-in has rights")
		}
		a := b.submit("code", code(t, in, string(secret[1])))
		if a.Status != http.StatusOK || strings.Count(string(a.Body), "<li><code>") != domain.RecoveryCodes {
			t.Fatalf("a right code: %d %s", a.Status, a.Body)
		}
		b.from("same-origin", "").GET(own).OK()
		if got := mina.GET(own); got.Status != http.StatusUnauthorized {
			t.Errorf("her old token: %d", got.Status)
		}
		// From now on it is asked for, and cannot be removed.
		if a := half(t, in, "mina").page.Path; !strings.HasPrefix(a, "/auth/second_factor") {
			t.Errorf("the next time at %s", a)
		}
		b.from("same-origin", "").DELETE(security+"/one_time", testkit.F("current_password", testkit.Password)).Error(http.StatusUnprocessableEntity)
		in.Clock.Add(time.Minute)

		// The owner asks it of the own role only with a factor, and changes
		// nothing else about it.
		owner.PUT(rolesPath+"/owner", testkit.F("second_factor", "true")).Error(http.StatusUnprocessableEntity)
		owner.PUT(rolesPath+"/owner", testkit.F("position", "7")).Error(http.StatusUnprocessableEntity)
		withOneTime(t, in, owner)
		owner.PUT(rolesPath+"/owner", testkit.F("second_factor", "true")).OK()
		owner.GET(own).OK()

		// Everyone's role asks it of all; a passkey does, too.
		owner.PUT(rolesPath+"/user", testkit.F("second_factor", "true")).OK()
		in.As("bob").In(t).GET(own).Error(http.StatusForbidden)
		bob := newBrowser(t, in)
		bob.signIn("bob")
		device := testkit.NewAuthenticator(t, in.Config.BaseURL())
		asked := bob.client().POST("/auth/first_factor/passkey", nil).Object()
		made := bob.submit("secret", asked.Str("secret"), "passkey_name", "Key", "answer", device.Create(asked.Obj("options")))
		if made.Status != http.StatusOK || strings.Count(string(made.Body), "<li><code>") != domain.RecoveryCodes {
			t.Fatalf("a passkey: %d %s", made.Status, made.Body)
		}
		bob.from("same-origin", "").GET(own).OK()
		if a := byPasskey(newBrowser(t, in), device, false); a.Status != http.StatusOK {
			t.Errorf("with the passkey: %d", a.Status)
		}
	})
}
