package adminapi_test

import (
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func TestReports(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		rule, err := c.Instance.RuleAdd(t.Context(), instance.RuleAdd{Text: "Be kind."})
		if err != nil {
			t.Fatal(err)
		}
		secret := c.Post("bob", "@carol Psst", "visibility", "direct").Str("id")
		first := c.As("carol").POST("/api/v1/reports", testkit.F("account_id", c.Person("bob").ID.String(), "status_ids[]", secret, "comment", "He whispers")).Object().Str("id")
		second := c.As("carol").POST("/api/v1/reports", testkit.F("account_id", c.Person("dave").ID.String())).Object().Str("id")
		c.Settle()
		path := "/api/v1/admin/reports/" + first
		mod := c.As("mod")

		got := mod.GET(path).Object()
		if statuses := got["statuses"].([]any); len(statuses) != 1 || got.Obj("account").Str("username") != "carol" || got.Obj("target_account").Str("username") != "bob" ||
			got["assigned_account"] != nil || got.Bool("action_taken") {
			t.Errorf("the report: %v", got)
		}
		if ids := idsOf(mod.GET("/api/v1/admin/reports")); ids != second+" "+first {
			t.Errorf("open reports: %s", ids)
		}
		if ids := idsOf(mod.GET("/api/v1/admin/reports?target_account_id=" + c.Person("bob").ID.String())); ids != first {
			t.Errorf("about bob: %s", ids)
		}
		if ids := idsOf(mod.GET("/api/v1/admin/reports?account_id=" + c.Person("bob").ID.String())); ids != "" {
			t.Errorf("by bob: %s", ids)
		}
		if got := mod.POST(path+"/assign_to_self", nil).Object().Obj("assigned_account").Str("username"); got != "mod" {
			t.Errorf("assigned to %s", got)
		}
		for query, want := range map[string]string{
			"assigned_to_self=true": first, "category=other": second + " " + first, "category=legal": "", "by_target_domain=elsewhere.example": "",
		} {
			if ids := idsOf(mod.GET("/api/v1/admin/reports?" + query)); ids != want {
				t.Errorf("%s: %q, want %q", query, ids, want)
			}
		}
		if got := mod.POST(path+"/unassign", nil).Object(); got["assigned_account"] != nil {
			t.Errorf("unassigned: %v", got)
		}
		got = mod.PUT(path, testkit.F("category", "violation", "rule_ids[]", rule.ID.String())).Object()
		if rules := got["rules"].([]any); got.Str("category") != "violation" || len(rules) != 1 {
			t.Errorf("sorted: %v", got)
		}
		if got := mod.PUT(path, testkit.F("category", "spam")).Object(); len(got["rules"].([]any)) != 0 {
			t.Errorf("sorted as spam: %v", got)
		}
		mod.PUT(path, testkit.F("category", "rude")).Error(422)
		mod.PUT(path, testkit.F("category", "violation", "rule_ids[]", "7")).Error(422)
		if got := mod.POST(path+"/resolve", nil).Object(); !got.Bool("action_taken") || got.Obj("action_taken_by_account").Str("username") != "mod" {
			t.Errorf("resolved: %v", got)
		}
		if ids := idsOf(mod.GET("/api/v1/admin/reports?resolved=true")); ids != first {
			t.Errorf("resolved reports: %s", ids)
		}
		if ids := idsOf(mod.GET("/api/v1/admin/reports?resolved=true&unresolved=true")); ids != second+" "+first {
			t.Errorf("all reports: %s", ids)
		}
		if got := mod.POST(path+"/reopen", nil).Object(); got.Bool("action_taken") {
			t.Errorf("reopened: %v", got)
		}
		mod.GET("/api/v1/admin/reports/1").Error(404)

		notes := "/api/coterie/v1/admin/reports/" + first + "/notes"
		mod.POST(notes, testkit.F("content", " ")).Error(422)
		mod.POST(notes, testkit.F("content", "Seen it before")).OK()
		if got := c.As("admin").GET(notes).List(); len(got) != 1 || got[0].Str("content") != "Seen it before" || got[0].Str("account_id") != c.Person("mod").ID.String() {
			t.Errorf("notes: %v", got)
		}
		mod.POST("/api/coterie/v1/admin/accounts/"+c.Person("bob").ID.String()+"/notes", testkit.F("content", "Twice now")).OK()

		// A word answers the report it is about, a decision all.
		third := c.As("erin").POST("/api/v1/reports", testkit.F("account_id", c.Person("bob").ID.String())).Object().Str("id")
		act(c, "mod", "bob", "none", "report_id", first)
		if ids := idsOf(mod.GET("/api/v1/admin/reports")); ids != third+" "+second {
			t.Errorf("after a word: %s", ids)
		}
		act(c, "mod", "bob", "silence")
		if ids := idsOf(mod.GET("/api/v1/admin/reports")); ids != second {
			t.Errorf("after a decision: %s", ids)
		}
		mod.POST(account(c, "bob")+"/action", testkit.F("type", "none", "report_id", second)).Error(404)
		act(c, "mod", "bob", "suspend")
		if got := mod.GET(path).Object(); len(got["statuses"].([]any)) != 1 {
			t.Errorf("the posts of who is suspended: %v", got["statuses"])
		}
	})
}

// Addresses of people are for those who manage people: who has reports alone
// sees the report without them.
func TestSEC32_AddressesAreForThoseWhoManagePeople(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Join("clerk", domain.RoleUser)
	if _, err := c.RoleSet(t.Context(), instance.RoleSet{Name: "Clerk", Permissions: "manage_reports", Position: 5}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AccountRole(t.Context(), instance.AccountRole{Name: "clerk", Role: "Clerk"}); err != nil {
		t.Fatal(err)
	}
	id := c.As("carol").POST("/api/v1/reports", testkit.F("account_id", c.Person("bob").ID.String())).Object().Str("id")
	for _, path := range []string{"/api/v1/admin/reports", "/api/v1/admin/reports/" + id} {
		if got := c.As("clerk").GET(path).OK(); strings.Contains(string(got.Body), "@example.org") {
			t.Errorf("%s tells addresses: %s", path, got.Body)
		}
		if got := c.As("alice").GET(path).OK(); !strings.Contains(string(got.Body), "carol@example.org") {
			t.Errorf("%s hides addresses from the owner: %s", path, got.Body)
		}
	}
}

// idsOf are the ids of a list.
func idsOf(a *testkit.Answer) string {
	var ids []string
	for _, o := range a.List() {
		ids = append(ids, o.Str("id"))
	}
	return strings.Join(ids, " ")
}
