package adminapi

import (
	"strconv"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

type role struct {
	ID           string      `json:"id"`
	Key          domain.Role `json:"key"`
	Name         string      `json:"name"`
	Color        string      `json:"color"`
	Position     int         `json:"position"`
	Bits         string      `json:"permissions"` // decimal
	Highlighted  bool        `json:"highlighted"`
	SecondFactor bool        `json:"second_factor"`
	BuiltIn      bool        `json:"built_in"`
}

// roles is GET /api/coterie/v1/admin/roles, the highest first.
func (a *API) roles(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.Roles(r.Context())
	out := []role{}
	for _, d := range list {
		out = append(out, role{
			ID: strconv.FormatInt(int64(d.ID), 10), Key: d.Key, Name: d.Name, Color: d.Color, Position: d.Position,
			Bits: strconv.FormatUint(uint64(d.Permissions), 10), Highlighted: d.Highlighted, SecondFactor: d.RequiresFactor, BuiltIn: d.Key.BuiltIn(),
		})
	}
	return out, err
}

// saveRole is PUT /api/coterie/v1/admin/roles/{key}, and POST for a new one.
func (a *API) saveRole(r *httpkit.Request) (any, error) {
	d := domain.RoleDetails{}
	if key := r.HTTP.PathValue("key"); key != "" {
		var err error
		if d, err = a.Moderation.RoleNamed(r.Context(), key); err != nil {
			return nil, err
		}
	}
	p := r.Params
	d.Name, d.Color = p.StringOr("name", d.Name), p.StringOr("color", d.Color)
	d.Highlighted = p.BoolOr("highlighted", d.Highlighted)
	d.RequiresFactor = p.BoolOr("second_factor", d.RequiresFactor)
	if n, ok := p.Int("position"); ok {
		d.Position = int(min(max(n, -1), domain.MostPosition+1))
	}
	if bits, ok := p.Int("permissions"); ok {
		d.Permissions = domain.Permissions(bits) & domain.AllPermissions
	}
	if _, err := a.Moderation.SaveRole(r.Context(), r.Viewer.Account, d); err != nil {
		return nil, err
	}
	return a.roles(r)
}

// deleteRole is DELETE /api/coterie/v1/admin/roles/{key}.
func (a *API) deleteRole(r *httpkit.Request) (any, error) {
	return nil, a.Moderation.DeleteRole(r.Context(), r.Viewer.Account, domain.Role(r.HTTP.PathValue("key")))
}

// giveRole is POST /api/coterie/v1/admin/accounts/{id}/role.
func (a *API) giveRole(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if err := a.Moderation.SetRole(r.Context(), r.Viewer.Account, id, domain.Role(r.Params.StringOr("role", ""))); err != nil {
		return nil, err
	}
	return a.Render.AdminAccount(r.Context(), by(r), id)
}
