package mastoapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// The tests of this file hold sentences about people (behaviours 7).

// TestNamesOfPeople is behaviours 7.1: whoever is elsewhere is shown with their
// domain as people write it, and found by either spelling in any case.
func TestNamesOfPeople(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		err := storeFor(t, c).Write(t.Context(), func(tx *store.Tx) error {
			return tx.InsertAccount(&domain.Account{Username: "Jo.Ann-2", Domain: "xn--mnchen-3ya.example", URI: "https://xn--mnchen-3ya.example/1", Group: true, Bot: true})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, acct := range []string{"jo.ann-2@m%C3%BCnchen.example", "JO.ANN-2@xn--mnchen-3ya.example", "Jo.Ann-2@M%C3%9CNCHEN.example"} {
			o := c.Anonymous().In(t).GET("/api/v1/accounts/lookup?acct=" + acct).Object()
			if o.Str("acct") != "Jo.Ann-2@münchen.example" || o.Str("username") != "Jo.Ann-2" {
				t.Errorf("%s: %v", acct, o["acct"])
			}
			if !o.Bool("group") || !o.Bool("bot") {
				t.Errorf("a group run by a machine: %v, %v", o["group"], o["bot"])
			}
		}
	})
}

// TestWhoIsLimited, and what one's own account says of itself (behaviours 7.2,
// 7.3, 7.5).
func TestWhoIsLimited(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice, id := c.As("alice"), c.Person("dave").ID.String()
	alice.POST("/api/v1/admin/accounts/"+id+"/action", testkit.F("type", "silence")).OK()
	if o := c.As("bob").GET("/api/v1/accounts/" + id).Object(); o["limited"] != true {
		t.Errorf("dave is limited: %v", o["limited"])
	}
	if o := c.As("bob").GET("/api/v1/accounts/" + c.Person("carol").ID.String()).Object(); o["limited"] == true || o["suspended"] == true || o["moved"] != nil || o["memorial"] == true {
		t.Errorf("carol: %v", o)
	}
	// Who is limited asks, like everybody who follows somebody locked.
	if k := c.As("dave").POST(account(c, "bob", "follow"), testkit.F("reblogs", "false", "notify", "true")).Object(); !k.Bool("requested") || k.Bool("following") || k.Bool("showing_reblogs") || !k.Bool("notifying") {
		t.Errorf("dave follows bob: %v", k)
	}
	source := c.As("bob").GET("/api/v1/accounts/verify_credentials").Object().Obj("source")
	for _, key := range []string{"note", "fields", "privacy", "sensitive", "language", "follow_requests_count", "hide_collections", "discoverable", "indexable", "attribution_domains", "quote_policy"} {
		if _, there := source[key]; !there {
			t.Errorf("source has no %s", key)
		}
	}
}

// TestBlocksAndMutesClean is behaviours 7.6: what goes with a block, and what a
// mute leaves.
func TestBlocksAndMutesClean(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	c.Follow("alice", "bob")
	c.Follow("bob", "alice")
	c.As("carol").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
	alice.POST(account(c, "carol", "follow"), nil).OK()
	whisper(c, "bob", "@alice psst")
	made := alice.POST("/api/v1/lists", testkit.F("title", "l")).Object().Str("id")
	alice.POST("/api/v1/lists/"+made+"/accounts", testkit.F("account_ids[]", c.Person("bob").ID.String())).OK()
	c.Post("bob", "hello")
	c.Settle()

	k := alice.POST(account(c, "bob", "mute"), nil).Object()
	if !k.Bool("following") || !k.Bool("followed_by") || !k.Bool("muting") {
		t.Errorf("muted: %v", k)
	}
	for _, path := range []string{"/api/v1/timelines/home", "/api/v1/timelines/list/" + made, "/api/v1/timelines/public"} {
		if got := alice.GET(path).List(); len(got) != 0 {
			t.Errorf("%s holds %d posts of who is muted", path, len(got))
		}
	}
	alice.POST(account(c, "bob", "unmute"), nil).OK()
	if got := conversations(t, c, "alice"); len(got) != 1 {
		t.Errorf("conversations: %v", got)
	}
	alice.POST(account(c, "bob", "block"), nil).OK()
	c.Settle()
	if got := conversations(t, c, "alice"); len(got) != 0 {
		t.Errorf("conversations with who is blocked: %v", got)
	}
	alice.POST(account(c, "bob", "unblock"), nil).OK()
	rel := alice.GET("/api/v1/accounts/relationships?id=" + c.Person("bob").ID.String()).List()[0]
	if rel.Bool("following") || rel.Bool("followed_by") || rel.Bool("blocking") {
		t.Errorf("after the block ended: %v", rel)
	}
	c.As("carol").POST(account(c, "alice", "block"), nil).OK()
	c.As("carol").POST(account(c, "alice", "unblock"), nil).OK()
	if rel := alice.GET("/api/v1/accounts/relationships?id=" + c.Person("carol").ID.String()).List()[0]; rel.Bool("requested") {
		t.Errorf("the request outlives a block: %v", rel)
	}
}

