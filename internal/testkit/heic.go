package testkit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os/exec"
	"testing"
)

// HEICOf is what HEIC makes.
type HEICOf struct {
	Source        string // of ffmpeg's "lavfi"
	Width, Height int
	Columns, Rows int // of tiles; 1 and 1 make a picture of one frame
	Turns         int // quarters, against the clock
	Profile       []byte
}

// HEIC is a picture as phones write it: tiles of HEVC, which ffmpeg makes, in a
// container with private metadata beside them.
func HEIC(t testing.TB, of HEICOf) []byte {
	t.Helper()
	width, height := of.Width, of.Height
	filter := "null"
	if of.Columns*of.Rows > 1 {
		width, height = (of.Width+of.Columns*8-1)/(of.Columns*8)*8, (of.Height+of.Rows*8-1)/(of.Rows*8)*8
		filter = fmt.Sprintf("pad=%d:%d,untile=%dx%d", of.Columns*width, of.Rows*height, of.Columns, of.Rows)
	}
	ffmpeg := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", of.Source, "-vf", filter, "-frames:v", fmt.Sprint(of.Columns*of.Rows),
		"-pix_fmt", "yuv420p", "-c:v", "libx265", "-x265-params", "keyint=1:crf=5:log-level=none", "-f", "hevc", "-")
	var said bytes.Buffer
	ffmpeg.Stderr = &said
	stream, err := ffmpeg.Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, said.Bytes())
	}
	setup, frames := units(stream)
	if len(frames) != of.Columns*of.Rows {
		t.Fatalf("%d frames", len(frames))
	}
	exif := []byte("Exif\x00\x00MM " + Secret)
	// The places of the items are known once the description has its length.
	description := of.describe(setup, frames, exif, width, height, 0)
	head := isoBox("ftyp", []byte("heic\x00\x00\x00\x00mif1heic"))
	description = of.describe(setup, frames, exif, width, height, len(head)+len(description)+8)
	return bytes.Join([][]byte{head, description, isoBox("mdat", append(bytes.Join(frames, nil), exif...))}, nil)
}

// units are the settings in a stream of HEVC, and its frames, each after its
// length.
func units(stream []byte) (setup map[byte][]byte, frames [][]byte) {
	setup = map[byte][]byte{}
	for unit := range bytes.SplitSeq(stream, []byte{0, 0, 1}) {
		if unit = bytes.TrimRight(unit, "\x00"); len(unit) < 3 {
			continue
		}
		switch kind := unit[0] >> 1 & 63; {
		case kind < 32:
			frames = append(frames, be32(len(unit), unit))
		case kind < 35: // video, sequence, picture
			setup[kind] = unit
		}
	}
	return setup, frames
}

// describe is the box that says what is in the file whose items begin at byte at.
func (of HEICOf) describe(setup map[byte][]byte, frames [][]byte, exif []byte, width, height, at int) []byte {
	n := len(frames)
	whole, about := n+1, n+2
	names := isoFull("iinf", be16(n+2))
	places := isoFull("iloc", []byte{0x44, 0x00}, be16(n+2))
	places[8] = 1 // with the way in which each is stored
	tiles := []byte{}
	item := func(id int, kind string, inside byte, from, length int) {
		entry := isoFull("infe", be16(id), be16(0), []byte(kind), []byte{0})
		entry[8] = 2
		names = append(names, entry...)
		places = append(places, bytes.Join([][]byte{be16(id), {0, inside}, be16(0), be16(1), be32(from), be32(length)}, nil)...)
	}
	for i, f := range frames {
		item(i+1, "hvc1", 0, at, len(f))
		tiles = append(tiles, be16(i+1)...)
		at += len(f)
	}
	primary := 1
	if n > 1 {
		primary = whole
	}
	item(whole, "grid", 1, 0, 8)
	item(about, "Exif", 0, at, len(exif))

	config := append(make([]byte, 21), 3, 3) // lengths of 4 bytes, 3 arrays
	for _, kind := range []byte{32, 33, 34} {
		config = append(config, bytes.Join([][]byte{{kind}, be16(1), be16(len(setup[kind])), setup[kind]}, nil)...)
	}
	properties := isoBox("ipco", bytes.Join([][]byte{
		isoBox("hvcC", config), isoFull("ispe", be32(width), be32(height)), isoFull("ispe", be32(of.Width), be32(of.Height)),
		isoBox("irot", []byte{byte(of.Turns)}), isoBox("colr", append([]byte("prof"), of.Profile...)),
	}, nil))
	has := isoFull("ipma", be32(n+1))
	for i := range n {
		has = append(has, append(be16(i+1), 2, 0x81, 2)...)
	}
	if n == 1 { // the one frame is the whole
		has = isoFull("ipma", be32(1), be16(1), []byte{4, 0x81, 2, 0x84, 5})
	} else {
		has = append(has, append(be16(whole), 3, 3, 0x84, 5)...)
	}
	grid := append([]byte{0, 0, byte(of.Rows - 1), byte(of.Columns - 1)}, append(be16(of.Width), be16(of.Height)...)...)
	return isoFull("meta", isoFull("hdlr", make([]byte, 4), []byte("pict"), make([]byte, 13)), isoFull("pitm", be16(primary)),
		sized(places), sized(names), isoFull("iref", isoBox("dimg", bytes.Join([][]byte{be16(whole), be16(n), tiles}, nil))),
		isoBox("iprp", append(properties, sized(has)...)), isoBox("idat", grid))
}

func isoBox(kind string, body []byte) []byte {
	return append(append(be32(8+len(body)), kind...), body...)
}

// isoFull is a box with a version and flags.
func isoFull(kind string, body ...[]byte) []byte {
	return isoBox(kind, append(make([]byte, 4), bytes.Join(body, nil)...))
}

// sized is a box that has grown since it was made.
func sized(b []byte) []byte {
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

func be16(v int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(v)) }

// be32 is a number of 32 bits and what follows it.
func be32(v int, then ...[]byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(v)), bytes.Join(then, nil)...)
}
