package render

import (
	"strconv"

	"coterie/internal/domain"
)

// highlighted are the roles shown on the profile: those who look after the
// community.
func highlighted(u *domain.User) []roleJSON {
	if u == nil || u.Role.Rank() == 0 {
		return []roleJSON{}
	}
	return []roleJSON{{ID: strconv.Itoa(u.Role.Rank()), Name: roleName(u.Role)}}
}

func roleName(r domain.Role) string {
	switch r {
	case domain.RoleOwner:
		return "Owner"
	case domain.RoleAdmin:
		return "Admin"
	case domain.RoleModerator:
		return "Moderator"
	}
	return ""
}

// ownRole is Role as its bearer sees it (behaviours 7.3).
type ownRole struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Color       string `json:"color"`
	Permissions string `json:"permissions"` // decimal (behaviours 2.2)
	Highlighted bool   `json:"highlighted"`
}

// Bits of Mastodon's permission mask that clients look at.
const (
	permAdministrator = 1 << 0
	permDashboard     = 1 << 3
	permReports       = 1 << 4
	permUsers         = 1 << 10
	permInvite        = 1 << 16
)

func roleOf(role domain.Role) ownRole {
	mask := permInvite
	switch role.Rank() {
	case 1:
		mask |= permDashboard | permReports | permUsers
	case 2, 3:
		mask |= permAdministrator
	}
	id := "-99" // Mastodon's id of the role that everyone has
	if role.Rank() > 0 {
		id = strconv.Itoa(role.Rank())
	}
	return ownRole{
		ID: id, Name: roleName(role), Permissions: strconv.Itoa(mask), Highlighted: role.Rank() > 0,
	}
}
