package mastoapi_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// reach connects to a process and waits until it hears the other: a stream that
// was opened before ends once it does, since it may have missed something, even
// while it is being opened, and is opened again as clients do.
func (h theater) reach(t *testing.T, from *testkit.Community, token string) ears {
	t.Helper()
	for range 20 {
		conn, res, err := h.connect(token, "stream=user")
		if err != nil {
			t.Fatal(err, res)
		}
		t.Cleanup(func() { conn.Close() })
		hears := func(want string) bool {
			var v heardEvent
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			err := conn.ReadJSON(&v)
			if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
				t.Fatalf("nothing is heard: %v", err)
			}
			return err == nil && v.String() == want
		}
		_ = conn.WriteJSON(map[string]string{"type": "subscribe", "stream": "nonsense"}) // answered once the stream is open
		if !hears("400 Unknown stream type") {
			continue
		}
		from.Post("alice", "Does anybody hear?")
		from.Settle()
		if hears("user update") {
			return ears{t, conn}
		}
	}
	t.Fatal("the processes do not hear each other")
	return ears{}
}

// TestSEC50_RevocationCrossesProcesses: what happens in one process reaches the
// streams that another holds, and access that ends in one ends them within five
// seconds. Several processes need PostgreSQL; SQLite serves one.
func TestSEC50_RevocationCrossesProcesses(t *testing.T) {
	t.Parallel()
	one := testkit.NewInstance(t, testkit.Postgres())
	one.Join("mod", domain.RoleModerator)
	one.Follow("bob", "alice")
	st := storeFor(t, one)
	app := func() testkit.Object {
		return one.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "Burrow", "redirect_uris", domain.OutOfBand)).Object()
	}
	phone, desk := app(), app()
	onPhone, endPhone := letIn(t, one, st, phone, "alice")
	onDesk, _ := letIn(t, one, st, desk, "alice")
	inBrowser, session := sitIn(t, one, st, "alice")
	alice, bob := one.Person("alice").Token, one.Person("bob").Token
	two := one.Beside()
	h := perform(t, two)
	sockets := map[string]ears{}
	for _, token := range []string{onPhone, onDesk, inBrowser, alice, bob} {
		sockets[token] = h.reach(t, one, token)
	}
	events := h.sse(t, onPhone, "user")
	hears := func(what, token string) {
		t.Helper()
		id := one.Post("alice", what).Str("id")
		one.Settle()
		for sockets[token].next().object(t).Str("id") != id {
			continue // an earlier one
		}
	}
	ended := func(what, token string, over ...func()) {
		t.Helper()
		from := time.Now()
		sockets[token].ends()
		for _, f := range over {
			f()
		}
		if took := time.Since(from); took > 5*time.Second {
			t.Errorf("%s: that took %v", what, took)
		}
		two.Clock.Add(5 * time.Second)
		_, res, err := h.connect(token, "stream=user")
		if err == nil || res == nil || res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: reopened: %v, %v", what, res, err)
		}
	}
	hears("Made in one, heard in the other", onDesk)
	one.Anonymous().POST("/oauth/revoke", endPhone).OK()
	ended("a token is revoked", onPhone, func() { _, _ = io.Copy(io.Discard, events.Body) })
	hears("The other app stays", onDesk)
	one.As("alice").DELETE("/api/coterie/v1/apps/"+desk.Str("id"), nil).OK()
	ended("an app is shown out", onDesk)
	one.As("alice").DELETE("/api/coterie/v1/sessions/"+session.ID.String(), nil).OK()
	ended("a browser is signed out", inBrowser)
	one.As("mod").POST("/api/v1/admin/accounts/"+one.Person("bob").ID.String()+"/action", testkit.F("type", "suspend")).OK()
	ended("an account is suspended", bob)
	hears("Whoever stays hears on", alice)
}
