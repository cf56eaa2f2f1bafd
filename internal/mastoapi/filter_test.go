package mastoapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"coterie/internal/testkit"
)

// filtered are the titles of the filters that a status says it matches.
func filtered(status testkit.Object) []string {
	out := []string{}
	list, _ := status["filtered"].([]any)
	for _, v := range list {
		m, _ := v.(map[string]any)
		out = append(out, testkit.Object(m).Obj("filter").Str("title"))
	}
	return out
}

func objects(v any) []testkit.Object {
	out := []testkit.Object{}
	list, _ := v.([]any)
	for _, o := range list {
		m, _ := o.(map[string]any)
		out = append(out, m)
	}
	return out
}

func TestFilterMatching(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for i, row := range []struct {
		keyword   string
		wholeWord bool
		status    testkit.Form
		want      bool
	}{
		{"cat", false, testkit.F("status", "concatenate"), true},
		{"cat", true, testkit.F("status", "concatenate"), false},
		{"cat", true, testkit.F("status", "a CAT!"), true},
		{"cat", true, testkit.F("status", "cats"), false},
		{"#cat", true, testkit.F("status", "look#cat and"), true},
		{"cat!", true, testkit.F("status", "cat!s"), true},
		{"cat", true, testkit.F("status", "snake_cat"), false},
		{"äöü", true, testkit.F("status", "ÄÖÜ"), true},
		{"äöü", true, testkit.F("status", "äöüß"), false},
		{"кот", true, testkit.F("status", "это КОТ, да"), true},
		{"кот", true, testkit.F("status", "который"), false},
		{"猫", false, testkit.F("status", "黒猫が好き"), true},
		{"猫", true, testkit.F("status", "黒猫が好き"), false},
		{"no such", false, testkit.F("status", "nosuch"), false},
		{"two words", true, testkit.F("status", "my two words here"), true},
		{"warned", true, testkit.F("status", "plain", "spoiler_text", "You are WARNED"), true},
		{"banana", true, testkit.F("status", "which", "poll[options][]", "apple", "poll[options][]", "Banana", "poll[expires_in]", "3600"), true},
		{"href", false, testkit.F("status", "see https://example.org/x"), false},
		{"p", true, testkit.F("status", "a < b > c"), false},
	} {
		if row.status["poll[options][]"] != nil {
			row.status["poll[options][]"] = []string{"apple", "Banana"}
		}
		who := c.As("alice")
		f := who.POST("/api/v2/filters", map[string]any{
			"title": "f", "context": []string{"home"}, "keywords_attributes": []any{map[string]any{"keyword": row.keyword, "whole_word": row.wholeWord}},
		}).Object()
		s := c.As("bob").POST("/api/v1/statuses", row.status).Object()
		got := filtered(who.GET("/api/v1/statuses/" + s.Str("id")).Object())
		if want := row.want; want != slices.Equal(got, []string{"f"}) {
			t.Errorf("row %d: keyword %q (whole word %v) on %v: got %q", i, row.keyword, row.wholeWord, row.status, got)
		}
		who.DELETE("/api/v2/filters/"+f.Str("id"), nil).OK()
	}
}

