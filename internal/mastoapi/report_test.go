package mastoapi_test

import (
	"slices"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// TestReports lets alice report bob, and the staff hear of it.
func TestReports(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Join("mod", domain.RoleModerator)
		rule, err := c.Instance.RuleAdd(t.Context(), instance.RuleAdd{Text: "Be kind."})
		if err != nil {
			t.Fatal(err)
		}
		bad, worse, secret := c.Post("bob", "Spam!"), c.Post("bob", "More spam!"), c.Post("bob", "Quiet spam", "visibility", "direct")
		other := c.Post("carol", "I am not bob")
		bob := c.Person("bob").ID.String()
		got := c.As("alice").POST("/api/v1/reports", testkit.F("account_id", bob, "comment", "He sells things", "category", "spam",
			"status_ids[]", worse.Str("id"), "status_ids[]", bad.Str("id"), "status_ids[]", bad.Str("id"), "forward", "true")).Object()
		ids := got["status_ids"].([]any)
		if got.Str("category") != "spam" || got.Bool("forwarded") || got.Bool("action_taken") || len(ids) != 2 || got.Obj("target_account").Str("id") != bob {
			t.Errorf("the report: %v", got)
		}
		got = c.As("alice").POST("/api/v1/reports", testkit.F("account_id", bob, "category", "legal", "rule_ids[]", rule.ID.String())).Object()
		if got.Str("category") != "violation" {
			t.Errorf("with a rule: %v", got)
		}
		for what, tt := range map[string]struct {
			status int
			form   testkit.Form
		}{
			"nobody":              {404, testkit.F("account_id", "1")},
			"no account":          {404, testkit.F("comment", "hm")},
			"a post of another":   {404, testkit.F("account_id", bob, "status_ids[]", other.Str("id"))},
			"SEC-28 a secret":     {404, testkit.F("account_id", bob, "status_ids[]", secret.Str("id"))},
			"an odd category":     {422, testkit.F("account_id", bob, "category", "rude")},
			"a rule there is not": {422, testkit.F("account_id", bob, "rule_ids[]", "7")},
			"a novel":             {422, testkit.F("account_id", bob, "comment", strings.Repeat("x", 1001))},
		} {
			if msg := c.As("alice").POST("/api/v1/reports", tt.form).Error(tt.status); msg == "" {
				t.Errorf("%s: no word", what)
			}
		}
		if got := heard(c, "mod", ""); !slices.Equal(got, []string{"admin.report alice", "admin.report alice"}) {
			t.Errorf("the moderator hears %v", got)
		}
		n := c.As("mod").GET("/api/v1/notifications?types[]=admin.report").List()
		if r := n[0].Obj("report"); r.Str("category") != "violation" || r.Obj("target_account").Str("id") != bob {
			t.Errorf("the newest notification: %v", n[0])
		}
		for _, name := range []string{"alice", "bob", "carol"} {
			if got := heard(c, name, ""); slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "admin.") }) {
				t.Errorf("%s hears %v", name, got)
			}
		}
	})
}

func TestModeratedDomains(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for host, severity := range map[string]domain.Severity{"bad.test": domain.SeveritySuspend, "loud.test": domain.SeverityLimit, "good.test": domain.SeverityAllow} {
		if err := c.Instance.SetDomainPolicy(t.Context(), instance.DomainPolicy{Domain: host, Severity: severity, Comment: "why"}); err != nil {
			t.Fatal(err)
		}
	}
	list := c.Anonymous().GET("/api/v1/instance/domain_blocks").List()
	if len(list) != 2 || list[0].Str("domain") != "bad.test" || list[0].Str("severity") != "suspend" || list[0].Str("comment") != "why" ||
		list[1].Str("severity") != "silence" || len(list[1].Str("digest")) != 64 {
		t.Errorf("the list: %v", list)
	}
}
