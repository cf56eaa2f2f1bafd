package account

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Join is a stranger's wish to become a member.
type Join struct {
	SignUp
	Agreement bool   // to the rules
	Invite    string // code of an invitation, "" without one
	Reason    string // why, where somebody decides
	// Passkey is what BeginJoin had made, to sign in with instead of a
	// password; without a Secret for none.
	Passkey NewPasskey
	// Work answers a WorkChallenge; ByApp says that no page of ours asks.
	Work  string
	ByApp bool
	Born  string // day of birth as 2006-01-02, where there is a minimum age; it is not kept
}

// Door is how one may join now.
type Door struct {
	Invited *Invited // nil without an invitation
	// Approval tells that somebody decides, who reads the reason.
	Approval bool
	// MinAge is how old one must be, 0 for any age.
	MinAge int
	// Work tells that a proof of work is asked for, of apps too if AppsWork.
	Work, AppsWork bool
}

// MayJoin is how strangers may sign up by themselves, with the code of an
// invitation or "" without, else Forbidden with the reason.
func (s *Service) MayJoin(ctx context.Context, invite string) (Door, error) {
	return mayJoin(ctx, s.st.Reader(), invite, s.st.Now())
}

// mayJoin: an invitation opens every door (behaviours 18.2); whether somebody
// still decides hangs on who made it.
func mayJoin(ctx context.Context, r store.Reader, invite string, now time.Time) (d Door, err error) {
	set, err := r.Settings(ctx)
	if err != nil {
		return d, err
	}
	d.Approval, d.MinAge = set.Registrations == domain.RegistrationsApproval, set.MinAge
	d.Work = invite == "" && !d.Approval && set.ProofOfWork > 0
	d.AppsWork = d.Work && !set.ProofOfWorkSparesApps
	if invite != "" {
		v, err := invited(ctx, r, invite, now)
		d.Invited, d.Approval = &v, d.Approval && !v.Unasked
		return d, err
	}
	switch set.Registrations {
	case domain.RegistrationsOpen, domain.RegistrationsApproval:
		return d, nil
	case domain.RegistrationsInvite:
		return d, domain.Errorf(domain.Forbidden, "Joining this community needs an invitation. Ask somebody who is here for a link.")
	}
	if set.ClosedMessage != "" {
		return d, domain.Errorf(domain.Forbidden, "%s", set.ClosedMessage)
	}
	return d, domain.Errorf(domain.Forbidden, "This community does not take new members at the moment.")
}

// Joined is a new member.
type Joined struct {
	Account domain.Account
	Waits   bool // for somebody to decide
	// Confirms says that a link was mailed, and nothing goes before it is opened.
	Confirms bool
	// Ticket is what Place wants to know, "" for who has come in at once.
	Ticket string
	// RecoveryCodes come with a passkey, and are shown once.
	RecoveryCodes []string
}

// Join makes an account for a stranger where the door is open (behaviours
// 18.1, 18.2). Where this server sends no mail, the address counts as
// confirmed; who comes by invitation needs none at all.
func (s *Service) Join(ctx context.Context, j Join) (Joined, error) {
	d, err := s.MayJoin(ctx, j.Invite)
	if err != nil {
		return Joined{}, err
	}
	challenge, err := s.checkForm(ctx, &j, d)
	if err != nil {
		return Joined{}, err
	}
	j.Role, j.Confirmed, j.ticket = domain.RoleUser, !j.unproven, newSecret()
	var codes []string
	if j.Passkey.Secret != "" {
		if j.passkey, err = s.joinsWith(ctx, j.Username, j.Passkey); err != nil {
			return Joined{}, err
		}
		j.ceremony = j.Passkey.Secret
		codes, j.recovery = drawRecoveryCodes()
	}
	out := Joined{Confirms: j.unproven, RecoveryCodes: codes}
	out.Account, err = s.create(ctx, &j.SignUp, func(tx *store.Tx, u *domain.User) (err error) {
		if challenge != "" {
			if err := spendWork(tx, challenge); err != nil {
				return err
			}
		}
		if j.terms, err = termsNow(ctx, tx); err != nil {
			return fmt.Errorf("read the terms: %w", err)
		}
		out.Waits, err = enter(ctx, tx, &j, u)
		return err
	})
	if j.waits {
		out.Ticket = j.ticket
	}
	return out, err
}

// enter takes somebody through the door as it is now: with one use of an
// invitation, or one place where there is room. asks tells that somebody
// decides.
func enter(ctx context.Context, tx *store.Tx, j *Join, u *domain.User) (asks bool, err error) {
	d, err := mayJoin(ctx, tx.Reader, j.Invite, tx.Now())
	if err != nil {
		return false, err
	}
	if asks, err = mustAsk(ctx, tx, &j.SignUp, d.Approval); err != nil {
		return false, err
	}
	u.Approved, u.Reason = !asks, j.Reason
	if d.Invited == nil {
		in, err := hasRoom(ctx, tx)
		j.waits, j.decided = !in, !asks
		u.Approved = u.Approved && in
		return asks, err
	}
	u.Invite, u.InvitedBy = d.Invited.Invite.ID, d.Invited.Maker.ID
	ok, err := tx.UseInvite(u.Invite)
	if err == nil && !ok {
		err = errInvite()
	}
	return asks, err
}
