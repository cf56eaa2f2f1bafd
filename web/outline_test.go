package web

import (
	"math"
	"strconv"
	"strings"
)

// outlines is a shape as polygons in its own coordinates.
func outlines(n node) [][]point {
	switch n.XMLName.Local {
	case "rect":
		return [][]point{rectangle(n.num("x"), n.num("y"), n.num("width"), n.num("height"), n.num("rx"))}
	case "circle":
		return [][]point{oval(n.num("cx"), n.num("cy"), n.num("r"), n.num("r"))}
	case "ellipse":
		return [][]point{oval(n.num("cx"), n.num("cy"), n.num("rx"), n.num("ry"))}
	case "path":
		p := pen{tokens: pathTokens(n.get("d"))}
		return p.run()
	}
	return nil
}

func oval(cx, cy, rx, ry float64) []point {
	const steps = 96
	out := make([]point, steps)
	for i := range out {
		a := 2 * math.Pi * float64(i) / steps
		out[i] = point{cx + rx*math.Cos(a), cy + ry*math.Sin(a)}
	}
	return out
}

func rectangle(x, y, w, h, r float64) []point {
	if r == 0 {
		return []point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}
	}
	var out []point
	for corner, c := range []point{{x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}, {x + w - r, y + r}} {
		for i := range 17 {
			a := (float64(corner) + float64(i)/16) * math.Pi / 2
			out = append(out, point{c.x + r*math.Cos(a), c.y + r*math.Sin(a)})
		}
	}
	return out
}

// pathTokens splits path data into letters and numbers ("10-4.5.3" is three).
func pathTokens(d string) []string {
	var out []string
	start := -1
	flush := func(i int) {
		if start >= 0 {
			out = append(out, d[start:i])
			start = -1
		}
	}
	for i := range len(d) {
		c := d[i]
		switch {
		case c >= '0' && c <= '9':
			if start < 0 {
				start = i
			}
		case c == '.':
			if start >= 0 && strings.Contains(d[start:i], ".") {
				flush(i)
			}
			if start < 0 {
				start = i
			}
		case c == '-':
			flush(i)
			start = i
		case c == ' ' || c == ',' || c == '\n':
			flush(i)
		default:
			flush(i)
			out = append(out, string(c))
		}
	}
	flush(len(d))
	return out
}

// pen follows path data.
type pen struct {
	tokens []string
	at     point
	start  point
	ctrl   point // second control point of the curve before, for S
	lines  [][]point
}

func (p *pen) more() bool {
	if len(p.tokens) == 0 {
		return false
	}
	c := p.tokens[0][len(p.tokens[0])-1]
	return c >= '0' && c <= '9' || c == '.'
}

func (p *pen) num() float64 {
	f, _ := strconv.ParseFloat(p.tokens[0], 64)
	p.tokens = p.tokens[1:]
	return f
}

func (p *pen) point(rel bool) point {
	q := point{p.num(), p.num()}
	if rel {
		q.x, q.y = q.x+p.at.x, q.y+p.at.y
	}
	return q
}

func (p *pen) line(q point) {
	p.lines[len(p.lines)-1] = append(p.lines[len(p.lines)-1], q)
	p.at = q
}

func (p *pen) run() [][]point {
	for len(p.tokens) > 0 {
		cmd := p.tokens[0][0]
		p.tokens = p.tokens[1:]
		rel := cmd >= 'a'
		if strings.IndexByte("zZ", cmd) >= 0 {
			p.line(p.start)
			continue
		}
		first := true
		for p.more() {
			p.step(cmd&^0x20, rel, first)
			first = false
		}
	}
	return p.lines
}

func (p *pen) step(cmd byte, rel, first bool) {
	curve := false
	switch cmd {
	case 'M':
		q := p.point(rel)
		if first {
			p.lines, p.start, p.at = append(p.lines, []point{q}), q, q
		} else {
			p.line(q)
		}
	case 'L':
		p.line(p.point(rel))
	case 'H':
		x := p.num()
		if rel {
			x += p.at.x
		}
		p.line(point{x, p.at.y})
	case 'V':
		y := p.num()
		if rel {
			y += p.at.y
		}
		p.line(point{p.at.x, y})
	case 'C':
		a, b, q := p.point(rel), p.point(rel), p.point(rel)
		p.cubic(a, b, q)
		curve = true
	case 'S':
		a := point{2*p.at.x - p.ctrl.x, 2*p.at.y - p.ctrl.y}
		b, q := p.point(rel), p.point(rel)
		p.cubic(a, b, q)
		curve = true
	case 'A':
		rx, ry := p.num(), p.num()
		p.num()
		large, sweep := p.num() != 0, p.num() != 0
		p.arc(rx, ry, large, sweep, p.point(rel))
	}
	if !curve {
		p.ctrl = p.at
	}
}

func (p *pen) cubic(a, b, q point) {
	from := p.at
	for i := 1; i <= 24; i++ {
		t := float64(i) / 24
		u := 1 - t
		w := [4]float64{u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t}
		p.line(point{w[0]*from.x + w[1]*a.x + w[2]*b.x + w[3]*q.x, w[0]*from.y + w[1]*a.y + w[2]*b.y + w[3]*q.y})
	}
	p.ctrl = b
}

// arc follows the SVG specification's appendix on elliptical arcs, without
// rotation.
func (p *pen) arc(rx, ry float64, large, sweep bool, q point) {
	x, y := (p.at.x-q.x)/2/rx, (p.at.y-q.y)/2/ry
	d := x*x + y*y
	if d > 1 {
		rx, ry, x, y, d = rx*math.Sqrt(d), ry*math.Sqrt(d), x/math.Sqrt(d), y/math.Sqrt(d), 1
	}
	k := math.Sqrt(max(0, 1/d-1))
	if large == sweep {
		k = -k
	}
	cx, cy := k*y, -k*x
	from, to := math.Atan2(y-cy, x-cx), math.Atan2(-y-cy, -x-cx)
	if sweep && to < from {
		to += 2 * math.Pi
	}
	if !sweep && to > from {
		to -= 2 * math.Pi
	}
	mid := point{(p.at.x + q.x) / 2, (p.at.y + q.y) / 2}
	for i := 1; i <= 32; i++ {
		a := from + (to-from)*float64(i)/32
		p.line(point{mid.x + rx*(cx+math.Cos(a)), mid.y + ry*(cy+math.Sin(a))})
	}
}
