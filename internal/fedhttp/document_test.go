package fedhttp_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"coterie/internal/apub"
	"coterie/internal/testkit"
)

const alice = "http://coterie.test/users/alice"

func TestActorIsWhatPeersNeed(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for _, path := range []string{"/users/alice", "/users/ALICE", "/@alice"} {
		d := parse(t, document(c, path).OK())
		a := d.Actor
		if d.ID != alice || d.Type != "Person" || a.Username != "alice" || a.Inbox != alice+"/inbox" || a.SharedInbox != "http://coterie.test/inbox" {
			t.Errorf("%s: %+v", path, a)
		}
		if len(a.Keys) != 1 || a.Keys[0].ID != alice+"#main-key" || a.Keys[0].Owner != alice {
			t.Errorf("%s: keys %+v", path, a.Keys)
		}
		for _, address := range []string{a.Outbox, a.Followers, a.Following, a.Featured.ID} {
			if got := parse(t, document(c, address).OK()); got.Collection == nil || got.ID != address {
				t.Errorf("%s is %s %s", address, got.Type, got.ID)
			}
		}
	}
	if d := parse(t, document(c, "/users/alice/collections/tags").OK()); d.Collection == nil || d.Collection.Total != 0 {
		t.Errorf("tags: %+v", d.Collection)
	}
}

// TestPostAndItsParts: the post, its activity, and what hangs on it.
func TestPostAndItsParts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("bob", "alice")
	id := c.Post("alice", "hello #tea @bob").Str("id")
	uri := alice + "/statuses/" + id
	c.As("bob").POST("/api/v1/statuses/"+id+"/favourite", nil).OK()
	boost := c.As("bob").POST("/api/v1/statuses/"+id+"/reblog", nil).Object().Str("id")
	own := c.Post("alice", "more", "in_reply_to_id", id).Str("id")
	other := c.Post("bob", "indeed", "in_reply_to_id", id).Str("id")
	c.Post("bob", "between us", "in_reply_to_id", id, "visibility", "direct")

	for _, path := range []string{uri, "/@alice/" + id} {
		d := parse(t, document(c, path).OK())
		if d.ID != uri || d.Note == nil || d.Note.Author != alice || !slices.Contains(d.Note.To, apub.Public) {
			t.Errorf("%s: %+v", path, d.Note)
		}
	}
	act := parse(t, document(c, uri+"/activity").OK()).Activity
	if act.Type != "Create" || act.ID != uri+"/activity" || act.Object().ID != uri || act.Check() != nil {
		t.Errorf("activity: %+v", act)
	}
	for _, path := range []string{"/users/bob/statuses/" + boost, "/users/bob/statuses/" + boost + "/activity"} {
		act = parse(t, document(c, path).OK()).Activity
		if act.Type != "Announce" || act.ID != "http://coterie.test/users/bob/statuses/"+boost+"/activity" || act.Object().ID != uri {
			t.Errorf("boost: %+v", act)
		}
	}
	for path, want := range map[string]int64{"/likes": 1, "/shares": 1} {
		if got := parse(t, document(c, uri+path).OK()).Collection; got.Total != want || len(got.Items) != 0 {
			t.Errorf("%s: %+v", path, got)
		}
	}
	page := parse(t, document(c, parse(t, document(c, uri+"/replies").OK()).Collection.First).OK()).Collection
	if got := page.IDs(); !slices.Equal(got, []string{alice + "/statuses/" + own}) {
		t.Errorf("own replies: %v", got)
	}
	page = parse(t, document(c, page.Next).OK()).Collection
	if got := page.IDs(); !slices.Equal(got, []string{"http://coterie.test/users/bob/statuses/" + other}) || page.Next != "" {
		t.Errorf("others' replies: %v, next %q", got, page.Next)
	}
}

// TestSEC29_DocumentsShowOnlyWhatAnyoneMayRead: who does not sign finds
// nothing private by any address.
func TestSEC29_DocumentsShowOnlyWhatAnyoneMayRead(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("bob", "alice")
	for visibility, want := range map[string]int{"public": 200, "unlisted": 200, "private": 404, "direct": 404} {
		id := c.Post("alice", "for "+visibility+" @bob", "visibility", visibility).Str("id")
		for _, path := range []string{"/users/alice/statuses/" + id, "/@alice/" + id, "/users/alice/statuses/" + id + "/activity", "/users/alice/statuses/" + id + "/replies", "/users/alice/statuses/" + id + "/likes", "/users/alice/statuses/" + id + "/shares"} {
			document(c, path).Want(want)
			// A post is found with its own author only.
			document(c, "/users/bob/statuses/"+id).Want(http.StatusNotFound)
			// Neither a member's token nor a session counts among servers.
			c.As("bob").With("Accept", activityJSON).GET(path).Want(want)
		}
	}
	page := parse(t, document(c, "/users/alice/outbox?page=true").OK()).Collection
	if len(page.Items) != 2 {
		t.Errorf("outbox: %d items", len(page.Items))
	}
}

