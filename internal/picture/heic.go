package picture

import (
	"encoding/binary"
	"errors"
)

// Tiles are a picture as phones keep it, out of its container: programs of the
// system know the frames, but few of them how such a picture is put together.
type Tiles struct {
	Frames        []byte `json:"-"` // one for each tile, row by row, as a stream of HEVC (Annex B)
	Columns, Rows int
	TileWidth     int
	TileHeight    int
	Width, Height int    // of the whole, which the tiles cover, before it is turned
	Turns         int    // quarters of a turn, against the clock
	Profile       []byte // ICC, nil for none
}

var errHEIC = errors.New("not a HEIC whose picture is found")

// Bounds of what a container may hold.
const (
	maxTiles       = 1024
	maxItems       = 4096
	maxExtents     = 64 // of one item
	maxTileProfile = 64 << 10
)

// ReadHEIC takes the primary picture out of a HEIC (ISO/IEC 23008-12), be it
// one frame or a grid of them. Depth, previews and other things beside it are
// left out.
func ReadHEIC(b []byte, limits Limits) (*Tiles, error) {
	c, ok := openHEIF(b)
	if !ok {
		return nil, errHEIC
	}
	t := &Tiles{Columns: 1, Rows: 1}
	tiles := []uint32{c.primary}
	isGrid := c.kinds[c.primary] == "grid"
	if isGrid {
		data, _ := c.data(c.primary)
		if !t.grid(data) {
			return nil, errHEIC
		}
		tiles = c.parts[c.primary]
	}
	if len(tiles) != t.Columns*t.Rows || len(tiles) > maxTiles {
		return nil, errHEIC
	}
	for _, tile := range tiles {
		// Many may be one and the same, which would grow without an end.
		if !t.frame(c, tile) || len(t.Frames) > 2*len(b)+1<<20 {
			return nil, errHEIC
		}
	}
	if !isGrid {
		t.Width, t.Height = t.TileWidth, t.TileHeight
	}
	t.Turns = turnOf(c.properties[c.primary])
	if t.Profile = profileOf(c.properties[c.primary]); t.Profile == nil {
		t.Profile = profileOf(c.properties[tiles[0]])
	}
	return t, t.check(limits)
}

// check refuses what is too large, and tiles that do not just cover the whole.
func (t *Tiles) check(limits Limits) error {
	switch {
	case t.Width <= 0 || t.Height <= 0:
		return ErrEmpty
	case t.Width > limits.Pixels/t.Height, t.TileWidth > limits.Pixels/t.TileHeight:
		return ErrLarge
	case (t.Columns-1)*t.TileWidth >= t.Width || t.Columns*t.TileWidth < t.Width,
		(t.Rows-1)*t.TileHeight >= t.Height || t.Rows*t.TileHeight < t.Height:
		return errHEIC
	}
	return nil
}

func turnOf(properties []box) int {
	for _, p := range properties {
		if p.kind == "irot" && len(p.body) >= 1 {
			return int(p.body[0] & 3)
		}
	}
	return 0
}

func profileOf(properties []box) []byte {
	for _, p := range properties {
		if p.kind == "colr" && len(p.body) > 4 && len(p.body) <= maxTileProfile && (string(p.body[:4]) == "prof" || string(p.body[:4]) == "rICC") {
			return p.body[4:]
		}
	}
	return nil
}

// grid reads how tiles lie.
func (t *Tiles) grid(data []byte) bool {
	r := reader{b: data}
	r.skip(1)
	width := 2
	if r.uint(1)&1 != 0 {
		width = 4
	}
	t.Rows, t.Columns = int(r.uint(1))+1, int(r.uint(1))+1
	t.Width, t.Height = int(r.uint(width)), int(r.uint(width))
	return !r.short
}

// frame adds one tile; all are of one size.
func (t *Tiles) frame(c *container, id uint32) bool {
	data, ok := c.data(id)
	if !ok || c.kinds[id] != "hvc1" {
		return false
	}
	var setup []byte
	var width, height int
	for _, p := range c.properties[id] {
		switch {
		case p.kind == "hvcC" && len(p.body) >= 23:
			setup = p.body
		case p.kind == "ispe" && len(p.body) >= 12:
			width, height = int(binary.BigEndian.Uint32(p.body[4:])), int(binary.BigEndian.Uint32(p.body[8:]))
		}
	}
	if setup == nil || width <= 0 || height <= 0 || t.TileWidth != 0 && (t.TileWidth != width || t.TileHeight != height) {
		return false
	}
	t.TileWidth, t.TileHeight = width, height
	// The decoder's settings, in arrays by their kind, come before the frame.
	r := reader{b: setup[22:]}
	for arrays := r.uint(1); arrays > 0 && !r.short; arrays-- {
		r.skip(1)
		for units := r.uint(2); units > 0 && !r.short; units-- {
			t.unit(r.take(int(r.uint(2))))
		}
	}
	lengths := int(setup[21]&3) + 1
	frame := reader{b: data}
	for len(frame.b) > 0 && !frame.short {
		t.unit(frame.take(int(frame.uint(lengths))))
	}
	return !r.short && !frame.short
}

// unit writes one unit of the stream.
func (t *Tiles) unit(b []byte) { t.Frames = append(append(t.Frames, 0, 0, 0, 1), b...) }

