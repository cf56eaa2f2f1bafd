package adminapi_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func TestDomainBlocks(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		const path = "/api/v1/admin/domain_blocks"
		made := admin.POST(path, testkit.F("domain", "https://Bad.TEST/about", "severity", "suspend", "public_comment", "spam", "private_comment", "see #3", "obfuscate", "true")).Object()
		if made.Str("domain") != "bad.test" || made.Str("severity") != "suspend" || made.Str("private_comment") != "see #3" || !made.Bool("obfuscate") {
			t.Errorf("made: %v", made)
		}
		for _, form := range []testkit.Form{testkit.F("domain", "bad.test", "severity", "suspend"), testkit.F("domain", "sub.bad.test", "severity", "silence")} {
			var refused struct {
				Existing testkit.Object `json:"existing_domain_block"`
			}
			admin.POST(path, form).Want(422).Into(&refused)
			if refused.Existing.Str("id") != made.Str("id") {
				t.Errorf("%v: %v", form, refused)
			}
		}
		quiet := admin.POST(path, testkit.F("domain", "loud.test")).Object()
		if quiet.Str("severity") != "silence" || quiet["public_comment"] != nil {
			t.Errorf("the default: %v", quiet)
		}
		if got := admin.POST(path, testkit.F("domain", "media.test", "severity", "noop", "reject_media", "true")).Object(); got.Str("severity") != "noop" || !got.Bool("reject_media") {
			t.Errorf("noop: %v", got)
		}
		for what, form := range map[string]testkit.Form{
			"no domain": testkit.F("severity", "suspend"), "an odd one": testkit.F("domain", "not a host"), "our own": testkit.F("domain", c.Config.Domain),
			"an odd severity": testkit.F("domain", "x.test", "severity", "shout"), "allow": testkit.F("domain", "x.test", "severity", "allow"),
		} {
			if admin.POST(path, form).Error(422) == "" {
				t.Errorf("%s: no word", what)
			}
		}
		if got := admin.PUT(path+"/"+quiet.Str("id"), testkit.F("severity", "suspend", "public_comment", "very loud")).Object(); got.Str("severity") != "suspend" || got.Str("public_comment") != "very loud" {
			t.Errorf("changed: %v", got)
		}
		if got := admin.GET(path + "/" + quiet.Str("id")).Object(); got.Str("domain") != "loud.test" {
			t.Errorf("one: %v", got)
		}
		page := admin.GET(path + "?limit=2")
		if got := len(page.List()) + len(admin.GET(page.Link("next")).List()); got != 3 {
			t.Errorf("%d blocks", got)
		}
		public := c.Anonymous().GET("/api/v1/instance/domain_blocks").List()
		if len(public) != 2 || public[0].Str("domain") != "ba*.**st" || public[0].Str("digest") != made.Str("digest") || strings.Contains(public[0].Str("comment"), "#3") {
			t.Errorf("the public list: %v", public)
		}
		if err := c.ChangeSettings(t.Context(), func(set *domain.Settings) { set.BlockList = domain.BlockListMembers }); err != nil {
			t.Fatal(err)
		}
		c.Anonymous().GET("/api/v1/instance/domain_blocks").Error(401)
		c.As("bob").GET("/api/v1/instance/domain_blocks").OK()
		if err := c.ChangeSettings(t.Context(), func(set *domain.Settings) { set.BlockList = domain.BlockListClosed }); err != nil {
			t.Fatal(err)
		}
		c.As("bob").GET("/api/v1/instance/domain_blocks").Error(404)
		admin.DELETE(path+"/"+quiet.Str("id"), nil).OK()
		admin.DELETE(path+"/"+quiet.Str("id"), nil).Error(404)
	})
}

func TestDomainAllows(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		const path = "/api/v1/admin/domain_allows"
		made := admin.POST(path, testkit.F("domain", "Good.test")).Object()
		if again := admin.POST(path, testkit.F("domain", "good.test")).Object(); made.Str("domain") != "good.test" || again.Str("id") != made.Str("id") {
			t.Errorf("made %v, again %v", made, again)
		}
		if got := idsOf(admin.GET(path)); got != made.Str("id") {
			t.Errorf("the list: %s", got)
		}
		admin.GET(path + "/" + made.Str("id")).OK()
		admin.GET("/api/v1/admin/domain_blocks/" + made.Str("id")).Error(404)
		admin.DELETE("/api/v1/admin/domain_blocks/"+made.Str("id"), nil).Error(404)
		admin.DELETE(path+"/"+made.Str("id"), nil).OK()
		admin.GET(path + "/" + made.Str("id")).Error(404)
	})
}

