package moderation

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// maxCategory is the longest category of emoji, in characters.
const maxCategory = 50

// AddEmojis adds custom emoji. Where there is one with the same shortcode, it
// is replaced, or with replace false stays and is named in there.
func (s *Service) AddEmojis(ctx context.Context, by domain.ID, list []domain.Emoji, replace bool) (there []string, err error) {
	codes := make([]string, len(list))
	for i := range list {
		codes[i] = list[i].Shortcode
		if list[i].Category, err = category(list[i].Category); err != nil {
			return nil, err
		}
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		there = nil
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageEmojis)
		if err != nil {
			return err
		}
		known, err := tx.AnyEmojis(ctx, []string{""}, codes)
		if err != nil {
			return err
		}
		for i := range list {
			e := list[i]
			old := slices.IndexFunc(known, func(k domain.Emoji) bool { return k.Shortcode == e.Shortcode })
			if old >= 0 && !replace {
				there = append(there, e.Shortcode)
				continue
			}
			if old >= 0 {
				if err := tx.DoomFiles(known[old].Files()...); err != nil {
					return err
				}
			}
			if err := tx.AddEmoji(&e); err != nil {
				return err
			}
			if err := tx.KeepFiles(e.Files()...); err != nil {
				return err
			}
			if err := who.log(tx, "create", "custom_emoji", e.ID, e.Shortcode, ""); err != nil {
				return err
			}
		}
		return nil
	})
	return there, err
}

// ChangeEmoji gives an emoji another category, or takes it out of use, of here
// or of another server.
func (s *Service) ChangeEmoji(ctx context.Context, by, id domain.ID, to string, disabled bool) error {
	to, err := category(to)
	if err != nil {
		return err
	}
	return s.change(ctx, by, domain.MayManageEmojis, "update", "custom_emoji", func(tx *store.Tx) (domain.ID, string, error) {
		e, err := tx.Emoji(ctx, id)
		if err != nil {
			return 0, "", err
		}
		e.Category, e.Disabled = to, disabled
		return id, e.Shortcode, tx.ChangeEmoji(e)
	})
}

// DeleteEmoji deletes an emoji of here; posts show its shortcode instead.
func (s *Service) DeleteEmoji(ctx context.Context, by, id domain.ID) error {
	return s.change(ctx, by, domain.MayManageEmojis, "destroy", "custom_emoji", func(tx *store.Tx) (domain.ID, string, error) {
		e, err := tx.Emoji(ctx, id)
		if err == nil && e.Domain != "" {
			err = domain.ErrNotFound
		}
		if err != nil {
			return 0, "", err
		}
		if err := tx.DoomFiles(e.Files()...); err != nil {
			return 0, "", err
		}
		return id, e.Shortcode, tx.DeleteEmoji(id)
	})
}

func category(text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > maxCategory {
		return "", domain.Errorf(domain.Invalid, "A category may have at most %d characters.", maxCategory)
	}
	return text, nil
}
