package page

import (
	"html/template"
	"time"

	"coterie/internal/domain"
)

// Site is the community as every page shows it.
type Site struct {
	Name        string // may be empty: then the domain stands for it
	Domain      string // host people see in handles
	Description string // one plain sentence or two
	SignUpURL   string // "" when nobody can join by a page
	Closed      string // why not, in words of the people who run it; "" for the usual ones
	Terms       bool   // there are terms of service
	Picture     string // path of the community's own picture; "" is the usual one
	Icon        domain.Icon
	SourceURL   string // where this server's source can be had (AGPL); "" hides the link
}

// Meta is what the head and the header of one page need. All addresses are
// absolute.
type Meta struct {
	Title       string // without the community's name
	Description string // plain text, for search engines and previews
	Canonical   string
	Type        string // OpenGraph type; "" is "website"
	Image       string // OpenGraph picture; "" is the default one
	ImageAlt    string
	Feeds       []Feed
	RelMe       []string // addresses for <link rel="me">
	Alternate   string   // the same thing as ActivityPub, "" if there is none
	JSON        string   // the same thing in the client API, "" if there is none
	OEmbed      string   // how another page may show it, "" if it may not
	Framed      bool     // other sites may show the page in a frame
	NoIndex     bool     // ask search engines to stay away
	Viewer      *Account // who is signed in, nil for nobody
	Own         bool     // made for this browser alone: nobody may keep the page
}

// Feed is one RSS feed of a page.
type Feed struct{ Title, URL string }

// Account is a person as pages show one.
type Account struct {
	Name      string // display name as plain text, never empty
	Handle    string // "ana" or "ana@example.org", without the leading @
	URL       string
	Avatar    string
	Header    string // "" or a default picture shows the prairie
	Note      template.HTML
	Fields    []AccountField
	Posts     int64
	Following int64
	Followers int64
	HideLists bool // counts of following and followers are not shown
	Joined    time.Time
	Bot       bool
	Locked    bool
	Role      string // such as "Owner", shown as a badge
	MovedTo   *Account
}

// AccountField is one row of a profile's table. Value is sanitised HTML.
type AccountField struct {
	Name     string
	Value    template.HTML
	Verified bool
}

// Status is a post as pages show one. Content is sanitised HTML (package text).
type Status struct {
	ID         string // unique on the page
	URL        string
	Account    Account
	BoostedBy  *Account
	Created    time.Time
	Edited     time.Time // zero if never
	Visibility string    // "public", "unlisted", "private" or "direct"
	Warning    string    // content warning, plain text
	Content    template.HTML
	Language   string // BCP 47, "" if unknown
	Tags       []Link // hashtags that are not already in Content
	Media      []Media
	Poll       *Poll
	Card       *Card
	Sensitive  bool
	Pinned     bool
	ReplyTo    string // handle of who is answered, "" if nobody
	Replies    int64
	Boosts     int64
	Favourites int64
	Focus      bool // the post the page is about
}

// Link is a text and where it goes.
type Link struct{ Text, URL string }

// Media is one attachment.
type Media struct {
	Kind          string // "image", "video", "gifv", "audio" or "unknown"
	URL           string
	Preview       string
	Alt           string
	Width, Height int // of the preview, 0 if unknown
}

// Card is the preview of a link.
type Card struct{ URL, Title, Description, Host, Image string }

// Poll is a poll with its results; options of a hidden total have Votes 0.
type Poll struct {
	Options  []PollOption
	Multiple bool
	Votes    int64
	Voters   int64
	Hidden   bool // totals are hidden until it ends
	Ends     time.Time
	Expired  bool
}

// PollOption is one choice.
type PollOption struct {
	Title string
	Votes int64
}

// Percent is the option's share of all voters, 0 to 100.
func (p Poll) Percent(o PollOption) int {
	total := p.Votes
	if p.Multiple && p.Voters > 0 {
		total = p.Voters
	}
	if total <= 0 {
		return 0
	}
	return int(min(100, (o.Votes*100+total/2)/total))
}

// Rule is one rule of the community.
type Rule struct{ Text, Hint string }

// Pager links to the neighbouring pages of a list; "" hides a link.
type Pager struct{ Newer, Older string }