func TestBlockLists(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		admin.POST("/api/v1/admin/domain_allows", testkit.F("domain", "friend.test")).OK()
		admin.POST("/api/v1/admin/domain_blocks", testkit.F("domain", "old.test", "severity", "suspend", "public_comment", "=HYPERLINK(1)")).OK()
		list := "#domain,#severity,#public_comment\nfriend.test,suspend,\nold.test,silence,\nnew.test,suspend,spam\n???,suspend,\n"
		for _, dry := range []bool{true, false} {
			got, err := c.ImportDomains(t.Context(), instance.DomainImport{List: list, Dry: dry})
			if err != nil || len(got.Done) != 1 || got.Done[0].Domain != "new.test" || len(got.Odd) != 1 {
				t.Errorf("dry %v: %+v, %v", dry, got, err)
			}
			if n := len(admin.GET("/api/v1/admin/domain_blocks").List()); dry && n != 1 || !dry && n != 2 {
				t.Errorf("dry %v: %d blocks", dry, n)
			}
		}
		out, err := c.ExportDomains(t.Context())
		want := "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\nnew.test,suspend,False,False,spam,False\nold.test,suspend,False,False,'=HYPERLINK(1),False\n"
		if err != nil || out.List != want {
			t.Errorf("the list: %s, %v", out.List, err)
		}
		if again, err := c.ImportDomains(t.Context(), instance.DomainImport{List: out.List}); err != nil || len(again.Done) != 0 {
			t.Errorf("its own list: %+v, %v", again, err)
		}
	})
}

// TestSEC33_ListsHoldNoFormulas: what a spreadsheet would run is text to it, and
// comes back as it was.
func TestSEC33_ListsHoldNoFormulas(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	comments := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", `"=1","=2"`, "'=1", "plain", "=1\n=2"}
	for i, comment := range comments {
		p := instance.DomainPolicy{Domain: fmt.Sprintf("d%d.test", i), Severity: domain.SeveritySuspend, Comment: comment}
		if err := c.SetDomainPolicy(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	out, err := c.ExportDomains(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(out.List)).ReadAll()
	if err != nil || len(rows) != len(comments)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
}

// A block says before what it will cut, cuts that, tells people, and gives it
// back when it is taken back.
func TestBlockWithUndo(t *testing.T) {
	t.Parallel()
	for engine, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			one, two := testkit.Pair(t, options...)
			carol := one.FollowElsewhere("bob", "carol@two.test")
			bob := two.FollowElsewhere("dave", "bob@one.test")
			one.Settle()
			if !one.Relation("bob", carol.Str("id")).Bool("following") || !two.Relation("dave", bob.Str("id")).Bool("following") {
				t.Fatal("they do not follow each other")
			}
			alice := one.As("alice")
			before := alice.GET("/api/coterie/v1/admin/domain_blocks/preview?domain=two.test").Object()
			if before.Num("people_count") != 1 || before.Num("followers_count") != 1 || before.Num("following_count") != 1 || len(before["follows"].([]any)) != 2 {
				t.Errorf("before: %v", before)
			}
			block := alice.POST("/api/v1/admin/domain_blocks", testkit.F("domain", "two.test", "severity", "suspend")).Object()
			one.Settle()
			if one.As("bob").GET("/api/v1/accounts/relationships?with_suspended=true&id[]=" + carol.Str("id")).List()[0].Bool("following") || len(one.As("bob").GET("/api/v1/accounts/"+one.Person("bob").ID.String()+"/followers").List()) != 0 {
				t.Error("the follows are still there")
			}
			if got := one.Heard("bob", "severed_relationships"); len(got) != 1 || got[0].Obj("event").Str("target_name") != "two.test" {
				t.Errorf("bob was told: %v", got)
			}
			alice.DELETE("/api/v1/admin/domain_blocks/"+block.Str("id"), nil).OK()
			one.Settle()
			if got := one.Relation("bob", carol.Str("id")); !got.Bool("following") || got.Bool("requested") {
				t.Errorf("bob follows carol no more: %v", got)
			}
			if got := one.As("bob").GET("/api/v1/accounts/" + one.Person("bob").ID.String() + "/followers").List(); len(got) != 1 || got[0].Str("acct") != "dave@two.test" {
				t.Errorf("followers of bob: %v", got)
			}
			two.Post("carol", "Back again")
			two.Settle()
			if got := one.Home("bob"); len(got) != 1 {
				t.Errorf("home of bob: %v", got)
			}
		})
	}
}
