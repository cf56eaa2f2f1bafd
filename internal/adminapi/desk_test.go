package adminapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// Block lists of others, from the look at one to its end.
func TestDomainLists(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "#domain,#severity,#public_comment\nspam.example,suspend,Spam\nodd.example,silence,Odd\n")
	}))
	t.Cleanup(server.Close)
	both(t, func(t *testing.T, c *testkit.Community) {
		const path = ownAdmin + "domain_lists"
		admin := c.As("admin")
		admin.POST(path, testkit.F("url", "no address", "title", "x")).Error(422)
		admin.POST(path, testkit.F("url", server.URL+"/list", "title", "Friends")).OK()
		c.Settle()
		admin.POST(path+"/refresh", nil).OK()
		c.Settle()
		list := admin.GET(path).List()
		if len(list) != 1 || list[0].Str("title") != "Friends" || list[0].Bool("active") || list[0].Num("entries") != 2 || list[0]["error"] != nil {
			t.Fatalf("lists: %v", list)
		}
		id := list[0].Str("id")
		plan := admin.GET(path + "/preview?ids[]=" + id).Object()
		if changes := plan["changes"].([]any); plan.Num("quorum") != 1 || len(changes) != 2 {
			t.Errorf("the plan: %v", plan)
		}
		blocked := func() (names []string) {
			for _, b := range admin.GET("/api/v1/admin/domain_blocks").List() {
				names = append(names, b.Str("domain"))
			}
			return names
		}
		if got := blocked(); len(got) != 0 {
			t.Errorf("what is only looked at blocks %v", got)
		}
		admin.PUT(path+"/"+id, testkit.F("active", "true", "title", "Good friends")).OK()
		c.Settle()
		if got := blocked(); len(got) != 2 {
			t.Errorf("blocked: %v", got)
		}
		admin.POST(path+"/exceptions", testkit.F("domain", "odd.example")).OK()
		c.Settle()
		if got := blocked(); len(got) != 1 || got[0] != "spam.example" {
			t.Errorf("with an exception: %v", got)
		}
		var names []string
		if admin.GET(path + "/exceptions").OK().Into(&names); len(names) != 1 || names[0] != "odd.example" {
			t.Errorf("exceptions: %v", names)
		}
		admin.DELETE(path+"/exceptions?domain=odd.example", nil).OK()
		c.Settle()
		if got := blocked(); len(got) != 2 {
			t.Errorf("without the exception: %v", got)
		}
		admin.DELETE(path+"/"+id, nil).OK()
		c.Settle()
		if got := blocked(); len(got) != 0 || len(admin.GET(path).List()) != 0 {
			t.Errorf("without the list: %v", got)
		}
	})
}

func TestRelays(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		const path, inbox = ownAdmin + "relays", "http://127.0.0.1:9/inbox"
		admin := c.As("admin")
		state := func(a *testkit.Answer) string {
			list := a.List()
			if len(list) != 1 || list[0].Str("inbox") != inbox {
				t.Fatalf("relays: %v", list)
			}
			return list[0].Str("state")
		}
		admin.POST(path, testkit.F("inbox", "nowhere")).Error(422)
		if got := state(admin.POST(path, testkit.F("inbox", inbox))); got != "pending" {
			t.Errorf("a new one is %s", got)
		}
		id := admin.GET(path).List()[0].Str("id")
		if got := state(admin.POST(path+"/"+id+"/disable", nil)); got != "disabled" {
			t.Errorf("off: %s", got)
		}
		if got := state(admin.POST(path+"/"+id+"/enable", nil)); got != "pending" {
			t.Errorf("on: %s", got)
		}
		if got := admin.DELETE(path+"/"+id, nil).List(); len(got) != 0 {
			t.Errorf("removed: %v", got)
		}
		admin.POST(path+"/"+id+"/enable", nil).Error(404)
	})
}

