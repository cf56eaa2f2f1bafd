package mastoapi_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/store"
	"coterie/internal/testkit"
	"coterie/internal/testkit/dbtest"
)

// archive is posts by name, to search among them.
type archive struct {
	*testkit.Community
	t     *testing.T
	names map[string]string // by id
	ids   map[string]string
}

func newArchive(t *testing.T, c *testkit.Community) *archive {
	a := &archive{Community: c, t: t, names: map[string]string{}, ids: map[string]string{}}
	a.indexable("bob", "true")
	return a
}

func (a *archive) indexable(who, value string) {
	a.t.Helper()
	a.As(who).In(a.t).PATCH("/api/v1/accounts/update_credentials", testkit.F("indexable", value)).OK()
}

func (a *archive) keep(name, who, words string, pairs ...string) testkit.Object {
	a.t.Helper()
	o := a.Post(who, words, pairs...)
	a.names[o.Str("id")], a.ids[name] = name, o.Str("id")
	return o
}

// act has somebody do something with a post.
func (a *archive) act(who, name, what string) {
	a.t.Helper()
	a.As(who).In(a.t).POST("/api/v1/statuses/"+a.ids[name]+"/"+what, nil).OK()
}

// finds holds a search to the names of posts that it finds, newest first.
func (a *archive) finds(who, query, want string, more ...string) {
	a.t.Helper()
	v := url.Values(testkit.F(more...))
	v.Set("q", query)
	var got []string
	for _, id := range found(a.As(who).In(a.t).GET("/api/v2/search?" + v.Encode()).Object())["statuses"] {
		got = append(got, a.names[id])
	}
	if strings.Join(got, " ") != want {
		a.t.Errorf("%s searches %s %v: %q, want %q", who, query, more, got, want)
	}
}

// TestSearchOperators is behaviours 16.2, operator by operator.
func TestSearchOperators(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		a := newArchive(t, c)
		a.keep("old", "bob", "A quick brown fox", "language", "en")
		a.After(24 * time.Hour)
		one := a.keep("one", "bob", "The brown fox is quick, don't you think? #Foxes", "language", "en")
		a.keep("cat", "bob", "日本語の黒猫 fox", "language", "ja", "sensitive", "true")
		a.After(24 * time.Hour)
		a.keep("taiwan", "bob", "黒い狐 fox", "language", "zh-TW")
		a.keep("link", "bob", "fox at https://example.org/brown-fox")
		a.keep("poll", "bob", "which fox?", "poll[options][]", "red", "poll[options][]", "grey", "poll[expires_in]", "3600")
		a.keep("answer", "bob", "a fox again", "in_reply_to_id", one.Str("id"))
		a.keep("quoting", "bob", "look, a fox", "quoted_status_id", one.Str("id"))
		a.keep("mine", "alice", "my own fox", "visibility", "private")
		a.keep("seen", "carol", "my fox, too")
		a.act("alice", "seen", "bookmark")
		a.attach("one", "image")
		a.attach("link", "gifv")
		a.attach("poll", "audio")
		for query, want := range map[string]string{
			"brown fox":     "link one old",
			"BROWN +Quick":  "one old",
			`"brown fox"`:   "link one old",
			`„quick brown“`: "old",
			`"fox brown"`:   "",
			"brown -quick":  "link",
			`fox -"brown fox" from:bob -language:en during:2026-03-02`: "cat",
			"don't":                           "one",
			"dont":                            "",
			"brow":                            "",
			"grey fox":                        "poll",
			"猫":                               "cat",
			"黒猫":                              "cat",
			"黒":                               "taiwan cat",
			"本語":                              "cat",
			"猫語":                              "",
			"#foxes":                          "one",
			"#foxes -quick":                   "",
			"fox -#foxes brown":               "link old",
			"#nothing":                        "",
			"fox -#nothing quick":             "one old",
			"from:me":                         "mine",
			"fox from:ME":                     "mine",
			"from:@bob brown":                 "link one old",
			"from:bob@coterie.test quick":     "one old",
			"from:nobody":                     "",
			"quick -from:nobody":              "one old",
			"fox -from:bob":                   "seen mine",
			"quick before:2026-03-02":         "old",
			"quick after:2026-03-01":          "one",
			"quick after:2026-03-02":          "",
			"fox during:2026-03-02":           "cat one",
			"quick before:9999-12-31":         "one old",
			"quick before:someday":            "",
			"fox language:ja":                 "cat",
			"fox language:zh":                 "taiwan",
			"fox language:zh-TW":              "taiwan",
			"fox language:zh-CN":              "",
			"has:media":                       "poll link one",
			"has:image":                       "one",
			"has:video":                       "link",
			"has:audio":                       "poll",
			"brown -has:image":                "link old",
			"has:poll":                        "poll",
			"has:link":                        "link",
			"is:reply":                        "answer",
			"is:sensitive":                    "cat",
			"is:quote":                        "quoting",
			"fox in:library":                  "seen mine",
			"fox in:public is:reply":          "answer",
			"quick in:all":                    "one old",
			"fox in:public -is:reply from:me": "",
			"in:library":                      "seen mine",
			"look:a fox":                      "quoting",
			"-fox":                            "",
			"😀":                               "",
			"in:public -language:en -language:ja brown": "link",
		} {
			a.finds("alice", query, want, "type", "statuses")
		}
		a.finds("alice", "quick", "old", "account_id", c.Person("bob").ID.String(), "max_id", a.ids["one"])
		a.finds("alice", "quick", "one", "min_id", a.ids["old"])
		a.finds("alice", "quick", "", "account_id", c.Person("alice").ID.String())
		a.finds("alice", "quick", "one", "limit", "1")
		a.finds("alice", "quick", "old", "limit", "1", "offset", "1", "type", "statuses")
		a.finds("alice", "quick", "one", "limit", "1", "offset", "1")
		a.finds("alice", "quick", "", "type", "accounts")
	})
}