func TestOutboxPagesThroughPostsAndBoosts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	var want []string
	for n := range 25 {
		want = append(want, alice+"/statuses/"+c.Post("alice", fmt.Sprint("number ", n)).Str("id")+"/activity")
	}
	boosted := c.Post("bob", "boost me").Str("id")
	want = append(want, alice+"/statuses/"+c.As("alice").POST("/api/v1/statuses/"+boosted+"/reblog", nil).Object().Str("id")+"/activity")
	slices.Reverse(want)
	root := parse(t, document(c, "/users/alice/outbox").OK()).Collection
	if root.Total != 26 {
		t.Errorf("total %d", root.Total)
	}
	var got []string
	for next := root.First; next != ""; {
		page := parse(t, document(c, next).OK()).Collection
		if page.ID != next || page.PartOf != root.ID {
			t.Errorf("page %s of %s at %s", page.ID, page.PartOf, next)
		}
		got = append(got, page.IDs()...)
		next = page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func TestFollowCollectionsRespectWhoHidesThem(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for _, name := range []string{"bob", "carol"} {
		c.Follow(name, "alice")
	}
	page := parse(t, document(c, "/users/alice/followers?page=true").OK()).Collection
	if got := page.IDs(); !slices.Equal(got, []string{"http://coterie.test/users/carol", "http://coterie.test/users/bob"}) {
		t.Errorf("followers: %v", got)
	}
	page = parse(t, document(c, "/users/bob/following?page=true").OK()).Collection
	if got := page.IDs(); !slices.Equal(got, []string{alice}) {
		t.Errorf("following: %v", got)
	}
	c.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.F("hide_collections", "true")).OK()
	for _, path := range []string{"/users/alice/followers", "/users/alice/followers?page=true"} {
		got := parse(t, document(c, path).OK()).Collection
		if got.Total != 2 || got.First != "" || len(got.Items) != 0 {
			t.Errorf("%s when hidden: %+v", path, got)
		}
	}
	document(c, "/users/alice/followers_synchronization").Want(http.StatusUnauthorized)
}

func TestPinsAndHashtagsOfAProfile(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	id := c.Post("alice", "pinned").Str("id")
	secret := c.Post("alice", "pinned for friends", "visibility", "private").Str("id")
	for _, id := range []string{id, secret} {
		c.As("alice").POST("/api/v1/statuses/"+id+"/pin", nil).OK()
	}
	c.As("alice").POST("/api/v1/featured_tags", testkit.F("name", "Tea")).OK()
	pins := parse(t, document(c, "/users/alice/collections/featured").OK()).Collection
	if got := pins.IDs(); !slices.Equal(got, []string{alice + "/statuses/" + id}) || pins.Items[0].Doc == nil || pins.Items[0].Doc.Note == nil {
		t.Errorf("pins: %v", got)
	}
	tags := parse(t, document(c, "/users/alice/collections/tags").OK()).Collection
	if len(tags.Items) != 1 || tags.Items[0].Doc == nil || tags.Items[0].Doc.Hashtag == nil || tags.Items[0].Doc.Hashtag.Name != "Tea" {
		t.Errorf("tags: %+v", tags.Items)
	}
}

