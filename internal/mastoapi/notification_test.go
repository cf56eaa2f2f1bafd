package mastoapi_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/store"
	"coterie/internal/testkit"
)

// heard is what somebody's notifications say, oldest first: "type from".
func heard(c *testkit.Community, name, query string) []string {
	c.Settle()
	list := c.As(name).GET("/api/v1/notifications?" + query).List()
	slices.Reverse(list)
	out := []string{}
	for _, n := range list {
		if n.Str("type") == "admin.sign_up" {
			continue
		}
		out = append(out, n.Str("type")+" "+n.Obj("account").Str("username"))
	}
	return out
}

func status(o testkit.Object, verb string) string {
	return "/api/v1/statuses/" + o.Str("id") + "/" + verb
}

// TestNotificationsOfEachKind lets everybody do everything to bob once.
func TestNotificationsOfEachKind(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		post := c.Post("bob", "Which?", "poll[options][]", "this", "poll[options][]", "that", "poll[expires_in]", "3600")
		c.Follow("carol", "bob")
		c.As("bob").POST(account(c, "carol", "follow"), testkit.F("notify", "true")).OK()
		c.As("carol").POST(status(post, "favourite"), nil).OK()
		c.As("carol").POST(status(post, "reblog"), nil).OK()
		c.Post("carol", "Hello @bob")
		c.As("dave").POST("/api/v1/polls/"+post.Obj("poll").Str("id")+"/votes", testkit.F("choices[]", "1")).OK()
		c.After(2 * time.Hour)
		want := []string{"follow carol", "favourite carol", "reblog carol", "mention carol", "status carol", "poll bob"}
		got := heard(c, "bob", "")
		slices.Sort(want)
		sorted := slices.Clone(got)
		slices.Sort(sorted)
		if !slices.Equal(sorted, want) {
			t.Errorf("bob hears %v, want %v", got, want)
		}
		if got := heard(c, "dave", ""); !slices.Equal(got, []string{"poll bob"}) {
			t.Errorf("the voter hears %v", got)
		}
		if got := heard(c, "bob", "types[]=mention&types[]=poll"); len(got) != 2 {
			t.Errorf("two types: %v", got)
		}
		if got := heard(c, "bob", "exclude_types[]=status&exclude_types[]=poll"); len(got) != 4 {
			t.Errorf("without two types: %v", got)
		}
		if got := heard(c, "bob", "account_id="+c.Person("bob").ID.String()); !slices.Equal(got, []string{"poll bob"}) {
			t.Errorf("by account: %v", got)
		}
		// Taking back takes the notification back (behaviours 13.9).
		c.As("carol").POST(status(post, "unfavourite"), nil).OK()
		c.As("carol").POST(status(post, "unreblog"), nil).OK()
		c.As("carol").POST(account(c, "bob", "unfollow"), nil).OK()
		if got := heard(c, "bob", "types[]=favourite&types[]=reblog&types[]=follow"); len(got) != 0 {
			t.Errorf("after taking it all back: %v", got)
		}
		c.As("bob").DELETE("/api/v1/statuses/"+post.Str("id"), nil).OK()
		if got := heard(c, "dave", ""); len(got) != 0 {
			t.Errorf("after deleting the poll: %v", got)
		}
	})
}

// TestWhatIsNotHeard is behaviours 13.3: each row makes bob deaf to carol.
func TestWhatIsNotHeard(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		first func(c *testkit.Community)
		want  []string
	}{
		{"nothing in the way", func(*testkit.Community) {}, []string{"mention carol"}},
		{"block", func(c *testkit.Community) { c.As("bob").POST(account(c, "carol", "block"), nil).OK() }, []string{}},
		{"mute", func(c *testkit.Community) { c.As("bob").POST(account(c, "carol", "mute"), nil).OK() }, []string{}},
		{"mute that lets notifications pass", func(c *testkit.Community) {
			c.As("bob").POST(account(c, "carol", "mute"), testkit.F("notifications", "false")).OK()
		}, []string{"mention carol"}},
		{"somebody blocked is named too", func(c *testkit.Community) { c.As("bob").POST(account(c, "dave", "block"), nil).OK() }, []string{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := testkit.NewInstance(t)
			row.first(c)
			c.Post("carol", "Hello @bob and @dave")
			if got := heard(c, "bob", ""); !slices.Equal(got, row.want) {
				t.Errorf("bob hears %v, want %v", got, row.want)
			}
		})
	}
}

