package media_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// studio is a community with ffmpeg, whose files are looked at by workers.
func studio(t *testing.T) *testkit.Community {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return testkit.NewInstance(t, testkit.WithFFmpeg(t), testkit.With(func(c *instance.Config) { c.MediaWorker = []string{self, "media-worker"} }))
}

// processed uploads a file that is processed by a job, and waits for it.
func processed(t *testing.T, c *testkit.Community, file []byte, pairs ...string) *testkit.Answer {
	t.Helper()
	a := c.As("alice").POST("/api/v2/media", testkit.Upload(t, map[string][]byte{"file": file}, pairs...)).Want(http.StatusAccepted)
	m := accepted(t, a)
	if m["url"] != nil {
		t.Errorf("before it is processed its address is %v", m["url"])
	}
	path := "/api/v1/media/" + m.Str("id")
	c.As("alice").GET(path).Want(http.StatusPartialContent)
	c.As("alice").POST("/api/v1/statuses", testkit.F("media_ids[]", m.Str("id"))).Want(http.StatusUnprocessableEntity)
	c.Settle()
	return c.As("alice").GET(path)
}

// accepted is an upload that is not processed yet.
func accepted(t *testing.T, a *testkit.Answer) (m testkit.Object) {
	t.Helper()
	if err := json.Unmarshal(a.Want(http.StatusAccepted).Body, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// content is a file that the answer names.
func content(t *testing.T, c *testkit.Community, address string) *testkit.Answer {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Path == "" {
		t.Fatalf("%q is no address", address)
	}
	return c.Anonymous().GET(u.RequestURI()).OK()
}

const (
	clip = "-c:v libx264 -pix_fmt yuv420p -c:a aac"
	tone = "-map 1:a"
)

// TestFilms is of behaviours 10.1 to 10.4 and SEC-57: what is playable
// everywhere stays as it is, all else becomes it, and nothing private is left.
func TestFilms_SEC57(t *testing.T) {
	t.Parallel()
	c := studio(t)
	for _, f := range []struct{ name, args, kind, mime, size string }{
		{"a.mp4", clip, "video", "video/mp4", "320x180"},
		{"a.mov", clip, "video", "video/mp4", "320x180"},
		{"silent.mp4", "-map 0:v -c:v libx264 -pix_fmt yuv420p", "gifv", "video/mp4", "320x180"},
		{"hevc.mp4", "-c:v libx265 -x265-params log-level=error -c:a aac", "video", "video/mp4", "320x180"},
		{"a.webm", "-c:v libvpx -c:a libopus", "video", "video/mp4", "320x180"},
		{"a.mkv", "-c:v libx264 -c:a libmp3lame -vf scale=321:181 -pix_fmt yuv444p", "video", "video/mp4", "320x180"},
		{"a.ogv", "-c:v libtheora -c:a libvorbis", "video", "video/mp4", "320x180"},
		{"a.gif", "-map 0:v", "gifv", "video/mp4", "320x180"},
		{"a.mp3", tone, "audio", "audio/mpeg", ""},
		{"cover.mp3", tone + " -map 0:v -frames:v 1 -c:v png -disposition:v attached_pic", "audio", "audio/mpeg", ""},
		{"a.ogg", tone + " -c:a libvorbis", "audio", "audio/mpeg", ""},
		{"a.opus", tone, "audio", "audio/mpeg", ""},
		{"a.flac", tone, "audio", "audio/mpeg", ""},
		{"a.wav", tone, "audio", "audio/mpeg", ""},
		{"a.m4a", tone, "audio", "audio/mp4", ""},
		{"a.aac", tone, "audio", "audio/mpeg", ""},
	} {
		file := testkit.Film(t, f.name, f.args)
		m := processed(t, c, file).OK().Object()
		original := m.Obj("meta").Obj("original")
		size, _ := original["size"].(string)
		if m.Str("type") != f.kind || size != f.size {
			t.Errorf("%s became %v", f.name, m)
			continue
		}
		if d := original.Num("duration"); d < 0.9 || d > 1.2 {
			t.Errorf("%s lasts %v", f.name, d)
		}
		if f.kind != "audio" && (original.Str("frame_rate") != "25/1" || original.Num("bitrate") <= 0) {
			t.Errorf("%s: %v", f.name, original)
		}
		a := content(t, c, m.Str("url"))
		if got := a.Header.Get("Content-Type"); got != f.mime {
			t.Errorf("%s is served as %s", f.name, got)
		}
		for _, private := range []string{testkit.Secret, "+40.7", "074.0"} {
			if bytes.Contains(a.Body, []byte(private)) {
				t.Errorf("%s still says %q", f.name, private)
			}
		}
		if at := bytes.Index(a.Body, []byte("moov")); f.mime == "video/mp4" && (at < 0 || at > bytes.Index(a.Body, []byte("mdat"))) {
			t.Errorf("%s does not start fast", f.name)
		}
		testkit.Plays(t, f.name, a.Body)
		if preview, _ := m["preview_url"].(string); f.kind != "audio" || f.name == "cover.mp3" {
			if hash := m.Str("blurhash"); len(hash) != 36 || f.name != "a.mkv" && m.Obj("meta").Obj("small").Str("size") != "320x180" {
				t.Errorf("%s: the preview is %v", f.name, m)
			}
			if p := content(t, c, preview); p.Header.Get("Content-Type") != "image/jpeg" {
				t.Errorf("%s: the preview is %v", f.name, p.Header)
			}
		} else if preview != "" {
			t.Errorf("%s has the preview %s", f.name, preview)
		}
	}
}

func TestWhatPlaysEverywhereIsNotMadeAnew(t *testing.T) {
	t.Parallel()
	c := studio(t)
	// Encoders write their settings into H.264; they stay where nothing is encoded.
	file := testkit.Film(t, "a.mp4", clip+" -x264-params keyint=7")
	m := processed(t, c, file).OK().Object()
	if a := content(t, c, m.Str("url")); !bytes.Contains(a.Body, []byte("keyint=7 ")) {
		t.Error("it was encoded again")
	}
	turned := testkit.Film(t, "b.mp4", clip)
	matrix := turned[bytes.Index(turned, []byte("tkhd"))+44:]
	for i, v := range []uint32{0, 1 << 16, 0, 0xffff0000, 0, 0, 180 << 16} { // a quarter of a turn
		binary.BigEndian.PutUint32(matrix[4*i:], v)
	}
	m = processed(t, c, turned).OK().Object()
	if got := m.Obj("meta").Obj("original").Str("size"); got != "180x320" {
		t.Errorf("one filmed upright is %s", got)
	}
	if got := m.Obj("meta").Obj("small").Str("size"); got != "180x320" {
		t.Errorf("its preview is %s", got)
	}
}

func TestAVIFBecomesJPEG(t *testing.T) {
	t.Parallel()
	c := studio(t)
	types, _ := c.Anonymous().GET("/api/v2/instance").Object().Obj("configuration").Obj("media_attachments")["supported_mime_types"].([]any)
	for _, want := range []any{"image/avif", "video/mp4", "video/quicktime", "audio/ogg"} {
		if !slices.Contains(types, want) {
			t.Errorf("%v is not said to be taken: %v", want, types)
		}
	}
	file := testkit.Film(t, "a.avif", "-map 0:v -frames:v 1 -c:v libaom-av1 -still-picture 1 -pix_fmt yuv420p")
	m := processed(t, c, file, "description", "bars").OK().Object()
	if m.Str("type") != "image" || m.Obj("meta").Obj("original").Str("size") != "320x180" || m.Str("description") != "bars" || len(m.Str("blurhash")) != 36 {
		t.Fatalf("it became %v", m)
	}
	if a := content(t, c, m.Str("url")); a.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("it is served as %v", a.Header)
	}
}

func TestHEICBecomesJPEG(t *testing.T) {
	t.Parallel()
	c := studio(t)
	types, _ := c.Anonymous().GET("/api/v2/instance").Object().Obj("configuration").Obj("media_attachments")["supported_mime_types"].([]any)
	if !slices.Contains(types, any("image/heic")) {
		t.Errorf("it is not said to be taken: %v", types)
	}
	of := testkit.HEICOf{Source: "testsrc=size=320x180", Width: 320, Height: 180, Columns: 3, Rows: 2}
	turned := of
	turned.Turns = 1
	one := of
	one.Columns, one.Rows = 1, 1
	upright, err := png.Decode(bytes.NewReader(testkit.Film(t, "a.png", "-map 0:v -frames:v 1")))
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]struct {
		of   testkit.HEICOf
		from func(x, y int) (int, int) // where a pixel is in the upright one
		size image.Point
	}{
		"tiles":  {of, func(x, y int) (int, int) { return x, y }, image.Pt(320, 180)},
		"turned": {turned, func(x, y int) (int, int) { return 319 - y, x }, image.Pt(180, 320)},
		"one":    {one, func(x, y int) (int, int) { return x, y }, image.Pt(320, 180)},
	} {
		m := processed(t, c, testkit.HEIC(t, f.of)).OK().Object()
		a := content(t, c, m.Str("url"))
		img, err := jpeg.Decode(bytes.NewReader(a.Body))
		if err != nil || img.Bounds().Size() != f.size || bytes.Contains(a.Body, []byte(testkit.Secret)) {
			t.Fatalf("%s became %v of %v, %v", name, m, a.Header, err)
		}
		off := 0
		for y := 5; y < f.size.Y; y += 10 {
			for x := 5; x < f.size.X; x += 10 {
				r, g, b, _ := img.At(x, y).RGBA()
				wantR, wantG, wantB, _ := upright.At(f.from(x, y)).RGBA()
				off += max(apart(r, wantR), apart(g, wantG), apart(b, wantB))
			}
		}
		if mean := off / (f.size.X * f.size.Y / 100); mean > 20 {
			t.Errorf("%s: colours are off by %d", name, mean)
		}
	}
}

