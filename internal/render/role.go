package render

import (
	"strconv"

	"coterie/internal/domain"
)

// highlighted are the roles shown on the profile: those who look after the
// community.
func highlighted(u *domain.User) []roleJSON {
	if u == nil || !u.Held.Highlighted {
		return []roleJSON{}
	}
	return []roleJSON{{ID: strconv.FormatInt(int64(u.Held.ID), 10), Name: u.Held.Name, Color: u.Held.Color}}
}

// ownRole is Role as its bearer and the staff see it (behaviours 7.3).
type ownRole struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Color       string `json:"color"`
	Permissions string `json:"permissions"` // decimal (behaviours 2.2)
	Highlighted bool   `json:"highlighted"`
}

func roleOf(d *domain.RoleDetails) ownRole {
	return ownRole{
		ID: strconv.FormatInt(int64(d.ID), 10), Name: d.Name, Color: d.Color, Highlighted: d.Highlighted,
		Permissions: strconv.FormatUint(uint64(d.Permissions.Effective()), 10),
	}
}
