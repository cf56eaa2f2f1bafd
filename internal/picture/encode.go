package picture

import (
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// quality of JPEGs: nothing is lost that anybody sees.
const (
	quality      = 90
	quickerAbove = 1 << 20 // pixels: larger pictures are packed less tightly and scaled faster
)

// Encode writes a picture as a JPEG where nothing shines through and it was
// not drawn with few colours, else as a PNG, and says which.
func Encode(w io.Writer, img image.Image, lossless bool) (Type, error) {
	if !lossless {
		return JPEG, jpeg.Encode(w, img, &jpeg.Options{Quality: quality})
	}
	e := png.Encoder{}
	if b := img.Bounds(); b.Dx()*b.Dy() > quickerAbove {
		e.CompressionLevel = png.BestSpeed
	}
	return PNG, e.Encode(w, img)
}

// EncodeAnimation writes an animated GIF.
func EncodeAnimation(w io.Writer, g *gif.GIF) error { return gif.EncodeAll(w, g) }

// countFrames walks the blocks of a GIF without decoding them.
func countFrames(b []byte) (frames, pixels int, err error) {
	short := errors.New("the GIF ends too early")
	if len(b) < 13 {
		return 0, 0, short
	}
	i := 13
	if b[10]&0x80 != 0 {
		i += 3 << (b[10]&7 + 1)
	}
	// skip passes sub-blocks.
	skip := func() bool {
		for i < len(b) {
			n := int(b[i])
			i += 1 + n
			if n == 0 {
				return true
			}
		}
		return false
	}
	for i < len(b) {
		switch b[i] {
		case 0x3b:
			return frames, pixels, nil
		case 0x21:
			i += 2
			if !skip() {
				return 0, 0, short
			}
		case 0x2c:
			if i+10 > len(b) {
				return 0, 0, short
			}
			frames++
			pixels += (int(b[i+5]) | int(b[i+6])<<8) * (int(b[i+7]) | int(b[i+8])<<8)
			flags := b[i+9]
			i += 10
			if flags&0x80 != 0 {
				i += 3 << (flags&7 + 1)
			}
			if i++; !skip() {
				return 0, 0, short
			}
		default:
			return 0, 0, fmt.Errorf("an unknown block 0x%02x in the GIF", b[i])
		}
	}
	return frames, pixels, nil
}