// storeFor opens the community's database beside it.
func storeFor(t *testing.T, c *testkit.Community) *store.Store {
	t.Helper()
	return dbtest.Open(t, store.Options{
		Path: c.Config.DataDir + "/coterie.db", PostgresURL: c.Config.DatabaseURL, Now: c.Clock.Now, Log: slog.New(slog.DiscardHandler), MaxConns: 2,
	})
}

// attach gives a post media, which no client can yet.
func (a *archive) attach(name, kind string) {
	a.t.Helper()
	id, _ := domain.ParseID(a.ids[name])
	err := storeFor(a.t, a.Community).Write(context.Background(), func(tx *store.Tx) error {
		return tx.Attach(a.Person("bob").ID, id, []domain.Attachment{{Kind: domain.AttachmentKind(kind)}})
	})
	if err != nil {
		a.t.Fatal(err)
	}
}

// TestSearchLibrary is who may find what, and from when to when (SEC-29, SEC-36).
func TestSearchLibrary(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		a := newArchive(t, c)
		a.keep("open", "bob", "an otter, open to all")
		a.keep("shut", "carol", "an otter of carol, who is not to be found")
		a.keep("unlisted", "bob", "an unlisted otter", "visibility", "unlisted")
		a.keep("poll", "carol", "which otter?", "poll[options][]", "red", "poll[options][]", "brown", "poll[expires_in]", "3600")
		a.keep("followers", "carol", "an otter for followers", "visibility", "private")
		a.keep("letter", "carol", "an otter for @alice", "visibility", "direct")
		a.finds("alice", "otter", "letter open")
		a.finds("bob", "otter", "unlisted open")
		a.finds("carol", "otter", "letter followers poll shut open")
		a.Anonymous().In(t).GET("/api/v2/search?q=otter&type=statuses&offset=0").Error(http.StatusUnauthorized)
		if got := found(a.Anonymous().In(t).GET("/api/v2/search?q=otter").Object()); got["statuses"] != nil {
			t.Errorf("a visitor found %v", got)
		}
		for _, how := range [][2]string{{"favourite", "unfavourite"}, {"bookmark", "unbookmark"}, {"reblog", "unreblog"}} {
			a.act("alice", "shut", how[0])
			a.finds("alice", "otter", "letter shut open")
			a.finds("alice", "otter in:public", "open")
			a.act("alice", "shut", how[1])
			a.finds("alice", "otter", "letter open")
		}
		poll := c.As("alice").In(t).GET("/api/v1/statuses/" + a.ids["poll"]).Object().Obj("poll")
		c.As("alice").In(t).POST("/api/v1/polls/"+poll.Str("id")+"/votes", testkit.F("choices[]", "0")).OK()
		a.finds("alice", "otter in:library", "letter poll")

		c.Follow("alice", "carol")
		a.act("alice", "followers", "bookmark")
		a.finds("alice", "otter followers", "followers")
		alice, carol := c.As("alice").In(t), c.As("carol").In(t)
		alice.POST("/api/v1/accounts/"+c.Person("carol").ID.String()+"/unfollow", nil).OK()
		a.finds("alice", "otter followers", "")

		carol.PUT("/api/v1/statuses/"+a.ids["letter"], testkit.F("status", "a beaver for @alice")).OK()
		a.finds("alice", "otter in:library", "poll")
		a.finds("alice", "beaver", "letter")
		alice.POST("/api/v1/accounts/"+c.Person("bob").ID.String()+"/mute", nil).OK()
		a.finds("alice", "otter", "poll")
		alice.POST("/api/v1/accounts/"+c.Person("bob").ID.String()+"/unmute", nil).OK()
		carol.POST("/api/v1/accounts/"+c.Person("alice").ID.String()+"/block", nil).OK()
		a.finds("alice", "otter", "open")
		a.finds("alice", "beaver from:carol", "")
		c.As("bob").In(t).DELETE("/api/v1/statuses/"+a.ids["open"], nil).OK()
		a.finds("alice", "otter", "")
		a.indexable("bob", "false")
		again := a.keep("again", "bob", "an otter again")
		a.finds("alice", "otter", "")
		a.indexable("bob", "true")
		a.finds("alice", "otter", "again")
		if ids := found(alice.GET("/api/v2/search?q=otter").Object())["statuses"]; !slices.Equal(ids, []string{again.Str("id")}) {
			t.Errorf("found %v", ids)
		}
	})
}

