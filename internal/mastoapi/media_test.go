package mastoapi_test

import (
	"bytes"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// fetched is a file that an attachment or an account names, as anybody gets it.
func fetched(c *testkit.Community, address string) *testkit.Answer {
	c.T.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, c.Config.BaseURL()+"/") {
		c.T.Fatalf("%q is no address of ours", address)
	}
	return c.Anonymous().GET(u.RequestURI())
}

func decoded(t *testing.T, a *testkit.Answer) (image.Image, string) {
	t.Helper()
	img, format, err := image.Decode(bytes.NewReader(a.OK().Body))
	if err != nil {
		t.Fatalf("%s: %v", a.Path, err)
	}
	return img, format
}

func TestAPictureIsUploadedAndPosted(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		m := c.Media("alice", testkit.Photo(t, testkit.Gradient(1200, 600), 6), "description", "  a gradient ", "focus", "0.5,-0.25")
		if m.Str("type") != "image" || m.Str("description") != "a gradient" || len(m.Str("blurhash")) != 36 {
			t.Fatalf("the attachment is %v", m)
		}
		meta := m.Obj("meta")
		if o := meta.Obj("original"); o.Str("size") != "600x1200" || o.Num("aspect") != 0.5 {
			t.Errorf("the original is %v", o)
		}
		if o := meta.Obj("small"); o.Str("size") != "339x678" {
			t.Errorf("the preview is %v", o)
		}
		if f := meta.Obj("focus"); f.Num("x") != 0.5 || f.Num("y") != -0.25 {
			t.Errorf("the focus is %v", f)
		}
		for _, key := range []string{"url", "preview_url"} {
			a := fetched(c, m.Str(key))
			img, format := decoded(t, a)
			if format != "jpeg" || a.Header.Get("Content-Type") != "image/jpeg" || bytes.Contains(a.Body, []byte("secret")) || bytes.Contains(a.Body, []byte("Exif")) {
				t.Errorf("%s is a %s of %d bytes: %v", key, format, len(a.Body), a.Header)
			}
			// Turned clockwise the red upper half is at the right.
			b := img.Bounds()
			if r, _, bl, _ := img.At(b.Dx()*3/4, b.Dy()*3/4).RGBA(); r < 0x8000 || bl > 0x4000 {
				t.Errorf("%s is not upright: %x %x", key, r, bl)
			}
		}
		p := c.As("alice").POST("/api/v1/statuses", testkit.F("media_ids[]", m.Str("id"))).Object()
		list, _ := p["media_attachments"].([]any)
		if len(list) != 1 || list[0].(map[string]any)["id"] != m.Str("id") {
			t.Fatalf("the post has %v", list)
		}
		c.As("alice").POST("/api/v1/statuses", testkit.F("media_ids[]", m.Str("id"))).Want(http.StatusUnprocessableEntity)
		c.As("alice").GET("/api/v1/media/" + m.Str("id")).Want(http.StatusNotFound)
		c.As("alice").DELETE("/api/v1/media/"+m.Str("id"), nil).Want(http.StatusUnprocessableEntity)
	})
}

