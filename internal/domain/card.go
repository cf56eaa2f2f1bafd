package domain

import (
	"strings"
	"time"
)

// CardType is what a link preview shows.
type CardType string

const (
	CardLink  CardType = "link"
	CardPhoto CardType = "photo"
	CardVideo CardType = "video"
	CardRich  CardType = "rich"
)

// CardState is what is known of a link.
type CardState string

const (
	CardWaiting CardState = "waiting" // not asked yet
	CardShown   CardState = "shown"
	CardNone    CardState = "none" // its page gives nothing to show
)

// Card is the preview of a link. Its texts are plain, its addresses checked,
// and its HTML is a frame of our own making (SEC-51, SEC-54).
type Card struct {
	ID    ID
	URL   string // as posts name it, without fragment
	State CardState
	// Link is where it leads: the page's address as its own host names it.
	Link             string
	Type             CardType
	Title            string
	Description      string
	Language         string
	Provider         string
	ProviderURL      string
	Authors          []CardAuthor
	Creator          ID // the account that the page names as its author
	HTML             string
	EmbedURL         string
	Width, Height    int
	Image            string // at the page's host
	ImageKey         string // the part of our address under which it is shown here
	ImageDescription string
	PublishedAt      time.Time
	FetchedAt        time.Time
}

// CardAuthor is somebody who wrote a page, as it says itself.
type CardAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// How long a card is kept before a new post with its link has the page asked
// again (behaviours 8.15), and a page that gave nothing.
const (
	CardFresh   = 14 * 24 * time.Hour
	NoCardFresh = 24 * time.Hour
)

// Due reports whether the page is to be asked now.
func (c *Card) Due(now time.Time) bool {
	fresh := CardFresh
	if c.State == CardNone {
		fresh = NoCardFresh
	}
	return c.State == CardWaiting || now.Sub(c.FetchedAt) > fresh
}

// Attributable reports whether somebody who lists these domains lets pages of
// host, or of a sub-domain of one of them, name him as their author.
func Attributable(host string, domains []string) bool {
	host = strings.ToLower(host)
	for _, d := range domains {
		d = strings.ToLower(d)
		if d != "" && (host == d || strings.HasSuffix(host, "."+d)) {
			return true
		}
	}
	return false
}
