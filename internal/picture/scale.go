package picture

import (
	"image"
	"math"

	"golang.org/x/image/draw"
)

// Within is the size of a picture of w by h pixels made to have at most so
// many, its proportions kept.
func Within(w, h, pixels int) (int, int) {
	if w <= 0 || h <= 0 || w <= pixels/h {
		return w, h
	}
	f := math.Sqrt(float64(pixels) / (float64(w) * float64(h)))
	return max(1, int(float64(w)*f)), max(1, int(float64(h)*f))
}

// Scale makes a picture of w by h pixels, which may be the picture itself.
// Large ones are first halved and quartered by averaging, which costs a sixth
// of doing it at once.
func Scale(img image.Image, w, h int) image.Image {
	b := img.Bounds()
	if b.Dx() == w && b.Dy() == h {
		return img
	}
	if f := min(b.Dx()/(2*w), b.Dy()/(2*h)); f >= 2 {
		img = average(img, f)
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	scaler := draw.Scaler(draw.CatmullRom)
	if w*h > quickerAbove {
		scaler = draw.ApproxBiLinear // a fraction of the time, and nobody sees it where so little is taken away
	}
	scaler.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}

// Fill is the middle of a picture that fills w by h pixels, never larger than
// it was.
func Fill(img image.Image, w, h int) image.Image {
	b := img.Bounds()
	cw, ch := b.Dx(), b.Dx()*h/w
	if ch > b.Dy() {
		cw, ch = b.Dy()*w/h, b.Dy()
	}
	cw, ch = max(cw, 1), max(ch, 1)
	x, y := b.Min.X+(b.Dx()-cw)/2, b.Min.Y+(b.Dy()-ch)/2
	return Scale(crop(img, image.Rect(x, y, x+cw, y+ch)), min(w, cw), min(h, ch))
}

func crop(img image.Image, r image.Rectangle) image.Image {
	if r == img.Bounds() {
		return img
	}
	if s, ok := img.(interface {
		SubImage(r image.Rectangle) image.Image
	}); ok {
		return s.SubImage(r)
	}
	out := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Bounds(), img, r.Min, draw.Src)
	return out
}

// average makes each square of f by f pixels one; what does not fill a square
// at the right and the bottom is left out.
func average(img image.Image, f int) image.Image {
	b := img.Bounds()
	w, h := b.Dx()/f, b.Dy()/f
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if src, ok := img.(*image.YCbCr); ok {
		averageYCbCr(out, src, f)
		return out
	}
	src := asNRGBA(img)
	n := f * f
	for y := range h {
		for x := range w {
			var r, g, bl, a int
			for dy := range f {
				p := src.Pix[(y*f+dy)*src.Stride+4*x*f:]
				for dx := range f {
					alpha := int(p[4*dx+3])
					r, g, bl, a = r+int(p[4*dx])*alpha, g+int(p[4*dx+1])*alpha, bl+int(p[4*dx+2])*alpha, a+alpha
				}
			}
			q := out.Pix[y*out.Stride+4*x:]
			if a > 0 {
				q[0], q[1], q[2], q[3] = uint8(r/a), uint8(g/a), uint8(bl/a), uint8(a/n)
			}
		}
	}
	return out
}

// averageYCbCr averages light and colour apart, without making RGB of every
// pixel of the original.
func averageYCbCr(out *image.NRGBA, src *image.YCbCr, f int) {
	small := image.NewYCbCr(out.Bounds(), image.YCbCrSubsampleRatio444)
	b := src.Bounds()
	n := f * f
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			var l, cb, cr int
			for dy := range f {
				yi, cy := src.YOffset(b.Min.X+x*f, b.Min.Y+y*f+dy), b.Min.Y+y*f+dy
				for dx := range f {
					l += int(src.Y[yi+dx])
					ci := src.COffset(b.Min.X+x*f+dx, cy)
					cb, cr = cb+int(src.Cb[ci]), cr+int(src.Cr[ci])
				}
			}
			i := y*small.YStride + x
			small.Y[i], small.Cb[i], small.Cr[i] = uint8(l/n), uint8(cb/n), uint8(cr/n)
		}
	}
	fromYCbCr(out, small)
}
