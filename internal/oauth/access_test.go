package oauth_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // these two to break storage from outside
	_ "modernc.org/sqlite"

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
			for name, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					endsAllElse(t, newMember(t, options...), e.whose, func(asks *testkit.Client, m *member) error { return e.do(t, m, asks) })
				})
			}
		})
	}
}

// endsAllElse does what whose access ends by: first while storage fails, then
// in earnest.
func endsAllElse(t *testing.T, m *member, whose string, do func(asks *testkit.Client, m *member) error) {
	t.Helper()
	m.in.WithToken(m.token).In(t).POST("/api/v1/push/subscription", map[string]any{"subscription": map[string]any{
		"endpoint": "https://push.example/1", "standard": true, "keys": map[string]any{
			"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg",
		},
	}}).OK()
	asks := newBrowser(t, m.in)
	asks.signIn(whose)
	if whose == "gina" {
		byPasskey(asks, m.device, true)
	}
	cl := asks.from("same-origin", "").In(t)

	m.broken(t, true)
	if err := do(cl, m); err == nil {
		t.Error("storage fails, and nothing is said")
	}
	m.broken(t, false)
	if !asks.inside() {
		t.Error("what asked is out, though nothing was done")
	}
	m.listen(t)
	m.in.Clock.Add(time.Minute) // a one-time code counts once

	if err := do(cl, m); err != nil {
		t.Fatal("not done")
	}
	for what, open := range m.others(t, whose) {
		if open {
			t.Errorf("%s is still good", what)
		}
	}
}

// broken has the database refuse, or take again, what ends access.
func (m *member) broken(t *testing.T, on bool) {
	t.Helper()
	driver, source := "sqlite", filepath.Join(m.in.Config.DataDir, "coterie.db")
	begin, end := []string{
		`CREATE TRIGGER broken_tokens BEFORE UPDATE OF revoked_at ON tokens BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END`,
		`CREATE TRIGGER broken_sessions BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END`,
	}, []string{`DROP TRIGGER broken_tokens`, `DROP TRIGGER broken_sessions`}
	if m.in.Config.DatabaseURL != "" {
		driver, source = "pgx", m.in.Config.DatabaseURL
		begin, end = []string{
			`CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk I/O error'; END $$`,
			`CREATE TRIGGER broken_tokens BEFORE UPDATE OF revoked_at ON tokens FOR EACH ROW EXECUTE FUNCTION broken()`,
			`CREATE TRIGGER broken_sessions BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION broken()`,
		}, []string{`DROP FUNCTION broken CASCADE`}
	}
	statements := end
	if on {
		statements = begin
	}
	m.in.RestartAfter(func() {
		db, err := sql.Open(driver, source)
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
