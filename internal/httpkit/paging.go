package httpkit

import (
	"net/url"
	"strconv"
	"strings"

	"coterie/internal/domain"
)

// Page is a list with links to its neighbours (behaviours 4.3, 4.4). Set a
// cursor to 0 to leave its link out; an empty list has neither.
type Page struct {
	Items any       // written as the body: a slice, Raw, Append or json.RawMessage
	Next  domain.ID // max_id of the older page: the cursor of the last entry
	Prev  domain.ID // min_id of the newer page: the cursor of the first entry
	// PrevSince names the cursor of prev since_id instead of min_id, for the
	// lists of accounts in behaviours 4.3.
	PrevSince bool
}

// OffsetPage is a list paged by offset with links (trends, behaviours 4.7).
type OffsetPage struct {
	Items  any
	Offset int
	Limit  int
	More   bool // the page was full
}

// Page reads the paging parameters (behaviours 4.1): limit defaults to def
// and is capped at twice that. Bad values count as absent, and so does a
// limit of 0.
func (r *Request) Page(def int) domain.Page { return r.PageMax(def, 2*def) }

// PageMax is Page with another maximum.
func (r *Request) PageMax(def, most int) domain.Page {
	p := domain.Page{Limit: r.Limit(def, most)}
	if r.Params.Empty() {
		return p
	}
	p.MaxID, _ = r.Params.ID("max_id")
	p.SinceID, _ = r.Params.ID("since_id")
	p.MinID, _ = r.Params.ID("min_id")
	return p
}

// Limit reads only the limit: its absolute value, at most most.
func (r *Request) Limit(def, most int) int {
	n, ok := r.Params.Int("limit")
	if !ok || n == 0 {
		return def
	}
	if n < 0 {
		n = -n
	}
	if n < 0 || n > int64(most) {
		return most
	}
	return int(n)
}

// maxOffset bounds how deep an offset may reach.
const maxOffset = 100_000

// Offset reads the offset: 0 if absent or bad, never more than 100,000. A
// negative one is a BadRequest error (behaviours 2.7).
func (r *Request) Offset() (int, error) {
	n, ok := r.Params.Int("offset")
	if !ok {
		return 0, nil
	}
	if n < 0 {
		return 0, domain.Errorf(domain.BadRequest, "The offset must not be negative")
	}
	return int(min(n, maxOffset)), nil
}

func (r *Request) linkPage(p Page) {
	if p.Next == 0 && p.Prev == 0 {
		return
	}
	base := r.linkBase()
	var b strings.Builder
	b.Grow(2*len(base) + 80)
	if p.Next != 0 {
		b.WriteByte('<')
		b.WriteString(base)
		b.WriteString("max_id=")
		b.WriteString(p.Next.String())
		b.WriteString(`>; rel="next"`)
	}
	if p.Prev != 0 {
		if p.Next != 0 {
			b.WriteString(", ")
		}
		b.WriteByte('<')
		b.WriteString(base)
		if p.PrevSince {
			b.WriteString("since_id=")
		} else {
			b.WriteString("min_id=")
		}
		b.WriteString(p.Prev.String())
		b.WriteString(`>; rel="prev"`)
	}
	r.x.set(2, "Link", b.String())
}

func (r *Request) linkOffset(p OffsetPage) {
	var links []string
	base := r.linkBase()
	if p.More {
		links = append(links, "<"+base+"offset="+strconv.Itoa(p.Offset+p.Limit)+`>; rel="next"`)
	}
	if p.Offset > 0 {
		links = append(links, "<"+base+"offset="+strconv.Itoa(max(0, p.Offset-p.Limit))+`>; rel="prev"`)
	}
	if len(links) > 0 {
		r.x.set(2, "Link", strings.Join(links, ", "))
	}
}

// linkBase is the address of this request without its cursors and without any
// token, ready for one more parameter.
func (r *Request) linkBase() string {
	var b strings.Builder
	b.WriteString(r.BaseURL)
	b.WriteString(r.HTTP.URL.EscapedPath())
	b.WriteByte('?')
	for pair := range strings.SplitSeq(r.HTTP.URL.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		switch name {
		case "", "max_id", "since_id", "min_id", "offset", "access_token", "bearer_token":
			continue
		}
		writeQuery(&b, pair)
		b.WriteByte('&')
	}
	return b.String()
}

// writeQuery copies a raw query pair, escaping what would end the link early.
func writeQuery(b *strings.Builder, pair string) {
	for i := range len(pair) {
		switch c := pair[i]; {
		case c <= ' ', c >= 0x7f, c == '<', c == '>', c == '"', c == ',', c == ';':
			const hex = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
}
