package web

import (
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A small renderer for the part of SVG our own drawings use: rect, circle,
// ellipse, path, groups with translate and scale, fill, stroke with round
// ends, opacity and one clip-path.

type point struct{ x, y float64 }

type transform struct{ k, dx, dy float64 }

func (t transform) at(p point) point { return point{t.k*p.x + t.dx, t.k*p.y + t.dy} }

type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
}

func (n node) get(key string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == key {
			return a.Value
		}
	}
	return ""
}

func (n node) num(key string) float64 {
	f, _ := strconv.ParseFloat(n.get(key), 64)
	return f
}

// style is what shapes inherit.
type style struct {
	fill, stroke string
	width        float64
	clip         *mask
}

type canvas struct {
	img   *image.NRGBA
	clips map[string]node
}

// mask is the coverage of each pixel, 0 to 1.
type mask struct {
	w, h int
	a    []float32
}

const samples = 4 // per pixel, each way

func drawSVG(src []byte, w, h int) (*image.NRGBA, error) {
	var root node
	if err := xml.Unmarshal(src, &root); err != nil {
		return nil, err
	}
	box := strings.Fields(root.get("viewBox"))
	if len(box) != 4 {
		return nil, fmt.Errorf("no viewBox")
	}
	width, _ := strconv.ParseFloat(box[2], 64)
	c := &canvas{img: image.NewNRGBA(image.Rect(0, 0, w, h)), clips: map[string]node{}}
	c.group(root, transform{float64(w) / width, 0, 0}, style{fill: "#000000", stroke: "none", width: 1})
	return c.img, nil
}

func (c *canvas) group(g node, t transform, s style) {
	for _, n := range g.Children {
		if n.XMLName.Local == "clipPath" {
			c.clips[n.get("id")] = n
			continue
		}
		if n.XMLName.Local == "defs" {
			c.group(n, t, s)
			continue
		}
		c.element(n, t, s)
	}
}

func (c *canvas) element(n node, t transform, s style) {
	if v := n.get("fill"); v != "" {
		s.fill = v
	}
	if v := n.get("stroke"); v != "" {
		s.stroke = v
	}
	if v := n.num("stroke-width"); v != 0 {
		s.width = v
	}
	if v := n.get("transform"); v != "" {
		t = nested(t, v)
	}
	if id := strings.TrimSuffix(strings.TrimPrefix(n.get("clip-path"), "url(#"), ")"); id != "" {
		s.clip = c.fill(outlines(c.clips[id].Children[0]), t)
	}
	if n.XMLName.Local == "g" {
		c.group(n, t, s)
		return
	}
	lines := outlines(n)
	if s.fill != "none" {
		c.paint(c.fill(lines, t), s.clip, s.fill, n.get("fill-opacity"))
	}
	if s.stroke != "none" {
		c.paint(c.stroke(lines, t, s.width*t.k/2), s.clip, s.stroke, n.get("stroke-opacity"))
	}
}

// nested reads "translate(x y) scale(k)".
func nested(t transform, v string) transform {
	for part := range strings.SplitSeq(v, ")") {
		name, args, ok := strings.Cut(strings.TrimSpace(part), "(")
		if !ok {
			continue
		}
		f := floats(args)
		switch name {
		case "translate":
			p := t.at(point{f[0], f[1]})
			t.dx, t.dy = p.x, p.y
		case "scale":
			t.k *= f[0]
		}
	}
	return t
}

func floats(s string) []float64 {
	var out []float64
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		f, _ := strconv.ParseFloat(w, 64)
		out = append(out, f)
	}
	return out
}

// fill is the coverage of closed outlines, nonzero rule.
func (c *canvas) fill(lines [][]point, t transform) *mask {
	b := c.img.Bounds()
	m := &mask{b.Dx(), b.Dy(), make([]float32, b.Dx()*b.Dy())}
	type crossing struct {
		x   float64
		dir int
	}
	for sy := range m.h * samples {
		y := (float64(sy) + .5) / samples
		var xs []crossing
		for _, l := range lines {
			for i := range l {
				p, q := t.at(l[i]), t.at(l[(i+1)%len(l)])
				if (p.y <= y) == (q.y <= y) {
					continue
				}
				dir := 1
				if p.y > q.y {
					dir = -1
				}
				xs = append(xs, crossing{p.x + (y-p.y)/(q.y-p.y)*(q.x-p.x), dir})
			}
		}
		slices.SortFunc(xs, func(a, b crossing) int {
			if a.x < b.x {
				return -1
			}
			return 1
		})
		wind := 0
		for i := 0; i+1 < len(xs); i++ {
			if wind += xs[i].dir; wind != 0 {
				m.span(sy/samples, xs[i].x, xs[i+1].x)
			}
		}
	}
	return m
}

// span adds one sample line from x0 to x1 to row y.
func (m *mask) span(y int, x0, x1 float64) {
	x0, x1 = max(0, x0), min(float64(m.w), x1)
	for x := int(x0); x < m.w && float64(x) < x1; x++ {
		cover := min(x1, float64(x+1)) - max(x0, float64(x))
		m.a[y*m.w+x] += float32(cover / samples)
	}
}

// stroke is the coverage of lines r pixels to each side, with round ends.
func (c *canvas) stroke(lines [][]point, t transform, r float64) *mask {
	b := c.img.Bounds()
	m := &mask{b.Dx(), b.Dy(), make([]float32, b.Dx()*b.Dy())}
	for _, l := range lines {
		for i := 0; i+1 < len(l); i++ {
			p, q := t.at(l[i]), t.at(l[i+1])
			for y := max(0, int(min(p.y, q.y)-r-1)); y < min(m.h, int(max(p.y, q.y)+r+2)); y++ {
				for x := max(0, int(min(p.x, q.x)-r-1)); x < min(m.w, int(max(p.x, q.x)+r+2)); x++ {
					d := r + .5 - distance(point{float64(x) + .5, float64(y) + .5}, p, q)
					m.a[y*m.w+x] = max(m.a[y*m.w+x], float32(min(1, d)))
				}
			}
		}
	}
	return m
}

func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	u := 0.0
	if n := dx*dx + dy*dy; n > 0 {
		u = max(0, min(1, ((p.x-a.x)*dx+(p.y-a.y)*dy)/n))
	}
	return math.Hypot(p.x-a.x-u*dx, p.y-a.y-u*dy)
}

func (c *canvas) paint(m, clip *mask, hex, opacity string) {
	alpha := 1.0
	if opacity != "" {
		alpha, _ = strconv.ParseFloat(opacity, 64)
	}
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	v, _ := strconv.ParseUint(hex, 16, 32)
	src := [3]float64{float64(v >> 16), float64(v >> 8 & 255), float64(v & 255)}
	for i, a := range m.a {
		f := min(1, float64(a)) * alpha
		if clip != nil {
			f *= min(1, float64(clip.a[i]))
		}
		if f <= 0 {
			continue
		}
		x, y := i%m.w, i/m.w
		d := c.img.NRGBAAt(x, y)
		back := float64(d.A) / 255 * (1 - f)
		total := f + back
		mix := func(s float64, d uint8) uint8 { return uint8(math.Round((s*f + float64(d)*back) / total)) }
		c.img.SetNRGBA(x, y, color.NRGBA{mix(src[0], d.R), mix(src[1], d.G), mix(src[2], d.B), uint8(math.Round(total * 255))})
	}
}