// TestCollectionsOfAccounts: the list on a profile, a collection, and what is
// in it, with the consent it rests on.
func TestCollectionsOfAccounts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("discoverable", "true")).OK()
	collect := func(name, discoverable string) testkit.Object {
		f := testkit.F("name", name, "description", "They are nice", "tag_name", "Tea", "discoverable", discoverable, "account_ids[]", c.Person("bob").ID.String())
		return c.As("alice").POST("/api/v1/collections", f).Object().Obj("collection")
	}
	shown, hidden := collect("Friends", "true"), collect("Secret friends", "false")
	list := parse(t, document(c, "/users/alice/featured_collections").OK()).Collection
	if got := list.IDs(); !slices.Equal(got, []string{shown.Str("uri")}) {
		t.Errorf("on the profile: %v", got)
	}
	d := parse(t, document(c, shown.Str("uri")).OK()).Collection
	if d.Type != "FeaturedCollection" || d.Name != "Friends" || d.Summary != "They are nice" || d.Topic != "Tea" || d.AttributedTo != alice || !d.Discoverable || len(d.Items) != 1 {
		t.Fatalf("the collection: %+v", d)
	}
	bob := strings.Replace(alice, "alice", "bob", 1)
	item := d.Items[0].Doc.Item
	if one := parse(t, document(c, item.ID).OK()).Item; item.Object != bob || one == nil || *one != *item {
		t.Errorf("the item: %+v, by its id %+v", item, one)
	}
	consent := parse(t, document(c, item.Authorization).OK()).Consent
	if consent.Type != "FeatureAuthorization" || consent.AttributedTo != bob || consent.Object != d.ID || consent.Target != bob {
		t.Errorf("the consent: %+v", consent)
	}
	document(c, hidden.Str("uri")).OK()
	for _, address := range []string{
		strings.Replace(d.ID, "alice", "carol", 1), strings.Replace(item.ID, "alice", "carol", 1), strings.Replace(item.Authorization, "bob", "carol", 1),
		alice + "/collections/1", alice + "/collections/x", alice + "/collection_items/1", alice + "/feature_authorizations/1",
	} {
		document(c, address).Want(http.StatusNotFound)
	}
	id := shown["items"].([]any)[0].(map[string]any)["id"].(string)
	c.As("bob").POST("/api/v1/collections/"+shown.Str("id")+"/items/"+id+"/revoke", nil).OK()
	for _, address := range []string{item.ID, item.Authorization} {
		document(c, address).Want(http.StatusNotFound)
	}
	if d := parse(t, document(c, shown.Str("uri")).OK()).Collection; len(d.Items) != 0 {
		t.Errorf("once bob left: %+v", d.Items)
	}
}

// TestSecureModeDemandsSignatures: facts 4.5.
func TestSecureModeDemandsSignatures(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	id := c.Post("alice", "hello").Str("id")
	c.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.F("note", "about me")).OK()
	c.Configure(func(s *testkit.Settings) { s.SecureMode = true })
	for _, path := range []string{
		"/users/alice/statuses/" + id, "/@alice/" + id, "/users/alice/outbox", "/users/alice/outbox?page=true", "/users/alice/followers",
		"/users/alice/following", "/users/alice/collections/featured", "/users/alice/collections/tags", "/users/alice/statuses/" + id + "/replies",
		"/users/alice/statuses/" + id + "/likes", "/users/alice/statuses/" + id + "/shares", "/users/alice/statuses/" + id + "/activity",
		"/users/alice/featured_collections", "/users/alice/collections/1", "/users/alice/feature_authorizations/1", "/users/alice/collection_items/1",
		"/users/nobody/outbox", "/users/alice/followers_synchronization", "/actor/outbox",
	} {
		a := document(c, path).Want(http.StatusUnauthorized)
		if got := a.Header.Get("Cache-Control"); got != "private, no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
	a := document(c, "/users/alice").OK()
	d := parse(t, a)
	if d.ID != alice || d.Actor.Username != "alice" || len(d.Actor.Keys) != 1 || d.Actor.Summary != "" || a.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("bare actor: %s", a.Body)
	}
	document(c, "/actor").OK()
	finger(c, "acct:alice@coterie.test").OK()
	c.Anonymous().With("Accept", browser).GET("/@alice").OK()
}

// TestSEC28_DeletedPosts: a post that anybody could read is gone for good; one
// that only some could is answered as if it had never been, whoever asks, byte
// for byte.
func TestSEC28_DeletedPosts(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		never := document(c, alice+"/statuses/1").Want(http.StatusNotFound)
		for visibility, want := range map[string]int{
			"public": http.StatusGone, "unlisted": http.StatusGone, "private": http.StatusNotFound, "direct": http.StatusNotFound,
		} {
			id := c.Post("alice", "soon gone", "visibility", visibility).Str("id")
			if want == http.StatusNotFound {
				document(c, alice+"/statuses/"+id).Want(want)
			}
			c.As("alice").DELETE("/api/v1/statuses/"+id, nil).OK()
			for _, address := range []string{alice + "/statuses/" + id, "/@alice/" + id, alice + "/statuses/" + id + "/activity", alice + "/statuses/" + id + "/replies"} {
				a := document(c, address).Want(want)
				if want == http.StatusNotFound && string(a.Body) != string(never.Body) {
					t.Errorf("%s: %s differs from what never was: %s", visibility, a.Body, never.Body)
				}
			}
			document(c, "http://coterie.test/users/bob/statuses/"+id).Want(http.StatusNotFound)
		}
	})
}
