package page

import (
	"html/template"
	"net/http"
	"time"
)

// Front is the community's first page.
type Front struct {
	Meta
	Owner    *Account // who runs it, nil while unknown
	Contact  string   // mail address shown, "" for none
	Members  int64
	Statuses []Status
	Rules    []Rule
	SignIn   string // address of the sign-in page
	Pager    Pager
}

// Front writes the community's first page.
func (p *Pages) Front(w http.ResponseWriter, r *http.Request, d Front) {
	p.public(w, r, "front", d.Meta, d)
}

// Profile is a person with their posts.
type Profile struct {
	Meta
	Account  Account
	Tab      string // "posts", "replies" or "tagged"
	Tagged   string // the hashtag of the last, without #
	Pinned   []Status
	Statuses []Status
	Pager    Pager
	// Elsewhere lets a visitor follow from another server, nil hides it.
	Elsewhere *Elsewhere
}

// Profile writes a profile.
func (p *Pages) Profile(w http.ResponseWriter, r *http.Request, d Profile) {
	p.public(w, r, "profile", d.Meta, profileView{d, p.inline(r, d.Elsewhere)})
}

type profileView struct {
	Profile
	Ask *authView
}

// Post is a post with its thread, in the order of reading.
type Post struct {
	Meta
	Ancestors   []Status
	Status      Status
	Descendants []Status
	// Elsewhere lets a visitor act from another server, nil hides it.
	Elsewhere *Elsewhere
}

// Post writes a post with its thread.
func (p *Pages) Post(w http.ResponseWriter, r *http.Request, d Post) {
	d.Status.Focus = true
	p.public(w, r, "post", d.Meta, postView{d, p.inline(r, d.Elsewhere)})
}

// Framed writes a post alone, for a frame in a page of another site.
func (p *Pages) Framed(w http.ResponseWriter, r *http.Request, d Post) {
	d.Status.Focus, d.Framed, d.NoIndex = true, true, true
	p.public(w, r, "framed", d.Meta, d)
}

type postView struct {
	Post
	Ask *authView
}

// Hashtag is the public posts with one hashtag.
type Hashtag struct {
	Meta
	Name     string // without #
	Statuses []Status
	Pager    Pager
}

// Hashtag writes the page of a hashtag.
func (p *Pages) Hashtag(w http.ResponseWriter, r *http.Request, d Hashtag) {
	p.public(w, r, "hashtag", d.Meta, d)
}

// Collection is people whom somebody shows together.
type Collection struct {
	Meta
	Name        string
	Description string
	Language    string // of the name and description, "" for unknown
	Sensitive   bool   // the people are covered until they are wanted
	Owner       Account
	People      []Account
}

// Count is how many people are in it.
func (c Collection) Count() int64 { return int64(len(c.People)) }

// Collection writes the page of a collection.
func (p *Pages) Collection(w http.ResponseWriter, r *http.Request, d Collection) {
	p.public(w, r, "collection", d.Meta, d)
}

// About is who runs the community, under which rules.
type About struct {
	Meta
	Owner   *Account
	Contact string
	Members int64
	Posts   int64
	Rules   []Rule
	Costs   string        // what the community costs and who pays, "" if nothing is said
	Funded  time.Time     // until when it is paid for, zero if nothing is said
	Overdue bool          // that day has passed
	Text    template.HTML // what the community says of itself at length, sanitised; "" for nothing
	Version string
}

// About writes the page about the community.
func (p *Pages) About(w http.ResponseWriter, r *http.Request, d About) {
	p.public(w, r, "about", d.Meta, d)
}

// Document is a text that everybody may read: terms of service, or the privacy
// policy.
type Document struct {
	Meta
	Text   template.HTML // sanitised
	Day    string        // from when it holds, in words; "" for always
	Others []Link        // other versions
}

// Document writes the page of a text.
func (p *Pages) Document(w http.ResponseWriter, r *http.Request, d Document) {
	p.public(w, r, "document", d.Meta, d)
}

// public writes a page that anyone may see. What a signed-in person gets is
// never stored, and neither is what remembers the browser or sets a cookie.
func (p *Pages) public(w http.ResponseWriter, r *http.Request, name string, m Meta, d any) {
	cache := "public, max-age=15"
	if m.Viewer != nil || m.Own || r.URL.Query().Has("lang") {
		cache = "private, no-store"
	}
	w.Header().Set("Cache-Control", cache)
	p.render(w, r, http.StatusOK, name, m, d)
}
