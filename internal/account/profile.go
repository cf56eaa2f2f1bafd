package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"coterie/internal/domain"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Update is what somebody changes about their profile and defaults; nil
// leaves a thing as it is.
type Update struct {
	DisplayName, Note           *string
	Locked, Bot                 *bool
	Discoverable, Indexable     *bool
	HideCollections             *bool
	HideMedia, HideMediaReplies *bool
	HideFeatured                *bool
	Fields                      *[]domain.Field // in their order; empty ones are left out
	AttributionDomains          *[]string
	Visibility                  *string // a name of the API: public, unlisted or private
	Sensitive                   *bool
	Language                    *string // "" is none
	QuotePolicy                 *string
	Avatar, Header              *domain.Picture // the zero value takes it away
	AvatarDescription           *string
	HeaderDescription           *string
}

// Update changes profile and defaults of an account (behaviours 7.3, 7.7).
// Failed validations come as one Invalid error with Fields.
func (s *Service) Update(ctx context.Context, account domain.ID, up Update) error {
	if bad := up.check(); len(bad) > 0 {
		return invalid(bad)
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Account(ctx, account)
		if err != nil {
			return fmt.Errorf("look up the account: %w", err)
		}
		if up.changesProfile() {
			up.apply(&a)
			if err := tx.UpdateProfile(&a); err != nil {
				return fmt.Errorf("store the profile: %w", err)
			}
			if err := remote.WantVerified(tx, &a); err != nil {
				return fmt.Errorf("have the links looked at: %w", err)
			}
		}
		if up.changesPictures() {
			if err := up.putPictures(tx, &a); err != nil {
				return fmt.Errorf("store the pictures: %w", err)
			}
		}
		if up.changesPrefs() {
			u, err := tx.User(ctx, account)
			if err != nil {
				return fmt.Errorf("look up the login: %w", err)
			}
			up.applyPrefs(&u.Prefs)
			if err := tx.SetPrefs(account, u.Prefs); err != nil {
				return fmt.Errorf("store the defaults: %w", err)
			}
		}
		return tx.Emit(domain.Event{Kind: domain.EventAccountUpdated, Actor: account, Target: account})
	})
}

func (up *Update) changesPrefs() bool {
	return up.Visibility != nil || up.Sensitive != nil || up.Language != nil || up.QuotePolicy != nil
}

func (up *Update) changesProfile() bool {
	rest := *up
	rest.Visibility, rest.Sensitive, rest.Language, rest.QuotePolicy = nil, nil, nil, nil
	rest.Avatar, rest.Header, rest.AvatarDescription, rest.HeaderDescription = nil, nil, nil, nil
	return rest != Update{}
}

// check cleans the values and says what is wrong with them.
func (up *Update) check() []domain.FieldError {
	var bad []domain.FieldError
	fail := func(field, code, description string) {
		bad = append(bad, domain.FieldError{Field: field, Code: code, Description: description})
	}
	if up.DisplayName != nil {
		name := strings.Join(strings.Fields(*up.DisplayName), " ")
		up.DisplayName = &name
		if text.CountGraphemes(name) > domain.MaxDisplayName || len(name) > 16*domain.MaxDisplayName {
			fail("display_name", "ERR_TOO_LONG", fmt.Sprintf("is too long (maximum is %d characters)", domain.MaxDisplayName))
		}
	}
	if up.Note != nil {
		note := strings.TrimSpace(strings.ReplaceAll(*up.Note, "\r\n", "\n"))
		up.Note = &note
		if len(note) > 32*domain.MaxNote || text.Count("", note) > domain.MaxNote {
			fail("note", "ERR_TOO_LONG", fmt.Sprintf("is too long (maximum is %d characters)", domain.MaxNote))
		}
	}
	for field, alt := range map[string]*string{"avatar_description": up.AvatarDescription, "header_description": up.HeaderDescription} {
		if alt != nil && len([]rune(*alt)) > domain.MaxPictureAlt {
			fail(field, "ERR_TOO_LONG", fmt.Sprintf("is too long (maximum is %d characters)", domain.MaxPictureAlt))
		}
	}
	bad = append(bad, up.checkFields()...)
	bad = append(bad, up.checkAttribution()...)
	return append(bad, up.checkPrefs()...)
}