func TestUploadsAreChangedBeforeAndAfterPosting(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice")
		old := alice.POST("/api/v1/media", testkit.Upload(t, map[string][]byte{"file": testkit.PNG(t, testkit.Gradient(8, 8))})).Object()
		if old.Str("type") != "image" || old.Str("url") == "" {
			t.Errorf("the older path answers %v", old)
		}
		one, two := c.Media("alice", testkit.PNG(t, testkit.Gradient(20, 10))), c.Media("alice", testkit.JPEG(t, testkit.Gradient(10, 20)))
		changed := alice.PUT("/api/v1/media/"+one.Str("id"), testkit.F("description", "first", "focus", "1,1")).Object()
		if changed.Str("description") != "first" || changed.Obj("meta").Obj("focus").Num("x") != 1 {
			t.Errorf("changed to %v", changed)
		}
		if got := alice.GET("/api/v1/media/" + one.Str("id")).Object(); got.Str("description") != "first" {
			t.Errorf("it is %v", got)
		}
		p := c.Post("alice", "two", "media_ids[]", one.Str("id"), "media_ids[]", two.Str("id"))
		path := "/api/v1/statuses/" + p.Str("id")
		edited := alice.PUT(path, testkit.F("status", "one", "media_ids[]", two.Str("id"),
			"media_attributes[][id]", two.Str("id"), "media_attributes[][description]", "second", "media_attributes[][focus]", "-1,0")).Object()
		list := media(edited)
		if len(list) != 1 || list[0].Str("id") != two.Str("id") || list[0].Str("description") != "second" || list[0].Obj("meta").Obj("focus").Num("x") != -1 {
			t.Fatalf("edited to %v", list)
		}
		history := alice.GET(path + "/history").List()
		if len(history) != 2 || len(media(history[0])) != 2 || media(history[0])[0].Str("description") != "first" || len(media(history[1])) != 1 {
			t.Errorf("the history is %v", history)
		}
		again := alice.PUT(path, testkit.F("status", "one", "media_ids[]", one.Str("id"), "media_ids[]", two.Str("id"))).Object()
		if len(media(again)) != 2 {
			t.Errorf("it cannot come back: %v", again)
		}
		if l := alice.GET(path + "/history").List(); len(l) != 3 {
			t.Errorf("%d revisions", len(l))
		}
	})
}

// media are the attachments of a post.
func media(p testkit.Object) []testkit.Object {
	list, _ := p["media_attachments"].([]any)
	out := make([]testkit.Object, len(list))
	for i := range list {
		out[i] = list[i].(map[string]any)
	}
	return out
}

func TestMediaTimelines(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		m := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4)), "description", "a burrow")
		c.Post("alice", "no picture #dusk")
		p := c.Post("alice", "a picture #dusk", "media_ids[]", m.Str("id"))
		for _, path := range []string{
			"/api/v1/timelines/public?only_media=true", "/api/v1/timelines/tag/dusk?only_media=1",
			"/api/v1/accounts/" + c.Person("alice").ID.String() + "/statuses?only_media=true",
		} {
			list := c.As("bob").GET(path).List()
			if len(list) != 1 || list[0].Str("id") != p.Str("id") {
				t.Errorf("%s: %v", path, list)
			}
		}
		for q, want := range map[string]int{"burrow": 1, "has:media": 1, "has:image": 1, "has:video": 0, "-has:media from:me": 1} {
			if got := c.Search("alice", "statuses", q); len(got) != want {
				t.Errorf("%q finds %d", q, len(got))
			}
		}
	})
}

func TestAScheduledPostKeepsItsMedia(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice")
		m := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4)))
		at := c.Clock.Now().Add(72 * time.Hour)
		s := alice.POST("/api/v1/statuses", testkit.F("status", "later", "media_ids[]", m.Str("id"), "scheduled_at", at.Format(time.RFC3339))).Object()
		if len(media(s)) != 1 {
			t.Fatalf("scheduled %v", s)
		}
		alice.POST("/api/v1/statuses", testkit.F("status", "now", "media_ids[]", m.Str("id"))).Want(http.StatusUnprocessableEntity)
		c.After(73 * time.Hour)
		list := alice.GET("/api/v1/timelines/home").List()
		if len(list) != 1 || len(media(list[0])) != 1 {
			t.Fatalf("published %v", list)
		}
		fetched(c, media(list[0])[0].Str("url")).OK()
	})
}

func TestUnusedUploadsGo(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice")
		upload := func() testkit.Object { return c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4))) }
		unused, deleted, redrafted, thrown, posted := upload(), upload(), upload(), upload(), upload()
		alice.DELETE("/api/v1/media/"+deleted.Str("id"), nil).OK()
		p := c.Post("alice", "soon gone", "media_ids[]", redrafted.Str("id"))
		alice.DELETE("/api/v1/statuses/"+p.Str("id"), nil).OK()
		p = c.Post("alice", "gone at once", "media_ids[]", thrown.Str("id"))
		alice.DELETE("/api/v1/statuses/"+p.Str("id")+"?delete_media=true", nil).OK()
		c.Post("alice", "stays", "media_ids[]", posted.Str("id"))
		c.After(time.Hour)
		for _, gone := range []testkit.Object{deleted, thrown} {
			fetched(c, gone.Str("url")).Want(http.StatusNotFound)
			alice.GET("/api/v1/media/" + gone.Str("id")).Want(http.StatusNotFound)
		}
		again := c.Post("alice", "again", "media_ids[]", redrafted.Str("id"))
		c.After(25 * time.Hour)
		fetched(c, unused.Str("url")).Want(http.StatusNotFound)
		fetched(c, unused.Str("preview_url")).Want(http.StatusNotFound)
		fetched(c, media(again)[0].Str("url")).OK()
		fetched(c, posted.Str("url")).OK()
	})
}