// What the staff reads of what it decided, notes and sets.
func TestWhatTheStaffReads(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		has := func(path, want string) {
			t.Helper()
			if got := admin.GET(path).OK(); !strings.Contains(string(got.Body), want) {
				t.Errorf("%s lacks %q: %s", path, want, got.Body)
			}
		}
		hash := admin.POST("/api/v1/admin/canonical_email_blocks", testkit.F("email", "Some.One+x@example.org")).Object().Str("canonical_email_hash")
		has("/api/v1/admin/canonical_email_blocks", hash)
		c.Post("bob", "about #Minerals")
		tag := admin.GET("/api/v1/admin/tags").List()[0].Str("id")
		if got := admin.GET("/api/v1/admin/tags/" + tag).Object(); got.Str("name") != "Minerals" || !got.Bool("usable") {
			t.Errorf("the hashtag: %v", got)
		}
		bob := ownAdmin + "accounts/" + c.Person("bob").ID.String()
		admin.POST(bob+"/notes", testkit.F("content", "One to watch")).OK()
		has(bob+"/notes", "One to watch")
		admin.POST(ownAdmin+"rules", testkit.F("text", "Be kind.")).OK()
		has(ownAdmin+"rules", "Be kind.")
		admin.POST(ownAdmin+"announcements", testkit.F("text", "Picnic")).OK()
		has(ownAdmin+"announcements", "Picnic")
		admin.PUT(ownAdmin+"settings/title", testkit.F("value", "Larkspur")).OK()
		has(ownAdmin+"settings", "Larkspur")

		act(c, "mod", "bob", "silence", "text", "Dig less")
		strike := admin.GET(bob + "/strikes").List()[0]
		if strike.Str("action") != "silence" || strike.Str("text") != "Dig less" {
			t.Errorf("the strike: %v", strike)
		}
		c.As("bob").POST("/api/coterie/v1/strikes/"+strike.Str("id")+"/appeal", testkit.F("text", "I will")).OK()
		if got := admin.POST(ownAdmin+"strikes/"+strike.Str("id")+"/appeal/reject", nil).Object(); got.Obj("appeal").Str("state") != "rejected" {
			t.Errorf("rejected: %v", got)
		}
		if got := admin.GET(account(c, "bob")).Object(); !got.Bool("silenced") {
			t.Errorf("a rejected appeal takes the decision back: %v", got)
		}
		admin.POST(ownAdmin+"strikes/"+strike.Str("id")+"/appeal/approve", nil).Error(409)
	})
}

// A wave that was none is let in, all at once.
func TestWavesAreReleased(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	staffed(one)
	for i, to := range []string{"alice", "bob", "mod", "admin", "carol"} {
		two.As("erin").POST("/api/v1/statuses", testkit.F("status", fmt.Sprintf("@%s@one.test %s %d", to, spamText, i))).OK()
		two.Settle()
	}
	heard := func() (n int) {
		for _, who := range []string{"admin", "carol"} {
			n += len(one.As(who).GET("/api/v1/notifications?types[]=mention").List())
		}
		return n
	}
	if n := heard(); n != 0 {
		t.Fatalf("%d mentions before", n)
	}
	const path = ownAdmin + "spam_waves"
	if got := one.As("mod").POST(path+"/release", testkit.F("all", "true")).Object(); got.Num("waves") != 1 {
		t.Errorf("released: %v", got)
	}
	one.Settle()
	if n := heard(); n != 2 {
		t.Errorf("%d mentions after", n)
	}
}

// All 59 endpoints of Mastodon's admin API are there, each with its scope.
func TestMastodonsEndpoints(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../mastoapi/testdata/scopes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]string{}
	for _, r := range staffRoutes() {
		ours[r.Method+" "+parameter.ReplaceAllString(r.Pattern, "*")] = strings.Join(r.Scopes, " ")
	}
	param, n := regexp.MustCompile(`:[a-z_]+`), 0
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) < 4 || f[3] != "admin" {
			continue
		}
		n++
		if name := f[0] + " " + param.ReplaceAllString(f[1], "*"); ours[name] != f[2] {
			t.Errorf("%s asks for %q, want %q", name, ours[name], f[2])
		}
	}
	if n != 59 {
		t.Errorf("the table has %d", n)
	}
}

// SEC-32: each scope opens what it covers and no more, whatever the role may
// do, and whoever is refused costs no look into the database.
func TestSEC32_ScopesAndNoQueryBefore(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	staffed(c)
	covers := func(granted, want string) bool { return granted == want || strings.HasPrefix(want, granted+":") }
	refused := func(a *testkit.Answer) bool {
		return a.Status == 403 && strings.Contains(string(a.Body), "outside the authorized scopes")
	}
	for _, scope := range domain.AllScopes() {
		made, err := c.AccountToken(t.Context(), instance.AccountToken{Name: "alice", Scopes: scope})
		if err != nil {
			t.Fatal(err)
		}
		for _, route := range staffRoutes() {
			a := c.WithToken(made.Token).In(t).Do(route.Method, parameter.ReplaceAllString(route.Pattern, "1"), nil)
			if want := scopeOf(t, route.Method, route.Pattern); refused(a) == covers(scope, want) {
				t.Errorf("%s %s with %s, for %s: %d", route.Method, route.Pattern, scope, want, a.Status)
			}
		}
	}
	for _, name := range []string{"bob", "mod"} {
		c.As(name).In(t).GET("/api/v1/accounts/verify_credentials").OK() // the token is known from here on
		for _, route := range staffRoutes() {
			ctx, n := store.CountStatements(t.Context())
			a := c.As(name).In(t).WithContext(ctx).Do(route.Method, parameter.ReplaceAllString(route.Pattern, "1"), nil)
			if a.Status == 403 && strings.Contains(string(a.Body), "This action is not allowed") && n.Load() != 0 {
				t.Errorf("%s %s asks the database %d times before it refuses %s", route.Method, route.Pattern, n.Load(), name)
			}
		}
	}
}
