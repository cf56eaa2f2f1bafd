package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// member is somebody who has begun every way of coming in, before anything
// was decided about them. frank has a password alone, gina a passkey, one-time
// codes and an identity elsewhere beside it.
type member struct {
	in       *testkit.Community
	box      *testkit.Mailbox
	provider *provider
	app      app
	served   *httptest.Server

	token, code, reset   string
	session, added, half *browser
	stream               *websocket.Conn
	device               *testkit.Authenticator
	recovery             []any
	invitation           string
}

func (m *member) dial(token string) (*websocket.Conn, int) {
	conn, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(m.served.URL, "http")+"/api/v1/streaming?stream=user&access_token="+token, nil)
	if err != nil {
		return nil, res.StatusCode
	}
	return conn, res.StatusCode
}

func newMember(t *testing.T, options ...testkit.Option) *member {
	t.Helper()
	m := &member{provider: newProvider(t)}
	box, mailed := testkit.Mailed(t)
	m.box = box
	m.in = testkit.NewInstance(t, append(options, mailed, m.provider.option(m.provider.URL), joining(domain.RegistrationsInvite))...)
	m.served = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.in.Handler().ServeHTTP(w, r) }))
	t.Cleanup(m.served.Close)
	m.app = register(t, m.in, scheme, "read write push")
	for _, name := range []string{"frank", "gina"} {
		m.in.Join(name, domain.RoleUser)
	}
	m.in.Settle()

	b := newBrowser(t, m.in)
	b.open(m.provider.send(b, "gina-elsewhere", nil))
	b.submit("login", "gina", "password", testkit.Password)
	b.submit()
	gina := b.from("same-origin", "").In(t)
	m.device = testkit.NewAuthenticator(t, m.in.Config.BaseURL())
	m.recovery = passkey(t, gina, m.device, "Telephone")["recovery_codes"].([]any)
	m.half = half(t, m.in, "gina")

	m.session = newBrowser(t, m.in)
	m.session.signIn("frank")
	m.code = m.app.code(m.session)
	m.token = m.app.exchange(m.app.code(m.session)).Object().Str("access_token")
	m.added = newBrowser(t, m.in)
	m.added.signIn("frank")
	m.added.add("bob")
	if m.added.is() != "bob" || m.added.cookies["others"] == "" {
		t.Fatal("the browser does not hold two accounts")
	}
	m.invitation, _ = invite(t, m.in, "frank")
	m.in.Settle()
	m.box.Take()
	m.in.Anonymous().In(t).POST("/auth/password/new", testkit.F("email", "frank@example.org")).OK()
	m.in.Settle()
	m.reset = opened(t, m.box.Only(t), "/auth/password/edit")
	m.listen(t)
	return m
}

// listen opens a stream that stays.
func (m *member) listen(t *testing.T) {
	t.Helper()
	m.stream, _ = m.dial(m.token)
	if m.stream == nil {
		t.Fatal("no stream")
	}
	stream := m.stream
	t.Cleanup(func() { stream.Close() })
}

// inside reports whether a browser acts for somebody.
func (b *browser) inside() bool {
	return b.cookies[account.ClientCookie] != "" && b.from("same-origin", "").In(b.t).GET(own).Status == http.StatusOK
}

