package mastoapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// collect makes a collection of somebody with others in it and returns it.
func collect(c *testkit.Community, owner, name string, members ...string) testkit.Object {
	c.T.Helper()
	f := testkit.F("name", name)
	for _, m := range members {
		f.Add("account_ids[]", c.Person(m).ID.String())
	}
	out := c.As(owner).POST("/api/v1/collections", f).Object().Obj("collection")
	c.Settle()
	return out
}

func collectionPath(o testkit.Object) string { return "/api/v1/collections/" + o.Str("id") }

// members are who is in a collection, by name and state, as somebody sees it.
func members(as *testkit.Client, collection testkit.Object) []string {
	o := as.GET(collectionPath(collection)).Object()
	names := map[string]string{}
	list, _ := o["accounts"].([]any)
	for _, x := range list {
		a := testkit.Object(x.(map[string]any))
		names[a.Str("id")] = a.Str("username")
	}
	out := []string{}
	items, _ := o.Obj("collection")["items"].([]any)
	for _, x := range items {
		i := testkit.Object(x.(map[string]any))
		out = append(out, names[i.Str("account_id")]+" "+i.Str("state"))
	}
	slices.Sort(out)
	return out
}

// item is the path of somebody's item of a collection.
func item(c *testkit.Community, owner string, collection testkit.Object, member string) string {
	c.T.Helper()
	items, _ := c.As(owner).GET(collectionPath(collection)).Object().Obj("collection")["items"].([]any)
	for _, x := range items {
		if i := testkit.Object(x.(map[string]any)); i.Str("account_id") == c.Person(member).ID.String() {
			return collectionPath(collection) + "/items/" + i.Str("id")
		}
	}
	c.T.Fatalf("%s is not in %s", member, collection.Str("name"))
	return ""
}

func titles(as *testkit.Client, path string) []string {
	list, _ := as.GET(path).Object()["collections"].([]any)
	out := []string{}
	for _, x := range list {
		out = append(out, testkit.Object(x.(map[string]any)).Str("name"))
	}
	return out
}

// TestCollections: made, shown, changed and deleted by their owner.
func TestCollections(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		discoverable(c, "bob", "carol", "dave")
		f := testkit.F("name", " Gardeners ", "description", "They dig", "language", "de_DE", "tag_name", "#GardenDogs", "sensitive", "true",
			"account_ids[]", c.Person("bob").ID.String(), "account_ids[]", c.Person("carol").ID.String(), "account_ids[]", c.Person("bob").ID.String())
		made := c.As("alice").POST("/api/v1/collections", f).Object().Obj("collection")
		for key, want := range map[string]any{
			"name": "Gardeners", "description": "They dig", "language": "de", "sensitive": true, "discoverable": true, "local": true,
			"item_count": 2.0, "url": c.Config.BaseURL() + "/collections/" + made.Str("id"), "account_id": c.Person("alice").ID.String(),
			"uri": c.Config.BaseURL() + "/users/alice/collections/" + made.Str("id"),
		} {
			if made[key] != want {
				t.Errorf("%s: %v, want %v", key, made[key], want)
			}
		}
		if tag := made.Obj("tag"); tag.Str("name") != "gardendogs" || !strings.HasSuffix(tag.Str("url"), "/tags/gardendogs") {
			t.Errorf("tag: %v", tag)
		}
		for who, as := range map[string]*testkit.Client{"alice": c.As("alice"), "dave": c.As("dave"), "nobody": c.Anonymous()} {
			if got := members(as, made); !slices.Equal(got, []string{"bob accepted", "carol accepted"}) {
				t.Errorf("%s sees %v", who, got)
			}
		}
		if got := names(accountsOf(c.Anonymous().GET(collectionPath(made)).Object())); !slices.Equal(got, []string{"alice", "bob", "carol"}) {
			t.Errorf("accounts: %v", got)
		}
		changed := c.As("alice").PUT(collectionPath(made), testkit.F("name", "Diggers", "tag_name", "", "language", "", "sensitive", "false")).Object().Obj("collection")
		if changed.Str("name") != "Diggers" || changed["tag"] != nil || changed["language"] != nil || changed.Bool("sensitive") || changed.Str("description") != "They dig" {
			t.Errorf("changed: %v", changed)
		}
		c.As("bob").PATCH(collectionPath(made), testkit.F("name", "Mine")).Error(http.StatusForbidden)
		c.As("bob").DELETE(collectionPath(made), nil).Error(http.StatusForbidden)
		c.As("alice").DELETE(collectionPath(made), nil).OK()
		c.As("alice").GET(collectionPath(made)).Error(http.StatusNotFound)
		c.As("alice").PATCH(collectionPath(made), testkit.F("name", "x")).Error(http.StatusNotFound)
		c.As("alice").DELETE(collectionPath(made), nil).Error(http.StatusNotFound)
	})
}

