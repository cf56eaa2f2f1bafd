package page_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func readAll(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// outline is what checkHTML collects on its way through a page.
type outline struct {
	ids        map[string]bool
	inputs     []*html.Node
	references []string // ids that something points at
	labels     map[string]bool
	headings   []int
}

// checkHTML holds a page to the rules that the policy and people with
// assistive technology rely on.
func checkHTML(t *testing.T, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	o := outline{ids: map[string]bool{}, labels: map[string]bool{}}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			o.visit(t, n)
		}
	}
	for _, in := range o.inputs {
		if id := attr(in, "id"); !o.labels[id] {
			t.Errorf("<%s name=%q id=%q> has no label", in.Data, attr(in, "name"), id)
		}
	}
	for _, ref := range o.references {
		if !o.ids[ref] {
			t.Errorf("nothing has the id %q that is referred to", ref)
		}
	}
	last := 0
	for i, h := range o.headings {
		if (i == 0 && h != 1) || (i > 0 && h == 1) || h > last+1 {
			t.Errorf("headings out of order: %v", o.headings)
			break
		}
		last = h
	}
	if len(o.headings) == 0 {
		t.Error("no h1")
	}
}

func (o *outline) visit(t *testing.T, n *html.Node) {
	t.Helper()
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			t.Errorf("<%s> has the attribute %s, which the policy forbids", n.Data, a.Key)
		case a.Key == "id" && o.ids[a.Val]:
			t.Errorf("id %q appears twice", a.Val)
		case a.Key == "id":
			o.ids[a.Val] = true
		case a.Key == "aria-describedby" || a.Key == "aria-labelledby":
			o.references = append(o.references, strings.Fields(a.Val)...)
		}
	}
	switch n.Data {
	case "style", "script":
		if !strings.HasPrefix(attr(n, "src"), "/static/") {
			t.Errorf("inline <%s>", n.Data)
		}
	case "img":
		if !has(n, "alt") {
			t.Errorf("<img src=%q> without alt", attr(n, "src"))
		}
	case "h1", "h2", "h3", "h4":
		o.headings = append(o.headings, int(n.Data[1]-'0'))
	case "label":
		o.labels[attr(n, "for")] = true
	case "input", "textarea", "select":
		if attr(n, "type") != "hidden" {
			o.inputs = append(o.inputs, n)
		}
	case "html":
		if attr(n, "lang") == "" || attr(n, "dir") == "" {
			t.Error("<html> without lang or dir")
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
