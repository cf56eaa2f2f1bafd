package mastoapi_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// announce has the staff tell everybody something and returns its path.
func announce(c *testkit.Community, a instance.AnnouncementAdd) string {
	c.T.Helper()
	made, err := c.AnnouncementAdd(c.T.Context(), a)
	if err != nil {
		c.T.Fatal(err)
	}
	c.Settle()
	return "/api/v1/announcements/" + made.ID.String()
}

func reactionPath(announcement, emoji string) string {
	return announcement + "/reactions/" + url.PathEscape(emoji)
}

// reactions are those of the one announcement, as somebody sees them.
func reactions(c *testkit.Community, name string) []string {
	c.T.Helper()
	out := []string{}
	list, _ := c.As(name).GET("/api/v1/announcements?with_dismissed=true").List()[0]["reactions"].([]any)
	for _, x := range list {
		r := testkit.Object(x.(map[string]any))
		line := r.Str("name") + " " + strings.Repeat("x", int(r.Num("count")))
		if r.Bool("me") {
			line += " me"
		}
		out = append(out, line)
	}
	return out
}

// TestAnnouncements: what they say, who has read them, and when they are shown.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		if got := c.As("alice").GET("/api/v1/announcements").List(); len(got) != 0 {
			t.Fatalf("before anything was announced: %v", got)
		}
		c.Anonymous().GET("/api/v1/announcements").Error(401)
		post, secret := c.Post("bob", "The rules of the game"), c.Post("bob", "The password", "visibility", "private")
		path := announce(c, instance.AnnouncementAdd{Text: "<Games> tonight with @bob and @nobody, see " + post.Str("url") + " or " + secret.Str("url") +
			" #GameNight\n\n*Bring* chairs :chair:"})
		got := c.As("carol").GET("/api/v1/announcements").List()
		if len(got) != 1 || got[0].Bool("read") || got[0].Bool("all_day") || got[0]["starts_at"] != nil || got[0]["ends_at"] != nil {
			t.Fatalf("carol sees %v", got)
		}
		content := got[0].Str("content")
		for _, want := range []string{
			"<p>&lt;Games&gt; tonight with <span class=\"h-card\"", "@<span>bob</span>", "@nobody", ">#<span>GameNight</span></a>", "</p><p>*Bring* chairs :chair:</p>",
		} {
			if !strings.Contains(content, want) {
				t.Errorf("%q is not in %s", want, content)
			}
		}
		for key, want := range map[string]string{"mentions": "acct bob", "tags": "name gamenight", "statuses": "id " + post.Str("id"), "emojis": ""} {
			field, value, _ := strings.Cut(want, " ")
			if list, _ := got[0][key].([]any); value == "" && len(list) != 0 || value != "" && (len(list) != 1 || list[0].(map[string]any)[field] != value) {
				t.Errorf("%s: %v, want %s", key, list, want)
			}
		}
		c.As("carol").POST(path+"/dismiss", nil).OK()
		c.As("carol").POST(path+"/dismiss", nil).OK()
		if got := c.As("carol").GET("/api/v1/announcements").List(); len(got) != 0 {
			t.Errorf("once dismissed: %v", got)
		}
		if got := c.As("carol").GET("/api/v1/announcements?with_dismissed=1").List(); len(got) != 1 || !got[0].Bool("read") {
			t.Errorf("with dismissed ones: %v", got)
		}
		if got := c.As("dave").GET("/api/v1/announcements").List(); len(got) != 1 {
			t.Errorf("dave, who has not read it, sees %v", got)
		}
		c.As("carol").POST("/api/v1/announcements/1/dismiss", nil).Error(404)
	})
}

// TestAnnouncementsInTime: published later, over later; in the order of what
// they speak of.
func TestAnnouncementsInTime(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		h := perform(t, c)
		erin := h.listen(t, "erin", "stream=user")
		erin.settled()
		now := c.Clock.Now()
		shown := func() string {
			out := []string{}
			for _, a := range c.As("erin").GET("/api/v1/announcements").List() {
				out = append(out, strings.TrimSuffix(strings.TrimPrefix(a.Str("content"), "<p>"), "</p>"))
			}
			return strings.Join(out, " ")
		}
		later := announce(c, instance.AnnouncementAdd{Text: "later", At: now.Add(2 * time.Hour)})
		if got := shown(); got != "" {
			t.Errorf("before its time: %s", got)
		}
		c.As("erin").POST(later+"/dismiss", nil).Error(404)
		c.As("erin").PUT(reactionPath(later, "🎉"), nil).Error(404)
		announce(c, instance.AnnouncementAdd{Text: "brief", EndsAt: now.Add(time.Hour)})
		if e := erin.want("user announcement").object(t); e.Str("content") != "<p>brief</p>" || e["read"] != nil {
			t.Errorf("heard %v", e)
		}
		today := now.Truncate(24 * time.Hour)
		announce(c, instance.AnnouncementAdd{Text: "day", StartsAt: today.Add(-5 * time.Hour), EndsAt: today.Add(3 * time.Hour), AllDay: true})
		if e := erin.want("user announcement").object(t); !e.Bool("all_day") || e.Str("ends_at") != today.Format("2006-01-02T15:04:05.000Z") {
			t.Errorf("heard %v", e)
		}
		if got := shown(); got != "day brief" {
			t.Errorf("now: %s", got)
		}
		c.After(time.Hour)
		erin.want("user announcement.delete")
		c.After(time.Hour)
		if e := erin.want("user announcement").object(t); e.Str("content") != "<p>later</p>" {
			t.Errorf("heard %v", e)
		}
		if got := shown(); got != "day later" {
			t.Errorf("later: %s", got)
		}
		c.After(today.Add(24 * time.Hour).Sub(c.Clock.Now()))
		erin.want("user announcement.delete")
		if got := shown(); got != "later" {
			t.Errorf("on the next day: %s", got)
		}
		list, err := c.AnnouncementList(t.Context())
		if err != nil || len(list) != 3 || list[0].State != "published" || list[1].State != "ended" || list[2].State != "ended" {
			t.Errorf("the list: %v %v", list, err)
		}
		if err := c.AnnouncementRemove(t.Context(), instance.AnnouncementRemove{ID: list[0].ID}); err != nil {
			t.Fatal(err)
		}
		c.Settle()
		if e := erin.want("user announcement.delete"); *e.Payload != list[0].ID.String() {
			t.Errorf("removed: %s", *e.Payload)
		}
		if got := shown(); got != "" {
			t.Errorf("once removed: %s", got)
		}
		if err := c.AnnouncementRemove(t.Context(), instance.AnnouncementRemove{ID: list[0].ID}); err == nil {
			t.Error("it can be removed twice")
		}
	})
}

