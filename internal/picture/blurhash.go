package picture

import (
	"image"
	"math"
	"strings"
)

// The number of components of a blurhash in each direction (behaviours 10.4).
const components = 4

// hashSize is the longer side of the picture that is looked at.
const hashSize = 32

const base83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

// Blurhash describes the colours of a picture in 36 characters.
func Blurhash(img image.Image) string {
	b := img.Bounds()
	if longer := max(b.Dx(), b.Dy()); longer > hashSize {
		img = Scale(img, max(1, b.Dx()*hashSize/longer), max(1, b.Dy()*hashSize/longer))
	}
	src := asNRGBA(img)
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	var factors [components * components][3]float64
	for y := range h {
		for x := range w {
			p := src.Pix[y*src.Stride+4*x:]
			light := [3]float64{linear(p[0]), linear(p[1]), linear(p[2])}
			for j := range components {
				cy := math.Cos(math.Pi * float64(j) * float64(y) / float64(h))
				for i := range components {
					basis := cy * math.Cos(math.Pi*float64(i)*float64(x)/float64(w))
					f := &factors[j*components+i]
					for c := range f {
						f[c] += basis * light[c]
					}
				}
			}
		}
	}
	for i := range factors {
		scale := 2 / float64(w*h)
		if i == 0 {
			scale = 1 / float64(w*h)
		}
		for c := range factors[i] {
			factors[i][c] *= scale
		}
	}
	return encodeFactors(factors[:])
}

func encodeFactors(factors [][3]float64) string {
	var out strings.Builder
	digits(&out, (components-1)+(components-1)*9, 1)
	peak := 0.0
	for _, f := range factors[1:] {
		peak = max(peak, math.Abs(f[0]), math.Abs(f[1]), math.Abs(f[2]))
	}
	quantised := max(0, min(82, int(math.Floor(peak*166-0.5))))
	digits(&out, quantised, 1)
	dc := factors[0]
	digits(&out, gamma(dc[0])<<16|gamma(dc[1])<<8|gamma(dc[2]), 4)
	most := float64(quantised+1) / 166
	for _, f := range factors[1:] {
		v := 0
		for _, c := range f {
			root := math.Copysign(math.Sqrt(math.Abs(c/most)), c)
			v = v*19 + max(0, min(18, int(math.Floor(root*9+9.5))))
		}
		digits(&out, v, 2)
	}
	return out.String()
}

// digits writes v with n digits to the base of 83.
func digits(out *strings.Builder, v, n int) {
	div := 1
	for range n - 1 {
		div *= 83
	}
	for range n {
		out.WriteByte(base83[v/div%83])
		div = max(div/83, 1)
	}
}

// linear is the light of an sRGB value, gamma the way back.
func linear(v uint8) float64 {
	f := float64(v) / 255
	if f <= 0.04045 {
		return f / 12.92
	}
	return math.Pow((f+0.055)/1.055, 2.4)
}

func gamma(f float64) int {
	f = max(0, min(1, f))
	if f <= 0.0031308 {
		return int(f*12.92*255 + 0.5)
	}
	return int((1.055*math.Pow(f, 1/2.4)-0.055)*255 + 0.5)
}
