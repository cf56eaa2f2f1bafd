package text

import (
	"strings"

	"golang.org/x/net/html"
)

// PlainText is the text of HTML: for search, feeds, previews and filters.
// Paragraphs are apart by a blank line, items and line breaks by a newline.
// Shortened links are whole, pictures are their description.
func PlainText(src string) string {
	src = cutHTML(src)
	if strings.IndexByte(src, '<') < 0 && strings.IndexByte(src, '&') < 0 {
		return strings.TrimSpace(src)
	}
	w := plainWriter{}
	w.Grow(len(src))
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return strings.TrimSpace(w.String())
		case html.TextToken:
			w.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			w.tag(z, z.Token(), kind)
		}
	}
}

// plainWriter writes text with the newlines that the elements around it ask for.
type plainWriter struct {
	strings.Builder
	breaks int  // newlines wanted before the next text
	space  bool // a space wanted before the next text
	pre    int  // open pre elements
}

func (w *plainWriter) tag(z *html.Tokenizer, t html.Token, kind html.TokenType) {
	switch tag := t.Data; {
	case tag == "br":
		if kind != html.EndTagToken {
			w.breaks++
		}
	case tag == "img":
		w.text(attr(t, "alt"))
	case tag == "math" && kind == html.StartTagToken:
		w.text(formula(z, t))
	case isDropped(tag):
		if kind == html.StartTagToken {
			skipContent(z, tag)
		}
	case tag == "li", isUnwrappedBlock(tag):
		w.breaks = max(w.breaks, 1)
	case isAllowedBlock(tag), isHeading(tag):
		w.breaks = max(w.breaks, 2)
		if tag == "pre" {
			if kind == html.EndTagToken {
				w.pre = max(w.pre-1, 0)
			} else {
				w.pre++
			}
		}
	}
}

func (w *plainWriter) text(s string) {
	if w.pre > 0 {
		w.flush()
		w.WriteString(s)
		return
	}
	for s != "" {
		word := strings.TrimLeft(s, " \t\r\n\f")
		w.space = w.space || len(word) < len(s)
		if word == "" {
			return
		}
		end := strings.IndexAny(word, " \t\r\n\f")
		if end < 0 {
			end = len(word)
		}
		w.flush()
		w.WriteString(word[:end])
		s = word[end:]
	}
}

// flush writes the white space that is due.
func (w *plainWriter) flush() {
	switch {
	case w.Len() == 0:
	case w.breaks > 0:
		for range min(w.breaks, 2) {
			w.WriteByte('\n')
		}
	case w.space:
		w.WriteByte(' ')
	}
	w.breaks, w.space = 0, false
}