func TestMutedThreadIsSilent(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	post := c.Post("bob", "A long story")
	c.As("bob").POST(status(post, "mute"), nil).OK()
	c.Post("carol", "@bob go on", "in_reply_to_id", post.Str("id"))
	c.As("carol").POST(status(post, "favourite"), nil).OK()
	if got := heard(c, "bob", ""); len(got) != 0 {
		t.Errorf("in a muted thread bob hears %v", got)
	}
	c.As("bob").POST(status(post, "unmute"), nil).OK()
	c.Post("carol", "@bob still there?", "in_reply_to_id", post.Str("id"))
	if got := heard(c, "bob", ""); !slices.Equal(got, []string{"mention carol"}) {
		t.Errorf("after unmuting bob hears %v", got)
	}
}

// TestPrivateMentionsByStrangersAreFiltered is the policy everybody begins
// with (behaviours 13.4, 13.5).
func TestPrivateMentionsByStrangersAreFiltered(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("carol", "@bob psst", "visibility", "direct")
	if got := heard(c, "bob", ""); len(got) != 0 {
		t.Errorf("bob hears a stranger's private mention: %v", got)
	}
	if got := heard(c, "bob", "include_filtered=true"); !slices.Equal(got, []string{"mention carol"}) {
		t.Errorf("with the filtered: %v", got)
	}
	c.Follow("bob", "dave")
	c.Post("dave", "@bob psst", "visibility", "direct")
	if got := heard(c, "bob", "types[]=mention"); !slices.Equal(got, []string{"mention dave"}) {
		t.Errorf("of someone bob follows: %v", got)
	}
}

// TestGroupKeys is behaviours 13.6.
func TestGroupKeys(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	post := c.Post("alice", "Popular")
	keys := func() []string {
		c.Settle()
		var keys []string
		for _, n := range c.As("alice").GET("/api/v1/notifications?types[]=favourite").List() {
			keys = append(keys, n.Str("group_key"))
		}
		return keys
	}
	start := c.Clock.Now().Unix() / 3600
	c.As("bob").POST(status(post, "favourite"), nil).OK()
	c.Settle()
	c.After(11 * time.Hour)
	c.As("carol").POST(status(post, "favourite"), nil).OK()
	want := fmt.Sprintf("favourite-%s-%d", post.Str("id"), start)
	if got := keys(); !slices.Equal(got, []string{want, want}) {
		t.Errorf("within twelve hours: %v, want %s twice", got, want)
	}
	c.After(2 * time.Hour)
	c.As("dave").POST(status(post, "favourite"), nil).OK()
	if got := keys(); len(got) != 3 || got[0] == want || !strings.HasPrefix(got[0], "favourite-"+post.Str("id")+"-") {
		t.Errorf("after twelve hours: %v", got)
	}
	c.Post("bob", "Hi @alice")
	c.Settle()
	mention := c.As("alice").GET("/api/v1/notifications?types[]=mention").List()[0]
	if mention.Str("group_key") != "ungrouped-"+mention.Str("id") {
		t.Errorf("a mention is in group %s", mention.Str("group_key"))
	}
}

func TestDismissAndClear(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("carol", "one @bob")
	c.Post("carol", "two @bob")
	c.Settle()
	list := c.As("bob").GET("/api/v1/notifications").List()
	one := "/api/v1/notifications/" + list[0].Str("id")
	c.As("dave").POST(one+"/dismiss", nil).Want(http.StatusNotFound)
	c.As("bob").POST(one+"/dismiss", nil).OK()
	if got := heard(c, "bob", ""); len(got) != 1 {
		t.Errorf("after dismissing one of two: %v", got)
	}
	c.As("bob").POST("/api/v1/notifications/clear", nil).OK()
	if got := heard(c, "bob", ""); len(got) != 0 {
		t.Errorf("after clearing: %v", got)
	}
}

// TestNotificationsPageCostsAFixedNumberOfStatements counts a page of 20.
func TestNotificationsPageCostsAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	count := func(limit string) int64 {
		c.Settle()
		ctx, n := store.CountStatements(context.Background())
		c.As("bob").WithContext(ctx).GET("/api/v1/notifications?limit=" + limit).OK()
		return n.Load()
	}
	c.Post("carol", "@bob 0")
	count("20") // makes the fragments and remembers the token
	few := count("20")
	for i := range 25 {
		c.Post([]string{"carol", "dave", "erin"}[i%3], fmt.Sprintf("@bob %d", i+1))
	}
	count("20")
	if many := count("20"); many != few || many > 4 {
		t.Errorf("a page of one costs %d statements, one of twenty %d", few, many)
	}
}
