package instance_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// fediverse is where a story takes place: alice and bob live at one.test,
// carol and dave at two.test, erin at three.test if it is needed.
type fediverse struct {
	*testing.T
	net             *testkit.Network
	one, two, three *testkit.Community
}

// tell runs stories, each on communities of its own. By turns one keeps its
// data in SQLite and the other in PostgreSQL, so that both engines see both
// ends of most things.
func tell(t *testing.T, stories map[string]func(f *fediverse)) {
	t.Helper()
	for i, name := range slices.Sorted(maps.Keys(stories)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var on [2][]testkit.Option
			on[i%2] = []testkit.Option{testkit.Postgres()}
			n := testkit.NewNetwork(t)
			stories[name](&fediverse{T: t, net: n, one: n.Found("one.test", on[0]...), two: n.Found("two.test", on[1]...)})
		})
	}
}

// found adds the third community.
func (f *fediverse) found() *testkit.Community {
	f.Helper()
	f.three = f.net.Found("three.test")
	return f.three
}

// settle works off everything everywhere.
func (f *fediverse) settle() {
	f.Helper()
	f.net.Settle()
}

// after lets time go by and works off what became due.
func (f *fediverse) after(d time.Duration) {
	f.Helper()
	f.net.Clock.Add(d)
	f.settle()
}

// carolFollowsAlice is how most stories begin.
func (f *fediverse) carolFollowsAlice() {
	f.Helper()
	f.two.FollowElsewhere("carol", "alice@one.test")
}

// post has somebody at one.test publish, and works off what follows.
func (f *fediverse) post(name, text string, pairs ...string) testkit.Object {
	f.Helper()
	p := f.one.Post(name, text, pairs...)
	f.settle()
	return p
}

// on has somebody do something to an object, and works off what follows.
func (f *fediverse) on(c *testkit.Community, name, path string, pairs ...string) testkit.Object {
	f.Helper()
	o := c.As(name).POST(path, testkit.F(pairs...)).Object()
	f.settle()
	return o
}

// by is the copy of a post in a list by its uri, nil if it is not there.
func by(list []testkit.Object, uri string) testkit.Object {
	i := slices.IndexFunc(list, func(o testkit.Object) bool { return o.Str("uri") == uri })
	if i < 0 {
		return nil
	}
	return list[i]
}

// at is the copy of a post that somebody has at home; it must be there.
func (f *fediverse) at(c *testkit.Community, name string, post testkit.Object) testkit.Object {
	f.Helper()
	copied := by(c.Home(name), post.Str("uri"))
	if copied == nil {
		f.Fatalf("%s of %s does not have %s at home", name, c.Config.Domain, post.Str("uri"))
	}
	return copied
}

// absent fails if somebody has a post at home.
func (f *fediverse) absent(c *testkit.Community, name string, post testkit.Object) {
	f.Helper()
	if by(c.Home(name), post.Str("uri")) != nil {
		f.Errorf("%s of %s has %s at home", name, c.Config.Domain, post.Str("uri"))
	}
}

// hears fails unless somebody has just that many notifications of a type.
func (f *fediverse) hears(c *testkit.Community, name, kind string, want int) []testkit.Object {
	f.Helper()
	got := c.Heard(name, kind)
	if len(got) != want {
		f.Fatalf("%s of %s has %d notifications of a %s, want %d", name, c.Config.Domain, len(got), kind, want)
	}
	return got
}

// status reads a post as somebody.
func status(c *testkit.Community, name string, copied testkit.Object) *testkit.Answer {
	return c.As(name).GET("/api/v1/statuses/" + copied.Str("id"))
}

// counts fails unless the numbers of an object are as wanted.
func (f *fediverse) counts(o testkit.Object, want map[string]float64) {
	f.Helper()
	for key, n := range want {
		if got := o.Num(key); got != n {
			f.Errorf("%s is %v, want %v", key, got, n)
		}
	}
}