// accountsOf are the accounts of a collection that was asked for.
func accountsOf(o testkit.Object) []testkit.Object {
	var out []testkit.Object
	list, _ := o["accounts"].([]any)
	for _, x := range list {
		out = append(out, x.(map[string]any))
	}
	return out
}

// TestCollectionsRefused: what a collection may not be, told by field.
func TestCollectionsRefused(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for _, tc := range []struct{ field, code, key, value string }{
		{"name", "ERR_BLANK", "name", "  "},
		{"name", "ERR_TOO_LONG", "name", strings.Repeat("ä", 41)},
		{"description", "ERR_TOO_LONG", "description", strings.Repeat("ä", 101)},
		{"language", "ERR_INVALID", "language", "klingonish"},
		{"tag", "ERR_INVALID", "tag_name", "not a tag"},
	} {
		f := testkit.F("name", "x")
		f.Set(tc.key, tc.value)
		a := c.As("alice").POST("/api/v1/collections", f)
		if got := a.Error(http.StatusUnprocessableEntity); !strings.HasPrefix(got, "Validation failed: ") {
			t.Errorf("%s: %s", tc.key, got)
		}
		var body struct {
			Details map[string][]struct{ Error string }
		}
		a.Into(&body)
		if d := body.Details[tc.field]; len(d) != 1 || d[0].Error != tc.code {
			t.Errorf("%s %q: %s", tc.key, tc.value, a.Body)
		}
	}
	c.As("alice").POST("/api/v1/collections", testkit.F("description", "x")).Error(http.StatusUnprocessableEntity)
	for i := range domain.MaxCollections {
		collect(c, "alice", fmt.Sprint("number ", i))
	}
	c.As("alice").POST("/api/v1/collections", testkit.F("name", "one more")).Error(http.StatusUnprocessableEntity)
	collect(c, "bob", "another's first")
}

