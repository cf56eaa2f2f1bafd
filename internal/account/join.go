package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
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

// reservedNames could be taken for the people who run the community, or for
// the server itself. They are refused to strangers; operators may use them.
var reservedNames = []string{
	"abuse", "admin", "administrator", "administration", "contact", "help", "hostmaster", "info", "instance",
	"mod", "moderation", "moderator", "moderators", "noreply", "no_reply", "official", "operator", "owner",
	"postmaster", "root", "security", "server", "service", "staff", "support", "sysadmin", "system", "team", "webmaster",
	"about", "account", "accounts", "actor", "all", "anonymous", "api", "auth", "everyone", "explore", "health", "home",
	"inbox", "local", "media", "nobody", "null", "oauth", "public", "search", "settings", "sign_in", "sign_out",
	"sign_up", "static", "tags", "timeline", "undefined", "users", "web", "www",
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
	j.Role, j.Reason, j.Email = domain.RoleUser, strings.TrimSpace(j.Reason), strings.TrimSpace(j.Email)
	j.unproven = s.mail && j.Email != ""
	j.Confirmed = !j.unproven
	bad := j.check()
	if d.Invited != nil {
		bad = withoutAddress(&j.SignUp, bad)
	}
	if j.Passkey.Secret != "" {
		bad = slices.DeleteFunc(bad, func(f domain.FieldError) bool { return f.Field == "password" })
	}
	if slices.Contains(reservedNames, domain.NameKey(j.Username)) {
		bad = append(bad, domain.FieldError{Field: "username", Code: "ERR_RESERVED", Description: "is reserved"})
	}
	if !j.Agreement {
		bad = append(bad, domain.FieldError{Field: "agreement", Code: "ERR_ACCEPTED", Description: "must be accepted"})
	}
	bad = append(bad, checkAge(j.Born, d.MinAge, s.st.Now())...)
	switch n := len([]rune(j.Reason)); {
	case d.Approval && n == 0:
		bad = append(bad, domain.FieldError{Field: "reason", Code: "ERR_BLANK", Description: "can't be blank"})
	case n > domain.MaxReason:
		bad = append(bad, domain.FieldError{Field: "reason", Code: "ERR_TOO_LONG", Description: fmt.Sprintf("is too long (maximum is %d characters)", domain.MaxReason)})
	}
	var challenge string
	if d.Work && (d.AppsWork || !j.ByApp) {
		var wrong string
		if challenge, wrong, err = s.checkWork(ctx, j.Work); err != nil {
			return Joined{}, err
		}
		if wrong != "" {
			bad = append(bad, workError(wrong))
		}
	}
	if len(bad) > 0 {
		return Joined{}, invalid(bad)
	}
	var codes []string
	if j.Passkey.Secret != "" {
		if j.passkey, err = s.joinsWith(ctx, j.Username, j.Passkey); err != nil {
			return Joined{}, err
		}
		j.ceremony = j.Passkey.Secret
		codes, j.recovery = drawRecoveryCodes()
	}
	j.ticket = newSecret()
	made, err := s.create(ctx, &j.SignUp, func(tx *store.Tx, u *domain.User) error {
		var err error
		if d, err = mayJoin(ctx, tx.Reader, j.Invite, tx.Now()); err != nil {
			return err
		}
		if challenge != "" {
			if err := spendWork(tx, challenge); err != nil {
				return err
			}
		}
		asks, err := mustAsk(ctx, tx, &j.SignUp, d.Approval)
		if err != nil {
			return err
		}
		d.Approval = asks
		u.Approved, u.Reason = !asks, j.Reason
		if d.Invited == nil {
			in, err := hasRoom(ctx, tx)
			j.waits, j.decided = !in, !asks
			u.Approved = u.Approved && in
			return err
		}
		u.Invite, u.InvitedBy = d.Invited.Invite.ID, d.Invited.Maker.ID
		ok, err := tx.UseInvite(u.Invite)
		if err == nil && !ok {
			err = errInvite()
		}
		return err
	})
	out := Joined{Account: made, Waits: d.Approval, Confirms: j.unproven, RecoveryCodes: codes}
	if j.waits {
		out.Ticket = j.ticket
	}
	return out, err
}

// checkAge says what is wrong with a day of birth, where one is asked for.
func checkAge(born string, least int, now time.Time) []domain.FieldError {
	if least == 0 {
		return nil
	}
	bad := func(code, description string) []domain.FieldError {
		return []domain.FieldError{{Field: "date_of_birth", Code: code, Description: description}}
	}
	if born == "" {
		return bad("ERR_BLANK", "can't be blank")
	}
	day, err := time.Parse(time.DateOnly, born)
	switch {
	case err != nil, day.After(now), day.Year() < 1900:
		return bad("ERR_INVALID", "is invalid")
	case day.AddDate(least, 0, 0).After(now):
		return bad("ERR_BELOW_LIMIT", "is below the age limit")
	}
	return nil
}

// addressAllowed refuses addresses that were blocked, in whatever spelling
// (SEC-45). Some are let in by approval only: asks tells so.
func addressAllowed(ctx context.Context, r store.Reader, email string) (asks bool, err error) {
	if email == "" {
		return false, nil
	}
	blocked := invalid([]domain.FieldError{{Field: "email", Code: "ERR_BLOCKED", Description: "uses a forbidden e-mail provider"}})
	key := text.EmailKey(email)
	_, host, _ := strings.Cut(key, "@")
	var parents []string
	for name := host; name != ""; _, name, _ = strings.Cut(name, ".") {
		parents = append(parents, name)
	}
	provider, err := r.EmailDomainBlockOf(ctx, parents)
	switch {
	case err != nil && !domain.Is(err, domain.NotFound):
		return false, fmt.Errorf("look for blocks of the provider: %w", err)
	case err == nil && !provider.AllowApproval:
		return false, blocked
	case err == nil:
		asks = true
	}
	list, err := r.CanonicalEmailBlocks(ctx, domain.CanonicalEmailHash(key), domain.Page{Limit: 1})
	if err != nil {
		return false, fmt.Errorf("look for blocks of the address: %w", err)
	}
	if len(list) > 0 {
		return false, blocked
	}
	return asks, nil
}

// mustAsk refuses addresses and networks that were blocked. Where somebody
// decides anyway, or some were let in by approval only, it tells so.
func mustAsk(ctx context.Context, tx *store.Tx, n *SignUp, approval bool) (bool, error) {
	asks, err := addressAllowed(ctx, tx.Reader, n.Email)
	if err != nil {
		return false, err
	}
	approval = approval || asks
	if !n.From.IsValid() {
		return approval, nil
	}
	networks, err := tx.IPBlocksNow(ctx, tx.Now())
	if err != nil {
		return false, fmt.Errorf("look for blocks of the network: %w", err)
	}
	switch domain.Barred(networks, n.From, tx.Now()) {
	case domain.IPSignUp, domain.IPNoAccess:
		return false, domain.Errorf(domain.Forbidden, "This community does not take new members from your network.")
	case domain.IPApproval:
		approval = true
	}
	return approval, nil
}
