package instance_test

import (
	"net/http"
	"testing"

	"coterie/internal/testkit"
)

// TestQuotesAsTheyStand shows one quote in each of its states, to whoever it
// differs for (behaviours 17.1, 17.2), on the status itself, on home, and
// within a status that quotes it in turn.
func TestQuotesAsTheyStand(t *testing.T) {
	t.Parallel()
	// stands fails unless somebody at two.test sees the quote in that state,
	// with what is quoted or without.
	stands := func(f *fediverse, name string, quoting testkit.Object, want string, shows bool) {
		f.Helper()
		for _, o := range []testkit.Object{status(f.two, name, quoting).Object(), by(f.two.Home(name), quoting.Str("uri"))} {
			if o == nil {
				continue // not at home
			}
			q := o.Obj("quote")
			if q.Str("state") != want || (q["quoted_status"] != nil) != shows {
				f.Errorf("%s sees %v, want %s and %v", name, q, want, shows)
			}
			if _, shallow := q["quoted_status_id"]; shallow {
				f.Errorf("%s is given an id beside it: %v", name, q)
			}
		}
	}
	// within fails unless a quote within a quoted status is named shallowly.
	within := func(f *fediverse, quoting testkit.Object, want string, shows bool) {
		f.Helper()
		outer := f.two.Post("dave", "and this", "quoted_status_id", quoting.Str("id"))
		f.settle()
		q := status(f.two, "dave", outer).Object().Obj("quote").Obj("quoted_status").Obj("quote")
		if _, deep := q["quoted_status"]; deep || q.Str("state") != want || (q["quoted_status_id"] != nil) != shows {
			f.Errorf("within another the quote is %v, want %s and %v", q, want, shows)
		}
	}
	quote := func(f *fediverse, policy string, pairs ...string) (quoted, quoting testkit.Object) {
		f.Helper()
		f.two.Follow("dave", "carol")
		quoted = f.post("alice", "quote me", "quote_approval_policy", policy)
		got := f.two.FindStatus("carol", quoted.Str("uri"))
		quoting = f.two.Post("carol", "see this", append([]string{"quoted_status_id", got.Str("id")}, pairs...)...)
		return quoted, quoting
	}
	tell(t, map[string]func(f *fediverse){
		"pending while the other server is silent": func(f *fediverse) {
			_, quoting := quote(f, "public")
			stands(f, "carol", quoting, "pending", false)
			stands(f, "dave", quoting, "pending", false)
			within(f, quoting, "accepted", true) // by now it has answered
		},
		"accepted": func(f *fediverse) {
			_, quoting := quote(f, "public")
			f.settle()
			stands(f, "carol", quoting, "accepted", true)
			stands(f, "dave", quoting, "accepted", true)
			within(f, quoting, "accepted", true)
		},
		"rejected": func(f *fediverse) {
			f.two.Follow("dave", "carol")
			quoted := f.post("alice", "quote me", "quote_approval_policy", "public")
			got := f.two.FindStatus("carol", quoted.Str("uri"))
			f.one.As("alice").PUT(statusPath(quoted.Str("id"), "/interaction_policy"), testkit.F("quote_approval_policy", "nobody")).OK()
			quoting := f.two.Post("carol", "see this", "quoted_status_id", got.Str("id")) // she does not know yet
			f.settle()
			stands(f, "carol", quoting, "rejected", false)
			stands(f, "dave", quoting, "rejected", false)
			within(f, quoting, "rejected", false)
		},
		"revoked": func(f *fediverse) {
			quoted, quoting := quote(f, "public")
			f.settle()
			there := f.one.FindStatus("alice", quoting.Str("uri"))
			f.on(f.one, "alice", statusPath(quoted.Str("id"), "/quotes/"+there.Str("id")+"/revoke"))
			stands(f, "carol", quoting, "revoked", false)
			stands(f, "dave", quoting, "revoked", false)
			within(f, quoting, "revoked", false)
		},
		"deleted": func(f *fediverse) {
			quoted, quoting := quote(f, "public")
			f.settle()
			f.one.As("alice").DELETE(statusPath(quoted.Str("id"), ""), nil).OK()
			f.settle()
			stands(f, "carol", quoting, "deleted", false)
			stands(f, "dave", quoting, "deleted", false)
			within(f, quoting, "deleted", false)
		},
		"unauthorized for whom the quoted author blocks": func(f *fediverse) {
			f.two.Follow("dave", "carol")
			quoted := f.two.Post("bob", "quote me", "quote_approval_policy", "public")
			quoting := f.two.Post("carol", "see this", "quoted_status_id", quoted.Str("id"))
			f.settle()
			f.on(f.two, "bob", accountPath(f.two.Person("dave").ID.String(), "/block"))
			stands(f, "carol", quoting, "accepted", true)
			stands(f, "dave", quoting, "unauthorized", false)
			within(f, quoting, "unauthorized", false)
		},
		"unauthorized for who does not follow": func(f *fediverse) {
			f.two.Follow("carol", "bob")
			private := f.two.Post("carol", "for followers", "visibility", "private")
			quoting := f.two.Post("carol", "see mine", "quoted_status_id", private.Str("id"), "visibility", "public")
			f.settle()
			stands(f, "carol", quoting, "accepted", true)
			if a := status(f.two, "dave", quoting); a.Status != http.StatusNotFound {
				stands(f, "dave", quoting, "unauthorized", false)
			}
		},
		"by somebody whom the viewer blocks": func(f *fediverse) {
			_, quoting := quote(f, "public")
			f.settle()
			alice := f.two.FindAccount("dave", "alice@one.test")
			f.on(f.two, "dave", accountPath(alice.Str("id"), "/block"))
			stands(f, "carol", quoting, "accepted", true)
			stands(f, "dave", quoting, "blocked_account", true)
		},
		"by somebody whom the viewer mutes": func(f *fediverse) {
			_, quoting := quote(f, "public")
			f.settle()
			alice := f.two.FindAccount("dave", "alice@one.test")
			f.on(f.two, "dave", accountPath(alice.Str("id"), "/mute"))
			stands(f, "carol", quoting, "accepted", true)
			stands(f, "dave", quoting, "muted_account", true)
		},
		"of a domain that the viewer hides": func(f *fediverse) {
			_, quoting := quote(f, "public")
			f.settle()
			f.on(f.two, "dave", "/api/v1/domain_blocks", "domain", "one.test")
			stands(f, "carol", quoting, "accepted", true)
			stands(f, "dave", quoting, "blocked_domain", true)
		},
	})
}
