package mastoapi_test

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// TestMediaTravel is of SEC-27: readers look at copies under an address of
// their own server.
func TestMediaTravel_SEC27(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two := testkit.Pair(t, options...)
			one.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.Upload(t, map[string][]byte{"avatar": testkit.GIF(t, 60, 60, 2)})).OK()
			if _, err := one.EmojiAdd(t.Context(), instance.EmojiAdd{Shortcode: "burrow", File: fileWith(t, "b.png", testkit.PNG(t, testkit.Gradient(32, 32)))}); err != nil {
				t.Fatal(err)
			}
			two.FollowElsewhere("carol", "alice@one.test")
			m := one.Media("alice", testkit.Photo(t, testkit.Gradient(900, 600), 6), "description", "a gradient", "focus", "0.5,0.25")
			one.Post("alice", "look :burrow:", "media_ids[]", m.Str("id"))
			two.Settle()
			home := two.Home("carol")
			if len(home) != 1 || len(media(home[0])) != 1 {
				t.Fatalf("carol has %v", home)
			}
			got := media(home[0])[0]
			if got.Str("type") != "image" || got.Str("description") != "a gradient" || got.Str("blurhash") != m.Str("blurhash") || got.Str("remote_url") != m.Str("url") ||
				got.Obj("meta").Obj("original").Str("size") != "600x900" || got.Obj("meta").Obj("focus").Num("x") != 0.5 {
				t.Errorf("the attachment arrives as %v", got)
			}
			for _, key := range []string{"url", "preview_url"} {
				if img, _ := decoded(t, fetched(two, got.Str(key))); img.Bounds().Dx() > img.Bounds().Dy() {
					t.Errorf("%s has %v", key, img.Bounds())
				}
			}
			account := home[0].Obj("account")
			if _, format := decoded(t, fetched(two, account.Str("avatar"))); format != "gif" && format != "jpeg" && format != "png" {
				t.Errorf("the avatar is a %s", format)
			}
			if _, format := decoded(t, fetched(two, account.Str("avatar_static"))); format == "gif" {
				t.Error("the static avatar moves")
			}
			emojis, _ := home[0]["emojis"].([]any)
			if len(emojis) != 1 {
				t.Fatalf("the post shows %v", home[0]["emojis"])
			}
			fetched(two, testkit.Object(emojis[0].(map[string]any)).Str("url")).OK()
			two.Anonymous().GET("/media_proxy/" + strings.Repeat("a", 26) + "/original").Want(http.StatusNotFound)
			two.Anonymous().GET("/media_proxy/" + got.Str("id") + "/original").Want(http.StatusNotFound)
		})
	}
}