// TestCollectionConsent: only those are put into collections who let it.
func TestCollectionConsent(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		discoverable(c, "bob", "carol", "dave")
		c.As("carol").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
		mine := collect(c, "alice", "Friends", "bob")
		add := func(name string) *testkit.Answer {
			return c.As("alice").POST(collectionPath(mine)+"/items", testkit.F("account_id", c.Person(name).ID.String()))
		}
		approval := func(viewer, name string) string {
			o := c.As(viewer).GET("/api/v1/accounts/" + c.Person(name).ID.String()).Object().Obj("feature_approval")
			return fmt.Sprint(o["automatic"], " ", o.Str("current_user"))
		}
		for name, want := range map[string]string{
			"bob": "[public] automatic", "carol": "[followers] denied", "erin": "[] denied", "alice": "[] automatic",
		} {
			if got := approval("alice", name); got != want {
				t.Errorf("%s to alice: %s, want %s", name, got, want)
			}
		}
		add("erin").Error(http.StatusForbidden) // does not want to be found
		add("carol").Error(http.StatusForbidden)
		add("bob").Error(http.StatusUnprocessableEntity)
		if o := add("alice").Object().Obj("collection_item"); o.Str("state") != "accepted" {
			t.Errorf("oneself: %v", o)
		}
		c.Follow("alice", "carol")
		c.As("carol").POST("/api/v1/follow_requests/"+c.Person("alice").ID.String()+"/authorize", nil).OK()
		if got := approval("alice", "carol"); got != "[followers] automatic" {
			t.Errorf("carol to a follower: %s", got)
		}
		add("carol").OK()
		c.As("dave").POST(account(c, "alice", "block"), nil).OK()
		add("dave").Error(http.StatusForbidden)
		c.As("alice").POST(collectionPath(mine)+"/items", testkit.F("account_id", "1")).Error(http.StatusNotFound)
		c.As("alice").POST(collectionPath(mine)+"/items", nil).Error(http.StatusNotFound)
		c.As("bob").POST(collectionPath(mine)+"/items", testkit.F("account_id", c.Person("bob").ID.String())).Error(http.StatusForbidden)
		c.As("alice").POST("/api/v1/collections/1/items", testkit.F("account_id", c.Person("bob").ID.String())).Error(http.StatusNotFound)
		if got := members(c.Anonymous(), mine); !slices.Equal(got, []string{"alice accepted", "bob accepted", "carol accepted"}) {
			t.Errorf("members: %v", got)
		}
		// All or nothing.
		f := testkit.F("name", "Strangers", "account_ids[]", c.Person("bob").ID.String(), "account_ids[]", c.Person("erin").ID.String())
		c.As("alice").POST("/api/v1/collections", f).Error(http.StatusForbidden)
		if got := titles(c.As("alice"), account(c, "alice", "collections")); !slices.Equal(got, []string{"Friends"}) {
			t.Errorf("collections: %v", got)
		}
	})
}

// TestCollectionEnds: taken out, left, blocked; who left is not put back.
func TestCollectionEnds(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		discoverable(c, "alice", "bob", "carol", "dave", "erin")
		mine, theirs := collect(c, "alice", "Friends", "bob", "carol", "dave", "erin"), collect(c, "dave", "Enemies", "alice")
		bob, carol := item(c, "alice", mine, "bob"), item(c, "alice", mine, "carol")
		c.As("bob").DELETE(bob, nil).Error(http.StatusForbidden)
		c.As("carol").POST(bob+"/revoke", nil).Error(http.StatusForbidden)
		c.As("bob").POST(collectionPath(theirs)+"/items/"+bob[strings.LastIndexByte(bob, '/')+1:]+"/revoke", nil).Error(http.StatusNotFound)
		c.As("alice").DELETE(carol, nil).OK()
		c.As("alice").DELETE(carol, nil).Error(http.StatusNotFound)
		c.As("bob").POST(bob+"/revoke", nil).OK()
		c.As("bob").POST(bob+"/revoke", nil).Error(http.StatusNotFound)
		c.As("alice").DELETE(bob, nil).Error(http.StatusNotFound)
		c.As("alice").POST(collectionPath(mine)+"/items", testkit.F("account_id", c.Person("bob").ID.String())).Error(http.StatusForbidden)
		c.As("alice").POST(collectionPath(mine)+"/items", testkit.F("account_id", c.Person("carol").ID.String())).OK()
		for _, as := range []*testkit.Client{c.As("alice"), c.Anonymous()} {
			if got := members(as, mine); !slices.Equal(got, []string{"carol accepted", "dave accepted", "erin accepted"}) {
				t.Errorf("members: %v", got)
			}
		}
		c.As("dave").POST(account(c, "alice", "block"), nil).OK()
		if got := members(c.Anonymous(), mine); !slices.Equal(got, []string{"carol accepted", "erin accepted"}) {
			t.Errorf("once dave blocks: %v", got)
		}
		c.As("dave").POST(account(c, "alice", "unblock"), nil).OK()
		if got := members(c.As("dave"), theirs); len(got) != 0 {
			t.Errorf("in dave's collection: %v", got)
		}
		c.As("alice").POST(collectionPath(mine)+"/items", testkit.F("account_id", c.Person("dave").ID.String())).Error(http.StatusForbidden)
	})
}

