package container

import (
	"encoding/binary"
	"math"
	"slices"
	"time"
)

// Elements of WebM.
const (
	idHeader   = 0x1a45dfa3
	idSegment  = 0x18538067
	idInfo     = 0x1549a966
	idTracks   = 0x1654ae6b
	idCluster  = 0x1f43b675
	idTags     = 0x1254c367
	idAttached = 0x1941a469
	idChapters = 0x1043a770
	idVoid     = 0xec
	idCRC      = 0xbf
	idScale    = 0x2ad7b1
	idLength   = 0x4489
	idTrack    = 0xae
	idType     = 0x83
	idCodec    = 0x86
	idVideo    = 0xe0
	idWidth    = 0xb0
	idHeight   = 0xba
)

// kept are the elements that a track and the header of a segment keep; the
// others are names, titles and dates.
var (
	keptOfInfo  = []uint64{idScale, idLength, 0x4d80, 0x5741} // the last two name the program, and must be there
	webmCodecs  = []string{"V_VP8", "V_VP9", "V_AV1", "A_VORBIS", "A_OPUS"}
	unknownSize = uint64(math.MaxUint64)
)

// WebM checks a WebM file: VP8, VP9 or AV1 with Vorbis or Opus. What is private
// becomes empty space, so that nothing moves.
func WebM(b []byte) ([]byte, Info, error) {
	w := webm{scale: 1_000_000}
	err := elements(b, func(e element) error {
		switch e.id {
		case idHeader, idVoid:
			return nil
		case idSegment:
			w.segments++
			return elements(e.body, w.segment)
		}
		return ErrConvert
	})
	if err == nil && (w.segments != 1 || !w.info.Video && !w.info.Audio || !w.data) {
		err = ErrBroken
	}
	if err != nil {
		return nil, Info{}, err
	}
	if d := w.length * float64(w.scale); d > 0 && d < float64(maxDuration) {
		w.info.Duration = time.Duration(d).Round(time.Millisecond)
	}
	return b, w.info, nil
}

type webm struct {
	info     Info
	segments int
	data     bool
	scale    uint64 // nanoseconds
	length   float64
}

// element is one with its header.
type element struct {
	id    uint64
	whole []byte
	body  []byte
}

// number reads one of variable length; with its marker it is an id.
func number(b []byte, marker bool) (v uint64, n int, err error) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0, ErrBroken
	}
	for n = 1; b[0]&(0x80>>(n-1)) == 0; n++ {
	}
	if len(b) < n {
		return 0, 0, ErrBroken
	}
	for _, c := range b[:n] {
		v = v<<8 | uint64(c)
	}
	if marker {
		return v, n, nil
	}
	v &= 1<<(7*n) - 1
	if v == 1<<(7*n)-1 {
		v = unknownSize
	}
	return v, n, nil
}

// elements walks those that fill b. One of unknown size, as recorders write
// them, ends with b.
func elements(b []byte, f func(element) error) error {
	for len(b) > 0 {
		id, n, err := number(b, true)
		if err != nil {
			return err
		}
		size, k, err := number(b[n:], false)
		if err != nil {
			return err
		}
		start := uint64(n + k)
		end := uint64(len(b))
		switch {
		case size == unknownSize && id == idCluster:
			end = start // what is in it follows as if it stood beside it
		case size == unknownSize && id != idSegment, size != unknownSize && size > end-start:
			return ErrBroken
		case size != unknownSize:
			end = start + size
		}
		if err := f(element{id, b[:end], b[start:end]}); err != nil {
			return err
		}
		b = b[end:]
	}
	return nil
}

// blank empties an element.
func (e element) blank() {
	clear(e.whole)
	e.whole[0] = idVoid
	if n := len(e.whole) - 2; n < 127 {
		e.whole[1] = 0x80 | byte(n)
		return
	}
	binary.BigEndian.PutUint64(e.whole[1:], 1<<56|uint64(len(e.whole)-9))
}

func (w *webm) segment(e element) error {
	switch e.id {
	case idTags, idAttached, idChapters, idCRC, idVoid:
		e.blank()
	case idCluster:
		w.data = true
	case idInfo:
		return elements(e.body, w.information)
	case idTracks:
		return elements(e.body, func(e element) error {
			if e.id != idTrack {
				e.blank()
				return nil
			}
			return w.track(e)
		})
	}
	return nil
}

func (w *webm) information(e element) error {
	switch {
	case e.id == idScale && len(e.body) <= 8:
		w.scale = whole(e.body)
	case e.id == idLength && len(e.body) == 8:
		w.length = math.Float64frombits(binary.BigEndian.Uint64(e.body))
	case e.id == idLength && len(e.body) == 4:
		w.length = float64(math.Float32frombits(binary.BigEndian.Uint32(e.body)))
	case !slices.Contains(keptOfInfo, e.id):
		e.blank()
	}
	return nil
}

// whole is the number in a body.
func whole(b []byte) (v uint64) {
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}

func (w *webm) track(track element) error {
	kind, codec := uint64(0), ""
	const idName = 0x536e
	err := elements(track.body, func(e element) error {
		switch e.id {
		case idType:
			kind = whole(e.body)
		case idCodec:
			codec = string(e.body)
		case idName, idCRC:
			e.blank()
		case idVideo:
			return elements(e.body, func(e element) error {
				switch e.id {
				case idWidth:
					w.info.Width = int(min(whole(e.body), 1<<16))
				case idHeight:
					w.info.Height = int(min(whole(e.body), 1<<16))
				}
				return nil
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch {
	case !slices.Contains(webmCodecs, codec):
		return ErrConvert
	case kind == 1 && !w.info.Video:
		w.info.Video = true
	case kind == 2 && !w.info.Audio:
		w.info.Audio = true
	default:
		return ErrConvert
	}
	return nil
}
