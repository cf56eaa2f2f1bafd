package moderation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// staff is who acts: somebody with a role, or whoever has the machine, who
// may do everything.
type staff struct {
	id   domain.ID
	name string
	role domain.RoleDetails
}

// shell is the name of the command line in the audit log.
const shell = "command line"

// errRank refuses what a role does not allow, in the words of the API.
var errRank = domain.Errorf(domain.Forbidden, "This action is not allowed")

// staffOf looks up who acts, 0 for the command line, and holds them to any of
// the permissions: what the route asked may have changed since.
func staffOf(ctx context.Context, r store.Reader, id domain.ID, any domain.Permissions) (staff, error) {
	if id == 0 {
		return staff{name: shell, role: domain.RoleDetails{Position: domain.MostPosition + 2, Permissions: domain.AllPermissions}}, nil
	}
	u, err := r.User(ctx, id)
	if err != nil {
		return staff{}, fmt.Errorf("look up the staff: %w", err)
	}
	a, err := r.Account(ctx, id)
	if err != nil {
		return staff{}, fmt.Errorf("look up the staff: %w", err)
	}
	if !u.Active() || a.Suspended() || !u.Held.May(any) {
		return staff{}, errRank
	}
	return staff{id: id, name: a.Username, role: u.Held}, nil
}

// log writes down what was done.
func (s staff) log(tx *store.Tx, verb, kind string, target domain.ID, name, detail string) error {
	err := tx.Audit(domain.AuditEntry{Account: s.id, Name: s.name, Verb: verb, Kind: kind, Target: target, TargetName: name, Detail: detail})
	if err != nil {
		return fmt.Errorf("write it into the audit log: %w", err)
	}
	return nil
}

// subject is whom the staff acts on; user is nil for somebody elsewhere.
type subject struct {
	domain.Account
	user *domain.User
}

// subjectOf looks up whom staff acts on. Of people here those stand above it
// whose role does, and everybody above oneself (SEC-39).
func (s staff) subjectOf(ctx context.Context, r store.Reader, id domain.ID) (subject, error) {
	a, err := r.Account(ctx, id)
	if err != nil {
		return subject{}, err
	}
	if a.SuspendedBy&domain.ByErasure != 0 {
		return subject{}, domain.ErrNotFound
	}
	x := subject{Account: a}
	if !a.Local() {
		return x, nil
	}
	u, err := r.User(ctx, id)
	if err != nil {
		return subject{}, fmt.Errorf("look up the login: %w", err)
	}
	x.user = &u
	if s.id == id || s.role.Position <= u.Held.Position {
		return x, errRank
	}
	return x, nil
}

// AuditLog is what the staff did, newest first; by one of them alone unless
// that is 0.
func (s *Service) AuditLog(ctx context.Context, by domain.ID, p domain.Page) ([]domain.AuditEntry, error) {
	return s.st.Reader().AuditLog(ctx, by, p)
}
