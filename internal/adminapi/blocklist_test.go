package adminapi_test

import (
	"strings"
	"testing"

	"coterie/internal/testkit"
)

func TestBlockListsInAndOut(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		const at = "/api/coterie/v1/admin/domain_blocks/"
		list := "#domain,#severity\nbeans.example,suspend\nweeds.example,silence\n"
		admin := c.As("admin")
		for _, dry := range []string{"true", "false"} {
			got := admin.POST(at+"import", testkit.F("list", list, "dry_run", dry)).Object()
			if rules := got["rules"].([]any); len(rules) != 2 {
				t.Errorf("dry %s: %v", dry, got)
			}
		}
		if got := admin.GET(at + "export").Object().Str("list"); !strings.Contains(got, "beans.example,suspend,") || !strings.Contains(got, "weeds.example,silence,") {
			t.Errorf("the list: %q", got)
		}
		if got := admin.POST(at+"import", testkit.F("list", list)).Object(); len(got["rules"].([]any)) != 0 {
			t.Errorf("the same list again: %v", got)
		}
		admin.POST(at+"import", testkit.F("dry_run", "true")).Error(400)
	})
}
