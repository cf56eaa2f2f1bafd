package instance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// left is what frank left in a community before anything was decided about
// him: quartz is in all that he wrote, and Frankincense is his name.
type left struct {
	*testkit.Community
	id, post, answer, boost, quote, bobs, list, picture, aside string
}

func newLeft(t *testing.T, c *testkit.Community) *left {
	t.Helper()
	l := &left{Community: c, id: c.Join("frank", "").ID.String()}
	frank, bob := c.As("frank").In(t), c.As("bob").In(t)
	frank.PATCH("/api/v1/accounts/update_credentials", testkit.F("display_name", "Frankincense", "discoverable", "true", "indexable", "true")).OK()
	for _, pair := range [][2]string{{"bob", "frank"}, {"frank", "bob"}, {"carol", "bob"}} {
		c.Follow(pair[0], pair[1])
	}
	c.Settle()
	file := c.Media("frank", testkit.PNG(t, testkit.Gradient(64, 64)))
	l.picture = strings.TrimPrefix(file.Str("url"), c.Config.BaseURL())
	l.post = c.Post("frank", "quartz #minerals", "media_ids[]", file.Str("id")).Str("id")
	l.bobs = c.Post("bob", "who digs?").Str("id")
	l.answer = c.Post("frank", "@bob quartz, too", "in_reply_to_id", l.bobs).Str("id")
	l.boost = bob.POST("/api/v1/statuses/"+l.post+"/reblog", nil).Object().Str("id")
	l.quote = c.Post("bob", "see here", "quoted_status_id", l.post, "visibility", "unlisted").Str("id")
	l.list = bob.POST("/api/v1/lists", testkit.F("title", "minerals")).Object().Str("id")
	bob.POST("/api/v1/lists/"+l.list+"/accounts", testkit.F("account_ids[]", l.id)).OK()
	for _, verb := range []string{"favourite", "bookmark"} {
		bob.POST("/api/v1/statuses/"+l.post+"/"+verb, nil).OK()
	}
	frank.POST("/api/v1/statuses/"+l.bobs+"/favourite", nil).OK()
	frank.POST("/api/v1/statuses/"+l.post+"/pin", nil).OK()
	c.Post("frank", "@bob quartz between us", "visibility", "direct")
	l.aside = frank.POST("/api/v1/statuses", testkit.F("status", "quartz later", "scheduled_at", c.Clock.Now().Add(time.Hour).Format(time.RFC3339))).Object().Str("id")
	c.Settle()
	return l
}

// Where frank appears: to whom he has always been shown, and whether those
// who do not follow him see him there while he is limited.
var places = []struct {
	as, path, shows string
	limited         bool
}{
	{"bob", "/api/v1/timelines/home", "quartz", true},
	{"carol", "/api/v1/timelines/home", "quartz", true}, // bob's boost
	{"erin", "/api/v1/timelines/public", "quartz", false},
	{"", "/api/v1/timelines/public?local=true", "quartz", false},
	{"erin", "/api/v1/timelines/tag/minerals", "quartz", false},
	{"bob", "/api/v1/timelines/list/{list}", "quartz", true},
	{"bob", "/api/v1/accounts/{id}/statuses", "quartz", true},
	{"erin", "/api/v1/accounts/{id}/statuses?pinned=true", "quartz", true},
	{"", "/api/v1/statuses/{post}", "quartz", true},
	{"bob", "/api/v1/statuses/{post}", "quartz", true},
	{"erin", "/api/v1/statuses/{boost}", "quartz", true},
	{"bob", "/api/v1/statuses/{quote}", "quartz", true},
	{"bob", "/api/v1/statuses/{bobs}/context", "quartz", true},
	{"bob", "/api/v1/statuses/{bobs}/favourited_by", "Frankincense", true},
	{"bob", "/api/v1/notifications", "quartz", true},
	{"bob", "/api/v2/notifications", "quartz", true},
	{"bob", "/api/v1/conversations", "quartz", true},
	{"bob", "/api/v1/favourites", "quartz", true},
	{"bob", "/api/v1/bookmarks", "quartz", true},
	{"bob", "/api/v2/search?type=statuses&q=quartz", "quartz", true},
	{"erin", "/api/v2/search?type=accounts&q=frank", "Frankincense", true},
	{"erin", "/api/v1/directory?local=true", "Frankincense", false},
	{"bob", "/api/v1/accounts/{bob}/followers", "Frankincense", true},
	{"bob", "/api/v1/accounts/{bob}/following", "Frankincense", true},
	{"bob", "/api/v1/lists/{list}/accounts", "Frankincense", true},
	{"erin", "/api/v1/accounts/{id}", "Frankincense", true},
	{"", "/api/v1/accounts/lookup?acct=frank", "Frankincense", true},
	{"", "/@frank", "quartz", true},
	{"", "/@frank/{post}", "quartz", true},
	{"", "/@frank/{post}/embed", "quartz", true},
	{"", "/@frank.rss", "quartz", true},
	{"", "/tags/minerals.rss", "quartz", false},
	{"", "/api/oembed?url={base}/@frank/{post}", "frank", true},
	{"peer", "/users/frank/statuses/{post}", "quartz", true},
	{"peer", "/users/frank/outbox?page=true", "{post}", true},
	{"peer", "/users/frank/collections/featured", "{post}", true},
	{"peer", "/users/frank", "Frankincense", true},
	{"", "{picture}", "PNG", true},
}

