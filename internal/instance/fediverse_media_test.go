package instance_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// shown are the attachments of a post.
func shown(p testkit.Object) (out []testkit.Object) {
	list, _ := p["media_attachments"].([]any)
	for _, m := range list {
		out = append(out, m.(map[string]any))
	}
	return out
}

// file is what an address of the community answers to anybody.
func (f *fediverse) file(c *testkit.Community, address string) *testkit.Answer {
	f.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Host != c.Config.Domain {
		f.Fatalf("%q is no address of %s", address, c.Config.Domain)
	}
	return c.Anonymous().GET(u.RequestURI())
}

// copies is how many files of elsewhere a community keeps.
func (f *fediverse) copies(c *testkit.Community) int64 {
	f.Helper()
	use, err := c.MediaUsage(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	return use.RemoteFiles
}

func TestMediaBetweenCommunities(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a picture is there before anybody looks": func(f *fediverse) {
			f.carolFollowsAlice()
			m := f.one.Media("alice", testkit.Photo(f, testkit.Gradient(300, 200), 1), "description", "a burrow", "focus", "-0.5,1")
			p := f.post("alice", "look", "media_ids[]", m.Str("id"))
			got := shown(f.at(f.two, "carol", p))
			if len(got) != 1 {
				f.Fatalf("carol sees %v", got)
			}
			meta := got[0].Obj("meta")
			if got[0].Str("description") != "a burrow" || got[0].Str("blurhash") != m.Str("blurhash") || meta.Obj("focus").Num("x") != -0.5 ||
				meta.Obj("original").Str("size") != "300x200" || got[0].Str("remote_url") != m.Str("url") {
				f.Errorf("it arrives as %v", got[0])
			}
			f.after(time.Minute)
			if n := f.copies(f.two); n < 2 {
				f.Errorf("%d copies are kept before anybody looked", n)
			}
			// And back.
			back := f.two.Media("carol", testkit.PNG(f, testkit.Gradient(40, 30)), "description", "another")
			answer := f.two.Post("carol", "@alice@one.test here", "media_ids[]", back.Str("id"), "in_reply_to_id", f.at(f.two, "carol", p).Str("id"))
			f.settle()
			if got := shown(f.one.FindStatus("alice", answer.Str("uri"))); len(got) != 1 || got[0].Str("description") != "another" || got[0].Obj("meta").Obj("original").Str("size") != "40x30" {
				f.Errorf("the answer arrives with %v", got)
			}
		},
		"media of a server are rejected": func(f *fediverse) {
			f.carolFollowsAlice()
			f.one.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.Upload(f, map[string][]byte{"avatar": testkit.PNG(f, testkit.Gradient(40, 40))})).OK()
			m := f.one.Media("alice", testkit.PNG(f, testkit.Gradient(30, 20)))
			p := f.post("alice", "before", "media_ids[]", m.Str("id"))
			f.after(time.Minute)
			old := shown(f.at(f.two, "carol", p))[0].Str("url")
			f.file(f.two, old).OK()
			policy := instance.DomainPolicy{Domain: "one.test", Severity: domain.SeverityLimit, RejectMedia: true}
			if err := f.two.SetDomainPolicy(f.Context(), policy); err != nil {
				f.Fatal(err)
			}
			f.after(time.Hour)
			if got := shown(f.at(f.two, "carol", p)); len(got) != 0 {
				f.Errorf("the post still shows %v", got)
			}
			f.file(f.two, old).Want(http.StatusNotFound)
			if n := f.copies(f.two); n != 0 {
				f.Errorf("%d copies stay", n)
			}
			again := f.one.Media("alice", testkit.PNG(f, testkit.Gradient(30, 20)))
			next := f.post("alice", "after", "media_ids[]", again.Str("id"))
			f.after(time.Minute)
			if got := shown(f.at(f.two, "carol", next)); len(got) != 0 || f.copies(f.two) != 0 {
				f.Errorf("the next post shows %v", got)
			}
		},
	})
}

func TestVideoBetweenCommunities(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t, testkit.WithFFmpeg(t))
	two.FollowElsewhere("carol", "alice@one.test")
	up := one.As("alice").POST("/api/v2/media", testkit.Upload(t, map[string][]byte{
		"file": testkit.Film(t, "a.mp4", "-c:v libx264 -pix_fmt yuv420p -c:a aac"),
	}, "description", "bars")).Want(http.StatusAccepted)
	var m testkit.Object
	if err := json.Unmarshal(up.Body, &m); err != nil {
		t.Fatal(err)
	}
	one.Settle()
	one.Post("alice", "a film", "media_ids[]", m.Str("id"))
	two.Settle()
	home := two.Home("carol")
	if len(home) != 1 || len(shown(home[0])) != 1 {
		t.Fatalf("carol has %v", home)
	}
	got := shown(home[0])[0]
	meta := got.Obj("meta").Obj("original")
	if got.Str("type") != "video" || got.Str("description") != "bars" || len(got.Str("blurhash")) != 36 || meta.Str("size") != "320x180" || meta.Num("duration") < 0.9 {
		t.Errorf("it arrives as %v", got)
	}
	u, err := url.Parse(got.Str("url"))
	if err != nil {
		t.Fatal(err)
	}
	whole := two.Anonymous().GET(u.Path).OK()
	if whole.Header.Get("Content-Type") != "video/mp4" {
		t.Errorf("it is served as %v", whole.Header)
	}
	testkit.Plays(t, "a.mp4", whole.Body)
	part := two.Anonymous().With("Range", "bytes=0-1").GET(u.Path).Want(http.StatusPartialContent)
	if !bytes.Equal(part.Body, whole.Body[:2]) {
		t.Errorf("a part is %q", part.Body)
	}
	preview, err := url.Parse(got.Str("preview_url"))
	if err != nil {
		t.Fatal(err)
	}
	if p := two.Anonymous().GET(preview.Path).OK(); p.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("its preview is %v", p.Header)
	}
}