// apart is by how much of 255 two intensities differ.
func apart(a, b uint32) int { return int(max(a, b)-min(a, b)) >> 8 }

func TestHEICKeepsItsColours(t *testing.T) {
	t.Parallel()
	c := studio(t)
	red := func(profile []byte) uint32 {
		m := processed(t, c, testkit.HEIC(t, testkit.HEICOf{Source: "color=0xC86464:size=64x64", Width: 64, Height: 64, Columns: 1, Rows: 1, Profile: profile})).OK().Object()
		img, err := jpeg.Decode(bytes.NewReader(content(t, c, m.Str("url")).Body))
		if err != nil {
			t.Fatal(err)
		}
		r, _, _, _ := img.At(30, 30).RGBA()
		return r >> 8
	}
	if plain, wide := red(nil), red(testkit.DisplayP3()); wide < plain+8 {
		t.Errorf("a red of %d in Display P3 is %d here", plain, wide)
	}
}

// TestFilmsThatAreRefused is of SEC-56 and SEC-57.
func TestFilmsThatAreRefused_SEC56_SEC57(t *testing.T) {
	t.Parallel()
	c := studio(t)
	whole := testkit.Film(t, "a.mp4", clip)
	header := whole[:32]
	fast := "-r 200 -c:v libx264 -pix_fmt yuv420p -preset ultrafast"
	for name, f := range map[string]struct {
		file []byte
		says string
	}{
		"cut short":          {whole[:len(whole)/2], "damaged"},
		"a header alone":     {header, "damaged"},
		"an HTML page in it": {append(bytes.Clone(header), "<html><script>alert(1)</script>"...), "damaged"},
		"too many a second":  {testkit.Film(t, "b.mp4", fast), "frames a second"},
		"a GIF too large":    {testkit.Film(t, "b.gif", "-map 0:v -vf scale=1300:800 -frames:v 3"), "pixels"},
		"a playlist in Ogg":  {append([]byte("OggS\x00"), "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n"...), "damaged"},
	} {
		a := processed(t, c, f.file)
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	for name, file := range map[string]string{
		"SVG": `<svg xmlns="http://www.w3.org/2000/svg"/>`, "a playlist": "#EXTM3U\nhttp://127.0.0.1/x\n", "concat": "ffconcat version 1.0\nfile /etc/passwd\n",
		"HTML": "<!doctype html>", "PDF": "%PDF-1.7\n", "DASH": `<?xml version="1.0"?><MPD/>`,
	} {
		if a := c.As("alice").POST("/api/v2/media", testkit.Upload(t, map[string][]byte{"file": []byte(file)})); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}

func TestAThumbnailIsChosen(t *testing.T) {
	t.Parallel()
	c := studio(t)
	cover := testkit.JPEG(t, testkit.Gradient(90, 60))
	alice := c.As("alice")
	up := accepted(t, alice.POST("/api/v2/media", testkit.Upload(t, map[string][]byte{"file": testkit.Film(t, "a.mp4", clip), "thumbnail": cover})))
	path := "/api/v1/media/" + up.Str("id")
	c.Settle()
	m := alice.GET(path).OK().Object()
	if got := m.Obj("meta").Obj("small").Str("size"); got != "90x60" || m.Obj("meta").Obj("original").Str("size") != "320x180" {
		t.Errorf("the preview is %v", m)
	}
	other := accepted(t, alice.POST("/api/v2/media", testkit.Upload(t, map[string][]byte{"file": testkit.Film(t, "a.mp3", tone)})))
	alice.PUT("/api/v1/media/"+other.Str("id"), testkit.Upload(t, map[string][]byte{"thumbnail": cover})).Want(http.StatusPartialContent)
	c.Settle()
	m = alice.GET("/api/v1/media/" + other.Str("id")).OK().Object()
	if got := m.Obj("meta").Obj("small").Str("size"); got != "90x60" {
		t.Errorf("one chosen while it was processed is %v", m)
	}
	c.As("alice").POST("/api/v1/statuses", testkit.F("media_ids[]", m.Str("id"))).OK()
	one, two := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4))), up
	alice.POST("/api/v1/statuses", testkit.F("media_ids[]", one.Str("id"), "media_ids[]", two.Str("id"))).Want(http.StatusUnprocessableEntity)
}

