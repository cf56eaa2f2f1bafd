package oauth_test

import (
	"net/http"
	"testing"

	"coterie/internal/testkit"
)

func TestIntrospection(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	a, other := register(t, in, scheme, "read"), register(t, in, scheme, "read")
	b := newBrowser(t, in)
	b.signIn("alice")
	token := a.exchange(a.code(b)).Object().Str("access_token")
	ask := func(id, secret, token string) *testkit.Answer {
		return in.Anonymous().In(t).POST("/oauth/introspect", testkit.F("client_id", id, "client_secret", secret, "token", token))
	}
	got := ask(a.id, a.secret, token).Object()
	if !got.Bool("active") || got.Str("scope") != "read" || got.Str("client_id") != a.id || got.Str("token_type") != "Bearer" || got.Num("iat") == 0 {
		t.Errorf("its own token: %v", got)
	}
	for name, got := range map[string]testkit.Object{
		"another app's": ask(other.id, other.secret, token).Object(),
		"unknown":       ask(a.id, a.secret, "unknown").Object(),
		"none":          ask(a.id, a.secret, "").Object(),
	} {
		if len(got) != 1 || got.Bool("active") {
			t.Errorf("%s: %v", name, got)
		}
	}
	if e := ask(a.id, other.secret, token).Error(http.StatusUnauthorized); e != "invalid_client" {
		t.Errorf("wrong secret: %s", e)
	}

	alice := in.WithToken(token).In(t)
	info := alice.GET("/oauth/token/info").Object()
	if info.Str("resource_owner_id") != in.Person("alice").ID.String() || info["expires_in"] != nil || info.Obj("application").Str("uid") != a.id ||
		len(info["scope"].([]any)) != 1 || info.Num("created_at") == 0 {
		t.Errorf("a token says of itself: %v", info)
	}
	in.Anonymous().In(t).GET("/oauth/token/info").Error(http.StatusUnauthorized)
	in.Anonymous().In(t).POST("/oauth/revoke", testkit.F("client_id", a.id, "client_secret", a.secret, "token", token)).OK()
	if got := ask(a.id, a.secret, token).Object(); got.Bool("active") {
		t.Error("a revoked token is active")
	}
	alice.GET("/oauth/token/info").Error(http.StatusUnauthorized)
}
