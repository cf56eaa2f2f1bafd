package adminapi_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func TestAccounts(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		act(c, "mod", "bob", "silence")
		act(c, "mod", "carol", "suspend")
		act(c, "mod", "dave", "disable")
		act(c, "mod", "erin", "sensitive")
		names := func(path string) string {
			var list []string
			for _, o := range c.As("mod").GET(path).List() {
				list = append(list, o.Str("username"))
			}
			slices.Sort(list)
			return strings.Join(list, " ")
		}
		for query, want := range map[string]string{
			"v1/admin/accounts":                                       "admin alice bob carol dave erin mod",
			"v1/admin/accounts?remote=true":                           "",
			"v1/admin/accounts?local=true&active=true":                "admin alice bob erin mod",
			"v1/admin/accounts?silenced=true":                         "bob",
			"v1/admin/accounts?suspended=true":                        "carol",
			"v1/admin/accounts?disabled=true":                         "dave",
			"v1/admin/accounts?sensitized=true":                       "erin",
			"v1/admin/accounts?pending=true":                          "",
			"v1/admin/accounts?staff=true":                            "admin alice mod",
			"v1/admin/accounts?username=da":                           "dave",
			"v1/admin/accounts?email=ERIN@":                           "erin",
			"v1/admin/accounts?by_domain=far.test":                    "",
			"v2/admin/accounts?origin=local&status=silenced":          "bob",
			"v2/admin/accounts?origin=remote":                         "",
			"v2/admin/accounts?permissions=staff":                     "admin alice mod",
			"v2/admin/accounts?role_ids[]=1&role_ids[]=2":             "admin mod",
			"v2/admin/accounts?role_ids[]=2&username=m":               "",
			"v2/admin/accounts?ip=10.0.0.1":                           "",
			"v2/admin/accounts?status=suspended&email=carol@":         "carol",
			"v2/admin/accounts?status=active&display_name=x&limit=10": "",
		} {
			if got := names("/api/" + query); got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		c.As("mod").GET("/api/v2/admin/accounts?status=odd").Error(400)
		first := c.As("mod").GET("/api/v1/admin/accounts?limit=3")
		rest := c.As("mod").GET(first.Link("next"))
		if len(first.List()) != 3 || len(rest.List()) != 3 || len(c.As("mod").GET(rest.Link("prev")).List()) != 3 {
			t.Errorf("pages: %v then %v", first.List(), rest.List())
		}
		bob := c.As("mod").GET(account(c, "bob")).Object()
		if bob.Str("email") != "bob@example.org" || bob.Obj("role").Str("id") != "-99" || !bob.Bool("confirmed") || !bob.Bool("approved") || bob.Obj("account").Str("acct") != "bob" {
			t.Errorf("bob: %v", bob)
		}
		c.As("mod").GET("/api/v1/admin/accounts/1").Error(404)
	})
}