func TestFiltersAnnotateEverywhereWhateverTheirContext(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Follow("alice", "bob")
		alice := c.As("alice").In(t)
		f := alice.POST("/api/v2/filters", testkit.Form{
			"title": {"quinces"}, "context[]": {"public"}, "filter_action": {"hide"},
			"keywords_attributes[][keyword]": {"quince"}, "keywords_attributes[][whole_word]": {"true"},
		}).Object()
		mine := c.Post("alice", "who likes fruit?")
		s := c.As("bob").POST("/api/v1/statuses", testkit.F("status", "@alice a Quince!", "in_reply_to_id", mine.Str("id"))).Object()
		c.As("carol").POST("/api/v1/statuses/"+s.Str("id")+"/reblog", nil).OK()
		c.Follow("alice", "carol")
		c.Settle()

		home := alice.GET("/api/v1/timelines/home").List()
		for _, o := range home {
			want := []string{}
			if o.Str("id") == s.Str("id") || o.Obj("reblog") != nil {
				want = []string{"quinces"}
			}
			if got := filtered(o); !slices.Equal(got, want) {
				t.Errorf("home: %v has %q", o["content"], got)
			}
			if inner := o.Obj("reblog"); inner != nil && !slices.Equal(filtered(inner), want) {
				t.Errorf("home: what was boosted has %q", filtered(inner))
			}
		}
		thread := objects(alice.GET("/api/v1/statuses/" + mine.Str("id") + "/context").Object()["descendants"])
		if len(thread) != 1 || !slices.Equal(filtered(thread[0]), []string{"quinces"}) {
			t.Errorf("thread: %v", thread)
		}
		found := false
		for _, n := range alice.GET("/api/v1/notifications?types[]=mention").List() {
			found = found || slices.Equal(filtered(n.Obj("status")), []string{"quinces"})
		}
		if !found {
			t.Error("the notification is not marked, or not there")
		}
		result := objects(alice.GET("/api/v1/statuses/" + s.Str("id")).Object()["filtered"])[0]
		inside := result.Obj("filter")
		if _, there := inside["keywords"]; there || inside.Str("id") != f.Str("id") || inside.Str("filter_action") != "hide" {
			t.Errorf("the filter inside is %v", inside)
		}
		if fmt.Sprint(result["keyword_matches"]) != "[quince]" || result["status_matches"] != nil {
			t.Errorf("the match is %v", result)
		}
		if o := c.As("bob").GET("/api/v1/statuses/" + s.Str("id")).Object(); len(filtered(o)) != 0 || o["filtered"] == nil {
			t.Errorf("bob has no filters, but sees %v", o["filtered"])
		}
		if _, there := c.Anonymous().GET("/api/v1/statuses/" + s.Str("id")).Object()["filtered"]; there {
			t.Error("a visitor gets a key filtered")
		}
	})
}

func TestFilteredStatusMatchesItsBoost(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	s := c.Post("bob", "something")
	boost := c.As("carol").POST("/api/v1/statuses/"+s.Str("id")+"/reblog", nil).Object()
	f := alice.POST("/api/v2/filters", map[string]any{"title": "one", "context": []string{"home", "thread"}, "filter_action": "blur"}).Object()
	entry := alice.POST("/api/v2/filters/"+f.Str("id")+"/statuses", testkit.F("status_id", s.Str("id"))).Object()
	alice.POST("/api/v2/filters/"+f.Str("id")+"/statuses", testkit.F("status_id", s.Str("id"))).Error(http.StatusUnprocessableEntity)
	for _, id := range []string{s.Str("id"), boost.Str("id")} {
		o := alice.GET("/api/v1/statuses/" + id).Object()
		m := objects(o["filtered"])
		if len(m) != 1 || fmt.Sprint(m[0]["status_matches"]) != "["+s.Str("id")+"]" {
			t.Errorf("%s: %v", id, o["filtered"])
		}
	}
	if l := alice.GET("/api/v2/filters/" + f.Str("id") + "/statuses").List(); len(l) != 1 || l[0].Str("status_id") != s.Str("id") {
		t.Errorf("statuses of the filter: %v", l)
	}
	if o := alice.GET("/api/v2/filters/statuses/" + entry.Str("id")).Object(); o.Str("status_id") != s.Str("id") {
		t.Errorf("one of them: %v", o)
	}
	alice.DELETE("/api/v2/filters/statuses/"+entry.Str("id"), nil).OK()
	if o := alice.GET("/api/v1/statuses/" + s.Str("id")).Object(); len(filtered(o)) != 0 {
		t.Errorf("after its removal: %v", o["filtered"])
	}
}

