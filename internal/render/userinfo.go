package render

import "coterie/internal/domain"

// Userinfo is what an app may learn of who signed in (behaviours 6.11).
type Userinfo struct {
	Issuer            string `json:"iss"`
	Subject           string `json:"sub"` // the actor URI
	Name              string `json:"name"`
	PreferredUsername string `json:"preferred_username"`
	Profile           string `json:"profile"`
	Picture           string `json:"picture"`
}

// Userinfo makes Userinfo of an account.
func (u URLs) Userinfo(a *domain.Account) Userinfo {
	return Userinfo{
		Issuer: u.Base + "/", Subject: u.ActorURI(a), Name: a.DisplayName,
		PreferredUsername: a.Username, Profile: u.Profile(a), Picture: u.Avatar(a, false),
	}
}
