package container

import (
	"bytes"
	"encoding/binary"
)

// FLAC keeps of a FLAC file what its player needs.
func FLAC(b []byte) ([]byte, Info, error) {
	const streamInfo, seekTable, head = 0, 3, 4
	if len(b) < 4 || string(b[:4]) != "fLaC" {
		return nil, Info{}, ErrBroken
	}
	out := bytes.NewBuffer(make([]byte, 0, len(b)))
	out.WriteString("fLaC")
	info, last, at := Info{Audio: true}, false, 4
	var tail int // where the header of the last block that is kept stands
	for !last {
		if len(b) < at+head {
			return nil, Info{}, ErrBroken
		}
		kind, size := b[at]&0x7f, int(b[at+1])<<16|int(b[at+2])<<8|int(b[at+3])
		last = b[at]&0x80 != 0
		if len(b) < at+head+size || (at == 4) != (kind == streamInfo) || at == 4 && size < 34 {
			return nil, Info{}, ErrBroken
		}
		if kind == streamInfo {
			v := binary.BigEndian.Uint64(b[at+head+10:])
			info.Duration = duration(v&(1<<36-1), v>>44)
		}
		if kind == streamInfo || kind == seekTable {
			tail = out.Len()
			out.Write(b[at : at+head+size])
			out.Bytes()[tail] &= 0x7f
		}
		at += head + size
	}
	if len(b) < at+2 || b[at] != 0xff || b[at+1]&0xfe != 0xf8 {
		return nil, Info{}, ErrBroken
	}
	out.Bytes()[tail] |= 0x80
	out.Write(b[at:])
	return out.Bytes(), info, nil
}

// WAV keeps of a WAV file its samples and how they are to be read.
func WAV(b []byte) ([]byte, Info, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return nil, Info{}, ErrBroken
	}
	out := bytes.NewBuffer(make([]byte, 0, len(b)))
	out.WriteString("RIFF\x00\x00\x00\x00WAVE")
	info := Info{Audio: true}
	var rate, data uint64
	for at := 12; at+8 <= len(b); {
		kind, size := string(b[at:at+4]), int(binary.LittleEndian.Uint32(b[at+4:]))
		end := at + 8 + size
		if size < 0 || end > len(b) {
			return nil, Info{}, ErrBroken
		}
		switch kind {
		case "fmt ":
			if size < 16 {
				return nil, Info{}, ErrBroken
			}
			if tag := binary.LittleEndian.Uint16(b[at+8:]); tag != 1 && tag != 3 && tag != 0xfffe {
				return nil, Info{}, ErrConvert
			}
			rate = uint64(binary.LittleEndian.Uint32(b[at+16:]))
		case "data":
			data = uint64(size)
		}
		if kind == "fmt " || kind == "data" {
			out.Write(b[at:end])
			if size%2 == 1 {
				out.WriteByte(0)
			}
		}
		at = end + size%2
	}
	if rate == 0 || data == 0 {
		return nil, Info{}, ErrBroken
	}
	info.Duration = duration(data, rate)
	binary.LittleEndian.PutUint32(out.Bytes()[4:], uint32(out.Len()-8))
	return out.Bytes(), info, nil
}

// MP3 keeps of an MP3 file its frames, and so neither tags nor covers.
func MP3(b []byte) ([]byte, Info, error) {
	for len(b) >= 10 && string(b[:3]) == "ID3" {
		size := 10 + (int(b[6]&0x7f)<<21 | int(b[7]&0x7f)<<14 | int(b[8]&0x7f)<<7 | int(b[9]&0x7f))
		if b[5]&0x10 != 0 {
			size += 10
		}
		if size > len(b) {
			return nil, Info{}, ErrBroken
		}
		b = b[size:]
	}
	b = bytes.TrimLeft(b, "\x00")
	var frames, samples, rate, at int
	for {
		size, n, r := frame(b[at:])
		if size == 0 || at+size > len(b) || rate != 0 && r != rate {
			break
		}
		frames, samples, rate, at = frames+1, samples+n, r, at+size
	}
	// A few frames may be found in anything.
	if frames < 3 || len(b)-at > len(b)/10+4096 {
		return nil, Info{}, ErrBroken
	}
	return b[:at], Info{Audio: true, Duration: duration(uint64(samples), uint64(rate))}, nil
}

// Rates of Layer III in kbit and hertz; each version halves the latter.
var (
	bitrates = [2][16]int{
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}, // version 1
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},     // versions 2 and 2.5
	}
	sampleRates = [4]int{44100, 48000, 32000, 0}
)

// frame reads the header of a frame of MPEG Layer III: its bytes, samples and
// samples a second, 0 for what is none.
func frame(b []byte) (size, samples, rate int) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]&0x06 != 0x02 {
		return 0, 0, 0
	}
	version, padding := b[1]>>3&3, int(b[2]>>1&1)
	table, rate, samples := 1, sampleRates[b[2]>>2&3], 576
	switch version {
	case 3:
		table, samples = 0, 1152
	case 2:
		rate /= 2
	case 0:
		rate /= 4
	default:
		return 0, 0, 0
	}
	bits := bitrates[table][b[2]>>4] * 1000
	if bits == 0 || rate == 0 {
		return 0, 0, 0
	}
	return samples/8*bits/rate + padding, samples, rate
}
