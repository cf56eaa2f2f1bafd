package moderation

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

var colorPattern = regexp.MustCompile(`^(#[0-9a-fA-F]{6})?$`)

// Roles are all roles, the highest first.
func (s *Service) Roles(ctx context.Context) ([]domain.RoleDetails, error) {
	return s.st.Reader().Roles(ctx)
}

// RoleNamed is the role of that key or name.
func (s *Service) RoleNamed(ctx context.Context, name string) (domain.RoleDetails, error) {
	list, err := s.Roles(ctx)
	if err != nil {
		return domain.RoleDetails{}, err
	}
	for _, d := range list {
		if string(d.Key) == name || strings.EqualFold(d.Name, name) && name != "" {
			return d, nil
		}
	}
	return domain.RoleDetails{}, domain.Errorf(domain.NotFound, "There is no role %q.", name)
}

// SaveRole makes a role, or changes it where it has an id. Nobody makes one
// that may do more, or stands higher, than their own.
func (s *Service) SaveRole(ctx context.Context, by domain.ID, d domain.RoleDetails) (domain.RoleDetails, error) {
	d.Name = strings.TrimSpace(d.Name)
	if err := checkRole(&d); err != nil {
		return d, err
	}
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageRoles)
		if err != nil {
			return err
		}
		verb := "create"
		if d.ID != 0 {
			verb = "update"
			old, err := tx.Role(ctx, d.Key)
			if err != nil {
				return err
			}
			if d.Key == domain.RoleOwner {
				return saveOwnerRole(ctx, tx, who, &old, &d)
			}
			if who.role.Position <= old.Position {
				return errRank
			}
		}
		if who.role.Position <= d.Position || d.Permissions&^who.role.Permissions.Effective() != 0 {
			return errRank
		}
		if err := tx.SaveRole(&d); err != nil {
			return err
		}
		if err := tx.AccessChanged(0, 0); err != nil {
			return err
		}
		return who.log(tx, verb, "role", d.ID, d.Name, d.Permissions.String())
	})
	return d, err
}

// saveOwnerRole changes the one thing about the owner's role that the owner may
// decide: whether it asks for a second factor.
func saveOwnerRole(ctx context.Context, tx *store.Tx, who staff, old, d *domain.RoleDetails) error {
	if who.role.Position < old.Position {
		return errRank
	}
	old.RequiresFactor = d.RequiresFactor
	if *old != *d {
		return domain.Errorf(domain.Invalid, "The owner's role stays as it is.")
	}
	if err := tx.SaveRole(d); err != nil {
		return err
	}
	if who.id != 0 {
		u, err := tx.User(ctx, who.id)
		if err != nil {
			return err
		}
		if u.LacksFactor {
			return domain.Errorf(domain.Invalid, "Set up a second factor of your own first.")
		}
	}
	if err := tx.AccessChanged(0, 0); err != nil {
		return err
	}
	return who.log(tx, "update", "role", d.ID, d.Name, "")
}

func checkRole(d *domain.RoleDetails) error {
	switch {
	case d.Key == domain.RoleOwner:
		return nil // saveOwnerRole takes nothing else over
	case d.Key == domain.RoleUser:
		d.Name, d.Position = "", -1
		if d.Permissions&^(domain.MayInvite|domain.MayInviteUnasked) != 0 {
			return domain.Errorf(domain.Invalid, "Everyone may be allowed to invite, and nothing else.")
		}
	case d.Name == "" || utf8.RuneCountInString(d.Name) > domain.MaxRoleName:
		return domain.Errorf(domain.Invalid, "A role needs a name of at most %d characters.", domain.MaxRoleName)
	case d.Position < domain.LeastPosition || d.Position > domain.MostPosition:
		return domain.Errorf(domain.Invalid, "A role stands between %d and %d.", domain.LeastPosition, domain.MostPosition)
	case !colorPattern.MatchString(d.Color):
		return domain.Errorf(domain.Invalid, "A color is written like #6364ff, not %q.", d.Color)
	}
	return nil
}

// DeleteRole removes a role that the community made.
func (s *Service) DeleteRole(ctx context.Context, by domain.ID, key domain.Role) error {
	if key.BuiltIn() {
		return domain.Errorf(domain.Invalid, "This role is always there.")
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageRoles)
		if err != nil {
			return err
		}
		d, err := tx.Role(ctx, key)
		if err != nil {
			return err
		}
		if who.role.Position <= d.Position {
			return errRank
		}
		if err := tx.DeleteRole(key); err != nil {
			return err
		}
		if err := tx.AccessChanged(0, 0); err != nil {
			return err
		}
		return who.log(tx, "destroy", "role", d.ID, d.Name, "")
	})
}

// SetRole gives somebody here another role, which stands below that of who
// gives it, as the old one does. The owner's is not given.
func (s *Service) SetRole(ctx context.Context, by, account domain.ID, key domain.Role) error {
	if key == domain.RoleOwner {
		return domain.Errorf(domain.Invalid, "The community has one owner.")
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageRoles)
		if err != nil {
			return err
		}
		x, err := who.subjectOf(ctx, tx.Reader, account)
		if err != nil {
			return err
		}
		if x.user == nil {
			return domain.ErrNotFound
		}
		if x.user.Role == domain.RoleOwner {
			return domain.Errorf(domain.Invalid, "The community has one owner.")
		}
		d, err := tx.Role(ctx, key)
		if err != nil {
			return err
		}
		if who.role.Position <= d.Position {
			return errRank
		}
		if err := tx.SetRole(account, key); err != nil {
			return err
		}
		if err := tx.AccessChanged(account, 0); err != nil {
			return err
		}
		return who.log(tx, "change_role", "user", account, x.Username, string(key))
	})
}
