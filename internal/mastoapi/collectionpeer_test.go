package mastoapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// TestCollectionsAcrossServers: somebody elsewhere is asked by the server, and
// sees, hears of and leaves the collection there.
func TestCollectionsAcrossServers(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	discoverable(one, "carol")
	discoverable(two, "bob", "dave")
	two.As("dave").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
	at := func(name string) string { return one.FindAccount("alice", name+"@two.test").Str("id") }
	bob, dave, erin := at("bob"), at("dave"), at("erin")
	mine := collect(one, "alice", "Friends", "carol")
	add := func(id string) *testkit.Answer {
		return one.As("alice").POST(collectionPath(mine)+"/items", testkit.F("account_id", id))
	}
	add(erin).Error(http.StatusForbidden) // says that nobody may
	add(dave).Error(http.StatusForbidden) // says that followers may
	if o := add(bob).Object().Obj("collection_item"); o.Str("state") != "pending" {
		t.Errorf("at first: %v", o)
	}
	if got := members(one.Anonymous(), mine); !slices.Equal(got, []string{"carol accepted"}) {
		t.Errorf("before the answer others see %v", got)
	}
	one.Settle()
	for who, as := range map[string]*testkit.Client{"alice": one.As("alice"), "nobody": one.Anonymous()} {
		if got := members(as, mine); !slices.Equal(got, []string{"bob accepted", "carol accepted"}) {
			t.Errorf("%s sees %v", who, got)
		}
	}
	in := two.Person("bob").ID.String()
	there := "/api/v1/accounts/" + in + "/in_collections"
	if got := titles(two.As("bob"), there); !slices.Equal(got, []string{"Friends"}) {
		t.Fatalf("bob is in %v", got)
	}
	if got := two.Heard("bob", "added_to_collection"); len(got) != 1 || got[0].Obj("account").Str("acct") != "alice@one.test" {
		t.Errorf("bob hears %v", got)
	}
	one.As("alice").PATCH(collectionPath(mine), testkit.F("name", "Old friends", "tag_name", "friends")).OK()
	one.Settle()
	list, _ := two.As("bob").GET(there).Object()["collections"].([]any)
	copied := testkit.Object(list[0].(map[string]any))
	if copied.Str("name") != "Old friends" || copied.Bool("local") || copied.Str("uri") != mine.Str("uri") || copied.Obj("tag").Str("name") != "friends" {
		t.Errorf("the copy: %v", copied)
	}
	if got := two.Heard("bob", "collection_update"); len(got) != 1 {
		t.Errorf("of the change bob hears %v", got)
	}
	two.As("bob").POST(item(two, "bob", copied, "bob")+"/revoke", nil).OK()
	two.Settle()
	if got := members(one.As("alice"), mine); !slices.Equal(got, []string{"carol accepted"}) {
		t.Errorf("once bob left: %v", got)
	}
	add(bob).Error(http.StatusForbidden)
}

// TestCollectionsEndAcrossServers: taken out, or deleted, by the owner.
func TestCollectionsEndAcrossServers(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	discoverable(two, "bob", "carol")
	first, second := collect(one, "alice", "First"), collect(one, "alice", "Second")
	for _, name := range []string{"bob", "carol"} {
		id := one.FindAccount("alice", name+"@two.test").Str("id")
		for _, c := range []testkit.Object{first, second} {
			one.As("alice").POST(collectionPath(c)+"/items", testkit.F("account_id", id)).OK()
		}
	}
	one.Settle()
	in := func(name string) []string {
		got := titles(two.As(name), "/api/v1/accounts/"+two.Person(name).ID.String()+"/in_collections")
		slices.Sort(got)
		return got
	}
	if got := in("bob"); !slices.Equal(got, []string{"First", "Second"}) {
		t.Fatalf("bob is in %v", got)
	}
	items, _ := one.As("alice").GET(collectionPath(first)).Object().Obj("collection")["items"].([]any)
	one.As("alice").DELETE(collectionPath(first)+"/items/"+testkit.Object(items[0].(map[string]any)).Str("id"), nil).OK()
	one.Settle()
	if b, c := in("bob"), in("carol"); !slices.Equal(b, []string{"Second"}) || !slices.Equal(c, []string{"First", "Second"}) {
		t.Errorf("once bob is out of the first: %v, %v", b, c)
	}
	one.As("alice").DELETE(collectionPath(second), nil).OK()
	one.Settle()
	if b, c := in("bob"), in("carol"); len(b) != 0 || !slices.Equal(c, []string{"First"}) {
		t.Errorf("once the second is deleted: %v, %v", b, c)
	}
	two.As("carol").POST("/api/v1/accounts/"+two.FindAccount("carol", "alice@one.test").Str("id")+"/block", nil).OK()
	two.Settle()
	if got := members(one.As("alice"), first); len(got) != 0 {
		t.Errorf("once carol blocks alice: %v", got)
	}
}

