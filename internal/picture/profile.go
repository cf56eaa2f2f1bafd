package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"io"
	"math"
)

// maxProfile bounds a colour profile in bytes.
const maxProfile = 1 << 20

// profile is what a matrix-shaped ICC profile says of its colours.
type profile struct {
	curves [3][256]float64 // light of each value
	matrix [3][3]float64   // from that light to the light of sRGB
}

// fromXYZ leads from the connection space (D50) to the light of sRGB.
var fromXYZ = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// InSRGB is the picture with the colours of its profile as sRGB, which is what
// everybody takes a picture without a profile for. The picture stays as it is
// if the profile says nothing else, or nothing that is understood.
func InSRGB(img image.Image, icc []byte) image.Image {
	p, ok := readProfile(icc)
	if !ok || p.plain() {
		return img
	}
	switch img.(type) {
	case *image.YCbCr, *image.NRGBA, *image.RGBA, *image.NRGBA64, *image.RGBA64:
	default:
		return img // the profile is of another colour space than the pixels
	}
	out := asNRGBA(img)
	var back [4096]uint8
	for i := range back {
		back[i] = uint8(gamma(float64(i) / float64(len(back)-1)))
	}
	encoded := func(f float64) uint8 { return back[int(max(0, min(1, f))*float64(len(back)-1)+0.5)] }
	m := &p.matrix
	for i := 0; i+3 < len(out.Pix); i += 4 {
		px := out.Pix[i : i+3 : i+3]
		r, g, b := p.curves[0][px[0]], p.curves[1][px[1]], p.curves[2][px[2]]
		px[0] = encoded(m[0][0]*r + m[0][1]*g + m[0][2]*b)
		px[1] = encoded(m[1][0]*r + m[1][1]*g + m[1][2]*b)
		px[2] = encoded(m[2][0]*r + m[2][1]*g + m[2][2]*b)
	}
	return out
}

// plain reports whether the profile is that of sRGB, as good as.
func (p *profile) plain() bool {
	for i := range 3 {
		for j := range 3 {
			want := 0.0
			if i == j {
				want = 1
			}
			if math.Abs(p.matrix[i][j]-want) > 0.03 {
				return false
			}
		}
		if math.Abs(p.curves[i][128]-linear(128)) > 0.02 {
			return false
		}
	}
	return true
}

func readProfile(b []byte) (*profile, bool) {
	if len(b) < 132 || string(b[16:20]) != "RGB " || string(b[20:24]) != "XYZ " {
		return nil, false
	}
	tags := map[string][]byte{}
	for i := range min(int(binary.BigEndian.Uint32(b[128:])), 64) {
		at := 132 + 12*i
		if at+12 > len(b) {
			return nil, false
		}
		offset, size := int64(binary.BigEndian.Uint32(b[at+4:])), int64(binary.BigEndian.Uint32(b[at+8:]))
		if offset+size <= int64(len(b)) {
			tags[string(b[at:at+4])] = b[offset : offset+size]
		}
	}
	p := &profile{}
	for c, name := range []string{"r", "g", "b"} {
		xyz := tags[name+"XYZ"]
		if len(xyz) < 20 || string(xyz[:4]) != "XYZ " {
			return nil, false
		}
		for i := range 3 {
			for k := range 3 {
				p.matrix[i][c] += fromXYZ[i][k] * fixed(xyz[8+4*k:])
			}
		}
		if !readCurve(tags[name+"TRC"], &p.curves[c]) {
			return nil, false
		}
	}
	return p, true
}

// fixed reads a number with 16 bits behind the point.
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

func readCurve(b []byte, into *[256]float64) bool {
	if len(b) < 12 {
		return false
	}
	var f func(x float64) float64
	switch string(b[:4]) {
	case "curv":
		n := int64(binary.BigEndian.Uint32(b[8:]))
		switch {
		case n == 0:
			f = func(x float64) float64 { return x }
		case int64(len(b)) < 12+2*n:
			return false
		case n == 1:
			power := float64(binary.BigEndian.Uint16(b[12:])) / 256
			f = func(x float64) float64 { return math.Pow(x, power) }
		default:
			f = func(x float64) float64 {
				at := x * float64(n-1)
				i := min(int64(at), n-2)
				low, high := float64(binary.BigEndian.Uint16(b[12+2*i:])), float64(binary.BigEndian.Uint16(b[14+2*i:]))
				return (low + (high-low)*(at-float64(i))) / 65535
			}
		}
	case "para":
		if f = parametric(b); f == nil {
			return false
		}
	default:
		return false
	}
	for i := range into {
		into[i] = max(0, min(1, f(float64(i)/255)))
	}
	return true
}

// parametric is one of the curves of ICC.1 section 10.18, nil if it is none.
func parametric(b []byte) func(x float64) float64 {
	kind := int(binary.BigEndian.Uint16(b[8:]))
	counts := []int{1, 3, 4, 5, 7}
	if kind >= len(counts) || len(b) < 12+4*counts[kind] {
		return nil
	}
	var v [7]float64
	for i := range counts[kind] {
		v[i] = fixed(b[12+4*i:])
	}
	g, a, bb, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	switch kind {
	case 0:
		a, bb, c, d, e, f = 1, 0, 0, -1, 0, 0
	case 1, 2:
		if a == 0 {
			return nil
		}
		e, f = 0, c
		if kind == 2 {
			e = c
		} else {
			f = 0
		}
		d, c = -bb/a, 0
	case 3:
		e, f = 0, 0
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(max(0, a*x+bb), g) + e
		}
		return c*x + f
	}
}

// jpegProfile is the ICC profile of a JPEG, put together of its parts.
func jpegProfile(b []byte) []byte {
	const mark = "ICC_PROFILE\x00"
	parts := map[byte][]byte{}
	total := 0
	for i := 2; i+4 <= len(b) && b[i] == 0xff && b[i+1] != 0xda; {
		n := int(binary.BigEndian.Uint16(b[i+2:]))
		if n < 2 || i+2+n > len(b) {
			return nil
		}
		part := b[i+4 : i+2+n]
		if b[i+1] == 0xe2 && bytes.HasPrefix(part, []byte(mark)) && len(part) > len(mark)+2 {
			parts[part[len(mark)]] = part[len(mark)+2:]
			if total += len(part); total > maxProfile {
				return nil
			}
		}
		i += 2 + n
	}
	var out []byte
	for n := 1; n <= len(parts); n++ {
		out = append(out, parts[byte(n)]...)
	}
	return out
}

// pngProfile is the ICC profile of a PNG.
func pngProfile(b []byte) []byte {
	for i := int64(8); i+12 <= int64(len(b)); {
		n := int64(binary.BigEndian.Uint32(b[i:]))
		if i+12+n > int64(len(b)) {
			return nil
		}
		chunk := b[i+8 : i+8+n]
		switch string(b[i+4 : i+8]) {
		case "IDAT":
			return nil
		case "iCCP":
			name := bytes.IndexByte(chunk, 0)
			if name < 0 || len(chunk) < name+2 {
				return nil
			}
			z, err := zlib.NewReader(bytes.NewReader(chunk[name+2:]))
			if err != nil {
				return nil
			}
			out, err := io.ReadAll(io.LimitReader(z, maxProfile))
			if err != nil {
				return nil
			}
			return out
		}
		i += 12 + n
	}
	return nil
}
