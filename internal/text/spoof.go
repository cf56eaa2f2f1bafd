package text

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// checkLinks keeps links honest (SEC-53): nothing is hidden unless it is the
// shortened address of a link that shows its host, no invisible characters
// stand in a link, and one whose text names another host gets the real one
// added in brackets.
func (n *node) checkLinks() {
	if n.tag == "a" {
		n.checkLink()
		return
	}
	n.unhide()
	for _, kid := range n.kids {
		kid.checkLinks()
	}
}

func (n *node) checkLink() {
	n.cleanText()
	host := realHost(n.attrs[0].Val)
	if !showsHost(n.visible(), host) {
		for _, kid := range n.kids {
			kid.unhideAll()
		}
	}
	shown := n.visible()
	if !strings.HasSuffix(shown, "["+host+"]") && namesOtherHost(shown, host) {
		n.kids = append(n.kids, &node{text: " [" + host + "]", parent: n})
	}
}

// unhide removes the class that hides an element.
func (n *node) unhide() {
	for i, a := range n.attrs {
		if a.Key != "class" || !strings.Contains(a.Val, "invisible") {
			continue
		}
		classes := slices.DeleteFunc(strings.Fields(a.Val), func(c string) bool { return c == "invisible" })
		if len(classes) == 0 {
			n.attrs = slices.Delete(n.attrs, i, i+1)
			return
		}
		n.attrs[i].Val = strings.Join(classes, " ")
	}
}

func (n *node) unhideAll() {
	n.unhide()
	for _, kid := range n.kids {
		kid.unhideAll()
	}
}

func (n *node) isHidden() bool {
	return slices.ContainsFunc(n.attrs, func(a html.Attribute) bool {
		return a.Key == "class" && slices.Contains(strings.Fields(a.Val), "invisible")
	})
}

// visible is the text a reader sees.
func (n *node) visible() string {
	var b strings.Builder
	n.writeVisible(&b)
	return strings.TrimSpace(b.String())
}

func (n *node) writeVisible(b *strings.Builder) {
	if n.tag != "a" && n.isHidden() {
		return
	}
	b.WriteString(n.text)
	if n.tag == "br" || isAllowedBlock(n.tag) {
		b.WriteByte(' ')
	}
	for _, kid := range n.kids {
		kid.writeVisible(b)
	}
}

// cleanText drops direction marks and characters without width.
func (n *node) cleanText() {
	n.text = strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, n.text)
	for _, kid := range n.kids {
		kid.cleanText()
	}
}

// realHost is the host of a web address in its ASCII form, which cannot look
// like another.
func realHost(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if isASCII(host) {
		return host
	}
	if ascii, err := idna.Punycode.ToASCII(host); err == nil {
		return ascii
	}
	return host
}

// showsHost reports whether the visible text of a shortened link begins with
// the host it leads to.
func showsHost(shown, host string) bool {
	named := namedHost(shown)
	return named != "" && sameHost(named, host)
}

// namesOtherHost reports whether text reads like an address of a host other
// than host: it holds a web address or something that begins with www., or is
// as a whole a name under a real top-level domain.
func namesOtherHost(text, host string) bool {
	text = norm.NFKC.String(text)
	words := strings.Fields(text)
	for _, w := range words {
		w = strings.TrimLeft(w, "(<[\"'*_-–—>»")
		if strings.Contains(w, "://") || hasPrefixFold(w, "www.") {
			if named := namedHost(w); named != "" && !sameHost(named, host) {
				return true
			}
		}
	}
	if len(words) != 1 || strings.HasPrefix(words[0], "@") || strings.HasPrefix(words[0], "#") {
		return false
	}
	named := namedHost(words[0])
	dot := strings.LastIndexByte(named, '.')
	if dot <= 0 || len(named) > maxDomain {
		return false
	}
	_, icann := publicsuffix.PublicSuffix(named)
	return icann && !sameHost(named, host)
}

// namedHost is the host that a reader takes text to name: what stands before
// the first character that ends one.
func namedHost(text string) string {
	if i := strings.Index(text, "://"); i >= 0 {
		text = text[i+3:]
	}
	for i, r := range text {
		if !isWord(r) && r != '.' && r != '-' {
			text = text[:i]
			break
		}
	}
	return strings.ToLower(strings.Trim(text, ".-"))
}

// sameHost compares hosts in their ASCII form without www.
func sameHost(named, host string) bool {
	if !isASCII(named) && len(named) <= maxDomain {
		if ascii, err := idna.Punycode.ToASCII(named); err == nil {
			named = ascii
		}
	}
	return strings.TrimPrefix(named, "www.") == strings.TrimPrefix(host, "www.")
}
