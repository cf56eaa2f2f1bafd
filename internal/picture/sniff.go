package picture

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Type is one of the closed list of types of files that are known here.
type Type string

// The types, as media types.
const (
	Unknown   Type = ""
	JPEG      Type = "image/jpeg"
	PNG       Type = "image/png"
	GIF       Type = "image/gif"
	WebP      Type = "image/webp"
	AVIF      Type = "image/avif"
	HEIC      Type = "image/heic"
	MP4       Type = "video/mp4"
	QuickTime Type = "video/quicktime"
	WebM      Type = "video/webm"
	Matroska  Type = "video/x-matroska"
	ThreeGPP  Type = "video/3gpp"
	Ogg       Type = "audio/ogg" // or video: the bytes do not tell at once
	MP3       Type = "audio/mpeg"
	FLAC      Type = "audio/flac"
	WAV       Type = "audio/wav"
	M4A       Type = "audio/mp4"
	AAC       Type = "audio/aac"
)

// SniffLength is how many bytes of a file Sniff looks at.
const SniffLength = 64

// extensions are those under which files are kept.
var extensions = map[Type]string{
	JPEG: "jpg", PNG: "png", GIF: "gif", WebP: "webp", AVIF: "avif", HEIC: "heic",
	MP4: "mp4", QuickTime: "mov", WebM: "webm", Matroska: "mkv", ThreeGPP: "3gp",
	Ogg: "ogg", MP3: "mp3", FLAC: "flac", WAV: "wav", M4A: "m4a", AAC: "aac",
}

// Extension is the one under which files of the type are kept, "" for Unknown.
func (t Type) Extension() string { return extensions[t] }

// ByExtension is the type of files kept under an extension, Unknown if none
// is (SEC-56: the list is closed).
func ByExtension(extension string) Type {
	for t, e := range extensions {
		if e == extension {
			return t
		}
	}
	return Unknown
}

// Still reports whether it is a picture that Decode reads.
func (t Type) Still() bool { return t == JPEG || t == PNG || t == GIF || t == WebP }

// Image, Video and Audio say what a type is shown as.
func (t Type) Image() bool { return t.Still() || t == AVIF || t == HEIC }

// Video is for what moves.
func (t Type) Video() bool {
	return t == MP4 || t == QuickTime || t == WebM || t == Matroska || t == ThreeGPP
}

// Audio is for what sounds only.
func (t Type) Audio() bool { return t != Unknown && !t.Image() && !t.Video() }

// Sniff tells the type of a file from its first bytes; its name and what its
// sender says count for nothing. Text of any kind, SVG and playlists with it,
// is Unknown.
func Sniff(b []byte) Type {
	has := func(prefix string) bool { return bytes.HasPrefix(b, []byte(prefix)) }
	switch {
	case has("\xff\xd8\xff"):
		return JPEG
	case has("\x89PNG\r\n\x1a\n"):
		return PNG
	case has("GIF87a"), has("GIF89a"):
		return GIF
	case has("RIFF") && len(b) >= 12 && string(b[8:12]) == "WEBP":
		return WebP
	case has("RIFF") && len(b) >= 12 && string(b[8:12]) == "WAVE":
		return WAV
	case has("OggS\x00"):
		return Ogg
	case has("fLaC"):
		return FLAC
	case has("ID3"):
		return MP3
	case has("\x1a\x45\xdf\xa3"):
		if bytes.Contains(b[:min(len(b), SniffLength)], []byte("webm")) {
			return WebM
		}
		return Matroska
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return sniffBrand(b)
	case len(b) >= 2 && b[0] == 0xff && b[1]&0xf6 == 0xf0:
		return AAC
	case len(b) >= 3 && b[0] == 0xff && b[1]&0xe0 == 0xe0 && b[1]&0x06 != 0 && b[2]&0xf0 != 0xf0:
		return MP3
	}
	return Unknown
}

// brands of ISO base media files. What lists several is what the first known
// one says.
var brands = map[Type][]string{
	AVIF:      {"avif", "avis"},
	HEIC:      {"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"},
	M4A:       {"M4A ", "M4B "},
	QuickTime: {"qt  "},
	ThreeGPP:  {"3gp4", "3gp5", "3gp6", "3gp7", "3g2a"},
	MP4:       {"isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4VH", "M4VP", "dash", "MSNV", "f4v "},
}

func sniffBrand(b []byte) Type {
	end := min(int64(len(b)), int64(binary.BigEndian.Uint32(b)), SniffLength)
	list := []string{string(b[8:12])}
	for i := int64(16); i+4 <= end; i += 4 {
		list = append(list, string(b[i:i+4]))
	}
	// Of pictures the generic brand may come first.
	if (list[0] == "mif1" || list[0] == "msf1") && slices.Contains(list, "avif") {
		return AVIF
	}
	for _, brand := range list {
		for t, known := range brands {
			if slices.Contains(known, brand) {
				return t
			}
		}
	}
	return Unknown
}
