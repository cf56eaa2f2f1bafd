package render

import (
	"net/url"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/text"
)

// URLs makes every address of ours (design section 6). Addresses of local
// things are derived here and stored nowhere.
type URLs struct {
	Base string // scheme and host, no trailing slash
	Host string // domain of our handles
}

// ActorURI identifies the account to other servers.
func (u URLs) ActorURI(a *domain.Account) string {
	if a.URI != "" {
		return a.URI
	}
	return u.Base + "/users/" + a.Username
}

// Profile is the page of the account for people.
func (u URLs) Profile(a *domain.Account) string {
	switch {
	case a.URL != "":
		return a.URL
	case !a.Local():
		return a.URI
	}
	return u.Base + "/@" + a.Username
}

// StatusURI identifies the status to other servers; that of a boost is its
// activity.
func (u URLs) StatusURI(s *domain.Status, author *domain.Account) string {
	if s.URI != "" {
		return s.URI
	}
	uri := u.Base + "/users/" + author.Username + "/statuses/" + s.ID.String()
	if s.ReblogOf != 0 {
		uri += "/activity"
	}
	return uri
}

// StatusURL is the page of the status for people.
func (u URLs) StatusURL(s *domain.Status, author *domain.Account) string {
	switch {
	case s.URL != "":
		return s.URL
	case !s.Local, s.ReblogOf != 0:
		return u.StatusURI(s, author)
	}
	return u.Base + "/@" + author.Username + "/" + s.ID.String()
}

// Tag is the page of a hashtag, whose name is in its normalised form.
func (u URLs) Tag(name string) string { return text.TagURL(u.Base, name) }

// TaggedBy is the page of an account's posts with a hashtag.
func (u URLs) TaggedBy(a *domain.Account, name string) string {
	return u.Profile(a) + "/tagged/" + url.PathEscape(name)
}

// DefaultAvatar is the picture of who has none; clients look for its name to
// hide it (behaviours 2.6).
func (u URLs) DefaultAvatar() string { return u.Base + "/avatars/original/missing.png" }

// DefaultHeader is the header of who has none.
func (u URLs) DefaultHeader() string { return u.Base + "/headers/original/missing.png" }

// Acct is the handle as people see it: the domain in its Unicode form
// (behaviours 7.1).
func (u URLs) Acct(a *domain.Account) string {
	if a.Local() {
		return a.Username
	}
	return a.Username + "@" + text.NormalizeDomain(a.Domain)
}

// mentioned is the account as text.HTML links it.
func (u URLs) mentioned(a *domain.Account) text.Account {
	return text.Account{Acct: u.Acct(a), Username: a.Username, URL: u.Profile(a)}
}

// key is the name by which text.Mention.Key finds the account.
func (u URLs) key(a *domain.Account) string { return strings.ToLower(u.Acct(a)) }

// resolver finds people by key; our own domain may be written out.
func (u URLs) resolver(people map[string]text.Account) text.Resolver {
	own := text.NormalizeDomain(u.Host)
	return text.Resolver{BaseURL: u.Base, Account: func(m text.Mention) (text.Account, bool) {
		if m.Domain != "" && text.NormalizeDomain(m.Domain) == own {
			m.Domain = ""
		}
		a, ok := people[m.Key()]
		return a, ok
	}}
}

// Thumbnail is the picture of the community.
func (u URLs) Thumbnail() string { return u.Base + "/thumbnail.png" }

// Icon is the logo of the community, 180 by 180 pixels.
func (u URLs) Icon() string { return u.Base + "/apple-touch-icon.png" }

// About is the page about the community.
func (u URLs) About() string { return u.Base + "/about" }

// Streaming is where the streaming API answers, over WebSocket: wss where the
// pages are https.
func (u URLs) Streaming() string { return "ws" + strings.TrimPrefix(u.Base, "http") }
