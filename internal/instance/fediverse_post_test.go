package instance_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/testkit"
)

var tags = regexp.MustCompile(`<[^>]*>`)

// words is what a post says without its markup.
func words(o testkit.Object) string { return tags.ReplaceAllString(o.Str("content"), "") }

func TestPostsElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a public post": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "Good morning, see https://example.org/", "language", "en")
			got := f.at(f.two, "carol", p)
			if got.Str("visibility") != "public" || got.Str("language") != "en" || got.Str("url") != p.Str("url") {
				f.Errorf("it is %s, in %s, at %s", got.Str("visibility"), got.Str("language"), got.Str("url"))
			}
			if words(got) != words(p) {
				f.Errorf("it reads %s, not %s", words(got), words(p))
			}
			if got.Str("created_at") != p.Str("created_at") {
				f.Errorf("it is of %s, not %s", got.Str("created_at"), p.Str("created_at"))
			}
			remote := f.two.Anonymous().GET("/api/v1/timelines/public?remote=true").List()
			if by(remote, p.Str("uri")) == nil {
				f.Error("it is not on the federated timeline")
			}
			if by(f.two.Anonymous().GET("/api/v1/timelines/public?local=true").List(), p.Str("uri")) != nil {
				f.Error("it is on the local timeline")
			}
			f.absent(f.two, "dave", p)
		},
		"an unlisted post": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "quietly", "visibility", "unlisted")
			if got := f.at(f.two, "carol", p).Str("visibility"); got != "unlisted" {
				f.Errorf("it is %s", got)
			}
			if by(f.two.Anonymous().GET("/api/v1/timelines/public").List(), p.Str("uri")) != nil {
				f.Error("it is on the public timeline")
			}
		},
		"a post for followers": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "just us", "visibility", "private")
			got := f.at(f.two, "carol", p)
			if got.Str("visibility") != "private" {
				f.Errorf("it is %s", got.Str("visibility"))
			}
			status(f.two, "dave", got).Want(http.StatusNotFound)
			f.two.Anonymous().GET(statusPath(got.Str("id"), "")).Want(http.StatusNotFound)
			if found := f.two.Search("dave", "statuses", p.Str("uri")); len(found) != 0 {
				f.Error("dave finds it by its address")
			}
		},
		"a post for whom it names": func(f *fediverse) {
			f.carolFollowsAlice()
			f.two.FollowElsewhere("dave", "alice@one.test")
			p := f.post("alice", "@carol@two.test between us", "visibility", "direct")
			n := f.hears(f.two, "carol", "mention", 1)[0]
			copied := n.Obj("status")
			if copied.Str("uri") != p.Str("uri") || copied.Str("visibility") != "direct" {
				f.Errorf("carol is told of %v", copied)
			}
			status(f.two, "dave", copied).Want(http.StatusNotFound)
			if list := f.two.As("carol").GET("/api/v1/conversations").List(); len(list) != 1 {
				f.Errorf("carol has %d conversations", len(list))
			}
		},
		"a post for followers reaches a stranger it names": func(f *fediverse) {
			f.post("alice", "@carol@two.test welcome", "visibility", "private")
			f.hears(f.two, "carol", "mention", 1)
		},
		"a mention of a stranger": func(f *fediverse) {
			p := f.post("alice", "Hello @carol@two.test and @bob")
			mentions, _ := p["mentions"].([]any)
			if len(mentions) != 2 {
				f.Fatalf("it mentions %v", mentions)
			}
			got := f.hears(f.two, "carol", "mention", 1)[0].Obj("status")
			if got.Obj("account").Str("acct") != "alice@one.test" {
				f.Errorf("it is by %s", got.Obj("account").Str("acct"))
			}
			accts := map[string]bool{}
			for _, m := range got["mentions"].([]any) {
				accts[m.(map[string]any)["acct"].(string)] = true
			}
			if !accts["carol"] || !accts["bob@one.test"] {
				f.Errorf("at two.test it mentions %v", accts)
			}
		},
		"a warning hides a post": func(f *fediverse) {
			f.carolFollowsAlice()
			got := f.at(f.two, "carol", f.post("alice", "it ends well", "spoiler_text", "the film", "sensitive", "true"))
			if got.Str("spoiler_text") != "the film" || !got.Bool("sensitive") {
				f.Errorf("the warning is %q, sensitive %v", got.Str("spoiler_text"), got.Bool("sensitive"))
			}
		},
		"hashtags lead to it": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "Look at this #Burrow")
			if by(f.two.Anonymous().GET("/api/v1/timelines/tag/burrow").List(), p.Str("uri")) == nil {
				f.Error("it is not on the timeline of its hashtag")
			}
			if !strings.Contains(f.at(f.two, "carol", p).Str("content"), "mention hashtag") {
				f.Error("the link of the hashtag has lost its class")
			}
		},
		"an address finds a post": func(f *fediverse) {
			p := f.post("alice", "found by address")
			for _, address := range []string{p.Str("uri"), p.Str("url")} {
				if got := f.two.FindStatus("carol", address); got.Str("uri") != p.Str("uri") {
					f.Errorf("%s finds %s", address, got.Str("uri"))
				}
			}
			f.absent(f.two, "carol", p)
		},
		"a bell rings": func(f *fediverse) {
			f.carolFollowsAlice()
			alice := f.two.FindAccount("carol", "alice@one.test").Str("id")
			f.on(f.two, "carol", accountPath(alice, follow), "notify", "true")
			f.post("alice", "for whom it rings")
			f.hears(f.two, "carol", "status", 1)
		},
		"an edit shows with its history": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "frist")
			got := f.at(f.two, "carol", p)
			f.on(f.two, "carol", statusPath(got.Str("id"), "/reblog"))
			f.net.Clock.Add(time.Minute)
			f.one.As("alice").PUT(statusPath(p.Str("id"), ""), testkit.F("status", "first")).OK()
			f.settle()
			now := status(f.two, "carol", got).Object()
			if now.Str("content") != "<p>first</p>" || now.Str("edited_at") == "" {
				f.Errorf("it reads %s, edited at %q", now.Str("content"), now.Str("edited_at"))
			}
			if h := f.two.As("carol").GET(statusPath(got.Str("id"), "/history")).List(); len(h) != 2 {
				f.Errorf("%d revisions", len(h))
			}
			f.hears(f.two, "carol", "update", 1)
		},
		"an edit mentions somebody": func(f *fediverse) {
			p := f.post("alice", "who was it")
			f.net.Clock.Add(time.Minute)
			f.one.As("alice").PUT(statusPath(p.Str("id"), ""), testkit.F("status", "it was @carol@two.test")).OK()
			f.settle()
			f.hears(f.two, "carol", "mention", 1)
		},
		"a deleted post is gone": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "oh no @carol@two.test")
			got := f.at(f.two, "carol", p)
			f.one.As("alice").DELETE(statusPath(p.Str("id"), ""), nil).OK()
			f.settle()
			status(f.two, "carol", got).Want(http.StatusNotFound)
			f.absent(f.two, "carol", p)
			f.hears(f.two, "carol", "mention", 0)
			if found := f.two.Search("carol", "statuses", p.Str("uri")); len(found) != 0 {
				f.Error("it comes back when its address is looked up")
			}
		},
		"a deletion reaches who only boosted": func(f *fediverse) {
			p := f.post("alice", "boosted by a stranger")
			got := f.two.FindStatus("carol", p.Str("uri"))
			f.on(f.two, "carol", statusPath(got.Str("id"), "/reblog"))
			f.one.As("alice").DELETE(statusPath(p.Str("id"), ""), nil).OK()
			f.settle()
			status(f.two, "carol", got).Want(http.StatusNotFound)
		},
	})
}

func TestRepliesElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"an answer is threaded on both sides": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "any questions?")
			got := f.at(f.two, "carol", p)
			answer := f.two.Post("carol", "@alice@one.test yes", "in_reply_to_id", got.Str("id"))
			f.settle()
			told := f.hears(f.one, "alice", "mention", 1)[0].Obj("status")
			if told.Str("in_reply_to_id") != p.Str("id") || told.Str("uri") != answer.Str("uri") {
				f.Errorf("alice is told of %s, which answers %s", told.Str("uri"), told.Str("in_reply_to_id"))
			}
			f.counts(status(f.one, "alice", p).Object(), map[string]float64{"replies_count": 1})
			var thread map[string][]testkit.Object
			f.one.As("bob").GET(statusPath(p.Str("id"), "/context")).OK().Into(&thread)
			if by(thread["descendants"], answer.Str("uri")) == nil {
				f.Error("the answer is not in the thread")
			}
		},
		"the way up a thread is fetched": func(f *fediverse) {
			three := f.found()
			top := f.post("alice", "the top")
			middle := f.two.Post("carol", "@alice@one.test the middle", "in_reply_to_id", f.two.FindStatus("carol", top.Str("uri")).Str("id"))
			f.settle()
			end := f.one.Post("bob", "@carol@two.test the end", "in_reply_to_id", f.one.FindStatus("bob", middle.Str("uri")).Str("id"))
			f.settle()
			got := three.FindStatus("erin", end.Str("uri"))
			f.settle()
			var thread map[string][]testkit.Object
			three.As("erin").GET(statusPath(got.Str("id"), "/context")).OK().Into(&thread)
			if by(thread["ancestors"], top.Str("uri")) == nil || by(thread["ancestors"], middle.Str("uri")) == nil {
				f.Errorf("%d posts above it are known, want 2", len(thread["ancestors"]))
			}
		},
		"the way down a thread is fetched when it is opened": func(f *fediverse) {
			three := f.found()
			top := f.post("alice", "the top")
			answer := f.two.Post("carol", "@alice@one.test the answer", "in_reply_to_id", f.two.FindStatus("carol", top.Str("uri")).Str("id"))
			f.settle()
			got := three.FindStatus("erin", top.Str("uri"))
			f.after(10 * time.Minute)
			open := func() testkit.Object {
				var thread map[string][]testkit.Object
				three.As("erin").GET(statusPath(got.Str("id"), "/context")).OK().Into(&thread)
				return by(thread["descendants"], answer.Str("uri"))
			}
			_ = open()
			f.settle()
			if open() == nil {
				f.Error("the answer was not fetched")
			}
		},
		"followers elsewhere get what strangers answer": func(f *fediverse) {
			three := f.found()
			three.FollowElsewhere("erin", "alice@one.test")
			p := f.post("alice", "a question to all")
			answer := f.two.Post("carol", "@alice@one.test my answer", "in_reply_to_id", f.two.FindStatus("carol", p.Str("uri")).Str("id"))
			f.settle()
			copied := by(three.Home("erin"), p.Str("uri"))
			var thread map[string][]testkit.Object
			three.As("erin").GET(statusPath(copied.Str("id"), "/context")).OK().Into(&thread)
			if by(thread["descendants"], answer.Str("uri")) == nil {
				f.Error("the answer was not forwarded")
			}
		},
		"a thread is muted": func(f *fediverse) {
			p := f.post("alice", "too much")
			f.on(f.one, "alice", statusPath(p.Str("id"), "/mute"))
			f.two.Post("carol", "@alice@one.test and another thing", "in_reply_to_id", f.two.FindStatus("carol", p.Str("uri")).Str("id"))
			f.settle()
			f.hears(f.one, "alice", "mention", 0)
		},
		"a parent that is gone leaves the answer": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "I take it back")
			copied := f.at(f.two, "carol", p)
			answer := f.two.Post("carol", "@alice@one.test too late", "in_reply_to_id", copied.Str("id"))
			f.settle()
			f.one.As("alice").DELETE(statusPath(p.Str("id"), ""), nil).OK()
			f.settle()
			status(f.two, "carol", answer).OK()
		},
	})
}

func TestFavouritesAndBoostsElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a favourite is counted and taken back": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "like this")
			got := f.at(f.two, "carol", p)
			f.on(f.two, "carol", statusPath(got.Str("id"), "/favourite"))
			n := f.hears(f.one, "alice", "favourite", 1)[0]
			if n.Obj("account").Str("acct") != "carol@two.test" || n.Obj("status").Str("id") != p.Str("id") {
				f.Errorf("alice hears %v", n)
			}
			f.counts(status(f.one, "alice", p).Object(), map[string]float64{"favourites_count": 1})
			f.on(f.two, "carol", statusPath(got.Str("id"), "/unfavourite"))
			f.counts(status(f.one, "alice", p).Object(), map[string]float64{"favourites_count": 0})
			f.hears(f.one, "alice", "favourite", 0)
			f.on(f.two, "carol", statusPath(got.Str("id"), "/favourite"))
			f.counts(status(f.one, "alice", p).Object(), map[string]float64{"favourites_count": 1})
		},
		"a boost is counted and taken back": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "pass this on")
			got := f.at(f.two, "carol", p)
			f.on(f.two, "carol", statusPath(got.Str("id"), "/reblog"))
			f.hears(f.one, "alice", "reblog", 1)
			f.counts(status(f.one, "alice", p).Object(), map[string]float64{"reblogs_count": 1})
			f.on(f.two, "carol", statusPath(got.Str("id"), "/unreblog"))
			f.counts(status(f.one, "alice", p).Object(), map[string]float64{"reblogs_count": 0})
		},
		"a boost brings a stranger's post to followers": func(f *fediverse) {
			three := f.found()
			three.FollowElsewhere("erin", "carol@two.test")
			p := f.post("alice", "worth passing on")
			f.on(f.two, "carol", statusPath(f.two.FindStatus("carol", p.Str("uri")).Str("id"), "/reblog"))
			home := three.Home("erin")
			if len(home) != 1 || home[0].Obj("reblog").Str("uri") != p.Str("uri") {
				f.Fatalf("erin has %d posts at home", len(home))
			}
			if home[0].Obj("account").Str("acct") != "carol@two.test" {
				f.Errorf("it is boosted by %s", home[0].Obj("account").Str("acct"))
			}
		},
		"one's own post for followers is boosted": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "again, for us", "visibility", "private")
			f.on(f.one, "alice", statusPath(p.Str("id"), "/reblog"))
			list := f.two.As("carol").GET(accountPath(f.at(f.two, "carol", p).Obj("account").Str("id"), "/statuses")).List()
			if !slices.ContainsFunc(list, func(o testkit.Object) bool { return o.Obj("reblog").Str("uri") == p.Str("uri") }) {
				f.Errorf("none of the %d posts of alice is the boost", len(list))
			}
		},
		"a boost for followers stays among them": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("bob", "somebody's")
			f.on(f.one, "alice", statusPath(p.Str("id"), "/reblog"), "visibility", "private")
			home := f.two.Home("carol")
			if len(home) != 1 || home[0].Str("visibility") != "private" || home[0].Obj("reblog").Str("uri") != p.Str("uri") {
				f.Errorf("carol's home is %v", home)
			}
		},
		"a boost of a boost boosts the post": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("bob", "the original")
			f.on(f.one, "alice", statusPath(p.Str("id"), "/reblog"))
			boost := f.two.Home("carol")[0]
			f.on(f.two, "carol", statusPath(boost.Str("id"), "/reblog"))
			f.hears(f.one, "bob", "reblog", 2)
			f.counts(status(f.one, "bob", p).Object(), map[string]float64{"reblogs_count": 2})
		},
	})
}