// stands fails unless a relationship has just these of the named flags.
func (f *fediverse) stands(c *testkit.Community, name, account string, want ...string) {
	f.Helper()
	r := c.Relation(name, account)
	for _, flag := range []string{"following", "requested", "followed_by", "requested_by", "blocking", "blocked_by"} {
		if r.Bool(flag) != slices.Contains(want, flag) {
			f.Errorf("%s of %s: %s is %v", name, c.Config.Domain, flag, r.Bool(flag))
		}
	}
}

// me is somebody's own account.
func me(c *testkit.Community, name string) testkit.Object {
	return c.As(name).GET("/api/v1/accounts/verify_credentials").Object()
}

func lock(c *testkit.Community, name string) {
	c.As(name).PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
	c.Settle()
}

const (
	follow   = "/follow"
	unfollow = "/unfollow"
)

func accountPath(id, verb string) string { return "/api/v1/accounts/" + id + verb }
func statusPath(id, verb string) string  { return "/api/v1/statuses/" + id + verb }

func TestFollowingElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"an open account is followed at once": func(f *fediverse) {
			f.carolFollowsAlice()
			alice := f.two.FindAccount("carol", "alice@one.test")
			f.stands(f.two, "carol", alice.Str("id"), "following")
			told := f.hears(f.one, "alice", "follow", 1)
			carol := told[0].Obj("account")
			if carol.Str("acct") != "carol@two.test" {
				f.Errorf("%s follows", carol.Str("acct"))
			}
			f.stands(f.one, "alice", carol.Str("id"), "followed_by")
			f.counts(me(f.one, "alice"), map[string]float64{"followers_count": 1})
			f.counts(me(f.two, "carol"), map[string]float64{"following_count": 1})
			f.counts(f.two.FindAccount("carol", "alice@one.test"), map[string]float64{"followers_count": 1})
		},
		"a locked account accepts": func(f *fediverse) {
			lock(f.one, "alice")
			alice := f.two.FollowElsewhere("carol", "alice@one.test")
			f.stands(f.two, "carol", alice.Str("id"), "requested")
			carol := f.hears(f.one, "alice", "follow_request", 1)[0].Obj("account").Str("id")
			f.stands(f.one, "alice", carol, "requested_by")
			f.on(f.one, "alice", "/api/v1/follow_requests/"+carol+"/authorize")
			f.stands(f.two, "carol", alice.Str("id"), "following")
			f.hears(f.one, "alice", "follow_request", 0)
		},
		"a locked account refuses": func(f *fediverse) {
			lock(f.one, "alice")
			alice := f.two.FollowElsewhere("carol", "alice@one.test")
			carol := f.hears(f.one, "alice", "follow_request", 1)[0].Obj("account").Str("id")
			f.on(f.one, "alice", "/api/v1/follow_requests/"+carol+"/reject")
			f.stands(f.two, "carol", alice.Str("id"))
			f.stands(f.one, "alice", carol)
		},
		"a request is taken back": func(f *fediverse) {
			lock(f.one, "alice")
			alice := f.two.FollowElsewhere("carol", "alice@one.test")
			f.on(f.two, "carol", accountPath(alice.Str("id"), unfollow))
			if list := f.one.As("alice").GET("/api/v1/follow_requests").List(); len(list) != 0 {
				f.Errorf("alice still sees %d requests", len(list))
			}
		},
		"a follow ends": func(f *fediverse) {
			f.carolFollowsAlice()
			alice := f.two.FindAccount("carol", "alice@one.test")
			carol := f.hears(f.one, "alice", "follow", 1)[0].Obj("account").Str("id")
			f.on(f.two, "carol", accountPath(alice.Str("id"), unfollow))
			f.stands(f.one, "alice", carol)
			f.counts(me(f.one, "alice"), map[string]float64{"followers_count": 0})
			f.absent(f.two, "carol", f.post("alice", "unheard"))
		},
		"a follower is removed": func(f *fediverse) {
			f.carolFollowsAlice()
			alice := f.two.FindAccount("carol", "alice@one.test")
			carol := f.hears(f.one, "alice", "follow", 1)[0].Obj("account").Str("id")
			f.on(f.one, "alice", accountPath(carol, "/remove_from_followers"))
			f.stands(f.two, "carol", alice.Str("id"))
			f.counts(me(f.two, "carol"), map[string]float64{"following_count": 0})
		},
		"a follow ends and begins again": func(f *fediverse) {
			f.carolFollowsAlice()
			alice := f.two.FindAccount("carol", "alice@one.test").Str("id")
			for range 2 {
				f.on(f.two, "carol", accountPath(alice, unfollow))
				f.on(f.two, "carol", accountPath(alice, follow))
			}
			f.stands(f.two, "carol", alice, "following")
			f.counts(me(f.one, "alice"), map[string]float64{"followers_count": 1})
		},
		"both follow each other": func(f *fediverse) {
			f.carolFollowsAlice()
			carol := f.one.FollowElsewhere("alice", "carol@two.test")
			f.stands(f.one, "alice", carol.Str("id"), "following", "followed_by")
			f.stands(f.two, "carol", f.two.FindAccount("carol", "alice@one.test").Str("id"), "following", "followed_by")
		},
		"an unknown name is nobody": func(f *fediverse) {
			if found := f.two.Search("carol", "accounts", "nobody@one.test"); len(found) != 0 {
				f.Errorf("found %v", found)
			}
			if found := f.two.Search("carol", "accounts", "alice@nowhere.test"); len(found) != 0 {
				f.Errorf("found %v", found)
			}
		},
		"an address finds its account": func(f *fediverse) {
			for _, address := range []string{"http://one.test/users/alice", "http://one.test/@alice", "@alice@one.test", "acct:alice@one.test"} {
				if got := f.two.FindAccount("carol", address).Str("acct"); got != "alice@one.test" {
					f.Errorf("%s finds %s", address, got)
				}
			}
		},
	})
}

func TestBlockingElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a block severs both ways": func(f *fediverse) {
			f.carolFollowsAlice()
			carol := f.one.FollowElsewhere("alice", "carol@two.test").Str("id")
			f.on(f.one, "alice", accountPath(carol, "/block"))
			id := f.two.As("dave").GET("/api/v1/accounts/lookup?acct=alice@one.test").Object().Str("id")
			f.stands(f.two, "carol", id, "blocked_by")
			f.stands(f.one, "alice", carol, "blocking")
			f.hears(f.two, "carol", "follow", 0)
		},
		"a block is lifted and follows stay gone": func(f *fediverse) {
			f.carolFollowsAlice()
			carol := f.one.FindAccount("alice", "carol@two.test").Str("id")
			f.on(f.one, "alice", accountPath(carol, "/block"))
			f.on(f.one, "alice", accountPath(carol, "/unblock"))
			f.stands(f.two, "carol", f.two.FindAccount("carol", "alice@one.test").Str("id"))
			f.carolFollowsAlice()
			f.stands(f.one, "alice", carol, "followed_by")
		},
		"who is blocked cannot follow": func(f *fediverse) {
			carol := f.one.FindAccount("alice", "carol@two.test").Str("id")
			f.one.As("alice").POST(accountPath(carol, "/block"), nil).OK() // and its letter is not delivered yet
			f.net.Down("two.test", true)
			f.settle()
			f.net.Down("two.test", false)
			alice := f.two.FindAccount("carol", "alice@one.test").Str("id")
			f.two.As("carol").POST(accountPath(alice, follow), nil).OK()
			f.settle()
			if f.two.Relation("carol", alice).Bool("following") || f.one.Relation("alice", carol).Bool("followed_by") {
				f.Error("carol follows all the same")
			}
		},
		"who is blocked is not heard": func(f *fediverse) {
			carol := f.one.FindAccount("alice", "carol@two.test").Str("id")
			f.on(f.one, "alice", accountPath(carol, "/block"))
			f.two.Post("carol", "@alice@one.test are you there?")
			f.settle()
			f.hears(f.one, "alice", "mention", 0)
		},
		"a whole domain is blocked by one person": func(f *fediverse) {
			f.carolFollowsAlice()
			f.one.As("alice").POST("/api/v1/domain_blocks", testkit.F("domain", "two.test")).OK()
			f.settle()
			f.counts(me(f.one, "alice"), map[string]float64{"followers_count": 0})
			f.stands(f.two, "carol", f.two.FindAccount("carol", "alice@one.test").Str("id"))
			f.two.Post("carol", "@alice@one.test and @bob@one.test hello")
			f.settle()
			f.hears(f.one, "alice", "mention", 0)
			f.hears(f.one, "bob", "mention", 1)
		},
	})
}

func TestProfilesElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a changed profile shows": func(f *fediverse) {
			f.carolFollowsAlice()
			f.one.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.F(
				"display_name", "Alice of the burrow", "note", "I dig #tunnels",
				"fields_attributes[0][name]", "Home", "fields_attributes[0][value]", "https://burrow.example/")).OK()
			f.settle()
			a := f.two.FindAccount("carol", "alice@one.test")
			if a.Str("display_name") != "Alice of the burrow" {
				f.Errorf("the name is %q", a.Str("display_name"))
			}
			fields, _ := a["fields"].([]any)
			if len(fields) != 1 {
				f.Errorf("the fields are %v", a["fields"])
			}
		},
		"locking shows": func(f *fediverse) {
			f.carolFollowsAlice()
			lock(f.one, "alice")
			if !f.two.FindAccount("carol", "alice@one.test").Bool("locked") {
				f.Error("alice is not locked at two.test")
			}
		},
		"a profile nobody followed is not empty": func(f *fediverse) {
			for _, text := range []string{"first", "second", "third"} {
				f.post("alice", text)
			}
			f.post("alice", "hidden", "visibility", "private")
			pinned := f.post("alice", "pinned")
			f.on(f.one, "alice", statusPath(pinned.Str("id"), "/pin"))
			a := f.two.FindAccount("carol", "alice@one.test")
			f.settle()
			list := f.two.As("carol").GET(accountPath(a.Str("id"), "/statuses")).List()
			if len(list) != 4 {
				f.Errorf("%d posts are shown, want 4", len(list))
			}
			f.counts(f.two.FindAccount("carol", "alice@one.test"), map[string]float64{"statuses_count": 5})
			pins := f.two.As("carol").GET(accountPath(a.Str("id"), "/statuses?pinned=true")).List()
			if len(pins) != 1 || pins[0].Str("uri") != pinned.Str("uri") {
				f.Errorf("%d pins are shown", len(pins))
			}
			if home := f.two.Home("carol"); len(home) != 0 {
				f.Errorf("old posts came to carol's home: %d", len(home))
			}
		},
		"pins come and go": func(f *fediverse) {
			f.carolFollowsAlice()
			p := f.post("alice", "worth keeping")
			pins := func() int {
				a := f.two.FindAccount("carol", "alice@one.test")
				return len(f.two.As("carol").GET(accountPath(a.Str("id"), "/statuses?pinned=true")).List())
			}
			f.on(f.one, "alice", statusPath(p.Str("id"), "/pin"))
			if n := pins(); n != 1 {
				f.Errorf("%d pins after pinning", n)
			}
			f.on(f.one, "alice", statusPath(p.Str("id"), "/unpin"))
			if n := pins(); n != 0 {
				f.Errorf("%d pins after unpinning", n)
			}
		},
		"a deleted account is gone everywhere": func(f *fediverse) {
			f.two.FollowElsewhere("carol", "bob@one.test")
			bob := f.two.FindAccount("carol", "bob@one.test")
			p := f.at(f.two, "carol", f.post("bob", "last words"))
			if _, err := f.one.AccountDelete(f.Context(), instance.AccountDelete{Name: "bob"}); err != nil {
				f.Fatal(err)
			}
			f.settle()
			status(f.two, "carol", p).Want(http.StatusNotFound)
			f.two.As("carol").GET(accountPath(bob.Str("id"), "")).Want(http.StatusNotFound)
			f.counts(me(f.two, "carol"), map[string]float64{"following_count": 0})
			f.absent(f.two, "carol", p)
		},
	})
}
