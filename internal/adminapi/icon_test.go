package adminapi_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"coterie/internal/testkit"
)

// threeColoured is green in its middle square, and red and blue beside it.
func threeColoured(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{G: 200, A: 255}
			switch {
			case x < (w-h)/2:
				c = color.NRGBA{R: 200, A: 255}
			case x >= (w+h)/2:
				c = color.NRGBA{B: 200, A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// TestIcon: an icon of the community's own is shown wherever the usual one was,
// at once, and goes without a trace.
func TestIcon(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin, anyone := c.As("admin"), c.Anonymous()
		set := func(file []byte) *testkit.Answer {
			return admin.POST(ownAdmin+"icon", testkit.Upload(t, map[string][]byte{"image": file}))
		}
		icons := func() map[string]string { // by size, as paths
			out := map[string]string{}
			for _, one := range anyone.GET("/api/v2/instance").Object()["icon"].([]any) {
				icon := testkit.Object(one.(map[string]any))
				u, err := url.Parse(icon.Str("src"))
				if err != nil {
					t.Fatal(err)
				}
				out[icon.Str("size")] = u.Path
			}
			return out
		}
		manifest := func() *testkit.Answer { return anyone.GET("/manifest.webmanifest").OK() }
		fixed := []string{"/favicon.ico", "/favicon.svg", "/apple-touch-icon.png"}

		usual := manifest()
		if got := icons(); len(got) != 1 || got["180x180"] != "/apple-touch-icon.png" {
			t.Errorf("the usual icons: %v", got)
		}
		for _, at := range fixed {
			a := anyone.GET(at).OK()
			if tag := a.Header.Get("ETag"); a.Header.Get("Cache-Control") != "no-cache" || tag == "" {
				t.Errorf("%s: %v", at, a.Header)
			} else {
				anyone.With("If-None-Match", tag).GET(at).Want(http.StatusNotModified)
			}
		}

		if why := set(testkit.PNG(t, threeColoured(400, 191))).Error(422); !strings.Contains(why, "192 by 192") {
			t.Errorf("a small picture: %s", why)
		}
		set([]byte("GIF89a, or so it says")).Error(422)
		set(append(testkit.PNG(t, threeColoured(200, 200)), make([]byte, 8<<20)...)).Error(422)
		if got := icons(); len(got) != 1 {
			t.Errorf("after what was refused: %v", got)
		}

		set(testkit.PNG(t, threeColoured(500, 300))).OK()
		own := icons()
		for size, side := range map[string]int{"48x48": 48, "180x180": 180, "192x192": 192, "512x512": 512} {
			a := anyone.GET(own[size]).OK()
			img, err := png.Decode(bytes.NewReader(a.Body))
			if err != nil || a.Header.Get("Content-Type") != "image/png" || img.Bounds().Dx() != side || img.Bounds().Dy() != side {
				t.Fatalf("the icon of %s is %v, %v, %v", size, a.Header, img, err)
			}
			for _, at := range []image.Point{{1, side / 2}, {side - 2, side / 2}} {
				if r, g, b, _ := img.At(at.X, at.Y).RGBA(); g < 0x8000 || r+b > 0x4000 {
					t.Errorf("the icon of %s is not the middle of the picture at %v: %x %x %x", size, at, r, g, b)
				}
			}
		}
		for at, size := range map[string]string{fixed[0]: "48x48", fixed[1]: "192x192", fixed[2]: "180x180"} {
			if a := anyone.GET(at).Want(http.StatusFound); a.Header.Get("Location") != own[size] || a.Header.Get("Cache-Control") != "no-cache" {
				t.Errorf("%s: %v", at, a.Header)
			}
		}
		now := anyone.With("If-None-Match", usual.Header.Get("ETag")).GET("/manifest.webmanifest").OK()
		for _, size := range []string{"192x192", "512x512"} {
			if want := `{"src":"` + own[size] + `","sizes":"` + size + `","type":"image/png","purpose":"any"}`; !strings.Contains(string(now.Body), want) {
				t.Errorf("the manifest lacks %s: %s", want, now.Body)
			}
		}
		anyone.With("If-None-Match", now.Header.Get("ETag")).GET("/manifest.webmanifest").Want(http.StatusNotModified)
		logo := regexp.MustCompile(`/static/logo|/favicon|/apple-touch`)
		for _, at := range []string{"/about", "/auth/sign_in"} {
			body := string(anyone.GET(at).OK().Body)
			for _, want := range []string{`<link rel="apple-touch-icon" href="` + own["180x180"] + `">`, `<link rel="icon" href="` + own["48x48"] + `"`, `<img src="` + own["192x192"] + `"`} {
				if !strings.Contains(body, want) {
					t.Errorf("%s lacks %s", at, want)
				}
			}
			if found := logo.FindString(body); found != "" {
				t.Errorf("%s still has %s", at, found)
			}
		}

		set(testkit.JPEG(t, threeColoured(192, 192))).OK()
		if next := icons(); next["48x48"] == own["48x48"] {
			t.Error("another icon has the address of the last one")
		}
		c.After(time.Hour)
		for _, at := range own {
			anyone.GET(at).Want(http.StatusNotFound)
		}
		if a := anyone.GET(icons()["512x512"]).OK(); a.Header.Get("Content-Type") != "image/png" {
			t.Errorf("of a JPEG an icon was made that is %v", a.Header)
		}

		admin.POST(ownAdmin+"icon", nil).OK()
		if got := icons(); len(got) != 1 {
			t.Errorf("the icon that was taken away: %v", got)
		}
		if again := manifest(); again.Header.Get("ETag") != usual.Header.Get("ETag") {
			t.Errorf("the manifest is not the usual one: %s", again.Body)
		}
		anyone.GET("/favicon.ico").OK()
		if e := c.As("alice").GET(ownAdmin + "audit_log").List()[0]; e.Str("verb") != "update" || e.Str("target_type") != "setting" || e.Str("target") != "icon" {
			t.Errorf("the audit log: %v", e)
		}
	})
}
