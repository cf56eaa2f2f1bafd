package post

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Translate has the words of a post, which whoever asks may see, translated, or
// finds what was translated before. Without a translator it is ErrNotFound;
// what not everybody may read, or languages it does not know, are Forbidden;
// a translator that does not answer is Unavailable (behaviours 8.16).
func (s *Service) Translate(ctx context.Context, p *domain.Status, words domain.Wording, to string) (domain.Translation, error) {
	set, err := s.settings(ctx)
	if err != nil {
		return domain.Translation{}, err
	}
	switch {
	case set.TranslationURL == "" || s.remote == nil:
		return domain.Translation{}, domain.ErrNotFound
	case !p.Visibility.Listed() || p.LocalOnly:
		return domain.Translation{}, errNotAllowed
	}
	source, target, err := s.remote.LanguagePair(ctx, &set, p.Language, to)
	if err != nil {
		return domain.Translation{}, fmt.Errorf("translate %s: %w", p.ID, err)
	}
	t, err := s.st.Reader().Translation(ctx, p.ID, p.Rev, target)
	if !domain.Is(err, domain.NotFound) {
		return t, err
	}
	if t, err = s.remote.Translate(ctx, &set, words, source, target); err != nil {
		return t, fmt.Errorf("translate %s: %w", p.ID, err)
	}
	return t, s.st.Write(ctx, func(tx *store.Tx) error { return tx.KeepTranslation(p.ID, p.Rev, target, t) })
}

// Languages are those into which each language can be translated, none without
// a translator.
func (s *Service) Languages(ctx context.Context) (map[string][]string, error) {
	set, err := s.settings(ctx)
	if err != nil || set.TranslationURL == "" || s.remote == nil {
		return map[string][]string{}, err
	}
	return s.remote.Languages(ctx, &set)
}