// TestWithoutFFmpeg is of a machine that has none: what plays everywhere as it
// is, is taken without what is private in it, the rest gets a clear answer.
func TestWithoutFFmpeg_SEC57(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	types, _ := c.Anonymous().GET("/api/v2/instance").Object().Obj("configuration").Obj("media_attachments")["supported_mime_types"].([]any)
	if slices.Contains(types, any("image/heic")) || slices.Contains(types, any("audio/ogg")) || !slices.Contains(types, any("video/mp4")) {
		t.Errorf("it is said to take %v", types)
	}
	for _, f := range []struct{ name, args, kind, mime, size string }{
		{"a.mp4", clip, "video", "video/mp4", "320x180"},
		{"silent.mp4", "-map 0:v -c:v libx264 -pix_fmt yuv420p", "gifv", "video/mp4", "320x180"},
		{"a.webm", "-c:v libvpx -c:a libopus", "video", "video/webm", "320x180"},
		{"live.webm", "-c:v libvpx -c:a libopus -live 1", "video", "video/webm", "320x180"},
		{"a.m4a", tone, "audio", "audio/mp4", ""},
		{"a.mp3", tone, "audio", "audio/mpeg", ""},
		{"a.flac", tone, "audio", "audio/flac", ""},
		{"a.wav", tone, "audio", "audio/wav", ""},
	} {
		m := c.Media("alice", testkit.Film(t, f.name, f.args))
		var size string
		original := testkit.Object{}
		if _, ok := m.Obj("meta")["original"]; ok {
			original = m.Obj("meta").Obj("original")
			size, _ = original["size"].(string)
		}
		if m.Str("type") != f.kind || size != f.size {
			t.Errorf("%s became %v", f.name, m)
			continue
		}
		if d, _ := original["duration"].(float64); f.name != "live.webm" && (d < 0.9 || d > 1.2) {
			t.Errorf("%s lasts %v", f.name, d)
		}
		a := content(t, c, m.Str("url"))
		if got := a.Header.Get("Content-Type"); got != f.mime || bytes.Contains(a.Body, []byte(testkit.Secret)) || bytes.Contains(a.Body, []byte("+40.7")) {
			t.Errorf("%s is served as %s, private: %v", f.name, got, bytes.Contains(a.Body, []byte(testkit.Secret)))
		}
		testkit.Plays(t, f.name, a.Body)
	}
	for name, args := range map[string]string{"a.mov": clip, "a.ogg": tone + " -c:a libvorbis", "hevc.mp4": "-c:v libx265 -x265-params log-level=error -c:a aac", "a.avif": "-map 0:v -frames:v 1 -c:v libaom-av1 -pix_fmt yuv420p"} {
		a := c.As("alice").POST("/api/v2/media", testkit.Upload(t, map[string][]byte{"file": testkit.Film(t, name, args)})).Want(http.StatusUnprocessableEntity)
		if !strings.Contains(string(a.Body), "ffmpeg") || !strings.Contains(string(a.Body), "instead") {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
}