func TestFilesAreServedInPartsAndSafely_SEC04(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	m := c.Media("alice", testkit.PNG(t, testkit.Gradient(64, 64)))
	a := fetched(c, m.Str("url")).OK()
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*",
		"Cache-Control": "public, max-age=31536000, immutable", "Accept-Ranges": "bytes",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("the policy is %q", csp)
	}
	if d := a.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment;") {
		t.Errorf("the disposition is %q", d)
	}
	u, _ := url.Parse(m.Str("url"))
	part := c.Anonymous().With("Range", "bytes=10-19").GET(u.Path).Want(http.StatusPartialContent)
	if !bytes.Equal(part.Body, a.Body[10:20]) {
		t.Errorf("the part is %x", part.Body)
	}
	c.Anonymous().With("If-None-Match", a.Header.Get("Etag")).GET(u.Path).Want(http.StatusNotModified)
}

func TestMediaOnPagesAndInFeeds(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	m := c.Media("alice", testkit.PNG(t, testkit.Gradient(40, 30)), "description", `a "quoted" <burrow>`)
	p := c.Post("alice", "look", "media_ids[]", m.Str("id"))
	page := string(c.Anonymous().With("Accept", "text/html").GET("/@alice/" + p.Str("id")).OK().Body)
	if !strings.Contains(page, m.Str("url")) || !strings.Contains(page, `alt="a &#34;quoted&#34; &lt;burrow&gt;"`) || !strings.Contains(page, `width="40" height="30"`) {
		t.Errorf("the page does not show it: %s", page)
	}
	c.Post("alice", "words alone")
	for path, items := range map[string]int{"/@alice.rss": 2, "/@alice/media.rss": 1} {
		if got := strings.Count(string(c.Anonymous().GET(path).OK().Body), "<item>"); got != items {
			t.Errorf("%s has %d posts", path, got)
		}
	}
	feed := string(c.Anonymous().GET("/@alice/media.rss").OK().Body)
	if !strings.Contains(feed, `<enclosure url="`+m.Str("url")+`" type="image/png" length="`) || !strings.Contains(feed, "&lt;burrow&gt;</media:description>") {
		t.Errorf("the feed is %s", feed)
	}
}

func TestThePictureOfTheCommunity(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	usual := c.Anonymous().GET("/api/v2/instance").Object().Obj("thumbnail").Str("url")
	set := func(file string) string {
		t.Helper()
		if err := c.SetPicture(t.Context(), instance.PictureSet{File: file}); err != nil {
			t.Fatal(err)
		}
		two := c.Anonymous().GET("/api/v2/instance").Object().Obj("thumbnail")
		one := c.Anonymous().GET("/api/v1/instance").Object()
		url := two.Str("url")
		if one.Str("thumbnail") != url || two.Obj("versions").Str("@1x") != url || (two["blurhash"] == nil) != (file == "") {
			t.Errorf("the instance says %v and %v", two, one["thumbnail"])
		}
		return url
	}
	first := set(fileWith(t, "a.jpg", testkit.JPEG(t, testkit.Gradient(1200, 630))))
	if img, _ := decoded(t, fetched(c, first)); img.Bounds().Dx() < 1000 {
		t.Errorf("it has %v", img.Bounds())
	}
	second := set(fileWith(t, "b.png", testkit.PNG(t, testkit.Gradient(100, 50))))
	c.After(48 * time.Hour)
	fetched(c, first).Want(http.StatusNotFound)
	fetched(c, second).OK()
	if err := c.SetPicture(t.Context(), instance.PictureSet{File: fileWith(t, "c.svg", []byte("<svg/>"))}); err == nil {
		t.Error("an SVG is taken")
	}
	if got := set(""); got != usual {
		t.Errorf("the usual picture is %s, not %s", got, usual)
	}
}