// ways are all ways of coming in, or of staying; each says whether it worked.
// The reset link comes last: it ends what came before.
var ways = []struct {
	name string
	try  func(t *testing.T, m *member) bool
}{
	{"a token", func(t *testing.T, m *member) bool {
		return m.in.WithToken(m.token).In(t).GET(own).Status == http.StatusOK
	}},
	{"a token, where nobody need be known", func(t *testing.T, m *member) bool {
		return m.in.WithToken(m.token).In(t).GET("/api/v1/timelines/public").Status == http.StatusOK
	}},
	{"a token, to write", func(t *testing.T, m *member) bool {
		return m.in.WithToken(m.token).In(t).POST("/api/v1/statuses", testkit.F("status", "still here")).Status == http.StatusOK
	}},
	{"what the server says of a token", func(t *testing.T, m *member) bool {
		return m.in.Anonymous().In(t).POST("/oauth/introspect", testkit.F("client_id", m.app.id, "client_secret", m.app.secret, "token", m.token)).Object().Bool("active")
	}},
	{"a stream that is open", func(t *testing.T, m *member) bool {
		if err := m.stream.SetReadDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		for {
			_, _, err := m.stream.ReadMessage()
			if err != nil {
				return strings.Contains(err.Error(), "timeout")
			}
		}
	}},
	{"a new stream", func(_ *testing.T, m *member) bool {
		conn, _ := m.dial(m.token)
		if conn != nil {
			conn.Close()
		}
		return conn != nil
	}},
	{"a session, for the web client", func(_ *testing.T, m *member) bool { return m.session.inside() }},
	{"a session, for pages", func(_ *testing.T, m *member) bool {
		a := m.session.open("/oauth/authorized_applications")
		return a.Status == http.StatusOK && a.Path == "/oauth/authorized_applications"
	}},
	{"a session, for an app", func(_ *testing.T, m *member) bool {
		at := m.session.client().GET(m.app.authorize()).Header.Get("Location")
		return strings.Contains(at, "code=")
	}},
	{"a session kept beside another", func(_ *testing.T, m *member) bool {
		m.added.send("/auth/accounts/switch", "account", m.in.Person("frank").ID.String())
		return m.added.inside() && m.added.is() == "frank"
	}},
	{"a code that an app holds", func(_ *testing.T, m *member) bool { return m.app.exchange(m.code).Status == http.StatusOK }},
	{"the password", func(t *testing.T, m *member) bool {
		b := newBrowser(t, m.in)
		b.signIn("frank")
		return b.inside()
	}},
	{"the password, by address", func(t *testing.T, m *member) bool {
		b := newBrowser(t, m.in)
		b.open("/auth/sign_in?again=1")
		b.submit("login", "frank@example.org", "password", testkit.Password)
		return b.inside()
	}},
	{"the second half of a sign-in", func(_ *testing.T, m *member) bool {
		if m.half.open("/auth/second_factor").Path != "/auth/second_factor" {
			return false
		}
		byPasskey(m.half, m.device, true)
		return m.half.inside()
	}},
	{"a recovery code", func(t *testing.T, m *member) bool {
		b := newBrowser(t, m.in)
		if b.signIn("gina"); b.cookies["pending"] == "" {
			return false
		}
		b.submit("code", m.recovery[0].(string))
		return b.inside()
	}},
	{"a passkey", func(t *testing.T, m *member) bool {
		b := newBrowser(t, m.in)
		byPasskey(b, m.device, false)
		return b.inside()
	}},
	{"an identity elsewhere", func(t *testing.T, m *member) bool {
		b := newBrowser(t, m.in)
		b.open(m.provider.send(b, "gina-elsewhere", nil))
		if b.cookies["pending"] != "" {
			byPasskey(b, m.device, true)
		}
		return b.inside()
	}},
	{"an invitation of theirs", func(t *testing.T, m *member) bool {
		return newBrowser(t, m.in).open(m.invitation).Status == http.StatusOK
	}},
	{"a link to set a new password", func(t *testing.T, m *member) bool {
		a := m.in.Anonymous().In(t).POST("/auth/password/edit", testkit.F("token", m.reset, "password", "another burrow"))
		if a.Header.Get("Set-Cookie") != "" {
			t.Errorf("the link signs in by itself: %s", a.Header.Get("Set-Cookie"))
		}
		b := newBrowser(t, m.in)
		b.open("/auth/sign_in?again=1")
		b.submit("login", "frank", "password", "another burrow")
		return b.inside()
	}},
}

