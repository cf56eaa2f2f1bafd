package text

import (
	"strings"

	"golang.org/x/net/html"
)

// skipContent reads on until the end tag of an element that has begun.
func skipContent(z *html.Tokenizer, tag string) {
	for open := 1; open > 0; {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == tag {
				open++
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == tag {
				open--
			}
		}
	}
}

// formula reads a formula to its end and returns the source it is annotated
// with: TeX between dollar signs, else plain text, else nothing (9.7).
func formula(z *html.Tokenizer, math html.Token) string {
	var tex, plain string
	var encoding string
	var path []string
	for open := 1; open > 0; {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			open = 0
		case html.StartTagToken:
			t := z.Token()
			if t.Data == "math" {
				open++
			}
			if len(path) < maxHTMLDepth {
				path = append(path, t.Data)
			}
			encoding = ""
			if len(path) == 2 && path[0] == "semantics" && t.Data == "annotation" {
				encoding = attr(t, "encoding")
			}
		case html.EndTagToken:
			if z.Token().Data == "math" {
				open--
			}
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
			encoding = ""
		case html.TextToken:
			s := strings.TrimSpace(z.Token().Data)
			switch {
			case encoding == "application/x-tex" && tex == "":
				tex = s
			case encoding == "text/plain" && plain == "":
				plain = s
			}
		}
	}
	switch {
	case tex == "":
		return plain
	case attr(math, "display") == "block":
		return "$$" + tex + "$$"
	}
	return "$" + tex + "$"
}