// TestActions takes every action, looks at what it does, and takes it back.
func TestActions(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		c.Follow("carol", "bob")
		post := c.Post("bob", "Look #sky").Str("id")
		seen := func(name string) (public, home int, own testkit.Object) {
			public = len(c.As(name).GET("/api/v1/timelines/public").List())
			home = len(c.As(name).GET("/api/v1/timelines/home").List())
			return public, home, c.As(name).GET("/api/v1/accounts/" + c.Person("bob").ID.String()).Object()
		}

		act(c, "mod", "bob", "sensitive", "text", "Please cover them.")
		if !c.As("dave").GET("/api/v1/statuses/" + post).Object().Bool("sensitive") {
			t.Error("sensitive: the post is not")
		}
		c.As("mod").POST(account(c, "bob")+"/unsensitive", nil).OK()
		if c.As("dave").GET("/api/v1/statuses/" + post).Object().Bool("sensitive") {
			t.Error("unsensitive: the post still is")
		}

		act(c, "mod", "bob", "silence")
		if public, home, bob := seen("carol"); public != 0 || home != 1 || !bob.Bool("limited") {
			t.Errorf("silence: public %d, home %d, %v", public, home, bob)
		}
		if o := c.As("mod").POST(account(c, "bob")+"/unsilence", nil).Object(); o.Bool("silenced") {
			t.Errorf("unsilence: %v", o)
		}
		if public, _, bob := seen("carol"); public != 1 || bob.Bool("limited") {
			t.Errorf("unsilence: public %d, %v", public, bob)
		}

		act(c, "mod", "bob", "disable")
		c.As("bob").GET("/api/v1/accounts/verify_credentials").Error(403)
		if public, home, _ := seen("carol"); public != 1 || home != 1 {
			t.Errorf("disable hides posts: %d %d", public, home)
		}
		c.As("mod").POST(account(c, "bob")+"/enable", nil).OK()
		c.As("bob").GET("/api/v1/accounts/verify_credentials").OK()

		act(c, "mod", "bob", "suspend", "text", "Enough.")
		c.As("bob").GET("/api/v1/accounts/verify_credentials").Error(403)
		c.Anonymous().GET("/api/v1/statuses/" + post).Error(404)
		if public, home, bob := seen("carol"); public != 0 || home != 0 || !bob.Bool("suspended") || bob.Str("note") != "" {
			t.Errorf("suspend: public %d, home %d, %v", public, home, bob)
		}
		c.After(29 * 24 * time.Hour)
		c.As("mod").POST(account(c, "bob")+"/unsuspend", nil).OK()
		c.As("mod").POST(account(c, "bob")+"/unsuspend", nil).Error(403)
		c.After(2 * 24 * time.Hour) // the time of the first suspension is over
		if public, home, bob := seen("carol"); public != 1 || home != 1 || bob.Bool("suspended") || bob.Num("followers_count") != 1 {
			t.Errorf("unsuspend: public %d, home %d, %v", public, home, bob)
		}
		c.As("bob").GET("/api/v1/accounts/verify_credentials").OK()

		warned := c.As("bob").GET("/api/v1/notifications?types[]=moderation_warning").List()
		var actions []string
		for _, n := range warned {
			actions = append(actions, n.Obj("moderation_warning").Str("action"))
			if n.Obj("account").Str("acct") != "bob" {
				t.Errorf("SEC-39 who warned: %v", n.Obj("account"))
			}
		}
		if fmt.Sprint(actions) != "[disable silence sensitive]" {
			t.Errorf("bob was told of %v", actions)
		}
		if got := c.As("bob").GET("/api/v2/notifications?types[]=moderation_warning").OK(); !strings.Contains(string(got.Body), "Please cover them.") {
			t.Errorf("in groups: %s", got.Body)
		}
		var verbs []string
		for _, e := range c.As("mod").GET("/api/coterie/v1/admin/audit_log").List() {
			verbs = append(verbs, e.Str("account")+" "+e.Str("verb")+" "+e.Str("target"))
		}
		slices.Reverse(verbs)
		if got := strings.Join(verbs, ", "); got != "mod sensitive bob, mod unsensitive bob, mod silence bob, mod unsilence bob, mod disable bob, mod enable bob, mod suspend bob, mod unsuspend bob" {
			t.Errorf("the log: %s", got)
		}
	})
}

// A suspension that nobody takes back ends in erasure after thirty days, and
// so does at once who is purged.
func TestSuspensionEnds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		c.Post("bob", "Still here")
		act(c, "mod", "bob", "suspend")
		act(c, "mod", "carol", "suspend")
		c.As("mod").DELETE(account(c, "carol"), nil).Error(403) // moderators do not delete
		c.As("admin").DELETE(account(c, "dave"), nil).Error(403)
		if gone := c.As("admin").DELETE(account(c, "carol"), nil).Object(); gone.Str("username") != "carol" || !gone.Bool("suspended") {
			t.Errorf("what was purged: %v", gone)
		}
		c.Settle()
		c.As("mod").GET(account(c, "carol")).Error(404)
		c.As("mod").GET(account(c, "bob")).OK()
		c.After(31 * 24 * time.Hour)
		c.As("mod").GET(account(c, "bob")).Error(404)
		if _, err := c.AccountCreate(t.Context(), instance.AccountCreate{Name: "bob", Email: "new@example.org", Password: testkit.Password}); err == nil {
			t.Error("SEC-46: the name was given again")
		}
	})
}

