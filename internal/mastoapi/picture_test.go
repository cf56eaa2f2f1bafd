package mastoapi_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func TestAvatarsAndHeaders(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice")
		files := map[string][]byte{"avatar": testkit.JPEG(t, testkit.Gradient(900, 600)), "header": testkit.PNG(t, testkit.Gradient(3000, 1000))}
		own := alice.PATCH("/api/v1/accounts/update_credentials", testkit.Upload(t, files, "avatar_description", "me at dusk")).Object()
		img, format := decoded(t, fetched(c, own.Str("avatar")))
		if b := img.Bounds(); b.Dx() != 400 || b.Dy() != 400 || format != "jpeg" || own.Str("avatar") != own.Str("avatar_static") {
			t.Errorf("the avatar is a %s of %v", format, b)
		}
		img, _ = decoded(t, fetched(c, own.Str("header")))
		if b := img.Bounds(); b.Dx() != 1500 || b.Dy() != 500 {
			t.Errorf("the header has %v", b)
		}
		if own.Str("avatar_description") != "me at dusk" {
			t.Errorf("described as %q", own.Str("avatar_description"))
		}
		if p := alice.GET("/api/v1/profile").Object(); p.Str("avatar") != own.Str("avatar") || p.Str("header_static") != own.Str("header") {
			t.Errorf("the profile is %v", p)
		}
		old := own.Str("avatar")
		own = alice.PATCH("/api/v1/accounts/update_credentials", testkit.Upload(t, map[string][]byte{"avatar": testkit.GIF(t, 100, 100, 3)})).Object()
		if own.Str("avatar") == old || own.Str("avatar_static") == own.Str("avatar") || !strings.HasSuffix(own.Str("avatar"), ".gif") || !strings.HasSuffix(own.Str("avatar_static"), ".png") {
			t.Errorf("an animated avatar: %s, %s", own.Str("avatar"), own.Str("avatar_static"))
		}
		fetched(c, old).Want(http.StatusNotFound)
		c.After(2 * time.Hour)
		fetched(c, own.Str("avatar")).OK()
		fetched(c, own.Str("avatar_static")).OK()
		own = alice.DELETE("/api/v1/profile/avatar", nil).Object()
		if !strings.HasSuffix(own.Str("avatar"), "/missing.png") || strings.HasSuffix(own.Str("header"), "/missing.png") {
			t.Errorf("removed: %s, %s", own.Str("avatar"), own.Str("header"))
		}
		alice.PATCH("/api/v1/accounts/update_credentials", testkit.Upload(t, map[string][]byte{"avatar": []byte("<svg/>")})).Want(http.StatusUnprocessableEntity)
		alice.PATCH("/api/v1/accounts/update_credentials", testkit.F("avatar_description", strings.Repeat("x", 151))).Want(http.StatusUnprocessableEntity)
	})
}

func TestPicturesOfProfilesTravel(t *testing.T) {
	t.Parallel()
	one, _ := testkit.Pair(t)
	own := one.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.Upload(t,
		map[string][]byte{"avatar": testkit.PNG(t, testkit.Gradient(20, 20))}, "avatar_description", "a gradient")).Object()
	var actor struct {
		Icon struct{ URL, MediaType, Summary string }
	}
	one.Anonymous().With("Accept", "application/activity+json").GET("/users/alice").OK().Into(&actor)
	if actor.Icon.URL != own.Str("avatar") || actor.Icon.MediaType != "image/png" || actor.Icon.Summary != "a gradient" {
		t.Errorf("the icon is %+v", actor.Icon)
	}
}

// fileWith is a file with that content.
func fileWith(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCustomEmojis(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		ctx := t.Context()
		for range 2 { // the second replaces the first
			if _, err := c.EmojiAdd(ctx, instance.EmojiAdd{Shortcode: "burrow", File: fileWith(t, "b.gif", testkit.GIF(t, 32, 32, 2)), Category: "Homes"}); err != nil {
				t.Fatal(err)
			}
		}
		list := c.Anonymous().GET("/api/v1/custom_emojis").List()
		if len(list) != 1 || list[0].Str("shortcode") != "burrow" || list[0].Str("category") != "Homes" || !list[0].Bool("visible_in_picker") {
			t.Fatalf("there are %v", list)
		}
		c.After(2 * time.Hour)
		if _, format := decoded(t, fetched(c, list[0].Str("url"))); format != "gif" {
			t.Errorf("it is a %s", format)
		}
		if _, format := decoded(t, fetched(c, list[0].Str("static_url"))); format != "png" {
			t.Errorf("the static one is a %s", format)
		}
		shown := func(o testkit.Object) int { l, _ := o["emojis"].([]any); return len(l) }
		if p := c.Post("alice", "home, sweet :burrow: :nothing:"); shown(p) != 1 {
			t.Errorf("the post shows %v", p["emojis"])
		}
		own := c.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.F("display_name", "Alice :burrow:")).Object()
		if shown(own) != 1 {
			t.Errorf("the account shows %v", own["emojis"])
		}
		for _, code := range []string{"", "x", "../etc", "a b", "ü", "a-b"} {
			if _, err := c.EmojiAdd(ctx, instance.EmojiAdd{Shortcode: code, File: fileWith(t, "b.png", testkit.PNG(t, testkit.Gradient(8, 8)))}); err == nil {
				t.Errorf("the shortcode %q is taken", code)
			}
		}
	})
}

func TestPacksOfEmojis_SEC58(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	picture := testkit.PNG(t, testkit.Gradient(8, 8))
	for name, content := range map[string][]byte{
		"pack/one.png": picture, "../../two.png": picture, "bad name.png": picture, "broken.png": []byte("no picture"),
		"large.png": bytes.Repeat([]byte{0}, 64<<20), "readme.txt": []byte("hello"),
	} {
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
	done, err := c.EmojiImport(t.Context(), instance.EmojiImport{Pack: fileWith(t, "pack.zip", b.Bytes())}, func(string) {})
	if err != nil || len(done.Added) != 2 || len(done.Refused) != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	if list := c.Anonymous().GET("/api/v1/custom_emojis").List(); len(list) != 2 || list[0].Str("shortcode") != "one" || list[1].Str("shortcode") != "two" {
		t.Errorf("there are %v", list)
	}
}
