package oauth_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to break storage from outside

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// endings are what changes how somebody signs in, or that they do: each by its
// own door, for frank, who has a password, or gina, who has keys, too.
var endings = []struct {
	name, whose string
	do          func(t *testing.T, m *member, asks *testkit.Client) error
}{
	{"a new password, by the client", "frank", func(_ *testing.T, _ *member, asks *testkit.Client) error {
		return failed(asks.POST(security+"/password", testkit.F("current_password", testkit.Password, "password", "another burrow")))
	}},
	{"a new password, by the command line", "frank", func(t *testing.T, m *member, _ *testkit.Client) error {
		_, err := m.in.AccountPassword(t.Context(), instance.AccountPassword{Name: "frank", Password: "another burrow"})
		return err
	}},
	{"a new password, by a mailed link", "frank", func(t *testing.T, m *member, _ *testkit.Client) error {
		return failed(m.in.Anonymous().In(t).POST("/auth/password/edit", testkit.F("token", m.reset, "password", "another burrow")))
	}},
	{"a new address", "frank", func(t *testing.T, m *member, asks *testkit.Client) error {
		asks.POST(security+"/email", testkit.F("email", "franklin@example.org", "current_password", testkit.Password)).OK()
		m.in.Settle()
		return failed(m.in.Anonymous().In(t).POST("/auth/confirmation", testkit.F("token", opened(t, m.box.Only(t), "/auth/confirmation"))))
	}},
	{"one-time codes", "frank", func(t *testing.T, m *member, asks *testkit.Client) error {
		secret := asks.POST(security+"/one_time", testkit.F("current_password", testkit.Password)).Object().Str("secret")
		return failed(asks.POST(security+"/one_time/confirm", testkit.F("code", code(t, m.in, secret))))
	}},
	{"a passkey", "frank", func(t *testing.T, m *member, asks *testkit.Client) error {
		asked := asks.POST(security+"/passkeys/options", testkit.F("current_password", testkit.Password)).Object()
		answer := testkit.NewAuthenticator(t, m.in.Config.BaseURL()).Create(asked.Obj("options"))
		return failed(asks.POST(security+"/passkeys", testkit.F("secret", asked.Str("secret"), "name", "Key", "answer", answer)))
	}},
	{"a passkey removed", "gina", func(_ *testing.T, _ *member, asks *testkit.Client) error {
		id := asks.GET(security).Object()["passkeys"].([]any)[0].(map[string]any)["id"].(string)
		return failed(asks.DELETE(security+"/passkeys/"+id, testkit.F("current_password", testkit.Password)))
	}},
	{"the password removed", "gina", func(_ *testing.T, _ *member, asks *testkit.Client) error {
		return failed(asks.DELETE(security+"/password", testkit.F("current_password", testkit.Password)))
	}},
	{"an identity elsewhere removed", "gina", func(_ *testing.T, _ *member, asks *testkit.Client) error {
		id := asks.GET(security + "/identities").List()[0].Str("id")
		return failed(asks.DELETE(security+"/identities/"+id, testkit.F("current_password", testkit.Password)))
	}},
	{"deletion, by the command line", "frank", func(t *testing.T, m *member, _ *testkit.Client) error {
		_, err := m.in.AccountDelete(t.Context(), instance.AccountDelete{Name: "frank"})
		return err
	}},
}

// failed is what an answer says was not done.
func failed(a *testkit.Answer) error {
	if a.Status < 500 {
		a.OK()
		return nil
	}
	return http.ErrAbortHandler
}

// others are what somebody has open beside what asks: whether each still works.
func (m *member) others(t *testing.T, name string) map[string]bool {
	t.Helper()
	open := map[string]bool{}
	if name == "gina" {
		open["half a sign-in"] = m.half.open("/auth/second_factor").Path == "/auth/second_factor"
		return open
	}
	for _, way := range ways {
		switch way.name {
		case "a token", "a stream that is open", "a new stream", "a session, for the web client", "a session, for pages",
			"a session kept beside another", "a code that an app holds", "what the server says of a token":
			open[way.name] = way.try(t, m)
		}
	}
	open["push to a telephone"] = m.in.WithToken(m.token).In(t).GET("/api/v1/push/subscription").Status == http.StatusOK
	open["a link to set a new password"] = m.in.Anonymous().In(t).GET("/auth/password/edit?token="+m.reset).Status == http.StatusOK
	return open
}

// SEC-40: whatever changes how somebody signs in, by whichever door, ends all
// else that is open at once; and where storage fails, the change says so.
func TestSEC40_ChangesEndAllOtherAccess(t *testing.T) {
	t.Parallel()
	for _, e := range endings {
		t.Run(strings.ReplaceAll(e.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			m := newMember(t)
			m.in.WithToken(m.token).In(t).POST("/api/v1/push/subscription", map[string]any{"subscription": map[string]any{
				"endpoint": "https://push.example/1", "standard": true, "keys": map[string]any{
					"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg",
				},
			}}).OK()
			asks := newBrowser(t, m.in)
			asks.signIn(e.whose)
			if e.whose == "gina" {
				byPasskey(asks, m.device, true)
			}
			cl := asks.from("same-origin", "").In(t)

			m.broken(t, true)
			if err := e.do(t, m, cl); err == nil {
				t.Error("storage fails, and nothing is said")
			}
			m.broken(t, false)
			if !asks.inside() {
				t.Error("what asked is out, though nothing was done")
			}
			m.listen(t)
			m.in.Clock.Add(time.Minute) // a one-time code counts once

			if err := e.do(t, m, cl); err != nil {
				t.Fatal("not done")
			}
			for what, open := range m.others(t, e.whose) {
				if open {
					t.Errorf("%s is still good", what)
				}
			}
		})
	}
}

// broken has the database refuse, or take again, what ends access.
func (m *member) broken(t *testing.T, on bool) {
	t.Helper()
	statements := []string{`DROP TRIGGER broken_tokens`, `DROP TRIGGER broken_sessions`}
	if on {
		statements = []string{
			`CREATE TRIGGER broken_tokens BEFORE UPDATE OF revoked_at ON tokens BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END`,
			`CREATE TRIGGER broken_sessions BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END`,
		}
	}
	m.in.RestartAfter(func() {
		db, err := sql.Open("sqlite", filepath.Join(m.in.Config.DataDir, "coterie.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
	})
}
