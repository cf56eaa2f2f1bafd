package media

import (
	"context"
	"io"
	"regexp"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// shortcode is what an emoji of ours may be called (facts 10).
var shortcode = regexp.MustCompile(`^[A-Za-z0-9_]{2,64}$`)

// AddEmoji makes a picture a custom emoji, in place of one with the same
// shortcode.
func (s *Service) AddEmoji(ctx context.Context, code, category string, file io.ReadSeeker, size int64) error {
	code = strings.Trim(code, ":")
	if !shortcode.MatchString(code) {
		return domain.Errorf(domain.Invalid, "%q is no shortcode: use 2 to 64 letters, digits and underscores.", code)
	}
	if size > domain.MaxEmojiBytes {
		return domain.Errorf(domain.Invalid, "The file of :%s: is larger than %d KB.", code, domain.MaxEmojiBytes>>10)
	}
	_, out, small, err := s.make(ctx, 0, forEmoji, file, size)
	if err != nil {
		return err
	}
	e := domain.Emoji{Shortcode: code, Category: category, URL: domain.MediaPath(out), StaticURL: domain.MediaPath(small)}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		old, err := tx.AddEmoji(&e)
		if err != nil {
			return err
		}
		name := func(path string) string { return strings.TrimPrefix(path, "/media/") }
		if err := tx.DoomFiles(name(old.URL), name(old.StaticURL)); err != nil {
			return err
		}
		return tx.KeepFiles(out, small)
	})
}
