package ownapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// bring has somebody bring a file, and returns the proposal.
func bring(t *testing.T, in *testkit.Community, name, kind, mode, file string) testkit.Object {
	t.Helper()
	return in.As(name).In(t).POST(base+"/imports", testkit.Upload(t, map[string][]byte{"data": []byte(file)}, "type", kind, "mode", mode)).Object()
}

// start has it worked off, and returns how it ended.
func start(t *testing.T, in *testkit.Community, name string, proposal testkit.Object) testkit.Object {
	t.Helper()
	path := base + "/imports/" + proposal.Str("id")
	if got := in.As(name).In(t).POST(path+"/start", nil).Object(); got.Str("state") != "working" {
		t.Fatalf("started: %v", got)
	}
	in.Settle()
	return in.As(name).In(t).GET(path).Object()
}

func export(t *testing.T, in *testkit.Community, name, file string) string {
	t.Helper()
	a := in.As(name).In(t).GET(base + "/exports/" + file).OK()
	if got := a.Header.Get("Content-Disposition"); got != `attachment; filename="`+file+`"` {
		t.Errorf("%s: %s", file, got)
	}
	return string(a.Body)
}

// What somebody has of every kind goes out, and in again for somebody else.
func TestEverythingIsTakenAlong(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		bob, erin := in.As("bob").In(t), in.As("erin").In(t)
		id := func(name string) string { return in.Person(name).ID.String() }
		bob.POST("/api/v1/accounts/"+id("alice")+"/follow", testkit.F("reblogs", "false", "notify", "true", "languages[]", "en", "languages[]", "de")).OK()
		bob.POST("/api/v1/accounts/"+id("carol")+"/mute", testkit.F("notifications", "false")).OK()
		bob.POST("/api/v1/accounts/"+id("dave")+"/block", nil).OK()
		bob.POST("/api/v1/domain_blocks", testkit.F("domain", "bad.test")).OK()
		list := bob.POST("/api/v1/lists", testkit.F("title", "=Friends")).Object()
		bob.POST("/api/v1/lists/"+list.Str("id")+"/accounts", testkit.F("account_ids[]", id("alice"))).OK()
		post := in.Post("alice", "hello")
		bob.POST("/api/v1/statuses/"+post.Str("id")+"/bookmark", nil).OK()
		secret := in.Post("carol", "not for long")
		bob.POST("/api/v1/statuses/"+secret.Str("id")+"/bookmark", nil).OK()
		in.As("carol").In(t).POST("/api/v1/accounts/"+id("bob")+"/block", nil).OK() // SEC-33: bob sees it no more
		bob.POST("/api/v2/filters", testkit.F("title", "Endings", "context[]", "home", "filter_action", "hide", "keywords_attributes[0][keyword]", "the end")).OK()

		want := map[string]string{
			"following.csv":     "Account address,Show boosts,Notify on new posts,Languages\nalice@coterie.test,false,true,\"en, de\"\n",
			"mutes.csv":         "Account address,Hide notifications\ncarol@coterie.test,false\n",
			"blocks.csv":        "dave@coterie.test\n",
			"domain_blocks.csv": "bad.test\n",
			"lists.csv":         "'=Friends,alice@coterie.test\n",
			"bookmarks.csv":     post.Str("uri") + "\n",
		}
		for file, text := range want {
			if got := export(t, in, "bob", file); got != text {
				t.Errorf("%s: %q, want %q", file, got, text)
			}
		}
		if sizes := bob.GET(base + "/exports").Object(); sizes.Num("following") != 1 || sizes.Num("lists") != 1 || sizes.Num("filters") != 1 {
			t.Errorf("sizes: %v", sizes)
		}
		for _, kind := range []string{"following", "mutes", "blocks", "domain_blocks", "lists", "bookmarks", "filters"} {
			file := kind + ".csv"
			if kind == "filters" {
				file = "filters.json"
			}
			text := export(t, in, "bob", file)
			proposal := bring(t, in, "erin", kind, "merge", text)
			if plan := proposal.Obj("plan"); proposal.Str("state") != "proposed" || proposal.Num("rows") != 1 || plan.Num("new") != 1 || plan.Num("known") != 0 {
				t.Errorf("%s is proposed as %v", kind, proposal)
			}
			if done := start(t, in, "erin", proposal); done.Str("state") != "done" || done.Num("done") != 1 || done.Num("failed") != 0 {
				t.Errorf("%s ended as %v", kind, done)
			}
			if got := export(t, in, "erin", file); got != text {
				t.Errorf("%s comes back as %q, want %q", file, got, text)
			}
			if plan := bring(t, in, "erin", kind, "overwrite", text).Obj("plan"); plan.Num("known") != 1 || plan.Num("new")+plan.Num("removed") != 0 {
				t.Errorf("%s again is proposed as %v", kind, plan)
			}
			newest := erin.GET(base + "/imports").List()[0]
			in.As("bob").In(t).DELETE(base+"/imports/"+newest.Str("id"), nil).Error(http.StatusNotFound)
			erin.DELETE(base+"/imports/"+newest.Str("id"), nil).OK()
		}
		if n := len(erin.GET(base + "/imports").List()); n != 7 {
			t.Errorf("%d imports are listed", n)
		}
		in.After(domain.ImportKept + 7*time.Hour)
		if n := len(erin.GET(base + "/imports").List()); n != 0 {
			t.Errorf("%d imports are listed after a week", n)
		}
	})
}

