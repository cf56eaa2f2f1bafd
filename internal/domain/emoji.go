package domain

import (
	"strings"
	"time"
)

// Emoji is a custom emoji, of this community (Domain "") or of another.
type Emoji struct {
	ID        ID
	Shortcode string // without colons
	Domain    string // ASCII lower case
	URI       string
	URL       string // of ours from the root of our address
	StaticURL string
	Key       string // of others: the part of our address under which it is shown here
	Category  string
	Disabled  bool // shown nowhere
	UpdatedAt time.Time
}

// Files are the names of the files of one of ours, "" for none.
func (e *Emoji) Files() []string {
	return []string{strings.TrimPrefix(e.URL, mediaRoot), strings.TrimPrefix(e.StaticURL, mediaRoot)}
}
