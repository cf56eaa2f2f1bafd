package domain

import "time"

// User is the login of a local account; it shares the account's id.
type User struct {
	Account      ID
	Email        string
	NewEmail     string // that is to take its place once confirmed, "" for none
	PasswordHash string // PHC string
	Role         Role
	Held         RoleDetails // Role as it is now, with what everyone may do
	ConfirmedAt  time.Time
	Approved     bool
	DisabledAt   time.Time
	Locale       string
	Prefs        Prefs
	CreatedAt    time.Time
	SeenAt       time.Time // last activity, to the day
	Invite       ID        // by which somebody joined, 0 without one
	InvitedBy    ID        // who made it
	Reason       string    // why somebody wants to join
	LacksFactor  bool      // the role asks for a second factor, and there is none
}

// Active reports whether the login may act at all.
func (u *User) Active() bool {
	return !u.ConfirmedAt.IsZero() && u.Approved && u.DisabledAt.IsZero()
}

// Prefs are a login's own defaults and display wishes.
type Prefs struct {
	Visibility      *Visibility `json:"visibility,omitempty"` // nil: private when locked, else public
	Sensitive       bool        `json:"sensitive,omitempty"`
	Language        string      `json:"language,omitempty"` // "": the client's or the user's locale
	QuotePolicy     string      `json:"quote_policy,omitempty"`
	ChosenLanguages []string    `json:"chosen_languages,omitempty"` // of public timelines; empty: all
	ShowApplication *bool       `json:"show_application,omitempty"` // nil: yes
	ExpandMedia     string      `json:"expand_media,omitempty"`     // default, show_all, hide_all
	ExpandSpoilers  bool        `json:"expand_spoilers,omitempty"`
	AutoplayGIFs    bool        `json:"autoplay_gifs,omitempty"`
	Mail            MailWishes  `json:"mail,omitzero"`
}

// DefaultVisibility is that of a new post when the client names none.
func (p Prefs) DefaultVisibility(locked bool) Visibility {
	switch {
	case p.Visibility != nil:
		return *p.Visibility
	case locked:
		return Private
	}
	return Public
}

// ShowsApplication reports whether others may see which app a post was made with.
func (p Prefs) ShowsApplication() bool { return p.ShowApplication == nil || *p.ShowApplication }
