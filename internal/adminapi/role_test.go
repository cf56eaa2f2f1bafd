package adminapi_test

import (
	"strconv"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// What everyone may do does not become a role's own by saving the role: it goes
// when everyone may not any more.
func TestARoleKeepsItsOwnPermissionsAlone(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice")
		const reports = domain.MayManageReports
		save := func(key, name string, p domain.Permissions) {
			t.Helper()
			form := testkit.F("name", name, "position", "5", "permissions", strconv.FormatUint(uint64(p), 10))
			if key == "" {
				alice.POST(ownAdmin+"roles", form).OK()
				return
			}
			alice.PUT(ownAdmin+"roles/"+key, form).OK()
		}
		gardener := func() (key string, may domain.Permissions) {
			for _, r := range alice.GET(ownAdmin + "roles").List() {
				if r.Str("name") == "Gardener" {
					bits, _ := strconv.ParseUint(r.Str("permissions"), 10, 64)
					return r.Str("key"), domain.Permissions(bits)
				}
			}
			return "", 0
		}
		everyone := func(p domain.Permissions) { save("user", "", p) }

		everyone(domain.MayInvite)
		save("", "Gardener", reports|domain.MayInvite)
		key, may := gardener()
		save(key, "Gardener", may)
		everyone(0)
		if _, got := gardener(); got != reports {
			t.Errorf("a gardener still may %s", got)
		}
		save(key, "Gardener", reports|domain.MayInvite)
		everyone(domain.MayInvite)
		save(key, "Gardener", may)
		everyone(0)
		if _, got := gardener(); got != reports|domain.MayInvite {
			t.Errorf("what was the gardener's own went: %s", got)
		}
	})
}
