package testkit

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// Gradient is a picture that is dark at the left and bright at the right, red
// at the top and blue at the bottom.
func Gradient(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			light := 255 * x / max(w-1, 1)
			c := color.NRGBA{R: uint8(light), A: 255}
			if y >= h/2 {
				c = color.NRGBA{B: uint8(light), A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// JPEG is a picture as a file.
func JPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// PNG is a picture as a file.
func PNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// GIF is an animation of so many frames.
func GIF(t testing.TB, w, h, frames int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for i := range frames {
		p := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White, color.NRGBA{R: 255, A: 255}})
		for x := range w {
			p.SetColorIndex(x, i%h, uint8(1+i%2))
		}
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Photo is a JPEG as a telephone makes one: turned as the EXIF orientation
// says, with a place and a comment that must not get out.
func Photo(t testing.TB, img image.Image, orientation uint16) []byte {
	t.Helper()
	file := JPEG(t, img)
	var exif bytes.Buffer
	exif.WriteString("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08")
	entry := func(tag, kind uint16, count uint32, value uint32) {
		_ = binary.Write(&exif, binary.BigEndian, struct {
			Tag, Kind    uint16
			Count, Value uint32
		}{tag, kind, count, value}) // a buffer does not fail
	}
	_ = binary.Write(&exif, binary.BigEndian, uint16(2))
	entry(0x0112, 3, 1, uint32(orientation)<<16)
	entry(0x8825, 4, 1, 38)
	exif.Write([]byte{0, 0, 0, 0})
	_ = binary.Write(&exif, binary.BigEndian, uint16(1)) // the GPS directory, at 38
	entry(0x0001, 2, 2, uint32('N')<<24)
	exif.Write([]byte{0, 0, 0, 0})
	exif.WriteString("52.5200N secret place")
	segment := func(marker byte, content []byte) []byte {
		return append([]byte{0xff, marker, byte((len(content) + 2) >> 8), byte(len(content) + 2)}, content...)
	}
	out := append([]byte{}, file[:2]...)
	out = append(out, segment(0xe1, exif.Bytes())...)
	out = append(out, segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>secret place</x:xmpmeta>"))...)
	out = append(out, segment(0xfe, []byte("secret comment"))...)
	return append(out, file[2:]...)
}
