package mastoapi_test

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/mastoapi"
	"coterie/internal/testkit"
)

// scopesTable says of every endpoint of the API which scope suffices and who
// may call: method, path, scope, auth.
//
//go:embed testdata/scopes.tsv
var scopesTable string

// rule is what the table says of one endpoint.
type rule struct {
	scopes []string // any of them suffices; none: no scope
	auth   string   // public, app or user

	newcomer bool // of a user whose address waits for its confirmation, too
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}|:[a-z_]+`)

// endpointKey names a route whatever its parameters are called.
func endpointKey(method, path string) string {
	if method == "PUT" {
		method = "PATCH" // the two stand for each other (behaviours 1.5)
	}
	return method + " " + pathParameter.ReplaceAllString(path, "*")
}

func scopeRules() map[string]rule {
	rules := map[string]rule{}
	for _, line := range strings.Split(strings.TrimSpace(scopesTable), "\n")[1:] {
		f := strings.Split(line, "\t")
		r := rule{auth: f[3]}
		if f[2] != "-" {
			r.scopes = strings.Split(f[2], " or ")
		}
		// The statuses' own verb is PUT, and no PATCH has other rules.
		rules[endpointKey(f[0], f[1])] = r
	}
	// Not in the table, or with a word of its own there.
	rules["POST /api/v1/accounts"] = rule{scopes: []string{"write:accounts"}, auth: "app only"}
	for _, key := range []string{"POST /api/v1/emails/confirmations", "GET /api/v1/emails/check_confirmation"} {
		r := rules[key]
		r.newcomer = true
		rules[key] = r
	}
	return rules
}

// covers is the rule of behaviours 6.8, written down once more.
func covers(granted, want string) bool {
	if granted == want || strings.HasPrefix(want, granted+":") {
		return true
	}
	_, noun, _ := strings.Cut(want, ":")
	return granted == "follow" && (noun == "blocks" || noun == "follows" || noun == "mutes")
}

func (r rule) enough(granted string) bool {
	return len(r.scopes) == 0 || slices.ContainsFunc(r.scopes, func(want string) bool { return covers(granted, want) })
}

// verdict is how a request ended as far as access goes.
type verdict string

const (
	allowed     verdict = "allowed"
	badToken    verdict = "401"
	tooSmall    verdict = "403 scope"
	needsUser   verdict = "422 user"
	needsApp    verdict = "403 app"
	unconfirmed verdict = "403 unconfirmed"
)

func verdictOf(a *testkit.Answer) verdict {
	body := string(a.Body)
	switch {
	case a.Status == http.StatusUnauthorized:
		return badToken
	case a.Status == http.StatusForbidden && strings.Contains(body, "outside the authorized scopes"):
		return tooSmall
	case a.Status == http.StatusForbidden && strings.Contains(body, "client credentials"):
		return needsApp
	case a.Status == http.StatusForbidden && strings.Contains(body, "confirmed e-mail"):
		return unconfirmed
	case a.Status == http.StatusUnprocessableEntity && strings.Contains(body, "requires an authenticated user"):
		return needsUser
	}
	return allowed
}

// caller is one kind of token.
type caller struct {
	name   string
	client *testkit.Client
	want   func(rule) verdict
}

func callers(t *testing.T, c *testkit.Community) []caller {
	t.Helper()
	all := strings.Join(domain.AllScopes(), " ")
	cut := appToken(t, c, all)
	a := c.Anonymous().In(t).POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", all)).Object()
	credentials := testkit.F("client_id", a.Str("client_id"), "client_secret", a.Str("client_secret"), "grant_type", "client_credentials", "scope", all)
	revoked := c.Anonymous().In(t).POST("/oauth/token", credentials).Object().Str("access_token")
	credentials.Set("token", revoked)
	c.Anonymous().In(t).POST("/oauth/revoke", credentials).OK()
	newcomer, err := c.AccountCreate(t.Context(), instance.AccountCreate{
		Name: "frank", Email: "frank@example.org", Password: testkit.Password, TokenScopes: all,
	})
	if err != nil {
		t.Fatal(err)
	}
	is := func(v verdict) func(rule) verdict { return func(rule) verdict { return v } }
	list := []caller{
		{"nobody", c.Anonymous(), func(r rule) verdict {
			if r.auth == "public" {
				return allowed
			}
			return badToken
		}},
		{"an unknown token", c.WithToken("unknown"), is(badToken)},
		{"a revoked token", c.WithToken(revoked), is(badToken)},
		{"somebody unconfirmed", c.WithToken(newcomer.Token), func(r rule) verdict {
			switch {
			case r.auth == "app only":
				return needsApp
			case r.newcomer:
				return allowed
			}
			return unconfirmed
		}},
		{"an app", c.WithToken(cut), func(r rule) verdict {
			if r.auth == "user" {
				return needsUser
			}
			return allowed
		}},
	}
	for _, scope := range domain.AllScopes() {
		made, err := c.AccountToken(t.Context(), instance.AccountToken{Name: "erin", Scopes: scope})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, caller{"somebody with " + scope, c.WithToken(made.Token), func(r rule) verdict {
			switch {
			case !r.enough(scope):
				return tooSmall
			case r.auth == "app only":
				return needsApp
			}
			return allowed
		}})
	}
	return list
}

// Every route answers every kind of token exactly as the table of the API
// says.
func TestSEC41_EveryRouteAsksForItsScope(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	kinds := callers(t, c)
	// One that is stopping opens no streams, which would not end by themselves.
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := c.Run(stopped, "nowhere"); err != nil {
		t.Fatal(err)
	}
	rules := scopeRules()
	for _, route := range (&mastoapi.API{}).Routes() {
		known := false
		for _, pattern := range endpointsOf(route.Pattern) {
			if r, listed := rules[endpointKey(route.Method, pattern)]; listed {
				known = true
				checkRoute(t, route.Method, pattern, r, kinds)
			}
		}
		if !known {
			t.Errorf("%s %s is not in testdata/scopes.tsv: who may call it?", route.Method, route.Pattern)
		}
	}
}

// endpointsOf are the endpoints behind a pattern: one, unless a handler tells
// apart what the mux cannot.
func endpointsOf(pattern string) []string {
	above, split := strings.CutSuffix(pattern, "/{first}/{second}")
	if !split {
		return []string{pattern}
	}
	return []string{above + "/keywords/{id}", above + "/statuses/{id}", above + "/{id}/keywords", above + "/{id}/statuses"}
}

func checkRoute(t *testing.T, method, pattern string, r rule, kinds []caller) {
	t.Helper()
	path := pathParameter.ReplaceAllString(pattern, "1")
	for _, k := range kinds {
		got := verdictOf(k.client.In(t).Do(method, path, nil))
		if want := k.want(r); got != want {
			t.Errorf("%s %s for %s: got %q, want %q", method, path, k.name, got, want)
		}
	}
}

// Scopes joined by a plus sign are several, not one (SEC-41).
func TestSEC41_JoinedScopes(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Bare())
	for _, joined := range []string{"read+write:media", "read,write:media", "read  write:media"} {
		o := c.Anonymous().In(t).POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", joined)).Object()
		if got := fmt.Sprint(o["scopes"]); got != "[read write:media]" {
			t.Errorf("%s: %s", joined, got)
		}
	}
}
