package fedhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

const activityJSON = "application/activity+json"

// document asks for a path, or an address of the community, as a server does.
func document(c *testkit.Community, address string) *testkit.Answer {
	c.T.Helper()
	return c.Anonymous().With("Accept", activityJSON).GET(strings.TrimPrefix(address, c.Config.BaseURL()))
}

// parse reads an answer the way other servers of our make do.
func parse(t *testing.T, a *testkit.Answer) *apub.Document {
	t.Helper()
	if got := a.Header.Get("Content-Type"); !apub.IsActivityType(got) {
		t.Fatalf("%s: Content-Type %q", a.Path, got)
	}
	d, err := apub.Parse(a.Body)
	if err != nil {
		t.Fatalf("%s: %v in %s", a.Path, err, a.Body)
	}
	return d
}

// block has the staff refuse a host.
func block(t *testing.T, c *testkit.Community, host string) {
	t.Helper()
	if err := c.SetDomainPolicy(t.Context(), instance.DomainPolicy{Domain: host, Severity: domain.SeveritySuspend}); err != nil {
		t.Fatal(err)
	}
}

// signIn is the Cookie header of a browser that has signed in.
func signIn(t *testing.T, c *testkit.Community, name string) string {
	t.Helper()
	a := c.Anonymous().POST("/auth/sign_in", testkit.F("login", name, "password", testkit.Password)).Want(http.StatusSeeOther)
	res := http.Response{Header: a.Header}
	for _, cookie := range res.Cookies() {
		if cookie.Name == "session" {
			return cookie.Name + "=" + cookie.Value
		}
	}
	t.Fatal("no session")
	return ""
}
