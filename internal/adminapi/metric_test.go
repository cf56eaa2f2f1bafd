package adminapi_test

import (
	"testing"
	"time"

	signin "coterie/internal/account"
	"coterie/internal/testkit"
)

const sweep = signin.SweepEvery

func TestMetrics(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		mod := c.As("mod")
		post := c.Post("bob", "Good #morning", "language", "en").Str("id")
		c.As("carol").POST("/api/v1/statuses/"+post+"/favourite", nil).OK()
		c.As("carol").POST("/api/v1/statuses", testkit.F("status", "Indeed", "in_reply_to_id", post)).OK()
		c.As("dave").POST("/api/v1/reports", testkit.F("account_id", c.Person("bob").ID.String())).OK()
		c.Settle()
		act(c, "mod", "bob", "silence")
		c.After(sweep) // when who was here is written down
		c.After(sweep) // nobody counts twice
		tag := mod.GET("/api/v1/admin/tags").List()[0].Str("id")
		today := c.Clock.Now().UTC().Format(time.DateOnly)
		yesterday := c.Clock.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)

		form := testkit.F("start_at", yesterday, "end_at", today, "tag_uses[id]", tag, "tag_accounts[id]", tag, "tag_servers[id]", tag,
			"instance_accounts[domain]", "far.test", "instance_statuses[domain]", "far.test", "instance_reports[domain]", "far.test",
			"instance_follows[domain]", "far.test", "instance_followers[domain]", "far.test")
		want := map[string]string{
			"new_users": "7", "active_users": "4", "interactions": "2", "opened_reports": "1", "resolved_reports": "1",
			"tag_uses": "1", "tag_accounts": "1", "tag_servers": "1", "instance_accounts": "0", "instance_statuses": "0",
			"instance_reports": "0", "instance_follows": "0", "instance_followers": "0",
		}
		for key := range want {
			form.Add("keys[]", key)
		}
		form.Add("keys[]", "the weather")
		got := mod.POST("/api/v1/admin/measures", form).List()
		if len(got) != len(want) {
			t.Errorf("%d measures, want %d", len(got), len(want))
		}
		for _, m := range got {
			days := m["data"].([]any)
			if m.Str("total") != want[m.Str("key")] || m.Str("previous_total") != "0" || len(days) != 2 || days[1].(map[string]any)["value"] != m.Str("total") {
				t.Errorf("%s: %v, want %s", m.Str("key"), m, want[m.Str("key")])
			}
		}
		mod.POST("/api/v1/admin/measures", testkit.F("keys[]", "new_users", "start_at", today, "end_at", yesterday)).Error(400)
		mod.POST("/api/v1/admin/measures", testkit.F("keys[]", "new_users")).Error(400)

		dims := mod.POST("/api/v1/admin/dimensions", testkit.F("start_at", yesterday, "end_at", today, "keys[]", "servers", "keys[]", "tag_languages", "keys[]", "tag_servers",
			"tag_languages[id]", tag, "tag_servers[id]", tag, "keys[]", "languages", "keys[]", "instance_accounts", "keys[]", "instance_languages",
			"instance_accounts[domain]", "far.test", "instance_languages[domain]", "far.test", "keys[]", "software_versions", "keys[]", "odd")).List()
		if len(dims) != 7 {
			t.Fatalf("dimensions: %v", dims)
		}
		first := func(i int) testkit.Object { return dims[i]["data"].([]any)[0].(map[string]any) }
		if s := first(0); s.Str("key") != c.Config.Domain || s.Str("value") != "2" {
			t.Errorf("servers: %v", dims[0])
		}
		if s := first(1); s.Str("key") != "en" || s.Str("value") != "1" {
			t.Errorf("languages of the tag: %v", dims[1])
		}
		if first(6).Str("value") != "test" {
			t.Errorf("versions: %v", dims[6])
		}

		cohorts := mod.POST("/api/v1/admin/retention", testkit.F("start_at", yesterday, "end_at", today, "frequency", "day")).List()
		if len(cohorts) != 2 {
			t.Fatalf("cohorts: %v", cohorts)
		}
		if d := cohorts[1]["data"].([]any); len(d) != 1 || d[0].(map[string]any)["value"] != "7" || d[0].(map[string]any)["rate"] != 1.0 {
			t.Errorf("who joined today: %v", cohorts[1])
		}
		if got := mod.POST("/api/v1/admin/retention", testkit.F("start_at", yesterday, "end_at", today, "frequency", "month")).List(); len(got) != 2 {
			t.Errorf("by month: %v", got)
		}
		mod.POST("/api/v1/admin/retention", testkit.F("start_at", yesterday, "end_at", today, "frequency", "hour")).Error(400)
	})
}
