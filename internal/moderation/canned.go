package moderation

import (
	"context"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// mayCan is whoever writes to people.
const mayCan = domain.MayManageUsers | domain.MayManageReports

// CannedTexts are the texts that the staff shares, of a kind or all, by title.
func (s *Service) CannedTexts(ctx context.Context, kind domain.CannedKind) ([]domain.CannedText, error) {
	if kind != "" && !kind.Valid() {
		return nil, domain.Errorf(domain.BadRequest, "A text is a warning or a rejection, not %q", kind)
	}
	return s.st.Reader().CannedTexts(ctx, kind)
}

// SaveCannedText keeps a text that has no id yet, or changes the one that has.
func (s *Service) SaveCannedText(ctx context.Context, by domain.ID, c domain.CannedText) (domain.CannedText, error) {
	c.Title, c.Text = strings.TrimSpace(c.Title), strings.TrimSpace(c.Text)
	title, words := utf8.RuneCountInString(c.Title), utf8.RuneCountInString(c.Text)
	switch {
	case !c.Kind.Valid():
		return c, domain.Errorf(domain.Invalid, "Validation failed: Kind is not included in the list")
	case title == 0 || title > domain.MaxCannedTitle:
		return c, domain.Errorf(domain.Invalid, "Validation failed: Title needs 1 to %d characters", domain.MaxCannedTitle)
	case words == 0 || words > domain.MaxStrikeText:
		return c, domain.Errorf(domain.Invalid, "Validation failed: Text needs 1 to %d characters", domain.MaxStrikeText)
	}
	verb := "update"
	if c.ID == 0 {
		verb = "create"
	}
	return c, s.change(ctx, by, mayCan, verb, "text", func(tx *store.Tx) (domain.ID, string, error) {
		list, err := tx.CannedTexts(ctx, "")
		if err == nil && c.ID == 0 && len(list) >= domain.MaxCannedTexts {
			err = domain.Errorf(domain.Invalid, "Validation failed: There are at most %d texts", domain.MaxCannedTexts)
		}
		if err == nil {
			err = tx.SaveCannedText(&c)
		}
		return c.ID, c.Title, err
	})
}

// RemoveCannedText removes a text; what was written with it stays.
func (s *Service) RemoveCannedText(ctx context.Context, by, id domain.ID) error {
	return s.change(ctx, by, mayCan, "destroy", "text", func(tx *store.Tx) (domain.ID, string, error) {
		c, err := tx.CannedText(ctx, id)
		if err == nil {
			err = tx.DeleteCannedText(id)
		}
		return id, c.Title, err
	})
}

// worded is a canned text, 0 for none, with what somebody wrote below it.
func worded(ctx context.Context, r store.Reader, canned domain.ID, text string) (string, error) {
	if canned != 0 {
		c, err := r.CannedText(ctx, canned)
		if err != nil {
			return "", err
		}
		text = strings.TrimSpace(c.Text + "\n\n" + strings.TrimSpace(text))
	}
	if text = strings.TrimSpace(text); utf8.RuneCountInString(text) > domain.MaxStrikeText {
		return "", domain.Errorf(domain.Invalid, "Validation failed: Text is too long (maximum is %d characters)", domain.MaxStrikeText)
	}
	return text, nil
}