func TestStatusesActedOn(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		bad, good := c.Post("bob", "Bad").Str("id"), c.Post("bob", "Good").Str("id")
		other := c.Post("carol", "Mine").Str("id")
		c.As("mod").POST(account(c, "bob")+"/action", testkit.F("type", "delete_statuses", "status_ids[]", other)).Error(422)
		act(c, "mod", "bob", "mark_statuses_as_sensitive", "status_ids[]", good)
		if !c.Anonymous().GET("/api/v1/statuses/" + good).Object().Bool("sensitive") {
			t.Error("the post is not marked")
		}
		act(c, "mod", "bob", "delete_statuses", "status_ids[]", bad, "status_ids[]", other)
		c.Anonymous().GET("/api/v1/statuses/" + bad).Error(404)
		c.Anonymous().GET("/api/v1/statuses/" + good).OK()
		c.Anonymous().GET("/api/v1/statuses/" + other).OK()
		c.As("mod").POST(account(c, "bob")+"/action", testkit.F("type", "hug")).Error(422)
	})
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		c.As("mod").POST(account(c, "bob")+"/approve", nil).Error(403)
		c.As("mod").POST(account(c, "bob")+"/reject", nil).Error(403)
	})
}

// TestAppeals lets people answer: once, in time, and the staff decide once.
func TestAppeals(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		act(c, "mod", "bob", "silence", "text", "Too loud.")
		strike := c.As("bob").GET("/api/coterie/v1/strikes").List()[0]
		path := "/api/coterie/v1/strikes/" + strike.Str("id")
		if strike.Str("action") != "silence" || strike.Str("text") != "Too loud." || strings.Contains(fmt.Sprint(strike), c.Person("mod").ID.String()) {
			t.Errorf("SEC-39 the strike: %v", strike)
		}
		c.As("carol").GET(path).Error(404)
		c.As("carol").POST(path+"/appeal", testkit.F("text", "Let him")).Error(404)
		c.As("bob").POST(path+"/appeal", testkit.F("text", " ")).Error(422)
		decide := "/api/coterie/v1/admin/strikes/" + strike.Str("id") + "/appeal/"
		c.As("admin").POST(decide+"approve", nil).Error(404)

		var wg sync.WaitGroup
		answers := make([]int, 8)
		for i := range answers {
			wg.Go(func() { answers[i] = c.As("bob").POST(path+"/appeal", testkit.F("text", "I was not")).Status })
		}
		wg.Wait()
		if n := len(slices.DeleteFunc(answers, func(s int) bool { return s != 200 })); n != 1 {
			t.Errorf("SEC-39: %d appeals were taken", n)
		}
		if got := c.As("bob").GET(path).Object().Obj("appeal"); got.Str("state") != "pending" || got.Str("text") != "I was not" {
			t.Errorf("the appeal: %v", got)
		}
		c.As("mod").GET("/api/coterie/v1/admin/appeals").Error(403)
		if got := c.As("admin").GET("/api/coterie/v1/admin/appeals").List(); len(got) != 1 || got[0].Str("id") != strike.Str("id") {
			t.Errorf("appeals that wait: %v", got)
		}
		if got := c.As("admin").POST(decide+"approve", nil).Object(); got.Obj("appeal").Str("state") != "approved" {
			t.Errorf("approved: %v", got)
		}
		c.As("admin").POST(decide+"reject", nil).Error(409)
		if c.As("mod").GET(account(c, "bob")).Object().Bool("silenced") {
			t.Error("bob is still limited")
		}

		act(c, "mod", "bob", "none", "text", "Hm.")
		late := c.As("bob").GET("/api/coterie/v1/strikes").List()[0]
		c.After(domain.AppealWithin + time.Hour)
		c.As("bob").POST("/api/coterie/v1/strikes/"+late.Str("id")+"/appeal", testkit.F("text", "Late")).Error(422)
	})
}
