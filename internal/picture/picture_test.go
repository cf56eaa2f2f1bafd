package picture_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"coterie/internal/picture"
	"coterie/internal/testkit"
)

var limits = picture.Limits{Pixels: 1 << 20, GIFPixels: 1 << 16, Frames: 10, FramesPixels: 1 << 16}

func TestOrientations(t *testing.T) {
	t.Parallel()
	for orientation := uint16(1); orientation <= 8; orientation++ {
		p, err := picture.Decode(testkit.Photo(t, testkit.Gradient(40, 20), orientation), limits)
		if err != nil {
			t.Fatal(err)
		}
		b := p.Image.Bounds()
		if turned := orientation >= 5; (b.Dx() == 20) != turned {
			t.Errorf("orientation %d: %v", orientation, b)
		}
		// The bright red corner is at the top right of what the camera stored.
		corners := [...]image.Point{{38, 1}, {1, 1}, {1, 18}, {38, 18}, {1, 38}, {18, 38}, {18, 1}, {1, 1}}
		at := corners[orientation-1]
		if r, _, bl, _ := p.Image.At(at.X, at.Y).RGBA(); r < 0xc000 || bl > 0x6000 {
			t.Errorf("orientation %d: at %v is red %x, blue %x", orientation, at, r, bl)
		}
	}
}

func TestBlurhashOfKnownPictures(t *testing.T) {
	t.Parallel()
	plain := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := 0; i < len(plain.Pix); i += 4 {
		plain.Pix[i], plain.Pix[i+3] = 255, 255
	}
	// The fourth to sixth place is the mean, here 255, 0, 0.
	if got := picture.Blurhash(plain); got[0] != 'U' || got[2:6] != "TI:j" || len(got) != 36 {
		t.Errorf("red is %q", got)
	}
	if got, want := picture.Blurhash(image.NewNRGBA(image.Rect(0, 0, 50, 20))), "U00000"+strings.Repeat("fQ", 15); got != want {
		t.Errorf("black is %q", got)
	}
}

func TestScalingKeepsProportionsAndColours(t *testing.T) {
	t.Parallel()
	if w, h := picture.Within(4000, 3000, 230_400); w != 554 || h != 415 {
		t.Errorf("%d x %d", w, h)
	}
	if w, h := picture.Within(100_000, 1, 230_400); w*h > 230_400 || h != 1 {
		t.Errorf("%d x %d", w, h)
	}
	for _, img := range []image.Image{testkit.Gradient(900, 700), reread(t, testkit.JPEG(t, testkit.Gradient(900, 700)))} {
		small := picture.Scale(img, 90, 70)
		if b := small.Bounds(); b.Dx() != 90 || b.Dy() != 70 {
			t.Fatalf("%v", b)
		}
		if r, _, _, _ := small.At(45, 10).RGBA(); math.Abs(float64(r>>8)-128) > 6 {
			t.Errorf("%T: the middle is %d", img, r>>8)
		}
	}
	if b := picture.Fill(testkit.Gradient(1000, 500), 400, 400).Bounds(); b.Dx() != 400 || b.Dy() != 400 {
		t.Errorf("filled to %v", b)
	}
}

func reread(t *testing.T, b []byte) image.Image {
	t.Helper()
	p, err := picture.Decode(b, limits)
	if err != nil {
		t.Fatal(err)
	}
	return p.Image
}

// TestWhatIsNotTaken is of SEC-57: sizes are looked at before anything is
// decoded.
func TestWhatIsNotTaken_SEC57(t *testing.T) {
	t.Parallel()
	huge := testkit.PNG(t, testkit.Gradient(1, 1))
	binary.BigEndian.PutUint32(huge[16:], 1<<30)
	binary.BigEndian.PutUint32(huge[20:], 1<<30)
	whole := testkit.JPEG(t, testkit.Gradient(64, 64))
	for name, b := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "a header alone": []byte("\xff\xd8\xff\xe0"), "a bomb": huge,
		"cut short": whole[:len(whole)/2], "too many frames": testkit.GIF(t, 8, 8, 11), "too many pixels of frames": testkit.GIF(t, 200, 60, 8),
		"a GIF that is too large": testkit.GIF(t, 300, 300, 1), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
	} {
		if p, err := picture.Decode(b, limits); err == nil {
			t.Errorf("%s is taken as %v", name, p.Image.Bounds())
		}
	}
}

