package apub

import (
	"net/url"
	"path"
	"strings"
	"time"
)

// Image is a picture that goes with something: avatar, header, thumbnail.
type Image struct {
	URL, MediaType string
	Description    string
	Width, Height  int
}

// MediaKind is what an attachment is shown as.
type MediaKind uint8

const (
	MediaUnknown MediaKind = iota // shown as a link, or looked at by fetching
	MediaImage
	MediaVideo
	MediaAudio
	MediaLink // a page: a preview card, not media
)

// Attachment is one file or link of a post.
type Attachment struct {
	Kind          MediaKind
	URL           string
	MediaType     string
	Description   string // alt text
	Blurhash      string // valid, or ""
	Focus         *[2]float64
	Width, Height int
	Duration      time.Duration
	Preview       string // address of a thumbnail
}

// address is the usable address of a thing with url or href: a string, a
// Link, or a list of them.
func (n *node) address() (addr, mediaType string, link *node) {
	for _, field := range [...]string{"url", "href"} {
		for _, e := range n.get(field).list(MaxLinks) {
			if e.kind == kindString {
				if s := href(e.text); s != "" {
					return s, "", null()
				}
				continue
			}
			if s := href(e.get("href").str()); s != "" {
				return s, mediaTypeOf(e), e
			}
			if s := href(e.get("url").str()); s != "" {
				return s, mediaTypeOf(e), e
			}
		}
	}
	return "", "", null()
}

func mediaTypeOf(n *node) string {
	s := strings.ToLower(strings.TrimSpace(n.get("mediaType").str()))
	if i := strings.IndexByte(s, ';'); i >= 0 {
		s = strings.TrimSpace(s[:i])
	}
	if len(s) > 100 || !strings.Contains(s, "/") || strings.ContainsAny(s, " \"<>\r\n") {
		return ""
	}
	return s
}

func (n *node) pixels(name string) int {
	v, ok := n.get(name).number()
	if !ok || v < 1 || v > 1<<16 {
		return 0
	}
	return int(v)
}

// readImage reads icon or image: an object, a string, or a list, of which
// the largest is taken, else the first.
func readImage(n *node) *Image {
	var best *Image
	for _, e := range n.list(16) {
		var i *Image
		if e.kind == kindString {
			if s := href(e.text); s != "" {
				i = &Image{URL: s}
			}
		} else if s, mt, l := e.address(); s != "" {
			i = &Image{URL: s, MediaType: mediaTypeOf(e), Description: altText(e)}
			if i.MediaType == "" {
				i.MediaType = mt
			}
			i.Width, i.Height = size(e, l)
		}
		if i != nil && (best == nil || i.Width*i.Height > best.Width*best.Height) {
			best = i
		}
	}
	return best
}

// size is the size in pixels, on the thing or on its Link.
func size(n, link *node) (w, h int) {
	if w, h = n.pixels("width"), n.pixels("height"); w == 0 || h == 0 {
		w, h = link.pixels("width"), link.pixels("height")
	}
	if w == 0 || h == 0 {
		return 0, 0
	}
	return w, h
}

// altText is name, else summary (GoToSocial).
func altText(n *node) string {
	s := strings.TrimSpace(n.get("name").str())
	if s == "" {
		s = plain(cutBytes(n.get("summary").str(), MaxBio))
	}
	return cut(s, MaxDescription)
}

func readAttachments(n *node) []Attachment {
	var out []Attachment
	for _, e := range n.list(4 * MaxAttachments) {
		if a, ok := readAttachment(e); ok && len(out) < MaxAttachments {
			out = append(out, a)
		}
	}
	return out
}

func readAttachment(n *node) (Attachment, bool) {
	if n.kind == kindString {
		s := href(n.text)
		return Attachment{URL: s, Kind: mediaKind("", "", s)}, s != ""
	}
	if n.is("PropertyValue") || n.kind != kindObject {
		return Attachment{}, false
	}
	addr, mt, link := n.address()
	if addr == "" {
		return Attachment{}, false
	}
	a := Attachment{URL: addr, MediaType: mediaTypeOf(n), Description: altText(n)}
	if a.MediaType == "" {
		a.MediaType = mt
	}
	typ := ""
	if t := n.types(); len(t) > 0 {
		typ = t[0]
	}
	a.Kind = mediaKind(typ, a.MediaType, addr)
	if a.Kind == MediaLink {
		a.Description = line(a.Description)
	}
	a.Width, a.Height = size(n, link)
	a.Duration = n.get("duration").duration()
	if b := n.get("blurhash").str(); validBlurhash(b) {
		a.Blurhash = b
	}
	a.Focus = readFocus(n.get("focalPoint"))
	if i := readImage(n.get("icon")); i != nil {
		a.Preview = i.URL
	}
	return a, true
}

// mediaKind trusts the media type, then the type, then the file name.
func mediaKind(typ, mediaType, addr string) MediaKind {
	if typ == "Link" && !strings.HasPrefix(mediaType, "image/") && !strings.HasPrefix(mediaType, "video/") && !strings.HasPrefix(mediaType, "audio/") {
		return MediaLink
	}
	switch main, _, _ := strings.Cut(mediaType, "/"); main {
	case "image":
		return MediaImage
	case "video":
		return MediaVideo
	case "audio":
		return MediaAudio
	case "":
	default:
		return MediaUnknown
	}
	switch typ {
	case "Image":
		return MediaImage
	case "Video":
		return MediaVideo
	case "Audio":
		return MediaAudio
	}
	u, err := url.Parse(addr)
	if err != nil {
		return MediaUnknown
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".heic":
		return MediaImage
	case ".mp4", ".webm", ".mov", ".m4v":
		return MediaVideo
	case ".mp3", ".ogg", ".oga", ".opus", ".flac", ".wav", ".m4a":
		return MediaAudio
	}
	return MediaUnknown
}

// readFocus reads [x, y], clamped to -1..1; nil when it is no pair.
func readFocus(n *node) *[2]float64 {
	l := n.list(3)
	if len(l) != 2 {
		return nil
	}
	var f [2]float64
	for i, e := range l {
		v, ok := e.number()
		if !ok {
			return nil
		}
		f[i] = max(-1, min(1, v))
	}
	return &f
}

const base83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

// validBlurhash checks the alphabet and that the length fits the number of
// components the first character names.
func validBlurhash(s string) bool {
	if len(s) < 6 || len(s) > 166 {
		return false
	}
	for i := range len(s) {
		if strings.IndexByte(base83, s[i]) < 0 {
			return false
		}
	}
	c := strings.IndexByte(base83, s[0])
	return c < 81 && len(s) == 4+2*(c%9+1)*(c/9+1)
}