// TestCollectionsSeen: who sees whose, and who is in them.
func TestCollectionsSeen(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		discoverable(c, "bob", "carol")
		one, two := collect(c, "alice", "One", "bob", "carol"), collect(c, "alice", "Two", "bob")
		c.As("alice").PATCH(collectionPath(two), testkit.F("discoverable", "false")).OK()
		list := account(c, "alice", "collections")
		for who, tc := range map[string]struct {
			as   *testkit.Client
			want []string
		}{"alice": {c.As("alice"), []string{"Two", "One"}}, "bob": {c.As("bob"), []string{"One"}}, "nobody": {c.Anonymous(), []string{"One"}}} {
			if got := titles(tc.as, list); !slices.Equal(got, tc.want) {
				t.Errorf("%s sees %v", who, got)
			}
		}
		if got := members(c.Anonymous(), two); !slices.Equal(got, []string{"bob accepted"}) {
			t.Errorf("one that is not on the profile, by its id: %v", got)
		}
		first := c.As("alice").GET(list + "?limit=1")
		if got := titles(c.As("alice"), first.Link("next")); !slices.Equal(got, []string{"One"}) {
			t.Errorf("second page: %v", got)
		}
		c.As("alice").GET(list + "?offset=-1").Error(http.StatusBadRequest)
		if got := titles(c.As("bob"), account(c, "bob", "in_collections")); !slices.Equal(got, []string{"Two", "One"}) {
			t.Errorf("bob is in %v", got)
		}
		c.As("bob").GET(account(c, "carol", "in_collections")).Error(http.StatusForbidden)
		c.As("bob").GET("/api/v1/accounts/1/in_collections").Error(http.StatusNotFound)
		c.Anonymous().GET("/api/v1/accounts/1/collections").Error(http.StatusNotFound)
		c.Anonymous().GET(account(c, "bob", "in_collections")).Error(http.StatusUnauthorized)
		search := "/api/v2/search?q=" + url.QueryEscape(one.Str("uri"))
		if got := titles(c.Anonymous(), search); !slices.Equal(got, []string{"One"}) {
			t.Errorf("by its address: %v", got)
		}
		if got := titles(c.As("dave"), search+"&type=accounts"); len(got) != 0 {
			t.Errorf("among accounts: %v", got)
		}
		// The older paths say the same, and that they are old.
		old := c.Anonymous().GET(strings.Replace(list, "/v1/", "/v1_alpha/", 1))
		if old.OK(); old.Header.Get("Deprecation") == "" {
			t.Error("the alpha path is not deprecated")
		}
		c.Anonymous().GET(strings.Replace(collectionPath(one), "/v1/", "/v1_alpha/", 1)).OK()
		c.As("carol").POST(account(c, "dave", "block"), nil).OK()
		if got := members(c.As("dave"), one); !slices.Equal(got, []string{"bob accepted"}) {
			t.Errorf("dave, whom carol blocks, sees %v", got)
		}
		c.As("alice").POST(account(c, "dave", "block"), nil).OK()
		c.As("dave").GET(collectionPath(one)).Error(http.StatusNotFound)
		if got := titles(c.As("dave"), list); len(got) != 0 {
			t.Errorf("dave, whom alice blocks, sees %v", got)
		}
	})
}