// TestSEC63SearchesAreInert types what a database, FTS5, tsquery or LIKE would
// read as its own.
func TestSEC63SearchesAreInert(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		a := newArchive(t, c)
		a.keep("plain", "bob", "near or not and words")
		a.keep("odd", "bob", "' OR 1=1 -- $1 %s \\ *:& | ! ( ) <-> NEAR(a b) {words}: ^x % _ \"")
		for query, want := range map[string]string{
			"' OR 1=1 --":      "odd",
			"words OR near":    "odd plain",
			"NEAR(near words)": "",
			"near*":            "odd plain",
			"nea*":             "",
			"nea:*":            "",
			"words:near":       "",
			"{words}: near":    "odd plain",
			"near & !words":    "odd plain",
			"near | nothing":   "",
			"near <-> or":      "odd plain",
			"%":                "",
			"_":                "",
			"n%r":              "",
			"$1":               "odd",
			`\'`:               "",
			`"near" OR "x y"`:  "",
			"^near \x00 words": "odd plain",
			"status_words":     "",
			"from:' #'":        "",
			"language:'":       "",
			"from:%":           "",
			"has:';--":         "",
			"before:' near":    "",
		} {
			a.finds("alice", query, want)
		}
	})
}

// TestSearchNames is behaviours 16.1: how accounts and hashtags are ranked.
func TestSearchNames(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		for _, name := range []string{"otter", "otters", "otto", "otterly"} {
			c.Join(name, domain.RoleUser)
		}
		alice := c.As("alice").In(t)
		c.As("dave").In(t).PATCH("/api/v1/accounts/update_credentials", testkit.F("display_name", "An Otter fan")).OK()
		c.Follow("bob", "otterly")
		c.Follow("alice", "otters")
		search := func(kind, query string) string {
			return strings.Join(found(alice.GET("/api/v2/search?type=" + kind + "&q=" + query).Object())[kind], " ")
		}
		for query, want := range map[string]string{
			"otter":                  "otter otters otterly dave",
			"@OTTER":                 "otter otters otterly dave",
			"otter&following=true":   "otters",
			"otter&limit=2":          "otter otters",
			"otter&limit=2&offset=2": "otterly dave",
			"an+ot":                  "dave",
			"otterly@coterie":        "otterly",
			"otter@elsewhere.test":   "",
		} {
			if got := search("accounts", query); got != want {
				t.Errorf("accounts for %s: %q, want %q", query, got, want)
			}
		}
		c.As("otterly").In(t).POST("/api/v1/accounts/"+c.Person("alice").ID.String()+"/block", nil).OK()
		if got := search("accounts", "otter"); got != "otter otters dave" {
			t.Errorf("somebody who blocks is found: %q", got)
		}

		c.Post("bob", "#otters #otterdam #otter #ottawa")
		c.Post("bob", "#otterhidden", "visibility", "private")
		yes := true
		if err := c.ReviewTrend(t.Context(), instance.TrendReview{Kind: domain.TrendTag, Name: "otters", Allowed: &yes}); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]string{
			"otter":                          "otter otterdam otters",
			"%23Otter":                       "otter otterdam otters",
			"otter&limit=1&offset=2":         "otters",
			"otter&exclude_unreviewed=true":  "otter otters",
			"otterd&exclude_unreviewed=true": "",
			"ott":                            "ottawa otter otterdam otters",
			"@otter":                         "",
		} {
			if got := search("hashtags", query); got != want {
				t.Errorf("hashtags for %s: %q, want %q", query, got, want)
			}
		}
	})
}