// TestMeasuresOfProfiles is behaviours 7.7.
func TestMeasuresOfProfiles(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	bob := c.As("bob")
	const path = "/api/v1/accounts/update_credentials"
	// An address counts 23, a mention its name.
	note := strings.Repeat("x", 500-24-7) + " https://example.org/" + strings.Repeat("y", 200) + " @alice"
	bob.PATCH(path, testkit.F("display_name", strings.Repeat("ä", 40), "note", note)).OK()
	bob.PATCH(path, testkit.F("note", note+"x")).Error(http.StatusUnprocessableEntity)
	bob.PATCH(path, testkit.F("display_name", strings.Repeat("ä", 41))).Error(http.StatusUnprocessableEntity)
	bob.PATCH(path, testkit.F("fields_attributes[0][name]", strings.Repeat("n", 255), "fields_attributes[0][value]", strings.Repeat("v", 255))).OK()
	bob.PATCH(path, testkit.F("fields_attributes[0][name]", strings.Repeat("n", 256), "fields_attributes[0][value]", "v")).Error(http.StatusUnprocessableEntity)
	for n, status := range map[int]int{100: http.StatusOK, 101: http.StatusUnprocessableEntity} {
		hosts := testkit.Form{}
		for i := range n {
			hosts.Add("attribution_domains[]", fmt.Sprintf("d%d.example", i))
		}
		bob.PATCH(path, hosts).Want(status)
	}
	for i := range 6 {
		want := http.StatusOK
		if i == 5 {
			want = http.StatusUnprocessableEntity
		}
		bob.POST(status(c.Post("bob", fmt.Sprint(i)), "pin"), nil).Want(want)
	}
	o := bob.PATCH(path, testkit.F("note", "Hi @alice@coterie.test", "fields_attributes[0][name]", "f", "fields_attributes[0][value]", "by @alice")).Object()
	field := list(o, "fields")[0]
	if !strings.HasPrefix(o.Str("note"), "<p>Hi ") || strings.Contains(field.Str("value"), "<p>") || !strings.Contains(field.Str("value"), "@<span>alice@coterie.test</span>") && !strings.Contains(field.Str("value"), "@<span>alice</span>") {
		t.Errorf("note %s, field %s", o.Str("note"), field.Str("value"))
	}
}

// TestDomainsBlockedByPeople is behaviours 7.6: follows either way end, and posts
// from there and what is heard go.
func TestDomainsBlockedByPeople(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	one.FollowElsewhere("alice", "bob@two.test")
	two.FollowElsewhere("carol", "alice@one.test")
	one.Settle()
	two.Post("bob", "from elsewhere #tea for @alice@one.test")
	one.Settle()
	sees := func(path string) int { return len(one.As("alice").GET(path).List()) }
	paths := map[string][2]int{"/api/v1/timelines/public": {1, 0}, "/api/v1/timelines/tag/tea": {1, 0}, "/api/v1/timelines/home": {1, 0}}
	for path, n := range paths {
		if got := sees(path); got != n[0] {
			t.Errorf("%s has %d posts at first", path, got)
		}
	}
	one.As("alice").POST("/api/v1/domain_blocks", testkit.F("domain", "two.test")).OK()
	one.Settle()
	for path, n := range paths {
		if got := sees(path); got != n[1] {
			t.Errorf("%s has %d posts with their domain blocked", path, got)
		}
	}
	for _, verb := range []string{"followers", "following"} {
		if got := one.As("alice").GET(account(one, "alice", verb)).List(); len(got) != 0 {
			t.Errorf("%s: %v", verb, names(got))
		}
	}
	two.Post("carol", "@alice@one.test hello")
	two.Post("bob", "@alice@one.test hello")
	one.Settle()
	if got := heard(one, "alice", "types[]=mention&types[]=follow"); len(got) != 0 {
		t.Errorf("alice hears %v", got)
	}
}

// TestMovedPeople show where they are, one step far (behaviours 7.2).
func TestMovedPeople(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	err := storeFor(t, c).Write(t.Context(), func(tx *store.Tx) error {
		var last domain.ID
		for _, name := range []string{"third", "second", "first"} {
			a := domain.Account{Username: name, Domain: "far.example", URI: "https://far.example/" + name}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			a.MovedTo, a.Memorial, last = last, true, a.ID
			if err := tx.UpdateRemote(&a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	o := c.Anonymous().GET("/api/v1/accounts/lookup?acct=first@far.example").Object()
	moved := o.Obj("moved")
	if moved.Str("acct") != "second@far.example" || moved.Obj("moved") != nil || !o.Bool("memorial") {
		t.Errorf("moved: %v", o)
	}
}