// TestCollectionNotifications: told to those who are in it, in both lists.
func TestCollectionNotifications(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		discoverable(c, "bob", "carol")
		told := func(name string) []string {
			out := []string{}
			for _, n := range c.As(name).GET("/api/v1/notifications?types[]=added_to_collection&types[]=collection_update").List() {
				out = append(out, n.Str("type")+" "+n.Obj("collection").Str("name")+" "+n.Obj("account").Str("username"))
			}
			return out
		}
		mine := collect(c, "alice", "Friends", "bob", "carol")
		if got := told("bob"); !slices.Equal(got, []string{"added_to_collection Friends alice"}) {
			t.Errorf("bob hears %v", got)
		}
		c.As("alice").PATCH(collectionPath(mine), testkit.F("name", "Old friends")).OK()
		c.Settle()
		c.As("alice").PATCH(collectionPath(mine), testkit.F("name", "Old friends")).OK()
		c.Settle()
		want := []string{"collection_update Old friends alice", "added_to_collection Old friends alice"}
		if got := told("bob"); !slices.Equal(got, want) {
			t.Errorf("bob hears %v", got)
		}
		groups, _ := c.As("bob").GET("/api/v2/notifications").Object()["notification_groups"].([]any)
		found := 0
		for _, g := range groups {
			if o := testkit.Object(g.(map[string]any)); o.Obj("collection").Str("id") == mine.Str("id") {
				found++
			}
		}
		if found != 2 {
			t.Errorf("%d groups tell of it", found)
		}
		list := c.As("bob").GET("/api/v1/notifications?types[]=added_to_collection&supported_types[]=mention").List()
		if len(list) != 1 || list[0].Obj("fallback").Str("title") == "" {
			t.Errorf("to an app that does not know the type: %v", list)
		}
		c.As("bob").POST(item(c, "alice", mine, "bob")+"/revoke", nil).OK()
		c.Settle()
		if got := told("bob"); len(got) != 0 {
			t.Errorf("once he left bob hears %v", got)
		}
		if got := told("carol"); !slices.Equal(got, want) {
			t.Errorf("carol hears %v", got)
		}
		c.As("alice").DELETE(collectionPath(mine), nil).OK()
		if got := told("carol"); len(got) != 0 {
			t.Errorf("once it is deleted carol hears %v", got)
		}
	})
}

// TestCollectionSize: twenty-five accounts are the most.
func TestCollectionSize(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	mine := collect(c, "alice", "Many")
	add := func(name string) *testkit.Answer {
		return c.As("alice").POST(collectionPath(mine)+"/items", testkit.F("account_id", c.Person(name).ID.String()))
	}
	for i := range domain.MaxCollectionItems + 1 {
		name := fmt.Sprintf("guest%d", i)
		c.Join(name, domain.RoleUser)
		c.As(name).PATCH("/api/v1/accounts/update_credentials", testkit.F("discoverable", "true")).OK()
		if i < domain.MaxCollectionItems {
			add(name).OK()
		}
	}
	if got := add("guest25").Error(http.StatusUnprocessableEntity); !strings.Contains(got, "25") {
		t.Errorf("one more: %s", got)
	}
	c.As("alice").DELETE(item(c, "alice", mine, "guest3"), nil).OK()
	add("guest25").OK()
}

// TestCollectionsAtTheirOlderPaths: every verb answers under v1_alpha as well.
func TestCollectionsAtTheirOlderPaths(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	discoverable(c, "bob", "carol")
	older := func(path string) string { return strings.Replace(path, "/v1/", "/v1_alpha/", 1) }
	alice := c.As("alice")
	made := alice.POST("/api/v1_alpha/collections", testkit.F("name", "Old friends")).Object().Obj("collection")
	path := older(collectionPath(made))
	alice.PATCH(path, testkit.F("description", "from school")).OK()
	if got := alice.PUT(path, testkit.F("name", "Older friends")).Object().Obj("collection"); got.Str("name") != "Older friends" || got.Str("description") != "from school" {
		t.Errorf("changed: %v", got)
	}
	for _, name := range []string{"bob", "carol"} {
		alice.POST(path+"/items", testkit.F("account_id", c.Person(name).ID.String())).OK()
	}
	c.Settle()
	if got := titles(c.As("bob"), older(account(c, "bob", "in_collections"))); !slices.Equal(got, []string{"Older friends"}) {
		t.Errorf("bob is in %v", got)
	}
	c.As("bob").POST(older(item(c, "alice", made, "bob"))+"/revoke", nil).OK()
	alice.DELETE(older(item(c, "alice", made, "carol")), nil).OK()
	c.Settle()
	if got := members(c.Anonymous(), made); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
	alice.DELETE(path, nil).OK()
	alice.GET(path).Error(http.StatusNotFound)
}
