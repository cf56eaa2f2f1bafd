package adminapi_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"testing"

	"coterie/internal/testkit"
)

const emojiPath = ownAdmin + "custom_emojis"

// pack is a zip file with these files.
func pack(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCustomEmojisOfTheStaff(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		picture := testkit.PNG(t, testkit.Gradient(16, 16))
		add := func(code, category string, pairs ...string) *testkit.Answer {
			return admin.POST(emojiPath, testkit.Upload(t, map[string][]byte{"image": picture}, append([]string{"shortcode", code, "category", category}, pairs...)...))
		}
		one := add("burrow", " Homes  here ").List()[0]
		if one.Str("shortcode") != "burrow" || one.Str("category") != "Homes here" || one.Bool("disabled") || one["domain"] != nil {
			t.Fatalf("the emoji: %v", one)
		}
		add("burrow", "").Error(422)
		add("not one", "").Error(422)
		if again := add("burrow", "Homes", "replace", "true").List()[0]; again.Str("id") != one.Str("id") || again.Str("url") == one.Str("url") {
			t.Errorf("replaced: %v", again)
		}

		// Out of use, it is a word like others.
		at := emojiPath + "/" + one.Str("id")
		chosen := func() int { return len(c.Anonymous().GET("/api/v1/custom_emojis").List()) }
		shown := func() int { l, _ := c.Post("bob", "my :burrow:")["emojis"].([]any); return len(l) }
		if got := admin.PUT(at, testkit.F("disabled", "true")).List()[0]; !got.Bool("disabled") || got.Str("category") != "Homes" || chosen() != 0 || shown() != 0 {
			t.Errorf("disabled: %v, %d to choose, %d shown", got, chosen(), shown())
		}
		admin.PUT(at, testkit.F("disabled", "false", "category", "Dens")).OK()
		if chosen() != 1 || shown() != 1 {
			t.Errorf("in use again: %d to choose, %d shown", chosen(), shown())
		}

		// A pack is looked at before it is taken.
		file := pack(t, map[string][]byte{"p/burrow.png": picture, "p/heron.png": picture, "p/x.png": picture, "p/odd.png": []byte("odd"), "p/read.me": []byte("x")})
		take := func(pairs ...string) string {
			o := admin.POST(emojiPath+"/import", testkit.Upload(t, map[string][]byte{"pack": file}, pairs...)).Object()
			return fmt.Sprint(o["added"], o["there"], len(o["refused"].([]any)))
		}
		if got := take("dry_run", "true"); got != "[heron odd] [burrow] 1" || chosen() != 1 {
			t.Errorf("tried: %s", got)
		}
		if got := take("category", "Birds"); got != "[heron] [burrow] 2" || chosen() != 2 {
			t.Errorf("taken: %s", got)
		}
		if got := take("replace", "true"); got != "[burrow heron] [] 2" {
			t.Errorf("replaced: %s", got)
		}
		admin.POST(emojiPath+"/import", testkit.Upload(t, map[string][]byte{"pack": picture})).Error(422)

		if got := admin.GET(emojiPath + "?q=HER").List(); len(got) != 1 || got[0].Str("shortcode") != "heron" {
			t.Errorf("found: %v", got)
		}
		admin.DELETE(at, nil).OK()
		admin.DELETE(at, nil).Error(404)
		if chosen() != 1 {
			t.Errorf("%d are left", chosen())
		}
		if entry := c.As("alice").GET(ownAdmin + "audit_log").List()[0]; entry.Str("verb") != "destroy" || entry.Str("target") != "burrow" {
			t.Errorf("the log: %v", entry)
		}
	})
}

// What others use can be used here, or not be shown.
func TestEmojisOfOtherServers(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	image := testkit.Upload(t, map[string][]byte{"image": testkit.PNG(t, testkit.Gradient(16, 16))}, "shortcode", "heron")
	two.As("alice").POST(emojiPath, image).OK()
	one.FollowElsewhere("alice", "carol@two.test")
	two.Settle()
	two.Post("carol", "look, a :heron:")
	two.Settle()
	one.Settle()
	alice := one.As("alice")
	list := alice.GET(emojiPath + "?origin=remote&q=her&domain=two.test").List()
	if len(list) != 1 || list[0].Str("domain") != "two.test" {
		t.Fatalf("of others: %v", list)
	}
	at := emojiPath + "/" + list[0].Str("id")
	if made := alice.POST(at+"/copy", testkit.F("category", "Birds")).List()[0]; made["domain"] != nil || made.Str("category") != "Birds" {
		t.Errorf("copied: %v", made)
	}
	alice.POST(at+"/copy", nil).Error(422)
	alice.POST(at+"/copy", testkit.F("shortcode", "bird")).OK()
	if got := len(one.Anonymous().GET("/api/v1/custom_emojis").List()); got != 2 {
		t.Errorf("%d to choose", got)
	}
	alice.PUT(at, testkit.F("disabled", "true")).OK()
	if post := alice.GET("/api/v1/timelines/home").List()[0]; len(post["emojis"].([]any)) != 0 {
		t.Errorf("shown all the same: %v", post["emojis"])
	}
	alice.DELETE(at, nil).Error(404)
}
