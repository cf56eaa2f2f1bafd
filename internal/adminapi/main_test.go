package adminapi_test

import (
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

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
