package media

import (
	"context"
	"io"
	"regexp"
	"strings"

	"coterie/internal/domain"
)

// shortcode is what an emoji of ours may be called (facts 10).
var shortcode = regexp.MustCompile(`^[A-Za-z0-9_]{2,64}$`)

// mayBeEmoji says why a file cannot be an emoji, as far as can be told without
// opening it.
func mayBeEmoji(code string, size int64) error {
	if !shortcode.MatchString(code) {
		return domain.Errorf(domain.Invalid, "%q is no shortcode: use 2 to 64 letters, digits and underscores.", code)
	}
	if size > domain.MaxEmojiBytes {
		return domain.Errorf(domain.Invalid, "The file of :%s: is larger than %d KB.", code, domain.MaxEmojiBytes>>10)
	}
	return nil
}

// Emoji makes a picture the files of a custom emoji, which last once the
// emoji is added.
func (s *Service) Emoji(ctx context.Context, code, category string, file io.ReadSeeker, size int64) (domain.Emoji, error) {
	code = strings.Trim(code, ":")
	if err := mayBeEmoji(code, size); err != nil {
		return domain.Emoji{}, err
	}
	_, out, small, err := s.make(ctx, 0, task{Purpose: forEmoji}, file, size)
	if err != nil {
		return domain.Emoji{}, err
	}
	return domain.Emoji{Shortcode: code, Category: category, URL: domain.MediaPath(out), StaticURL: domain.MediaPath(small)}, nil
}

// CopyEmoji is Emoji with the picture of an emoji elsewhere.
func (s *Service) CopyEmoji(ctx context.Context, e domain.Emoji, code, category string) (domain.Emoji, error) {
	_, f, err := s.Remote(ctx, e.Key, domain.VariantOriginal)
	if err != nil {
		return domain.Emoji{}, err
	}
	defer f.Close()
	return s.Emoji(ctx, code, category, f, f.Size())
}
