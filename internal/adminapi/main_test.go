package adminapi_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"coterie/internal/adminapi"
	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// TestMain holds a run of all tests to this: each route of the staff has a test
// that gets from it what it asked for.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if whole := flag.Lookup("test.run").Value.String()+flag.Lookup("test.skip").Value.String() == ""; whole && code == 0 {
		for _, r := range (&adminapi.API{}).Routes() {
			if !shown(r.Method, r.Pattern) {
				fmt.Printf("FAIL: no test shows what %s %s does\n", r.Method, r.Pattern)
				code = 1
			}
		}
	}
	os.Exit(code)
}

// shown reports whether a test got an answer of a route.
func shown(method, pattern string) bool {
	path := regexp.MustCompile("^" + parameter.ReplaceAllString(pattern, "[^/]+") + "$")
	return slices.ContainsFunc(testkit.Shown(), func(e testkit.Evidence) bool {
		return e.Method == method && path.MatchString(e.Path) && !strings.HasPrefix(e.Test, "TestSEC32_E") && e.Test != "TestSEC32_ScopesAndNoQueryBefore"
	})
}

// staffed is a community with a moderator, mod, and an administrator, admin.
func staffed(c *testkit.Community) {
	c.Join("mod", domain.RoleModerator)
	c.Join("admin", domain.RoleAdmin)
}

// both runs f on both engines, staffed.
func both(t *testing.T, f func(t *testing.T, c *testkit.Community)) {
	t.Helper()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		staffed(c)
		f(t, c)
	})
}

// account is the path of somebody's entry in the admin API.
func account(c *testkit.Community, name string) string {
	return "/api/v1/admin/accounts/" + c.Person(name).ID.String()
}

// act has one of the staff do something about somebody.
func act(c *testkit.Community, by, target, kind string, pairs ...string) {
	c.T.Helper()
	c.As(by).POST(account(c, target)+"/action", testkit.F(append([]string{"type", kind}, pairs...)...)).OK()
	c.Settle()
}
