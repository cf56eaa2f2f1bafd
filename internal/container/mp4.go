package container

import (
	"encoding/binary"
	"slices"
	"time"
)

// MP4 checks an ISO base media file: H.264 of eight bits with AAC, or AAC
// alone. What is private becomes empty space, so that nothing moves.
func MP4(b []byte) ([]byte, Info, error) {
	m := mp4{}
	if err := m.file(b); err != nil {
		return nil, Info{}, err
	}
	if m.moov != 1 || !m.data || !m.info.Video && !m.info.Audio {
		return nil, Info{}, ErrBroken
	}
	return b, m.info, nil
}

type mp4 struct {
	info Info
	moov int
	data bool
}

// box is one with its header.
type box struct {
	kind string
	head []byte // its type, to be changed
	body []byte
}

// boxes walks those that fill b.
func boxes(b []byte, f func(box) error) error {
	for len(b) > 0 {
		if len(b) < 8 {
			return ErrBroken
		}
		size, start := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		switch size {
		case 0:
			size = uint64(len(b))
		case 1:
			if len(b) < 16 {
				return ErrBroken
			}
			size, start = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size < start || size > uint64(len(b)) {
			return ErrBroken
		}
		if err := f(box{string(b[4:8]), b[4:8], b[start:size]}); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}

// private are boxes of what people and devices say of a file.
var private = []string{"udta", "meta", "uuid", "Xtra", "ilst", "keys"}

// blank empties a box.
func (x box) blank() {
	copy(x.head, "free")
	clear(x.body)
}

func (m *mp4) file(b []byte) error {
	return boxes(b, func(x box) error {
		switch x.kind {
		case "ftyp", "styp", "pdin":
		case "mdat":
			m.data = true
		case "free", "skip", "wide":
			clear(x.body)
		case "moov":
			m.moov++
			return boxes(x.body, m.movie)
		default:
			if !slices.Contains(private, x.kind) {
				return ErrConvert // fragments, and what is not known
			}
			x.blank()
		}
		return nil
	})
}

func (m *mp4) movie(x box) (err error) {
	switch x.kind {
	case "mvhd":
		m.info.Duration, err = times(x.body)
		return err
	case "trak":
		return m.track(x.body)
	case "iods":
		return nil
	case "mvex":
		return ErrConvert
	}
	x.blank()
	return nil
}

// times clears the dates of a header and returns the length it tells.
func times(b []byte) (d time.Duration, err error) {
	if len(b) < 20 || b[0] == 1 && len(b) < 32 || b[0] > 1 {
		return 0, ErrBroken
	}
	if b[0] == 1 {
		clear(b[4:20])
		return duration(binary.BigEndian.Uint64(b[24:]), uint64(binary.BigEndian.Uint32(b[20:]))), nil
	}
	clear(b[4:12])
	return duration(uint64(binary.BigEndian.Uint32(b[16:])), uint64(binary.BigEndian.Uint32(b[12:]))), nil
}

// track is what is found out of one.
type track struct {
	handler, codec string
	width, height  int
}

func (m *mp4) track(b []byte) error {
	t := track{}
	err := boxes(b, func(x box) error {
		switch x.kind {
		case "tkhd":
			return t.header(x.body)
		case "mdia":
			return boxes(x.body, t.media)
		case "edts", "tref":
			return nil
		}
		x.blank()
		return nil
	})
	if err != nil {
		return err
	}
	switch {
	case t.handler == "vide" && t.codec == "avc1" && !m.info.Video:
		m.info.Video, m.info.Width, m.info.Height = true, t.width, t.height
	case t.handler == "soun" && t.codec == "mp4a" && !m.info.Audio:
		m.info.Audio = true
	default:
		return ErrConvert // other tracks may tell where it was filmed
	}
	return nil
}

func (t *track) header(b []byte) error {
	at := 4
	if len(b) > 0 && b[0] == 1 {
		at = 8
	}
	if len(b) < 84+(at-4)*3 {
		return ErrBroken
	}
	clear(b[4 : 4+2*at])
	matrix := b[len(b)-44:]
	side := func(i int) int { return int(binary.BigEndian.Uint32(b[len(b)-8+i:]) >> 16) }
	t.width, t.height = side(0), side(4)
	if binary.BigEndian.Uint32(matrix) == 0 && binary.BigEndian.Uint32(matrix[16:]) == 0 { // a quarter turn
		t.width, t.height = t.height, t.width
	}
	return nil
}

func (t *track) media(x box) error {
	switch x.kind {
	case "mdhd":
		_, err := times(x.body)
		return err
	case "hdlr":
		if len(x.body) < 12 {
			return ErrBroken
		}
		t.handler = string(x.body[8:12])
		return nil
	case "minf":
		return boxes(x.body, t.information)
	}
	x.blank()
	return nil
}

func (t *track) information(x box) error {
	switch x.kind {
	case "stbl":
		return boxes(x.body, func(x box) error {
			if slices.Contains(private, x.kind) {
				x.blank()
			}
			if x.kind != "stsd" {
				return nil
			}
			return t.descriptions(x.body)
		})
	case "vmhd", "smhd", "dinf", "hdlr", "gmhd", "nmhd":
		return nil
	}
	x.blank()
	return nil
}

// descriptions tells the codec of a track.
func (t *track) descriptions(b []byte) error {
	if len(b) < 8 {
		return ErrBroken
	}
	return boxes(b[8:], func(x box) error {
		if t.codec != "" || x.kind != "avc1" && x.kind != "mp4a" {
			return ErrConvert
		}
		t.codec = x.kind
		const fields = 78 // of a description of a picture
		if x.kind == "mp4a" {
			return nil
		}
		if len(x.body) < fields {
			return ErrBroken
		}
		return boxes(x.body[fields:], func(x box) error {
			// Profiles of more bits or more colour do not play everywhere.
			if x.kind == "avcC" && (len(x.body) < 4 || x.body[1] != 66 && x.body[1] != 77 && x.body[1] != 100) {
				return ErrConvert
			}
			return nil
		})
	})
}
