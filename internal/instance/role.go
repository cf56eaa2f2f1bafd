package instance

import (
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
	"coterie/internal/moderation"
)

// The commands about roles and decisions, their arguments and results.
type (
	// RoleSet is "role set": it makes the role of that name, or changes it.
	// Permissions are words.
	RoleSet struct {
		Name         string `json:"name"`
		Color        string `json:"color"`
		Position     int    `json:"position"`
		Permissions  string `json:"permissions"`
		Highlighted  bool   `json:"highlighted"`
		SecondFactor bool   `json:"second_factor"`
	}
	// Role is its result, and one line of that of "role list".
	Role struct {
		ID           domain.ID `json:"id"`
		Key          string    `json:"key"`
		Name         string    `json:"name"`
		Color        string    `json:"color"`
		Position     int       `json:"position"`
		Permissions  string    `json:"permissions"`
		Highlighted  bool      `json:"highlighted"`
		SecondFactor bool      `json:"second_factor"`
	}
	// RoleDelete is "role delete".
	RoleDelete struct {
		Name string `json:"name"`
	}
	// AccountRole is "account role".
	AccountRole struct {
		Name string `json:"name"`
		Role string `json:"role"`
	}
	// AccountAct is "account warn", "limit", "suspend" and so on, and what
	// takes each back. Name is a handle.
	AccountAct struct {
		Name string            `json:"name"`
		Type domain.ActionType `json:"type"`
		Undo bool              `json:"undo"`
		Text string            `json:"text"`
	}
	// AccountConfirm is "account confirm".
	AccountConfirm struct {
		Name string `json:"name"`
	}
	// AuditList is "audit".
	AuditList struct {
		Limit int `json:"limit"`
	}
	// AuditLine is one line of its result, newest first.
	AuditLine struct {
		At     time.Time `json:"at"`
		By     string    `json:"by"`
		Verb   string    `json:"verb"`
		Kind   string    `json:"kind"`
		Target string    `json:"target"`
		Detail string    `json:"detail,omitempty"`
	}
)

// staff runs the commands about roles and decisions; done is false for any other.
func (in *Instance) staff(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "role set":
		v, err = command(args, func(a RoleSet) (Role, error) { return in.RoleSet(ctx, a) })
	case "role list":
		v, err = in.RoleList(ctx)
	case "role delete":
		v, err = command(args, func(a RoleDelete) (struct{}, error) { return struct{}{}, in.RoleDelete(ctx, a) })
	case "account role":
		v, err = command(args, func(a AccountRole) (AccountMade, error) { return in.AccountRole(ctx, a) })
	case "account act":
		v, err = command(args, func(a AccountAct) (AccountMade, error) { return in.AccountAct(ctx, a) })
	case "account confirm":
		v, err = command(args, func(a AccountConfirm) (AccountMade, error) { return in.AccountConfirm(ctx, a) })
	case "audit":
		v, err = command(args, func(a AuditList) ([]AuditLine, error) { return in.Audit(ctx, a) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// RoleSet makes a role, or changes the one of that name.
func (in *Instance) RoleSet(ctx context.Context, c RoleSet) (Role, error) {
	may, err := domain.ParsePermissions(c.Permissions)
	if err != nil {
		return Role{}, err
	}
	d := domain.RoleDetails{Name: c.Name}
	old, err := in.moderation.RoleNamed(ctx, c.Name)
	switch {
	case err == nil:
		d = old
	case !domain.Is(err, domain.NotFound):
		return Role{}, err
	}
	d.Color, d.Position, d.Permissions, d.Highlighted = c.Color, c.Position, may, c.Highlighted
	d.RequiresFactor = c.SecondFactor
	d, err = in.moderation.SaveRole(ctx, 0, d)
	return shownRole(&d), err
}

func shownRole(d *domain.RoleDetails) Role {
	return Role{d.ID, string(d.Key), d.Name, d.Color, d.Position, d.Permissions.String(), d.Highlighted, d.RequiresFactor}
}

// RoleList lists the roles, the highest first.
func (in *Instance) RoleList(ctx context.Context) ([]Role, error) {
	list, err := in.moderation.Roles(ctx)
	out := []Role{}
	for i := range list {
		out = append(out, shownRole(&list[i]))
	}
	return out, err
}

// RoleDelete removes a role that the community made.
func (in *Instance) RoleDelete(ctx context.Context, c RoleDelete) error {
	d, err := in.moderation.RoleNamed(ctx, c.Name)
	if err != nil {
		return err
	}
	return in.moderation.DeleteRole(ctx, 0, d.Key)
}

// AccountRole gives somebody here another role.
func (in *Instance) AccountRole(ctx context.Context, c AccountRole) (AccountMade, error) {
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	d, err := in.moderation.RoleNamed(ctx, c.Role)
	if err != nil {
		return AccountMade{}, err
	}
	return AccountMade{ID: a.ID, Name: a.Username}, in.moderation.SetRole(ctx, 0, a.ID, d.Key)
}

// AccountAct decides about somebody, here or elsewhere, or takes that back.
func (in *Instance) AccountAct(ctx context.Context, c AccountAct) (AccountMade, error) {
	id, err := in.known(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	made := AccountMade{ID: id, Name: c.Name}
	if c.Undo {
		return made, in.moderation.Undo(ctx, 0, id, c.Type)
	}
	_, err = in.moderation.Act(ctx, moderation.Action{Target: id, Type: c.Type, Text: c.Text})
	return made, err
}

// AccountConfirm takes the address of somebody here for theirs.
func (in *Instance) AccountConfirm(ctx context.Context, c AccountConfirm) (AccountMade, error) {
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	return AccountMade{ID: a.ID, Name: a.Username}, in.moderation.Confirm(ctx, 0, a.ID)
}

// Audit lists what the staff did, newest first.
func (in *Instance) Audit(ctx context.Context, c AuditList) ([]AuditLine, error) {
	list, err := in.moderation.AuditLog(ctx, 0, domain.Page{Limit: min(max(c.Limit, 1), mostJobs)})
	out := []AuditLine{}
	for _, e := range list {
		out = append(out, AuditLine{e.CreatedAt, e.Name, e.Verb, e.Kind, e.TargetName, e.Detail})
	}
	return out, err
}
