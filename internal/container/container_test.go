package container_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"coterie/internal/container"
)

// seeds are small files of each type, whole enough to be walked.
func seeds() map[string][]byte {
	box := func(kind string, parts ...[]byte) []byte {
		body := bytes.Join(parts, nil)
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
	}
	handler := box("hdlr", make([]byte, 8), []byte("soun"), make([]byte, 13))
	described := box("stsd", make([]byte, 8), box("mp4a", make([]byte, 28)))
	sound := box("trak", box("tkhd", make([]byte, 84)), box("mdia", box("mdhd", make([]byte, 24)), handler, box("minf", box("stbl", described))), box("udta", []byte("secret")))
	header := make([]byte, 100)
	binary.BigEndian.PutUint32(header[12:], 1000)
	binary.BigEndian.PutUint32(header[16:], 1500)
	mp4 := bytes.Join([][]byte{box("ftyp", []byte("M4A \x00\x00\x00\x00")), box("moov", box("mvhd", header), sound, box("meta", []byte("secret"))), box("mdat", []byte("sound"))}, nil)
	wav := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x08\x00\x00\x00\x08\x00\x00\x00\x01\x00\x08\x00LIST\x06\x00\x00\x00secretdata\x0c\x00\x00\x00123456789012")
	block := func(kind byte, body []byte) []byte {
		return append([]byte{kind, 0, 0, byte(len(body))}, body...)
	}
	stream := make([]byte, 34)
	binary.BigEndian.PutUint64(stream[10:], 8000<<44|12000)
	flac := bytes.Join([][]byte{[]byte("fLaC"), block(0, stream), block(0x84, []byte("secret")), {0xff, 0xf8, 1, 2, 3}}, nil)
	frame := append([]byte{0xff, 0xfb, 0x90, 0}, make([]byte, 413)...)
	mp3 := bytes.Join([][]byte{[]byte("ID3\x04\x00\x00\x00\x00\x00\x06secret"), bytes.Repeat(frame, 58), []byte("TAGsecret")}, nil)
	element := func(id string, body ...byte) []byte {
		return append([]byte(id), append([]byte{0x80 | byte(len(body))}, body...)...)
	}
	info := element("\x15\x49\xa9\x66", bytes.Join([][]byte{element("\x2a\xd7\xb1", 0x0f, 0x42, 0x40), element("\x44\x89", 0x44, 0xbb, 0x80, 0), element("\x7b\xa9", []byte("secret")...)}, nil)...)
	entry := element("\xae", bytes.Join([][]byte{element("\x83", 2), element("\x86", []byte("A_OPUS")...)}, nil)...)
	segment := bytes.Join([][]byte{info, element("\x16\x54\xae\x6b", entry...), element("\x1f\x43\xb6\x75", 0xe7, 0x81, 0), element("\x12\x54\xc3\x67", []byte("secret")...)}, nil)
	webm := append(element("\x1a\x45\xdf\xa3", 0xec, 0x80), append([]byte("\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"), segment...)...)
	return map[string][]byte{"mp4": mp4, "wav": wav, "flac": flac, "mp3": mp3, "webm": webm}
}

var cleaners = map[string]func([]byte) ([]byte, container.Info, error){
	"mp4": container.MP4, "wav": container.WAV, "flac": container.FLAC, "mp3": container.MP3, "webm": container.WebM,
}

func TestWhatIsPrivateGoes_SEC57(t *testing.T) {
	t.Parallel()
	for name, b := range seeds() {
		out, info, err := cleaners[name](bytes.Clone(b))
		if err != nil || !info.Audio || info.Video {
			t.Errorf("%s: %+v, %v", name, info, err)
			continue
		}
		if s := info.Duration.Seconds(); s < 1.49 || s > 1.52 {
			t.Errorf("%s lasts %v", name, info.Duration)
		}
		if bytes.Contains(out, []byte("secret")) || !bytes.Contains(b, []byte("secret")) {
			t.Errorf("%s still says what is private", name)
		}
		again, second, err := cleaners[name](bytes.Clone(out))
		if err != nil || !bytes.Equal(again, out) || second != info {
			t.Errorf("%s changes when it is cleaned again: %v", name, err)
		}
	}
}

func TestWhatDoesNotPlayEverywhere(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		name, old, new string
		err            error
	}{
		"another codec":       {"mp4", "mp4a", "alac", container.ErrConvert},
		"a track of places":   {"mp4", "soun", "meta", container.ErrConvert},
		"fragments":           {"mp4", "meta", "mvex", container.ErrConvert},
		"without its data":    {"mp4", "mdat", "free", container.ErrBroken},
		"samples of some law": {"wav", "\x01\x00\x01\x00\x08", "\x07\x00\x01\x00\x08", container.ErrConvert},
		"no samples":          {"wav", "data", "dada", container.ErrBroken},
		"codec of Matroska":   {"webm", "A_OPUS", "A_FLAC", container.ErrConvert},
		"no frames in FLAC":   {"flac", "\xff\xf8", "\x00\x00", container.ErrBroken},
	} {
		b := bytes.Replace(seeds()[c.name], []byte(c.old), []byte(c.new), 1)
		if _, _, err := cleaners[c.name](b); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	page := append([]byte("ID3\x04\x00\x00\x00\x00\x00\x00"), bytes.Repeat([]byte("<script>"), 4000)...)
	if _, _, err := container.MP3(page); !errors.Is(err, container.ErrBroken) {
		t.Errorf("a page that says it is MP3: %v", err)
	}
}

func TestEveryCutIsAnError(t *testing.T) {
	t.Parallel()
	for name, b := range seeds() {
		for i := range len(b) {
			if name == "mp3" && i > 1200 || name == "flac" && i > 54 || name == "webm" && i > 100 {
				break // what remains is a shorter file
			}
			if _, _, err := cleaners[name](bytes.Clone(b[:i])); err == nil && i < len(b)-30 {
				t.Errorf("%s cut to %d of %d bytes is taken", name, i, len(b))
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, b := range seeds() {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for name, clean := range cleaners {
			out, _, err := clean(bytes.Clone(b))
			if err != nil {
				continue
			}
			if len(out) > len(b)+1 {
				t.Errorf("%s grows from %d to %d bytes", name, len(b), len(out))
			}
			if again, _, err := clean(bytes.Clone(out)); err != nil || !bytes.Equal(again, out) {
				t.Errorf("%s changes when it is cleaned again: %v", name, err)
			}
		}
	})
}
