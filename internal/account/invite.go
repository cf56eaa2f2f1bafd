package account

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// inviteChars is how long the code of an invitation is: 60 bits.
const inviteChars = 12

// NewInvite is what somebody wishes of an invitation.
type NewInvite struct {
	Note    string
	MaxUses int           // 0: any number
	Life    time.Duration // 0: for ever
	Follow  bool
}

// Invite makes an invitation. Forbidden without the permission.
func (s *Service) Invite(ctx context.Context, account domain.ID, n NewInvite) (domain.Invite, error) {
	i := domain.Invite{
		Account: account, Code: strings.ToLower(rand.Text()[:inviteChars]), Note: strings.TrimSpace(n.Note), MaxUses: n.MaxUses, Follow: n.Follow,
	}
	var bad []domain.FieldError
	if n.MaxUses < 0 || n.MaxUses > domain.MaxInviteUses {
		bad = append(bad, domain.FieldError{Field: "max_uses", Code: "ERR_INVALID", Description: fmt.Sprintf("must be between 0 and %d", domain.MaxInviteUses)})
	}
	if len([]rune(i.Note)) > domain.MaxInviteNote {
		bad = append(bad, domain.FieldError{Field: "note", Code: "ERR_TOO_LONG", Description: fmt.Sprintf("is too long (maximum is %d characters)", domain.MaxInviteNote)})
	}
	if n.Life < 0 {
		bad = append(bad, domain.FieldError{Field: "expires_in", Code: "ERR_INVALID", Description: "must not be negative"})
	}
	if len(bad) > 0 {
		return i, invalid(bad)
	}
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, account)
		if err != nil {
			return fmt.Errorf("look up the login: %w", err)
		}
		if !u.Held.May(domain.MayInvite) {
			return domain.Errorf(domain.Forbidden, "You may not invite people here.")
		}
		list, err := tx.Invites(ctx, account, domain.MaxInvites)
		if err != nil {
			return fmt.Errorf("count the invitations: %w", err)
		}
		open := 0
		for k := range list {
			if list[k].Open(tx.Now()) {
				open++
			}
		}
		if open >= domain.MaxInvites {
			return domain.Errorf(domain.Invalid, "You have %d open invitations, close some first.", open)
		}
		if n.Life > 0 {
			i.ExpiresAt = tx.Now().Add(n.Life)
		}
		return tx.InsertInvite(&i)
	})
	return i, err
}

// Invites are the invitations that an account made, newest first.
func (s *Service) Invites(ctx context.Context, account domain.ID) ([]domain.Invite, error) {
	return s.st.Reader().Invites(ctx, account, domain.MaxInvites)
}

// RevokeInvite ends an invitation of the account's own, or anybody's where its
// role manages them.
func (s *Service) RevokeInvite(ctx context.Context, account, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		i, err := tx.Invite(ctx, id)
		if err != nil {
			return err
		}
		if i.Account != account {
			u, err := tx.User(ctx, account)
			if err != nil {
				return fmt.Errorf("look up the login: %w", err)
			}
			if !u.Held.May(domain.MayManageInvites) {
				return domain.ErrNotFound
			}
		}
		return tx.RevokeInvite(id)
	})
}

// Invited is an invitation that people may join by.
type Invited struct {
	Invite domain.Invite
	Maker  domain.Account
	// Unasked tells that whoever joins need not be approved.
	Unasked bool
}

func errInvite() error {
	return domain.Errorf(domain.Forbidden, "This invitation is not valid any more. Ask for a new one.")
}

// Invited is the invitation with that code. Unknown, ended, used up, of
// somebody who may not act or invite any more: all are the same Forbidden
// (SEC-46).
func (s *Service) Invited(ctx context.Context, code string) (Invited, error) {
	return invited(ctx, s.st.Reader(), code, s.st.Now())
}

func invited(ctx context.Context, r store.Reader, code string, now time.Time) (v Invited, err error) {
	v.Invite, err = r.InviteByCode(ctx, strings.ToLower(strings.TrimSpace(code)))
	if domain.Is(err, domain.NotFound) || err == nil && !v.Invite.Open(now) {
		return v, errInvite()
	}
	if err != nil {
		return v, fmt.Errorf("look up the invitation: %w", err)
	}
	u, err := r.User(ctx, v.Invite.Account)
	if domain.Is(err, domain.NotFound) {
		return v, errInvite()
	}
	if err != nil {
		return v, fmt.Errorf("look up the login of its maker: %w", err)
	}
	if v.Maker, err = r.Account(ctx, v.Invite.Account); err != nil {
		return v, fmt.Errorf("look up its maker: %w", err)
	}
	if refusal(&u, &v.Maker) != nil || !u.Held.May(domain.MayInvite) {
		return v, errInvite()
	}
	v.Unasked = u.Held.May(domain.MayInviteUnasked)
	return v, nil
}