func (l *left) shown(t *testing.T, as, path, what string) bool {
	t.Helper()
	fill := strings.NewReplacer("{id}", l.id, "{post}", l.post, "{boost}", l.boost, "{quote}", l.quote, "{bobs}", l.bobs,
		"{list}", l.list, "{bob}", l.Person("bob").ID.String(), "{base}", l.Config.BaseURL(), "{picture}", l.picture)
	cl := l.Anonymous()
	switch as {
	case "":
	case "peer":
		cl = cl.With("Accept", "application/activity+json")
	default:
		cl = l.As(as)
	}
	a := cl.In(t).GET(fill.Replace(path))
	return a.Status == http.StatusOK && strings.Contains(string(a.Body), fill.Replace(what))
}

// SEC-37, by the table of docs/moderation.md: where somebody here and what they
// wrote appear, at once and when the work behind it is done.
func TestSEC37_WhereSomebodyAppearsByState(t *testing.T) {
	t.Parallel()
	act := func(kind string) func(*testing.T, *left) {
		return func(t *testing.T, l *left) {
			l.As("alice").In(t).POST("/api/v1/admin/accounts/"+l.id+"/action", testkit.F("type", kind)).OK()
		}
	}
	all, none := func(int) bool { return true }, func(int) bool { return false }
	for name, state := range map[string]struct {
		enter  func(*testing.T, *left)
		shown  func(place int) bool
		posted bool // what was scheduled before
	}{
		"as ever":   {func(*testing.T, *left) {}, all, true},
		"frozen":    {act("disable"), all, false},
		"limited":   {act("silence"), func(i int) bool { return places[i].limited }, true},
		"suspended": {act("suspend"), none, false},
		"deleted": {func(t *testing.T, l *left) {
			if _, err := l.AccountDelete(t.Context(), instance.AccountDelete{Name: "frank"}); err != nil {
				t.Fatal(err)
			}
		}, none, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Both(t, func(t *testing.T, c *testkit.Community) {
				l := newLeft(t, c)
				state.enter(t, l)
				for _, step := range []func(){func() {}, c.Settle} {
					step()
					for i, p := range places {
						if got := l.shown(t, p.as, p.path, p.shows); got != state.shown(i) {
							t.Errorf("%s for %q: shown is %v", p.path, p.as, got)
						}
					}
				}
				c.After(2 * time.Hour)
				if got := l.shown(t, "bob", "/api/v1/timelines/home", "quartz later"); got != state.posted {
					t.Errorf("what was scheduled: posted is %v", got)
				}
				if state.posted || name == "deleted" {
					return
				}
				back := map[string]string{"frozen": "enable", "suspended": "unsuspend"}[name]
				c.As("alice").In(t).POST(fmt.Sprintf("/api/v1/admin/accounts/%s/%s", l.id, back), nil).OK()
				c.Settle()
				for _, p := range places {
					if !l.shown(t, p.as, p.path, p.shows) {
						t.Errorf("%s for %q: not shown afterwards", p.path, p.as)
					}
				}
			})
		})
	}
}
