package web

import (
	"bytes"
	"encoding/binary"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "draw the pictures again")

// pictures are the bitmaps, each drawn from one of the drawings beside it.
var pictures = []struct {
	png, svg      string
	width, height int
}{
	{"avatar.png", "static/avatar.svg", 400, 400},
	{"header.png", "static/header.svg", 1500, 500},
	{"thumbnail.png", "static/thumbnail.svg", 1200, 630},
	{"apple-touch-icon.png", "static/logo.svg", 180, 180},
	{"icon-192.png", "static/logo.svg", 192, 192},
	{"icon-512.png", "static/logo.svg", 512, 512},
}

// TestPicturesAreDrawnFromTheDrawings keeps bitmaps and drawings together. Run
// it with -update after changing a drawing.
func TestPicturesAreDrawnFromTheDrawings(t *testing.T) {
	t.Parallel()
	for _, p := range pictures {
		t.Run(p.png, func(t *testing.T) {
			t.Parallel()
			img := drawFile(t, p.svg, p.width, p.height)
			if *update {
				writePNG(t, "static/"+p.png, img)
				return
			}
			b, err := Static.ReadFile("static/" + p.png)
			if err != nil {
				t.Fatal(err)
			}
			got, err := png.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if d := difference(got, img); d > 2 {
				t.Errorf("differs from %s by %d of 255; run go test ./web -update", p.svg, d)
			}
		})
	}
}

// TestFavicon keeps favicon.ico, which holds the logo as one 32 pixel PNG.
func TestFavicon(t *testing.T) {
	t.Parallel()
	img := drawFile(t, "static/logo.svg", 32, 32)
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		head := []byte{0, 0, 1, 0, 1, 0, 32, 32, 0, 0, 1, 0, 32, 0}
		head = binary.LittleEndian.AppendUint32(head, uint32(b.Len()))
		head = binary.LittleEndian.AppendUint32(head, 22)
		if err := os.WriteFile("static/favicon.ico", append(head, b.Bytes()...), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := Static.ReadFile("static/favicon.ico")
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(b[22:]))
	if err != nil {
		t.Fatal(err)
	}
	if d := difference(got, img); d > 2 {
		t.Errorf("differs from the logo by %d of 255; run go test ./web -update", d)
	}
}

func drawFile(t *testing.T, svg string, w, h int) image.Image {
	t.Helper()
	b, err := os.ReadFile(svg)
	if err != nil {
		t.Fatal(err)
	}
	img, err := drawSVG(b, w, h)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func writePNG(t *testing.T, name string, img image.Image) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// difference is the largest distance of one channel of one pixel, 0 to 255.
func difference(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return 255
	}
	worst := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p, q := color.NRGBAModel.Convert(a.At(x, y)).(color.NRGBA), color.NRGBAModel.Convert(b.At(x, y)).(color.NRGBA)
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B), int(p.A) - int(q.A)} {
				worst = max(worst, d, -d)
			}
		}
	}
	return worst
}