func TestFilterStory(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		f := alice.POST("/api/v2/filters", testkit.Raw{Type: "application/x-www-form-urlencoded", Body: []byte(
			"title=Food&context[]=home&context[]=thread&expires_in=3600&keywords_attributes[][keyword]=pie&keywords_attributes[][whole_word]=true&keywords_attributes[][keyword]=cake")}).Object()
		words := objects(f["keywords"])
		if len(words) != 2 || !words[0].Bool("whole_word") || words[1].Bool("whole_word") || f.Str("filter_action") != "warn" {
			t.Fatalf("made: %v", f)
		}
		path := "/api/v2/filters/" + f.Str("id")
		f = alice.PUT(path, map[string]any{"title": "Sweets", "keywords_attributes": []any{
			map[string]any{"id": words[0].Str("id"), "_destroy": true},
			map[string]any{"id": words[1].Str("id"), "keyword": "gateau"},
			map[string]any{"keyword": "tart"},
		}}).Object()
		words = objects(f["keywords"])
		if f.Str("title") != "Sweets" || len(words) != 2 || words[0].Str("keyword") != "gateau" || words[1].Str("keyword") != "tart" || f["expires_at"] == nil {
			t.Fatalf("changed: %v", f)
		}
		if o := alice.PATCH(path, testkit.F("expires_in", "")).Object(); o["expires_at"] != nil {
			t.Errorf("an empty expires_in leaves %v", o["expires_at"])
		}
		word := alice.POST(path+"/keywords", testkit.F("keyword", "flan", "whole_word", "1")).Object()
		if !word.Bool("whole_word") {
			t.Errorf("added: %v", word)
		}
		one := "/api/v2/filters/keywords/" + word.Str("id")
		if got := alice.GET(one).Object(); got.Str("keyword") != "flan" || !got.Bool("whole_word") {
			t.Errorf("the keyword: %v", got)
		}
		if o := alice.PUT(one, testkit.F("whole_word", "false")).Object(); o.Bool("whole_word") || o.Str("keyword") != "flan" {
			t.Errorf("changed keyword: %v", o)
		}
		if l := alice.GET(path + "/keywords").List(); len(l) != 3 {
			t.Errorf("keywords: %v", l)
		}
		alice.DELETE(one, nil).OK()
		alice.GET(one).Error(http.StatusNotFound)
		if l := objects(alice.GET(path).Object()["keywords"]); len(l) != 2 {
			t.Errorf("keywords after one was removed: %v", l)
		}
		for _, body := range []any{
			testkit.F("title", "", "context[]", "home"), testkit.F("title", "x"), testkit.F("title", "x", "context[]", "garden"),
			testkit.F("title", "x", "context[]", "home", "filter_action", "explode"),
			map[string]any{"title": "x", "context": []string{"home"}, "keywords_attributes": []any{map[string]any{"keyword": " "}}},
		} {
			alice.POST("/api/v2/filters", body).Error(http.StatusUnprocessableEntity)
		}
		alice.DELETE(path, nil).OK()
		if l := alice.GET("/api/v2/filters").List(); len(l) != 0 {
			t.Errorf("left: %v", l)
		}
	})
}

func TestExpiredFilterIsListedButNotApplied(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	alice.POST("/api/v2/filters", map[string]any{"title": "t", "context": []string{"home"}, "expires_in": 60, "keywords_attributes": []any{map[string]any{"keyword": "kiwi"}}}).OK()
	s := c.Post("bob", "kiwi")
	if got := filtered(alice.GET("/api/v1/statuses/" + s.Str("id")).Object()); len(got) != 1 {
		t.Errorf("before: %q", got)
	}
	c.Clock.Add(time.Minute)
	if got := filtered(alice.GET("/api/v1/statuses/" + s.Str("id")).Object()); len(got) != 0 {
		t.Errorf("after: %q", got)
	}
	if l := alice.GET("/api/v2/filters").List(); len(l) != 1 {
		t.Errorf("listed: %v", l)
	}
	if l := alice.GET("/api/v1/filters").List(); len(l) != 1 {
		t.Errorf("listed in the first version: %v", l)
	}
}

func TestFirstVersionOfFilters(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		made := alice.POST("/api/v1/filters", testkit.F("phrase", "soup", "context[]", "home", "irreversible", "true", "whole_word", "true", "expires_in", "600"))
		f := made.Object()
		if made.Header.Get("Deprecation") != "@1668384000" {
			t.Errorf("Deprecation is %q", made.Header.Get("Deprecation"))
		}
		if f.Str("phrase") != "soup" || !f.Bool("irreversible") || !f.Bool("whole_word") || f["expires_at"] == nil {
			t.Errorf("made: %v", f)
		}
		path := "/api/v1/filters/" + f.Str("id")
		if got := alice.GET(path).Object(); got.Str("phrase") != "soup" {
			t.Errorf("read again: %v", got)
		}
		f = alice.PUT(path, map[string]any{"phrase": "stew", "context": []string{"home", "thread"}, "irreversible": false, "expires_in": nil}).Object()
		if f.Str("phrase") != "stew" || f.Bool("irreversible") || f["expires_at"] != nil || fmt.Sprint(f["context"]) != "[home thread]" {
			t.Errorf("changed: %v", f)
		}
		parent := alice.GET("/api/v2/filters").List()[0]
		if parent.Str("title") != "stew" || parent.Str("filter_action") != "warn" {
			t.Errorf("its parent: %v", parent)
		}
		alice.POST("/api/v2/filters/"+parent.Str("id")+"/keywords", testkit.F("keyword", "broth")).OK()
		if l := alice.GET("/api/v1/filters").List(); len(l) != 2 || l[1].Str("phrase") != "broth" {
			t.Errorf("each keyword is one: %v", l)
		}
		alice.PUT(path, testkit.F("phrase", "stew", "context[]", "public")).Error(http.StatusUnprocessableEntity)
		alice.PUT(path, testkit.F("phrase", "stew", "irreversible", "true")).Error(http.StatusUnprocessableEntity)
		if f = alice.PUT(path, testkit.F("phrase", "ragout", "context[]", "home", "context[]", "thread")).Object(); f.Str("phrase") != "ragout" {
			t.Errorf("what is not shared can be changed: %v", f)
		}
		alice.POST("/api/v1/filters", testkit.F("phrase", "soup")).Error(http.StatusUnprocessableEntity)
		alice.POST("/api/v1/filters", testkit.F("context[]", "home")).Error(http.StatusUnprocessableEntity)
		for _, o := range alice.GET("/api/v1/filters").List() {
			alice.DELETE("/api/v1/filters/"+o.Str("id"), nil).OK()
		}
		if l := alice.GET("/api/v2/filters").List(); len(l) != 0 {
			t.Errorf("left: %v", l)
		}
	})
}

