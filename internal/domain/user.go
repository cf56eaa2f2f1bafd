package domain

import "time"

// Role is what a login may do beyond its own account. Roles are ordered: a
// higher one may do all that a lower one may.
type Role string

const (
	RoleUser      Role = "user"
	RoleModerator Role = "moderator"
	RoleAdmin     Role = "admin"
	RoleOwner     Role = "owner"
)

// Rank orders roles; an unknown role ranks as user.
func (r Role) Rank() int {
	switch r {
	case RoleOwner:
		return 3
	case RoleAdmin:
		return 2
	case RoleModerator:
		return 1
	}
	return 0
}

// Valid reports whether r is one of the four roles.
func (r Role) Valid() bool { return r == RoleUser || r.Rank() > 0 }

// User is the login of a local account; it shares the account's id.
type User struct {
	Account      ID
	Email        string
	PasswordHash string // PHC string
	Role         Role
	ConfirmedAt  time.Time
	Approved     bool
	DisabledAt   time.Time
	Locale       string
	Prefs        Prefs
	CreatedAt    time.Time
	SeenAt       time.Time // last activity, to the day
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
