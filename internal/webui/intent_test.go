package webui_test

import (
	"net/http"
	"net/url"
	"testing"

	"coterie/internal/testkit"
)

func TestIntents(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	intent := func(uri string) string { return "/intent?" + url.Values{"uri": {uri}}.Encode() }
	for path, want := range map[string]string{
		"/.well-known/change-password": "/settings",
		"/manifest":                    "/manifest.webmanifest",
		intent("web+mastodon://follow?uri=acct:a@b.example"): "/authorize_interaction?uri=a%40b.example",
		"/auth/edit":                         "/settings/security",
		"/invites":                           "/settings/invites",
		"/settings/delete":                   "/settings/account",
		"/admin/reports/12":                  "/moderation/reports/12",
		"/authorize_follow?acct=a@b.example": "/authorize_interaction?uri=a%40b.example",
		intent("web+mastodon://share?text=Hello+you"): "/share?text=Hello+you",
		intent("web+ap://b.example/@a/1?x=y"):         "/authorize_interaction?uri=https%3A%2F%2Fb.example%2F%40a%2F1%3Fx%3Dy",
	} {
		if got := c.Anonymous().GET(path).Want(http.StatusFound).Header.Get("Location"); got != want {
			t.Errorf("%s leads to %s, want %s", path, got, want)
		}
	}
	for _, uri := range []string{"", "https://evil.example/", "web+mastodon://steal?x", "web+mastodon:follow", "web+ap:nothing", "%"} {
		c.Anonymous().GET(intent(uri)).Want(http.StatusNotFound)
	}
}
