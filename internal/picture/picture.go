// Package picture turns the bytes of pictures into pixels and back: it tells
// the type of a file from its bytes, decodes within limits that are checked
// before anything is decoded, turns pictures upright, makes them smaller and
// writes them anew, so that nothing of the file but its pixels remains.
// Level 1: media may import it. Pure functions, safe for concurrent use.
//
// What strangers made may still bring a decoder to panic or to run for long:
// callers run it in a process of its own (package media).
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Limits bound what is decoded.
type Limits struct {
	Pixels       int // of one picture
	GIFPixels    int // of a GIF
	Frames       int // of an animation
	FramesPixels int // of all frames of an animation together
}

// Errors of pictures that are not taken. The rest of what goes wrong means
// that the bytes are broken.
var (
	ErrType  = errors.New("not a picture that is read here")
	ErrLarge = errors.New("too many pixels")
	ErrEmpty = errors.New("no pixels")
)

// Picture is a decoded one.
type Picture struct {
	Image  image.Image // upright; of an animation the first frame
	Opaque bool
	// Animation are the frames of an animated GIF, else nil.
	Animation *gif.GIF
}

// Decode reads a JPEG, PNG, GIF or WebP. The size that its header tells is
// checked first.
func Decode(b []byte, limits Limits) (*Picture, error) {
	kind := Sniff(b)
	var decode func(io.Reader) (image.Image, error)
	var config func(io.Reader) (image.Config, error)
	pixels := limits.Pixels
	switch kind {
	case JPEG:
		decode, config = jpeg.Decode, jpeg.DecodeConfig
	case PNG:
		decode, config = png.Decode, png.DecodeConfig
	case GIF:
		decode, config, pixels = gif.Decode, gif.DecodeConfig, min(pixels, limits.GIFPixels)
	case WebP:
		decode, config = webp.Decode, webp.DecodeConfig
	default:
		return nil, ErrType
	}
	c, err := config(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return nil, ErrEmpty
	}
	if c.Width > pixels/c.Height {
		return nil, ErrLarge
	}
	if kind == GIF {
		return decodeGIF(b, limits)
	}
	img, err := decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if kind == JPEG {
		img = InSRGB(img, jpegProfile(b))
	}
	if kind == PNG {
		img = InSRGB(img, pngProfile(b))
	}
	img = upright(img, orientationOf(b, kind))
	return &Picture{Image: img, Opaque: opaque(img)}, nil
}

// decodeGIF counts the frames before it decodes them.
func decodeGIF(b []byte, limits Limits) (*Picture, error) {
	frames, pixels, err := countFrames(b)
	if err != nil {
		return nil, err
	}
	if frames > limits.Frames || pixels > limits.FramesPixels {
		return nil, ErrLarge
	}
	if frames < 2 {
		img, err := gif.Decode(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
		return &Picture{Image: img, Opaque: opaque(img)}, nil
	}
	g, err := gif.DecodeAll(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if len(g.Image) == 0 {
		return nil, ErrEmpty
	}
	first := whole(g)
	return &Picture{Image: first, Opaque: opaque(first), Animation: g}, nil
}

// whole is the first frame on the whole area of an animation.
func whole(g *gif.GIF) image.Image {
	area := image.Rect(0, 0, g.Config.Width, g.Config.Height)
	frame := g.Image[0]
	if frame.Bounds() == area {
		return frame
	}
	out := image.NewNRGBA(area)
	r := frame.Bounds().Intersect(area)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			out.Set(x, y, frame.At(x, y))
		}
	}
	return out
}

// opaque reports whether nothing shines through.
func opaque(img image.Image) bool {
	if o, ok := img.(interface{ Opaque() bool }); ok {
		return o.Opaque()
	}
	switch img.ColorModel() {
	case color.YCbCrModel, color.GrayModel, color.CMYKModel:
		return true
	}
	return false
}