// TestAnnouncementsRefused: what cannot be announced.
func TestAnnouncementsRefused(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Bare())
	now := c.Clock.Now()
	for name, a := range map[string]instance.AnnouncementAdd{
		"nothing":                 {Text: "  "},
		"too much":                {Text: strings.Repeat("ä", 5001)},
		"an end before its start": {Text: "x", StartsAt: now.Add(2 * time.Hour), EndsAt: now.Add(time.Hour)},
		"what is over":            {Text: "x", EndsAt: now.Add(-time.Hour)},
		"what is over by then":    {Text: "x", EndsAt: now.Add(time.Hour), At: now.Add(2 * time.Hour)},
		"days without an end":     {Text: "x", StartsAt: now, AllDay: true},
	} {
		if _, err := c.AnnouncementAdd(t.Context(), a); err == nil {
			t.Errorf("%s is announced", name)
		}
	}
}

// TestAnnouncementReactions: counted, one's own marked, at most eight kinds.
func TestAnnouncementReactions(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		path := announce(c, instance.AnnouncementAdd{Text: "Hello"})
		h := perform(t, c)
		erin := h.listen(t, "erin", "stream=user")
		erin.settled()
		c.As("alice").PUT(reactionPath(path, "🎉"), nil).OK()
		c.As("alice").PUT(reactionPath(path, "🎉"), nil).OK()
		c.As("bob").PATCH(reactionPath(path, "🎉"), nil).OK()
		c.As("bob").PUT(reactionPath(path, "\u2764"), nil).OK()
		c.Settle()
		if got := reactions(c, "bob"); !slices.Equal(got, []string{"🎉 xx me", "\u2764\uFE0F x me"}) {
			t.Errorf("bob sees %v", got)
		}
		if got := reactions(c, "carol"); !slices.Equal(got, []string{"🎉 xx", "\u2764\uFE0F x"}) {
			t.Errorf("carol sees %v", got)
		}
		for range 3 {
			e := erin.want("user announcement.reaction").object(t)
			if e.Str("announcement_id") != path[strings.LastIndexByte(path, '/')+1:] || e.Num("count") < 1 {
				t.Errorf("heard %v", e)
			}
		}
		for _, name := range []string{"nonsense", "🎉🎉", "x"} {
			if got := c.As("alice").PUT(reactionPath(path, name), nil).Error(422); got != "Validation failed: Name is not a recognized emoji" {
				t.Errorf("%s: %s", name, got)
			}
		}
		for _, emoji := range []string{"👍", "👎", "😀", "😢", "🐶", "🇳🇱"} {
			c.As("carol").PUT(reactionPath(path, emoji), nil).OK()
		}
		if got := c.As("dave").PUT(reactionPath(path, "🐱"), nil).Error(422); !strings.Contains(got, "Limit of different reactions") {
			t.Errorf("a ninth kind: %s", got)
		}
		c.As("dave").PUT(reactionPath(path, "🐶"), nil).OK()
		c.As("bob").DELETE(reactionPath(path, "\u2764\uFE0F"), nil).OK()
		c.As("bob").DELETE(reactionPath(path, "\u2764\uFE0F"), nil).Error(404)
		c.As("bob").DELETE(reactionPath(path, "🐱"), nil).Error(404)
		c.As("dave").PUT(reactionPath(path, "🐱"), nil).OK()
		if got := reactions(c, "dave"); len(got) != 8 || got[0] != "🎉 xx" || got[7] != "🐱 x me" {
			t.Errorf("dave sees %v", got)
		}
		c.As("alice").PUT("/api/v1/announcements/1/reactions/x", nil).Error(404)
		c.As("alice").DELETE("/api/v1/announcements/1/reactions/x", nil).Error(404)
	})
}