func (up *Update) checkFields() []domain.FieldError {
	if up.Fields == nil {
		return nil
	}
	fail := func(code, description string) []domain.FieldError {
		return []domain.FieldError{{Field: "fields", Code: code, Description: description}}
	}
	var kept []domain.Field
	for _, f := range *up.Fields {
		f.Name, f.Value = strings.TrimSpace(f.Name), strings.TrimSpace(f.Value)
		switch {
		case f.Name == "" && f.Value == "":
			continue
		case f.Name == "":
			return fail("ERR_INVALID", "with values must have a name")
		case len([]rune(f.Name)) > domain.MaxFieldText || len([]rune(f.Value)) > domain.MaxFieldText:
			return fail("ERR_TOO_LONG", fmt.Sprintf("are too long (maximum is %d characters)", domain.MaxFieldText))
		}
		kept = append(kept, f)
	}
	if len(kept) > domain.MaxFields {
		return fail("ERR_TOO_LONG", fmt.Sprintf("are too many (maximum is %d)", domain.MaxFields))
	}
	up.Fields = &kept
	return nil
}

func (up *Update) checkAttribution() []domain.FieldError {
	if up.AttributionDomains == nil {
		return nil
	}
	var kept []string
	for _, d := range *up.AttributionDomains {
		d = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(d), "https://"), "*.")
		if d == "" {
			continue
		}
		host, err := idna.Lookup.ToASCII(strings.TrimSuffix(d, "/"))
		if err != nil || host == "" || strings.ContainsAny(host, "/:@ ") || len(host) > 253 {
			return []domain.FieldError{{Field: "attribution_domains", Code: "ERR_INVALID", Description: "contains one or more invalid domain names"}}
		}
		if host = strings.ToLower(host); !slices.Contains(kept, host) {
			kept = append(kept, host)
		}
	}
	if len(kept) > domain.MaxAttributionDomains {
		return []domain.FieldError{{Field: "attribution_domains", Code: "ERR_TOO_LONG", Description: "are too many (maximum is 100)"}}
	}
	up.AttributionDomains = &kept
	return nil
}

func (up *Update) checkPrefs() []domain.FieldError {
	var bad []domain.FieldError
	oneOf := func(field string, value *string, allowed ...string) {
		if value != nil && !slices.Contains(allowed, *value) {
			bad = append(bad, domain.FieldError{Field: field, Code: "ERR_INCLUSION", Description: "is not included in the list"})
		}
	}
	oneOf("privacy", up.Visibility, "public", "unlisted", "private")
	oneOf("quote_policy", up.QuotePolicy, "public", "followers", "nobody")
	if up.Language != nil && !validLanguage(*up.Language) {
		bad = append(bad, domain.FieldError{Field: "language", Code: "ERR_INVALID", Description: "is invalid"})
	}
	return bad
}

// validLanguage accepts tags such as "de", "pt-BR" and "zh-Hant"; "" is none.
func validLanguage(tag string) bool {
	if tag == "" {
		return true
	}
	for i, part := range strings.Split(tag, "-") {
		long := 8
		if i == 0 {
			long = 3
		}
		if len(part) < 2 || len(part) > long || strings.Trim(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

func (up *Update) apply(a *domain.Account) {
	set(&a.DisplayName, up.DisplayName)
	set(&a.Note, up.Note)
	set(&a.Locked, up.Locked)
	set(&a.Bot, up.Bot)
	set(&a.Discoverable, up.Discoverable)
	set(&a.Indexable, up.Indexable)
	set(&a.HideCollections, up.HideCollections)
	set(&a.HideMedia, up.HideMedia)
	set(&a.HideMediaReplies, up.HideMediaReplies)
	set(&a.HideFeatured, up.HideFeatured)
	set(&a.AttributionDomains, up.AttributionDomains)
	if up.Fields == nil {
		return
	}
	fields := slices.Clone(*up.Fields)
	for i := range fields {
		// A link stays verified while its value is unchanged (behaviours 7.8).
		for _, old := range a.Fields {
			if old.Value == fields[i].Value {
				fields[i].VerifiedAt = old.VerifiedAt
			}
		}
	}
	a.Fields = fields
}

func (up *Update) applyPrefs(p *domain.Prefs) {
	if up.Visibility != nil {
		// check has looked at the name already.
		v, _ := domain.ParseVisibility(*up.Visibility)
		p.Visibility = &v
	}
	set(&p.Sensitive, up.Sensitive)
	set(&p.Language, up.Language)
	set(&p.QuotePolicy, up.QuotePolicy)
}

func set[T any](at *T, to *T) {
	if to != nil {
		*at = *to
	}
}
