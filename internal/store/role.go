package store

import (
	"context"

	"coterie/internal/domain"
)

// roleColumns are those of the role in alias ro; everybody may do what
// everyone may.
const roleColumns = `ro.id, ro.key, ro.name, ro.color, ro.position,
	ro.permissions | (SELECT ev.permissions FROM roles ev WHERE ev.key = 'user'), ro.highlighted, ro.require_2fa, ro.created_at`

func roleFields(d *domain.RoleDetails) []any {
	return []any{&d.ID, (*string)(&d.Key), &d.Name, &d.Color, &d.Position, &d.Permissions, &d.Highlighted, &d.RequiresFactor, &d.CreatedAt}
}

func scanRole(w row) (domain.RoleDetails, error) {
	var d domain.RoleDetails
	return d, w.Scan(roleFields(&d)...)
}

// Roles are all roles, the highest first.
func (r Reader) Roles(ctx context.Context) ([]domain.RoleDetails, error) {
	return all(ctx, r, scanRole, `SELECT `+roleColumns+` FROM roles ro ORDER BY ro.position DESC, ro.id`)
}

// Role is the role of that key.
func (r Reader) Role(ctx context.Context, key domain.Role) (domain.RoleDetails, error) {
	return one(ctx, r, scanRole, `SELECT `+roleColumns+` FROM roles ro WHERE ro.key = $1`, string(key))
}

// beside is what a role may be given of its own: all but what everyone may
// anyway, so that it goes with everyone's.
const beside = `~(SELECT ev.permissions FROM roles ev WHERE ev.key = 'user')`

// SaveRole stores a role, which is new if it has no id. What everyone may do
// does not become its own, unless it was before.
func (tx *Tx) SaveRole(d *domain.RoleDetails) error {
	if d.ID == 0 {
		d.ID, d.CreatedAt = tx.NewID(), tx.Now()
		d.Key = domain.Role(d.ID.String())
		_, err := tx.exec(`INSERT INTO roles (id, key, name, color, position, permissions, highlighted, require_2fa, created_at) VALUES ($1, $2, $3, $4, $5, $6 & `+beside+`, $7, $8, $9)`,
			d.ID, string(d.Key), d.Name, d.Color, d.Position, int64(d.Permissions), d.Highlighted, d.RequiresFactor, d.CreatedAt)
		return err
	}
	err := tx.must(`UPDATE roles SET name = $1, color = $2, position = $3, permissions = CASE key WHEN 'user' THEN $4 ELSE $4 & (permissions | `+beside+`) END, highlighted = $5, require_2fa = $6 WHERE id = $7`,
		d.Name, d.Color, d.Position, int64(d.Permissions), d.Highlighted, d.RequiresFactor, d.ID)
	if err != nil {
		return err
	}
	return tx.roleShows(d.Key)
}

// DeleteRole removes a role; who had it has everyone's.
func (tx *Tx) DeleteRole(key domain.Role) error {
	if err := tx.roleShows(key); err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE users SET role = $1 WHERE role = $2`, string(domain.RoleUser), string(key)); err != nil {
		return err
	}
	return tx.must(`DELETE FROM roles WHERE key = $1`, string(key))
}

// roleShows raises the rev of those who have a role, on whose profiles it
// stands.
func (tx *Tx) roleShows(key domain.Role) error {
	_, err := tx.exec(`UPDATE accounts SET rev = rev + 1 WHERE id IN (SELECT u.account_id FROM users u WHERE u.role = $1)`, string(key))
	return err
}

// SetRole gives a login another role.
func (tx *Tx) SetRole(account domain.ID, key domain.Role) error {
	if err := tx.must(`UPDATE users SET role = $1 WHERE account_id = $2`, string(key), account); err != nil {
		return err
	}
	return tx.must(`UPDATE accounts SET rev = rev + 1 WHERE id = $1`, account)
}

// Staff are the people here whose role has any of the permissions.
func (r Reader) Staff(ctx context.Context, any domain.Permissions) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT u.account_id FROM users u JOIN roles ro ON ro.key = u.role
		WHERE ro.position > 0 AND ro.permissions & $1 <> 0 AND u.disabled_at IS NULL ORDER BY u.account_id`,
		int64(any|domain.MayAdministrate))
}
