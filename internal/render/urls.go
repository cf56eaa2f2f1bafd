package render

import (
	"net/url"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/text"
)

// URLs makes every address of ours, those for people too. Addresses of local
// things are derived and stored nowhere.
type URLs struct{ domain.URLs }

// Tag is the page of a hashtag, whose name is in its normalised form.
func (u URLs) Tag(name string) string { return text.TagURL(u.Base, name) }

// TaggedBy is the page of an account's posts with a hashtag.
func (u URLs) TaggedBy(a *domain.Account, name string) string {
	return u.Profile(a) + "/tagged/" + url.PathEscape(name)
}

// Tagged is the page of somebody's posts with a hashtag.
func (u URLs) Tagged(a *domain.Account, name string) string {
	return u.Profile(a) + "/tagged/" + url.PathEscape(name)
}

// Avatar is the picture of an account, or that of who has none.
func (u URLs) Avatar(a *domain.Account, static bool) string {
	if path := a.AvatarPath(static); path != "" && !a.Suspended() {
		return u.absolute(path)
	}
	return u.DefaultAvatar()
}

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

// Icon is the usual icon, 180 by 180 pixels.
func (u URLs) Icon() string { return u.Base + "/apple-touch-icon.png" }

// About is the page about the community.
func (u URLs) About() string { return u.Base + "/about" }

// Streaming is where the streaming API answers, over WebSocket: wss where the
// pages are https.
func (u URLs) Streaming() string { return "ws" + strings.TrimPrefix(u.Base, "http") }
