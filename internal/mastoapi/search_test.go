package mastoapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"coterie/internal/testkit"
)

// found is a search's ids by kind.
func found(o testkit.Object) map[string][]string {
	out := map[string][]string{}
	for _, kind := range []string{"accounts", "statuses", "hashtags"} {
		for _, e := range objects(o[kind]) {
			name := e.Str("id")
			switch kind {
			case "accounts":
				name = e.Str("username")
			case "hashtags":
				name = e.Str("name")
			}
			out[kind] = append(out[kind], name)
		}
	}
	return out
}

func TestSearchStory(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		one := c.Post("bob", "A crème brûlée recipe #bobsled")
		two := c.Post("bob", "brulee again, without sugar")
		c.Post("carol", "brulee of carol")
		hidden := c.Post("carol", "#bobsecret @alice", "visibility", "direct")
		bob := c.As("bob").In(t)
		search := func(cl *testkit.Client, query string) map[string][]string {
			return found(cl.GET("/api/v2/search?" + query).Object())
		}
		if got := search(bob, "q=Br%C3%BBl%C3%A9e"); !slices.Equal(got["statuses"], []string{two.Str("id"), one.Str("id")}) {
			t.Errorf("own posts: %v", got)
		}
		if got := search(bob, "q=brulee+recipe"); !slices.Equal(got["statuses"], []string{one.Str("id")}) {
			t.Errorf("two words: %v", got)
		}
		if got := search(bob, "q=brul"); got["statuses"] != nil {
			t.Errorf("half a word: %v", got)
		}
		if got := search(bob, "q=brulee&type=statuses&limit=1&offset=1"); !slices.Equal(got["statuses"], []string{one.Str("id")}) {
			t.Errorf("second page: %v", got)
		}
		if got := search(bob, "q=brulee&max_id="+two.Str("id")); !slices.Equal(got["statuses"], []string{one.Str("id")}) {
			t.Errorf("older ones: %v", got)
		}
		if got := search(bob, "q=brulee&account_id="+c.Person("carol").ID.String()); got["statuses"] != nil {
			t.Errorf("of carol: %v", got)
		}
		if got := search(bob, "q=bob"); !slices.Equal(got["accounts"], []string{"bob"}) || !slices.Equal(got["hashtags"], []string{"bobsled"}) {
			t.Errorf("everything: %v", got)
		}
		if got := search(bob, "q=%23bob&type=hashtags"); !slices.Equal(got["hashtags"], []string{"bobsled"}) || got["accounts"] != nil {
			t.Errorf("a hashtag: %v", got)
		}
		if got := search(bob, "q=@carol@coterie.test&type=accounts&resolve=true"); !slices.Equal(got["accounts"], []string{"carol"}) {
			t.Errorf("a handle: %v", got)
		}
		for address, want := range map[string]map[string][]string{
			"http://coterie.test/@bob":         {"accounts": {"bob"}},
			"http://coterie.test/users/bob":    {"accounts": {"bob"}},
			"http://coterie.test/tags/bobsled": {"hashtags": {"bobsled"}},
			one.Str("url"):                     {"statuses": {one.Str("id")}},
			one.Str("uri"):                     {"statuses": {one.Str("id")}},
			hidden.Str("url"):                  {},
			"http://coterie.test/@carol/1":     {},
			"http://coterie.test/@nobody":      {},
			"http://elsewhere.test/@bob":       {},
			"http://coterie.test/users/bob/statuses/" + one.Str("id") + "x": {},
		} {
			if got := search(bob, "q="+url.QueryEscape(address)); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v, want %v", address, got, want)
			}
		}
		visitor := c.Anonymous().In(t)
		if got := search(visitor, "q=carol"); !slices.Equal(got["accounts"], []string{"carol"}) {
			t.Errorf("a visitor: %v", got)
		}
		if got := search(visitor, "q=ca"); got["accounts"] != nil {
			t.Errorf("a visitor with two letters: %v", got)
		}
		if got := search(visitor, "q=brulee"); got["statuses"] != nil {
			t.Errorf("a visitor searches posts: %v", got)
		}
		if o := visitor.GET("/api/v2/search?q=x&type=collections").Object(); o["collections"] == nil || o["accounts"] == nil || o["statuses"] == nil || o["hashtags"] == nil {
			t.Errorf("four keys always: %v", o)
		}
		visitor.GET("/api/v2/search?q=x&resolve=true").Error(http.StatusUnauthorized)
		visitor.GET("/api/v2/search?q=x&offset=1").Error(http.StatusUnauthorized)
		bob.GET("/api/v2/search").Error(http.StatusBadRequest)
		bob.GET("/api/v2/search?q=+").Error(http.StatusBadRequest)
		bob.GET("/api/v2/search?q=x&limit=-1").Error(http.StatusBadRequest)
		bob.GET("/api/v2/search?q=x&offset=-1").Error(http.StatusBadRequest)
		bob.GET("/api/v2/search?q=x&type=stars").Error(http.StatusBadRequest)
	})
}
