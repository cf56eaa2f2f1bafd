package adminapi_test

import (
	"fmt"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

const spamText = "Great news for all of you today: our brand new server is open, join the biggest chat of the summer and win a fine prize at once"

func TestSpamWaves(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	staffed(one)
	mod := one.As("mod")
	const path = "/api/coterie/v1/admin/spam_waves"
	send := func(by, words string, to ...string) {
		for i := range to {
			to[i] = "@" + to[i] + "@one.test"
		}
		two.As(by).POST("/api/v1/statuses", testkit.F("status", strings.Join(to, " ")+" "+words)).OK()
		two.Settle()
	}
	mentions := func(who string) int {
		return len(one.As(who).GET("/api/v1/notifications?types[]=mention").List())
	}
	for i, to := range []string{"alice", "bob", "mod"} {
		send("carol", fmt.Sprintf("%s %d", spamText, i), to)
	}
	send("carol", spamText, "admin")
	send("carol", spamText+"!", "admin")
	if mentions("alice") != 1 || mentions("admin") != 0 {
		t.Fatalf("alice has %d mentions, admin %d", mentions("alice"), mentions("admin"))
	}
	if got := mod.GET("/api/v1/notifications?types[]=admin.spam_wave").List(); len(got) != 1 {
		t.Errorf("the staff heard %d times", len(got))
	}
	list := mod.GET(path).List()
	if len(list) != 1 || list[0].Str("host") != "two.test" || list[0].Num("posts") != 2 || list[0].Num("accounts") != 1 || !strings.Contains(list[0].Str("sample"), spamText) {
		t.Fatalf("waves: %v", list)
	}
	held := mod.GET(path + "/" + list[0].Str("id") + "/posts").List()
	if len(held) != 2 || held[0].Str("why") != "alike" || held[0].Obj("account").Str("acct") != "carol@two.test" {
		t.Fatalf("held: %v", held)
	}
	mod.POST(path+"/"+list[0].Str("id")+"/posts/"+held[1].Str("id")+"/release", nil).OK()
	one.Settle()
	if mentions("admin") != 1 {
		t.Errorf("admin has %d mentions after the release of one", mentions("admin"))
	}
	mod.POST(path+"/confirm", testkit.F("ids[]", list[0].Str("id"), "accounts", "shout")).Error(422)
	one.As("admin").POST(path+"/confirm", testkit.F("pattern", list[0].Str("pattern"), "accounts", "suspend")).OK()
	one.Settle()
	if got := mod.GET(path).List(); len(got) != 0 {
		t.Errorf("still open: %v", got)
	}
	if got := mod.GET(path + "?state=confirmed").List(); len(got) != 1 || got[0].Num("posts") != 0 || got[0].Num("held") != 2 {
		t.Errorf("confirmed: %v", got)
	}
	mod.POST(path+"/release", testkit.F("all", "true")).Error(404)
	mod.GET(path + "?state=odd").Error(422)
	found := one.As("admin").GET("/api/v2/admin/accounts?status=suspended").List()
	if len(found) != 1 || found[0].Str("username") != "carol" {
		t.Errorf("suspended: %v", found)
	}
	if entry := one.As("admin").GET("/api/coterie/v1/admin/audit_log").List()[0]; entry.Str("verb") != "confirmed" {
		t.Errorf("the audit log: %v", entry)
	}
}