func TestSniff_SEC56(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]picture.Type{
		"\xff\xd8\xff\xe1": picture.JPEG, "\x89PNG\r\n\x1a\n": picture.PNG, "GIF89a": picture.GIF, "RIFF\x00\x00\x00\x00WEBPVP8 ": picture.WebP,
		"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42": picture.MP4, "\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ": picture.QuickTime,
		"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif": picture.AVIF, "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic": picture.HEIC,
		"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00": picture.M4A, "\x1a\x45\xdf\xa3\x01\x42\x82\x84webm": picture.WebM,
		"OggS\x00\x02": picture.Ogg, "ID3\x04": picture.MP3, "\xff\xfb\x90": picture.MP3, "fLaC": picture.FLAC, "RIFF\x00\x00\x00\x00WAVEfmt ": picture.WAV,
		"\xff\xf1\x50": picture.AAC,
		"<svg ":        picture.Unknown, "<!DOCTYPE html>": picture.Unknown, "<?xml": picture.Unknown, "%PDF-1.7": picture.Unknown,
		"#EXTM3U": picture.Unknown, "II*\x00": picture.Unknown, "MM\x00*": picture.Unknown, "BM": picture.Unknown, "PK\x03\x04": picture.Unknown,
		"{\"type\":\"Note\"}": picture.Unknown, "\x7fELF": picture.Unknown, "": picture.Unknown,
	} {
		if got := picture.Sniff([]byte(head)); got != want {
			t.Errorf("%q is %q, want %q", head, got, want)
		}
	}
}

// TestColoursAreKept gives a picture the profile of Display P3, whose pure
// green is outside of sRGB and whose half grey is the same.
func TestColoursAreKept(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	img.SetNRGBA(0, 0, color.NRGBA{R: 200, G: 100, B: 100, A: 255})
	img.SetNRGBA(1, 0, color.NRGBA{R: 128, G: 128, B: 128, A: 255})
	file := testkit.WithProfile(t, testkit.PNG(t, img), testkit.DisplayP3())
	p, err := picture.Decode(file, limits)
	if err != nil {
		t.Fatal(err)
	}
	r, g, _, _ := p.Image.At(0, 0).RGBA()
	if r>>8 < 208 || r>>8 > 218 || g>>8 < 90 || g>>8 > 98 {
		t.Errorf("a red of P3 is %d, %d in sRGB", r>>8, g>>8)
	}
	if r, g, b, _ := p.Image.At(1, 0).RGBA(); r>>8 < 126 || r>>8 > 130 || r>>8-g>>8 > 1 || b>>8 < 126 {
		t.Errorf("grey is %d, %d, %d", r>>8, g>>8, b>>8)
	}
}

func FuzzDecode(f *testing.F) {
	for _, b := range [][]byte{
		testkit.Photo(f, testkit.Gradient(8, 8), 6), testkit.PNG(f, testkit.Gradient(8, 8)), testkit.GIF(f, 8, 8, 3),
		testkit.WithProfile(f, testkit.PNG(f, testkit.Gradient(2, 2)), testkit.DisplayP3()),
	} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		p, err := picture.Decode(b, picture.Limits{Pixels: 1 << 14, GIFPixels: 1 << 14, Frames: 16, FramesPixels: 1 << 16})
		if err != nil {
			return
		}
		var out bytes.Buffer
		if _, err := picture.Encode(&out, p.Image, true); err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(&out); err != nil {
			t.Fatal(err)
		}
		if h := picture.Blurhash(p.Image); len(h) != 36 {
			t.Fatalf("%q", h)
		}
	})
}

// BenchmarkPhoto is a 12-megapixel JPEG to preview and blurhash.
func BenchmarkPhoto(b *testing.B) {
	file := testkit.JPEG(b, testkit.Gradient(4000, 3000))
	large := picture.Limits{Pixels: 20_000_000}
	for b.Loop() {
		p, err := picture.Decode(file, large)
		if err != nil {
			b.Fatal(err)
		}
		w, h := picture.Within(4000, 3000, 230_400)
		small := picture.Scale(p.Image, w, h)
		var out bytes.Buffer
		if _, err := picture.Encode(&out, small, false); err != nil || picture.Blurhash(small) == "" {
			b.Fatal(err)
		}
	}
}
