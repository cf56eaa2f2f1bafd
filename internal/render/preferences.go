package render

import "coterie/internal/domain"

// Preferences are a person's defaults for posting and reading.
type Preferences struct {
	Visibility     string  `json:"posting:default:visibility"`
	Sensitive      bool    `json:"posting:default:sensitive"`
	Language       *string `json:"posting:default:language"`
	QuotePolicy    string  `json:"posting:default:quote_policy"`
	ExpandMedia    string  `json:"reading:expand:media"`
	ExpandSpoilers bool    `json:"reading:expand:spoilers"`
	AutoplayGIFs   bool    `json:"reading:autoplay:gifs"`
}

// NewPreferences makes Preferences of a login and its account.
func NewPreferences(u *domain.User, a *domain.Account) Preferences {
	p := Preferences{
		Visibility: u.Prefs.DefaultVisibility(a.Locked).String(), Sensitive: u.Prefs.Sensitive, Language: textOrNull(u.Prefs.Language),
		QuotePolicy: u.Prefs.QuotePolicy, ExpandMedia: u.Prefs.ExpandMedia,
		ExpandSpoilers: u.Prefs.ExpandSpoilers, AutoplayGIFs: u.Prefs.AutoplayGIFs,
	}
	if p.QuotePolicy == "" {
		p.QuotePolicy = domain.QuotePublic.String()
	}
	if p.ExpandMedia == "" {
		p.ExpandMedia = "default"
	}
	return p
}