func TestSEC31_FiltersOverHTTP(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	s := c.Post("alice", "hello")
	f := c.As("alice").POST("/api/v2/filters", map[string]any{"title": "t", "context": []string{"home"}, "keywords_attributes": []any{map[string]any{"keyword": "kiwi"}}}).Object()
	word := objects(f["keywords"])[0].Str("id")
	entry := c.As("alice").POST("/api/v2/filters/"+f.Str("id")+"/statuses", testkit.F("status_id", s.Str("id"))).Object().Str("id")
	theirs := c.As("bob").POST("/api/v2/filters", testkit.F("title", "t", "context[]", "home")).Object().Str("id")
	for _, ids := range [][3]string{{f.Str("id"), word, entry}, {"1", "1", "1"}, {"x", "x", "x"}} {
		filter, word, entry := "/api/v2/filters/"+ids[0], "/api/v2/filters/keywords/"+ids[1], "/api/v2/filters/statuses/"+ids[2]
		bob := c.As("bob")
		for _, a := range []*testkit.Answer{
			bob.GET(filter), bob.PUT(filter, testkit.F("title", "x")), bob.DELETE(filter, nil),
			bob.GET(filter + "/keywords"), bob.POST(filter+"/keywords", testkit.F("keyword", "x")),
			bob.GET(filter + "/statuses"), bob.POST(filter+"/statuses", testkit.F("status_id", s.Str("id"))),
			bob.GET(word), bob.PUT(word, testkit.F("keyword", "x")), bob.DELETE(word, nil),
			bob.GET(entry), bob.DELETE(entry, nil),
			bob.GET("/api/v1/filters/" + ids[1]), bob.PUT("/api/v1/filters/"+ids[1], testkit.F("phrase", "x")), bob.DELETE("/api/v1/filters/"+ids[1], nil),
			bob.PUT("/api/v2/filters/"+theirs, map[string]any{"keywords_attributes": []any{map[string]any{"id": ids[1], "_destroy": true}}}),
		} {
			if got := a.Error(http.StatusNotFound); got != "Record not found" {
				t.Errorf("%s %s: %q", a.Method, a.Path, got)
			}
		}
	}
	if o := c.As("alice").GET("/api/v2/filters/" + f.Str("id")).Object(); len(objects(o["keywords"])) != 1 || len(objects(o["statuses"])) != 1 || o.Str("title") != "t" {
		t.Errorf("alice's filter is now %v", o)
	}
}

func TestSEC28_HiddenStatusesCannotBeFiltered(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	s := c.Post("alice", "secret", "visibility", "direct")
	f := c.As("bob").POST("/api/v2/filters", testkit.F("title", "t", "context[]", "home")).Object()
	hidden := c.As("bob").POST("/api/v2/filters/"+f.Str("id")+"/statuses", testkit.F("status_id", s.Str("id"))).Error(http.StatusNotFound)
	absent := c.As("bob").POST("/api/v2/filters/"+f.Str("id")+"/statuses", testkit.F("status_id", "1")).Error(http.StatusNotFound)
	if hidden != absent {
		t.Errorf("hidden %q, absent %q", hidden, absent)
	}
}