// TestPostsLinkToCollections: who reads a post with the address of a
// collection gets the collection with it, as far as it is to be seen. Elsewhere
// a few that are unknown are fetched.
func TestPostsLinkToCollections(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	discoverable(one, "alice", "bob")
	mine := collect(one, "alice", "Friends", "bob")
	tagged := func(as *testkit.Client, id string) []string {
		out := []string{}
		list, _ := as.GET("/api/v1/statuses/" + id).Object()["tagged_collections"].([]any)
		for _, x := range list {
			out = append(out, testkit.Object(x.(map[string]any)).Str("name"))
		}
		return out
	}
	is := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, append([]string{}, want...)) {
			t.Errorf("%s: %v, not %v", what, got, want)
		}
	}
	two.As("carol").POST("/api/v1/accounts/"+two.FindAccount("carol", "alice@one.test").Str("id")+"/follow", nil).OK()
	two.FindAccount("carol", "bob@one.test")
	one.Settle()
	two.Settle()
	first := one.Post("alice", "Whom I like: "+mine.Str("uri"))
	one.Settle()
	for who, as := range map[string]*testkit.Client{"its author": one.As("alice"), "nobody": one.Anonymous()} {
		is(who, tagged(as, first.Str("id")), "Friends")
	}
	byPage := one.Post("alice", "To be looked at: "+mine.Str("url"))
	is("by its page", tagged(one.As("alice"), byPage.Str("id")), "Friends")
	arrived := func(words string) string {
		for _, o := range two.As("carol").GET("/api/v1/timelines/home").List() {
			if strings.Contains(o.Str("content"), words) {
				return o.Str("id")
			}
		}
		t.Fatalf("%q did not arrive", words)
		return ""
	}
	is("fetched with the post", tagged(two.As("carol"), arrived("Whom I like")), "Friends")
	many := "All of these:"
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		many += " " + collect(one, "alice", name).Str("uri")
	}
	one.Post("alice", many)
	one.Settle()
	if got := tagged(two.As("carol"), arrived("All of these")); len(got) != 3 {
		t.Errorf("of five unknown ones it has %v", got)
	}

	found, _ := two.As("carol").GET("/api/v2/search?resolve=true&q=" + mine.Str("uri")).Object()["collections"].([]any)
	if len(found) != 1 {
		t.Fatalf("found by its address: %v", found)
	}
	copied := testkit.Object(found[0].(map[string]any))
	if copied.Str("name") != "Friends" || copied.Bool("local") || fmt.Sprint(copied["item_count"]) != "1" {
		t.Errorf("found by its address: %v", copied)
	}
	is("its members", members(two.As("carol"), copied), "bob accepted")
	if found, _ := two.As("carol").GET("/api/v2/search?q=" + mine.Str("uri")).Object()["collections"].([]any); len(found) != 0 {
		t.Errorf("without resolving: %v", found)
	}
	one.As("alice").PATCH(collectionPath(mine), testkit.F("name", "Old friends")).OK()
	second := one.Post("alice", "Once more: "+mine.Str("uri"))
	one.Settle()
	two.As("carol").GET("/api/v2/search?resolve=true&q=" + mine.Str("uri")).OK()
	is("where it is known", tagged(two.As("carol"), arrived("Once more")), "Old friends")

	one.As("alice").PUT("/api/v1/statuses/"+second.Str("id"), testkit.F("status", "Never mind")).OK()
	is("an edit without the address", tagged(one.As("alice"), second.Str("id")))
	is("by its new name", tagged(one.As("bob"), first.Str("id")), "Old friends")
	one.As("alice").DELETE(collectionPath(mine), nil).OK()
	is("once it is deleted", tagged(one.As("bob"), first.Str("id")))
}

// TestReportsOfCollections: they travel with the report.
func TestReportsOfCollections(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	two.Join("mod", domain.RoleModerator)
	discoverable(two, "dave")
	theirs := collect(two, "bob", "Bad people", "dave")
	other := collect(two, "carol", "Good people", "dave")
	find := func(c testkit.Object) string {
		list, _ := one.As("alice").GET("/api/v2/search?resolve=true&q=" + c.Str("uri")).Object()["collections"].([]any)
		if len(list) != 1 {
			t.Fatalf("%s is not found", c.Str("uri"))
		}
		return testkit.Object(list[0].(map[string]any)).Str("id")
	}
	bob := one.FindAccount("alice", "bob@two.test").Str("id")
	one.As("alice").POST("/api/v1/reports", testkit.F("account_id", bob, "collection_ids[]", find(other))).Error(http.StatusNotFound)
	made := one.As("alice").POST("/api/v1/reports", testkit.F("account_id", bob, "collection_ids[]", find(theirs), "forward", "true")).Object()
	if got := fmt.Sprint(made["collection_ids"]); got != "["+find(theirs)+"]" {
		t.Errorf("the report: %s", got)
	}
	if got := one.As("alice").GET("/api/v1/admin/reports").List()[0]["collections"].([]any); len(got) != 1 || got[0].(map[string]any)["id"] != find(theirs) {
		t.Errorf("the staff sees the collections %v", got)
	}
	one.Settle()
	two.Settle()
	n := two.As("mod").GET("/api/v1/notifications?types[]=admin.report").List()
	if len(n) != 1 || fmt.Sprint(n[0].Obj("report")["collection_ids"]) != "["+theirs.Str("id")+"]" {
		t.Errorf("the staff there hear %v", n)
	}
}