func TestOverwritingRemovesWhatTheFileLacks(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	for _, who := range []string{"alice", "carol", "dave"} {
		in.Follow("bob", who)
	}
	bob := in.As("bob").In(t)
	for _, title := range []string{"kept", "gone"} {
		l := bob.POST("/api/v1/lists", testkit.F("title", title)).Object()
		bob.POST("/api/v1/lists/"+l.Str("id")+"/accounts", testkit.F("account_ids[]", in.Person("dave").ID.String())).OK()
	}
	if done := start(t, in, "bob", bring(t, in, "bob", "lists", "overwrite", "kept,carol@coterie.test\n")); done.Num("removed") != 2 || done.Num("failed") != 0 {
		t.Errorf("lists: %v", done)
	}
	if got := export(t, in, "bob", "lists.csv"); got != "kept,carol@coterie.test\n" {
		t.Errorf("lists: %q", got)
	}
	if lists := bob.GET("/api/v1/lists").List(); len(lists) != 1 {
		t.Errorf("lists: %v", lists)
	}
	proposal := bring(t, in, "bob", "following", "overwrite", "Erin@coterie.test\nnobody@coterie.test\nbob@coterie.test\nalice\nALICE@coterie.test\n")
	if plan := proposal.Obj("plan"); plan.Num("new") != 3 || plan.Num("known") != 1 || plan.Num("removed") != 2 || proposal.Num("failed") != 1 {
		t.Fatalf("proposed: %v", proposal)
	}
	if got := export(t, in, "bob", "following.csv"); strings.Count(got, "\n") != 4 {
		t.Errorf("a proposal changed something: %q", got)
	}
	done := start(t, in, "bob", proposal)
	if done.Num("done") != 4 || done.Num("removed") != 2 || done.Num("failed") != 3 {
		t.Errorf("done: %v", done)
	}
	reasons := map[float64]string{}
	for _, f := range done["failures"].([]any) {
		f := testkit.Object(f.(map[string]any))
		reasons[f.Num("line")] = f.Str("reason")
	}
	if reasons[2] != "missing" || reasons[3] != "refused" || reasons[4] != "form" {
		t.Errorf("failures: %v", done["failures"])
	}
	failed := bob.GET(base + "/imports/" + done.Str("id") + "/failures").OK()
	want := "Account address,Show boosts,Notify on new posts,Languages\nnobody@coterie.test,true,false,\nbob@coterie.test,true,false,\nalice\n"
	if got := string(failed.Body); got != want {
		t.Errorf("failures: %q", got)
	}
	if got := export(t, in, "bob", "following.csv"); strings.Contains(got, "carol") || strings.Contains(got, "dave") || !strings.Contains(got, "erin@") {
		t.Errorf("following: %q", got)
	}
	bob.POST(base+"/imports/"+done.Str("id")+"/start", nil).Error(http.StatusNotFound) // once
	for range domain.MaxImports {
		bring(t, in, "bob", "blocks", "merge", "carol@coterie.test\n")
	}
	upload := testkit.Upload(t, map[string][]byte{"data": []byte("carol@coterie.test\n")}, "type", "blocks")
	bob.POST(base+"/imports", upload).Error(http.StatusUnprocessableEntity)
	in.After(31 * time.Hour) // proposals go after a day
	bob.POST(base+"/imports", testkit.Upload(t, map[string][]byte{"data": []byte("x")}, "type", "nothing")).Error(http.StatusUnprocessableEntity)
	bob.POST(base+"/imports", testkit.F("type", "blocks")).Error(http.StatusUnprocessableEntity)
	bring(t, in, "bob", "blocks", "merge", "carol@coterie.test\n")
}

// Accounts and posts elsewhere are found at their servers; one that is down
// costs its own rows only, which can be brought again.
func TestImportsReachOtherServers(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	post := two.Post("carol", "far away")
	file := "carol@two.test\nsomebody@nowhere.test\ndave@two.test\n"
	done := start(t, one, "bob", bring(t, one, "bob", "following", "merge", file))
	if done.Num("done") != 3 || done.Num("failed") != 1 {
		t.Fatalf("done: %v", done)
	}
	if f := testkit.Object(done["failures"].([]any)[0].(map[string]any)); f.Num("line") != 2 || f.Str("reason") != "unreachable" {
		t.Errorf("failure: %v", f)
	}
	if got := export(t, one, "bob", "following.csv"); !strings.Contains(got, "carol@two.test") || !strings.Contains(got, "dave@two.test") {
		t.Errorf("following: %q", got)
	}
	if done := start(t, one, "bob", bring(t, one, "bob", "bookmarks", "merge", post.Str("uri")+"\n")); done.Num("failed") != 0 {
		t.Errorf("bookmarks: %v", done)
	}
	if got := export(t, one, "bob", "bookmarks.csv"); got != post.Str("uri")+"\n" {
		t.Errorf("bookmarks: %q", got)
	}
}
