package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"coterie/internal/picture"
	"coterie/internal/testkit"
)

func phone(t testing.TB) []byte {
	t.Helper()
	return testkit.HEIC(t, testkit.HEICOf{
		Source: "testsrc=size=150x90", Width: 150, Height: 90, Columns: 3, Rows: 2, Turns: 1, Profile: testkit.DisplayP3(),
	})
}

func TestHEICOfTiles(t *testing.T) {
	t.Parallel()
	got, err := picture.ReadHEIC(phone(t), limits)
	if err != nil {
		t.Fatal(err)
	}
	if got.Columns != 3 || got.Rows != 2 || got.TileWidth != 56 || got.TileHeight != 48 || got.Width != 150 || got.Height != 90 || got.Turns != 1 {
		t.Errorf("got %+v", got)
	}
	if !bytes.Equal(got.Profile, testkit.DisplayP3()) {
		t.Error("the profile is not that of the file")
	}
	if n := bytes.Count(got.Frames, []byte{0, 0, 0, 1}); n != 6*4 {
		t.Errorf("%d units in 6 frames with their settings", n)
	}
}

func TestHEICThatIsRefused(t *testing.T) {
	t.Parallel()
	file := phone(t)
	if _, err := picture.ReadHEIC(file, picture.Limits{Pixels: 150*90 - 1}); !errors.Is(err, picture.ErrLarge) {
		t.Errorf("one too large: %v", err)
	}
	for name, harm := range map[string]func(b []byte) []byte{
		"cut short":     func(b []byte) []byte { return b[:len(b)-600] },
		"no frames":     func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("hvc1"), []byte("hvc9")) },
		"no settings":   func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("hvcC"), []byte("hvcX")) },
		"another size":  func(b []byte) []byte { binary.BigEndian.PutUint16(b[bytes.Index(b, []byte("idat"))+8:], 999); return b },
		"fewer tiles":   func(b []byte) []byte { b[bytes.Index(b, []byte("dimg"))+7]--; return b },
		"one too often": func(b []byte) []byte { b[bytes.Index(b, []byte("idat"))+6] = 200; return b },
	} {
		if got, err := picture.ReadHEIC(harm(bytes.Clone(file)), limits); err == nil {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func FuzzHEIC(f *testing.F) {
	f.Add(phone(f))
	f.Add(testkit.HEIC(f, testkit.HEICOf{Source: "testsrc=size=64x64", Width: 64, Height: 64, Columns: 1, Rows: 1}))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := picture.ReadHEIC(b, limits)
		if err == nil && (got.Width*got.Height > limits.Pixels || len(got.Frames) > 3*len(b)+1<<20) {
			t.Fatalf("%d bytes become %d x %d of %d bytes", len(b), got.Width, got.Height, len(got.Frames))
		}
	})
}
