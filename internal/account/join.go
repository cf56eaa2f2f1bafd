package account

import (
	"context"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Join is a stranger's wish to become a member.
type Join struct {
	SignUp
	Agreement bool // to the rules
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

// MayJoin is nil where strangers may sign up by themselves, else Forbidden
// with the reason.
func (s *Service) MayJoin(ctx context.Context) error {
	return mayJoin(ctx, s.st.Reader())
}

func mayJoin(ctx context.Context, r store.Reader) error {
	set, err := r.Settings(ctx)
	if err != nil {
		return err
	}
	switch set.Registrations {
	case domain.RegistrationsOpen:
		return nil
	case domain.RegistrationsInvite:
		return domain.Errorf(domain.Forbidden, "Joining this community needs an invitation, which this server cannot take yet.")
	case domain.RegistrationsApproval:
		return domain.Errorf(domain.Forbidden, "Joining this community needs an approval, which this server cannot ask for yet.")
	}
	if set.ClosedMessage != "" {
		return domain.Errorf(domain.Forbidden, "%s", set.ClosedMessage)
	}
	return domain.Errorf(domain.Forbidden, "This community does not take new members at the moment.")
}

// Join makes an account for a stranger if registrations are open (behaviours
// 18.1). The address counts as confirmed, because this server sends no mail
// with which it could be.
func (s *Service) Join(ctx context.Context, j Join) (domain.Account, error) {
	if err := s.MayJoin(ctx); err != nil {
		return domain.Account{}, err
	}
	j.Role, j.Confirmed = domain.RoleUser, true
	bad := j.check()
	if slices.Contains(reservedNames, domain.NameKey(j.Username)) {
		bad = append(bad, domain.FieldError{Field: "username", Code: "ERR_RESERVED", Description: "is reserved"})
	}
	if !j.Agreement {
		bad = append(bad, domain.FieldError{Field: "agreement", Code: "ERR_ACCEPTED", Description: "must be accepted"})
	}
	if len(bad) > 0 {
		return domain.Account{}, invalid(bad)
	}
	return s.create(ctx, j.SignUp, func(tx *store.Tx) error { return mayJoin(ctx, tx.Reader) })
}
