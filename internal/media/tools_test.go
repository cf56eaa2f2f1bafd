package media

import (
	"maps"
	"slices"
	"testing"
)

func TestCodecsOf(t *testing.T) {
	t.Parallel()
	got := codecsOf([]byte("Codecs:\n D..... = Decoding supported\n -------\n" +
		" DEV.L. av1                  Alliance (decoders: libdav1d av1 ) (encoders: libaom-av1 )\n" +
		" DEV..S png                  PNG (Portable Network Graphics) image\n" +
		" D.V.L. hevc                 H.265 / HEVC (decoders: hevc hevc_qsv )\n" +
		" ..V.L. a64_multi            Multicolor\n"))
	want := []string{"av1", "hevc", "hevc_qsv", "libaom-av1", "libdav1d", "png"}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Errorf("got %q", names)
	}
}