func TestPollsElsewhere(t *testing.T) {
	t.Parallel()
	ask := func(f *fediverse, more ...string) (asked, got testkit.Object) {
		f.Helper()
		f.carolFollowsAlice()
		asked = f.post("alice", "which?", append([]string{"poll[options][]", "left", "poll[options][]", "right", "poll[expires_in]", "3600"}, more...)...)
		return asked, f.at(f.two, "carol", asked)
	}
	vote := func(f *fediverse, name string, got testkit.Object, choices ...string) *testkit.Answer {
		f.Helper()
		form := testkit.Form{"choices[]": choices}
		a := f.two.As(name).POST("/api/v1/polls/"+got.Obj("poll").Str("id")+"/votes", form)
		f.settle()
		return a
	}
	tell(t, map[string]func(f *fediverse){
		"a vote is counted": func(f *fediverse) {
			asked, got := ask(f)
			vote(f, "carol", got, "1").OK()
			poll := status(f.one, "alice", asked).Object().Obj("poll")
			f.counts(poll, map[string]float64{"votes_count": 1, "voters_count": 1})
			f.hears(f.one, "alice", "mention", 0)
			vote(f, "carol", got, "0").Want(http.StatusUnprocessableEntity)
		},
		"several may be chosen": func(f *fediverse) {
			asked, got := ask(f, "poll[multiple]", "true")
			vote(f, "carol", got, "0", "1").OK()
			f.counts(status(f.one, "alice", asked).Object().Obj("poll"), map[string]float64{"votes_count": 2, "voters_count": 1})
		},
		"voters see how it stands": func(f *fediverse) {
			_, got := ask(f)
			vote(f, "carol", got, "1").OK()
			vote(f, "dave", got, "1").OK()
			f.after(10 * time.Minute)
			poll := status(f.two, "carol", got).Object().Obj("poll")
			f.counts(poll, map[string]float64{"votes_count": 2, "voters_count": 2})
			if h := f.two.As("carol").GET(statusPath(got.Str("id"), "/history")).List(); len(h) > 1 {
				f.Errorf("votes made %d revisions", len(h))
			}
		},
		"its end is told on both sides": func(f *fediverse) {
			_, got := ask(f)
			vote(f, "carol", got, "0").OK()
			f.after(2 * time.Hour)
			f.hears(f.one, "alice", "poll", 1)
			f.hears(f.two, "carol", "poll", 1)
			if !status(f.two, "carol", got).Object().Obj("poll").Bool("expired") {
				f.Error("it goes on at two.test")
			}
			vote(f, "dave", got, "0").Want(http.StatusUnprocessableEntity)
		},
	})
}
