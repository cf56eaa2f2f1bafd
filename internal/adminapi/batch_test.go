package adminapi_test

import (
	"testing"

	"coterie/internal/testkit"
)

func TestBatches(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	staffed(c)
	mod := c.As("mod")
	const accounts, reports = "/api/coterie/v1/admin/accounts/batch", "/api/coterie/v1/admin/reports/batch"
	id := func(name string) string { return c.Person(name).ID.String() }
	type outcome struct {
		Done   []string
		Failed []struct{ ID, Error string }
	}
	var got outcome
	mod.POST(accounts, testkit.F("do", "silence", "ids[]", id("bob"), "ids[]", id("admin"), "ids[]", "17", "ids[]", id("carol"), "ids[]", id("bob"))).Into(&got)
	if len(got.Done) != 2 || len(got.Failed) != 2 || got.Failed[0].ID != "17" || got.Failed[1].ID != id("admin") || got.Failed[1].Error == "" {
		t.Errorf("silence: %+v", got)
	}
	if list := mod.GET("/api/v2/admin/accounts?status=silenced").List(); len(list) != 2 {
		t.Errorf("silenced: %v", list)
	}
	got = outcome{}
	mod.POST(accounts, testkit.F("do", "approve", "ids[]", id("bob"))).Into(&got)
	if len(got.Done) != 0 || len(got.Failed) != 1 {
		t.Errorf("nobody waits: %+v", got)
	}
	mod.POST(accounts, testkit.F("do", "shout", "ids[]", id("bob"))).Error(422)
	mod.POST(accounts, testkit.F("do", "silence")).Error(422)

	for _, name := range []string{"alice", "dave"} {
		c.As(name).POST("/api/v1/reports", testkit.F("account_id", id("carol"))).OK()
	}
	form := testkit.F("do", "resolve")
	for _, r := range mod.GET("/api/v1/admin/reports").List() {
		form.Add("ids[]", r.Str("id"))
	}
	got = outcome{}
	mod.POST(reports, form).Into(&got)
	if left := mod.GET("/api/v1/admin/reports").List(); len(got.Done) != 2 || len(left) != 0 {
		t.Errorf("resolved: %+v, left %v", got, left)
	}
	c.As("bob").POST(reports, form).Error(403)
}
