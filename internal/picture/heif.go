package picture

import "encoding/binary"

// StillSize is the size of the largest picture in an AVIF or HEIC whose first
// bytes are b, and how many quarters of a turn it is to be turned, against the
// clock; 0 for what it does not say.
func StillSize(b []byte) (width, height, turns int) {
	boxes(b, func(kind string, body []byte) {
		if kind != "meta" || len(body) < 4 {
			return
		}
		boxes(body[4:], func(kind string, body []byte) {
			if kind != "iprp" {
				return
			}
			boxes(body, func(kind string, body []byte) {
				if kind == "ipco" {
					boxes(body, func(kind string, body []byte) { width, height, turns = property(kind, body, width, height, turns) })
				}
			})
		})
	})
	return width, height, turns
}

// property is the size and the turn once one of the properties is known.
func property(kind string, body []byte, width, height, turns int) (w, h, t int) {
	switch {
	case kind == "ispe" && len(body) >= 12:
		w, h := int(binary.BigEndian.Uint32(body[4:])), int(binary.BigEndian.Uint32(body[8:]))
		if w < 1<<16 && h < 1<<16 && w*h > width*height {
			return w, h, turns
		}
	case kind == "irot" && len(body) >= 1 && turns == 0:
		return width, height, int(body[0] & 3)
	}
	return width, height, turns
}

// boxes walks those of an ISO base media file, as far as they are whole.
func boxes(b []byte, f func(kind string, body []byte)) {
	for len(b) >= 8 {
		size := uint64(binary.BigEndian.Uint32(b))
		if size == 0 {
			size = uint64(len(b))
		}
		if size < 8 || size > uint64(len(b)) {
			return
		}
		f(string(b[4:8]), b[8:size])
		b = b[size:]
	}
}

// Frames is how many a GIF has, 0 for what is none.
func Frames(b []byte) int {
	if Sniff(b) != GIF {
		return 0
	}
	n, _, err := countFrames(b)
	if err != nil {
		return 0
	}
	return n
}