// container is what the first boxes of a HEIF file say.
type container struct {
	file       []byte
	primary    uint32
	kinds      map[uint32]string // of items
	parts      map[uint32][]uint32
	properties map[uint32][]box
	places     map[uint32]place
	beside     []byte // the items that are in the description itself
}

type box struct {
	kind string
	body []byte
}

// place is where the bytes of an item are.
type place struct {
	inside  bool // in beside rather than in the file
	extents [][2]uint64
}

// openHEIF reads the description of a file.
func openHEIF(b []byte) (*container, bool) {
	c := &container{file: b, kinds: map[uint32]string{}, parts: map[uint32][]uint32{}, properties: map[uint32][]box{}, places: map[uint32]place{}}
	boxes(b, func(kind string, body []byte) {
		if kind == "meta" && len(body) >= 4 && len(c.kinds) == 0 {
			boxes(body[4:], c.describe)
		}
	})
	_, ok := c.kinds[c.primary]
	return c, ok
}

func (c *container) describe(kind string, body []byte) {
	if len(body) < 4 && kind != "idat" {
		return
	}
	switch kind {
	case "pitm":
		r := reader{b: body[4:]}
		c.primary = uint32(r.uint(wide(body[0] > 0)))
	case "iinf":
		at := 4 + wide(body[0] > 0)
		boxes(body[min(at, len(body)):], c.item)
	case "iref":
		ids := wide(body[0] > 0)
		boxes(body[4:], func(kind string, body []byte) {
			if kind == "dimg" {
				c.made(reader{b: body}, ids)
			}
		})
	case "iprp":
		c.describeProperties(body)
	case "iloc":
		c.locate(body)
	case "idat":
		c.beside = body
	}
}

// wide is the number of bytes of a field that is 4 wide in newer versions.
func wide(newer bool) int {
	if newer {
		return 4
	}
	return 2
}

// item reads one entry of the items.
func (c *container) item(kind string, body []byte) {
	if kind != "infe" || len(body) < 4 || body[0] < 2 || len(c.kinds) >= maxItems {
		return
	}
	r := reader{b: body[4:]}
	id := uint32(r.uint(wide(body[0] > 2)))
	r.skip(2)
	if name := r.take(4); !r.short {
		c.kinds[id] = string(name)
	}
}

// made reads of which items one is made.
func (c *container) made(r reader, ids int) {
	from := uint32(r.uint(ids))
	var to []uint32
	for n := r.uint(2); n > 0 && !r.short && len(to) <= maxTiles; n-- {
		to = append(to, uint32(r.uint(ids)))
	}
	c.parts[from] = to
}

// describeProperties gives items what is said about them.
func (c *container) describeProperties(body []byte) {
	var all []box
	boxes(body, func(kind string, body []byte) {
		switch {
		case kind == "ipco":
			boxes(body, func(kind string, body []byte) { all = append(all, box{kind, body}) })
		case kind == "ipma" && len(body) >= 4:
			ids, width := wide(body[0] > 0), 1
			if body[3]&1 != 0 {
				width = 2
			}
			r := reader{b: body[4:]}
			for items := r.uint(4); items > 0 && !r.short; items-- {
				id := uint32(r.uint(ids))
				for n := r.uint(1); n > 0 && !r.short; n-- {
					// The highest bit says that it must be understood.
					if i := int(r.uint(width)) &^ (1 << (8*width - 1)); i > 0 && i <= len(all) && len(c.properties[id]) < 256 {
						c.properties[id] = append(c.properties[id], all[i-1])
					}
				}
			}
		}
	})
}

// locate reads where the items are.
func (c *container) locate(body []byte) {
	version := body[0]
	r := reader{b: body[4:]}
	sizes := r.uint(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		index = 0
	}
	for items := min(r.uint(wide(version > 1)), maxItems); items > 0 && !r.short; items-- {
		id := uint32(r.uint(wide(version > 1)))
		p := place{}
		if version > 0 {
			p.inside = r.uint(2)&15 == 1
		}
		r.skip(2)
		from := r.uint(base)
		// They may take no bytes, so that many would cost nothing to claim.
		for extents := min(r.uint(2), maxExtents); extents > 0 && !r.short; extents-- {
			r.skip(index)
			at := from + r.uint(offset)
			p.extents = append(p.extents, [2]uint64{at, r.uint(length)})
		}
		c.places[id] = p
	}
}

// data is the bytes of an item.
func (c *container) data(id uint32) ([]byte, bool) {
	p, ok := c.places[id]
	in := c.file
	if p.inside {
		in = c.beside
	}
	var out []byte
	for _, e := range p.extents {
		at, n := e[0], e[1]
		if at > uint64(len(in)) || n > uint64(len(in))-at || n > uint64(len(in)-len(out)) {
			return nil, false
		}
		out = append(out, in[at:at+n]...)
	}
	return out, ok
}

// reader reads numbers; short is set once there was too little.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.b, r.short = nil, true
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) skip(n int) { r.take(n) }

// uint reads a number of up to 8 bytes.
func (r *reader) uint(n int) (v uint64) {
	for _, b := range r.take(n) {
		v = v<<8 | uint64(b)
	}
	return v
}
