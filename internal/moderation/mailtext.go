package moderation

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// MailText are words of the community's own in mails of a kind, "" where there
// are none. Spoken tells that the language is one of the community's.
type MailText struct {
	Kind     domain.MailKind `json:"kind"`
	Language string          `json:"language"`
	Spoken   bool            `json:"spoken"`
	Text     string          `json:"text"`
}

// MailTexts are those of all kinds that can have some, in all languages that
// mails are written in, the community's first.
func (s *Service) MailTexts(ctx context.Context) ([]MailText, error) {
	set, err := s.Settings(ctx)
	var out []MailText
	for _, kind := range domain.WordedMails() {
		for _, spoken := range []bool{true, false} {
			for _, tag := range s.tags {
				if slices.Contains(set.Languages, tag) == spoken {
					out = append(out, MailText{kind, tag, spoken, set.MailTexts[kind][tag]})
				}
			}
		}
	}
	return out, err
}

// SetMailText puts plain words of the community's own into mails of a kind to
// people who read a language, "" takes them out.
func (s *Service) SetMailText(ctx context.Context, by domain.ID, kind domain.MailKind, language, words string) error {
	if !slices.Contains(domain.WordedMails(), kind) {
		return domain.Errorf(domain.Invalid, "Words of your own can be put into mails of the kinds welcome, approved and rejected, not %q.", kind)
	}
	if !slices.Contains(s.tags, language) {
		return domain.Errorf(domain.Invalid, "No mails are written in the language %q.", language)
	}
	words = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, words))
	if utf8.RuneCountInString(words) > domain.MaxMailText {
		return domain.Errorf(domain.Invalid, "The text of a mail may have at most %d characters.", domain.MaxMailText)
	}
	return s.changeSettings(ctx, by, "mail "+string(kind)+" "+language, func(_ *store.Tx, set *domain.Settings) error {
		if set.MailTexts == nil {
			set.MailTexts = domain.MailTexts{}
		}
		if set.MailTexts[kind] == nil {
			set.MailTexts[kind] = map[string]string{}
		}
		set.MailTexts[kind][language] = words
		if words == "" {
			delete(set.MailTexts[kind], language)
		}
		return nil
	})
}