// SEC-37, by the table of docs/moderation.md: who is frozen, suspended or gone
// comes in by no way, begun before it or after, with no moment between; who
// moved or is limited stays.
func TestSEC37_WaysInByState(t *testing.T) {
	t.Parallel()
	action := func(kind string) func(t *testing.T, m *member) {
		return func(t *testing.T, m *member) {
			for _, name := range []string{"frank", "gina"} {
				m.in.As("alice").In(t).POST("/api/v1/admin/accounts/"+m.in.Person(name).ID.String()+"/action", testkit.F("type", kind)).OK()
			}
		}
	}
	for name, state := range map[string]struct {
		enter func(t *testing.T, m *member)
		open  bool
	}{
		"as ever": {func(*testing.T, *member) {}, true},
		"moved": {func(t *testing.T, m *member) {
			if _, err := m.in.AccountAlias(t.Context(), instance.AccountAlias{Name: "dave", Of: m.in.Config.BaseURL() + "/users/frank"}); err != nil {
				t.Fatal(err)
			}
			if _, err := m.in.AccountMove(t.Context(), instance.AccountMove{Name: "frank", To: "@dave"}); err != nil {
				t.Fatal(err)
			}
		}, true},
		"limited":   {action("silence"), true},
		"frozen":    {action("disable"), false},
		"suspended": {action("suspend"), false},
		"deleted": {func(t *testing.T, m *member) {
			for _, name := range []string{"frank", "gina"} {
				if _, err := m.in.AccountDelete(t.Context(), instance.AccountDelete{Name: name}); err != nil {
					t.Fatal(err)
				}
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMember(t)
			state.enter(t, m)
			for _, way := range ways {
				if got := way.try(t, m); got != state.open {
					t.Errorf("%s: let in is %v", way.name, got)
				}
			}
		})
	}
}

// Who has yet to confirm an address, or waits to be let in, comes in by no way
// either, and by all of them afterwards.
func TestSEC37_WaysInOfNewcomers(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	in := testkit.NewInstance(t, mailed, joining(domain.RegistrationsApproval))
	served := httptest.NewServer(in.Handler())
	t.Cleanup(served.Close)
	m := &member{in: in, served: served}
	a := register(t, in, scheme, "read write")
	appToken := in.Anonymous().In(t).POST("/oauth/token", testkit.F(
		"grant_type", "client_credentials", "client_id", a.id, "client_secret", a.secret, "scope", "read write")).Object().Str("access_token")
	form := newcomer("frank", "frank@example.org")
	form.Set("reason", "I dig")
	form.Set("agreement", "true")
	m.token = in.WithToken(appToken).In(t).POST("/api/v1/accounts", form).Object().Str("access_token")

	b := newBrowser(t, in)
	b.open("/auth/sign_up").OK()
	m.device = testkit.NewAuthenticator(t, in.Config.BaseURL())
	asked := b.client().POST("/auth/sign_up/passkey", testkit.F("username", "gina")).Object()
	joined := b.submit("username", "gina", "email", "gina@example.org", "secret", asked.Str("secret"), "answer", m.device.Create(asked.Obj("options")), "agreement", "1", "reason", "I dig").OK()
	codes := shownCode.FindAllSubmatch(joined.Body, -1)
	if len(codes) == 0 {
		t.Fatalf("joining by passkey: %s", joined.Body)
	}
	in.Settle()
	var links []string
	for _, mail := range box.Take() {
		links = append(links, opened(t, mail, "/auth/confirmation"))
	}
	if len(links) != 2 {
		t.Fatalf("%d links", len(links))
	}

	check := func(what string, open bool) {
		t.Helper()
		cl := in.WithToken(m.token).In(t)
		password, key := newBrowser(t, in), newBrowser(t, in)
		password.signIn("frank")
		byPasskey(key, m.device, false)
		lost := newBrowser(t, in)
		lost.open("/auth/recovery")
		lost.submit("login", "gina", "code", string(codes[0][1]))
		conn, _ := m.dial(m.token)
		if conn != nil {
			conn.Close()
		}
		for way, got := range map[string]bool{
			"the token of joining": cl.GET(own).Status == http.StatusOK, "the token, where nobody need be known": cl.GET("/api/v1/timelines/public").Status == http.StatusOK,
			"to write": cl.POST("/api/v1/statuses", testkit.F("status", "hello")).Status == http.StatusOK, "a stream": conn != nil,
			"the password": password.inside(), "a passkey": key.inside(), "a recovery code": lost.inside(),
		} {
			if got != open {
				t.Errorf("%s, %s: let in is %v", what, way, got)
			}
		}
	}
	check("unconfirmed", false)
	for _, link := range links {
		in.Anonymous().In(t).POST("/auth/confirmation", testkit.F("token", link)).OK()
	}
	check("pending", false)
	staff := in.As("alice").In(t)
	for _, one := range staff.GET("/api/v2/admin/accounts?status=pending").List() {
		staff.POST("/api/v1/admin/accounts/"+one.Str("id")+"/approve", nil).OK()
	}
	check("let in", true)
}
