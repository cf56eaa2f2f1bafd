package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
)

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

// checkForm cleans what a stranger filled in and says what is wrong with it,
// as one Invalid error with Fields. challenge is the one whose proof of work
// came with it, "" where none is asked for.
func (s *Service) checkForm(ctx context.Context, j *Join, d Door) (challenge string, err error) {
	j.Reason, j.Email = strings.TrimSpace(j.Reason), strings.TrimSpace(j.Email)
	j.unproven = s.mail && j.Email != ""
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
	if d.Work && (d.AppsWork || !j.ByApp) {
		var wrong string
		if challenge, wrong, err = s.checkWork(ctx, j.Work); err != nil {
			return "", err
		}
		if wrong != "" {
			bad = append(bad, workError(wrong))
		}
	}
	return challenge, asInvalid(bad)
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
