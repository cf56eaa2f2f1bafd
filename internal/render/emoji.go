package render

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/text"
)

// emojiJSON is CustomEmoji.
type emojiJSON struct {
	Shortcode       string  `json:"shortcode"`
	URL             string  `json:"url"`
	StaticURL       string  `json:"static_url"`
	VisibleInPicker bool    `json:"visible_in_picker"`
	Category        *string `json:"category"`
}

// CustomEmojis are the emojis that people here choose from.
func (r *Renderer) CustomEmojis(list []domain.Emoji) any {
	out := make([]emojiJSON, len(list))
	for i := range list {
		out[i] = r.emoji(&list[i])
	}
	return out
}

// staffEmojiJSON is an emoji as the staff sees it.
type staffEmojiJSON struct {
	ID        domain.ID `json:"id"`
	Shortcode string    `json:"shortcode"`
	Domain    *string   `json:"domain"` // null: of here
	Category  string    `json:"category"`
	Disabled  bool      `json:"disabled"`
	URL       string    `json:"url"`
	StaticURL string    `json:"static_url"`
	UpdatedAt string    `json:"updated_at"`
}

// StaffEmojis are emojis as the staff sees them.
func (r *Renderer) StaffEmojis(list []domain.Emoji) any {
	out := make([]staffEmojiJSON, len(list))
	for i := range list {
		e := &list[i]
		shown := r.emoji(e)
		out[i] = staffEmojiJSON{
			ID: e.ID, Shortcode: e.Shortcode, Category: e.Category, Disabled: e.Disabled,
			URL: shown.URL, StaticURL: shown.StaticURL, UpdatedAt: timestamp(e.UpdatedAt),
		}
		if e.Domain != "" {
			out[i].Domain = &e.Domain
		}
	}
	return out
}

// accountEmojis are the emojis that accounts may show, in one statement if any.
func (r *Renderer) accountEmojis(ctx context.Context, list []domain.Account) (emojiSet, error) {
	texts := map[string][]string{}
	for i := range list {
		a := &list[i]
		texts[a.Domain] = append(texts[a.Domain], accountTexts(a)...)
	}
	return r.findEmojis(ctx, texts)
}

// accountTexts are the texts of an account in which emojis are looked for.
func accountTexts(a *domain.Account) []string {
	if a.Suspended() {
		return nil
	}
	note := a.Note
	if !a.Local() {
		note = text.PlainText(a.NoteHTML)
	}
	out := []string{a.DisplayName, note}
	for _, f := range a.Fields {
		value := f.Value
		if !a.Local() {
			value = text.PlainText(value)
		}
		out = append(out, f.Name, value)
	}
	return out
}

// emojiName is how an emoji is found: each server has names of its own.
type emojiName struct{ domain, shortcode string }

type emojiSet map[emojiName]domain.Emoji

// statusTexts are the texts of a status in which emojis are looked for.
func statusTexts(s *domain.Status, options []string) []string {
	body := s.Text
	if !s.Local {
		body = text.PlainText(s.Content)
	}
	return append([]string{s.Spoiler, body}, options...)
}

// emojisOf are the emojis that the statuses may show, in one statement if any.
func (r *Renderer) emojisOf(ctx context.Context, list []domain.Status, p *parts) (emojiSet, error) {
	texts := map[string][]string{} // by domain
	for i := range list {
		if a := p.authors[list[i].Account]; a != nil {
			texts[a.Domain] = append(texts[a.Domain], statusTexts(&list[i], p.polls[list[i].Poll])...)
		}
	}
	return r.findEmojis(ctx, texts)
}

// findEmojis are the emojis that the texts of each domain name.
func (r *Renderer) findEmojis(ctx context.Context, texts map[string][]string) (emojiSet, error) {
	var domains, codes []string
	for host, list := range texts {
		if found := text.Emojis(list...); len(found) > 0 {
			domains, codes = append(domains, host), append(codes, found...)
		}
	}
	if len(codes) == 0 {
		return nil, nil
	}
	list, err := r.st.Emojis(ctx, domains, codes)
	out := make(emojiSet, len(list))
	for _, e := range list {
		out[emojiName{e.Domain, e.Shortcode}] = e
	}
	return out, err
}

// emojiList are the emojis that the texts of somebody of the domain show.
func (r *Renderer) emojiList(set emojiSet, host string, texts ...string) []emojiJSON {
	out := []emojiJSON{}
	if len(set) == 0 {
		return out
	}
	for _, code := range text.Emojis(texts...) {
		if e, ok := set[emojiName{host, code}]; ok {
			out = append(out, r.emoji(&e))
		}
	}
	return out
}

func (r *Renderer) emoji(e *domain.Emoji) emojiJSON {
	j := emojiJSON{
		Shortcode: e.Shortcode, URL: r.URLs.absolute(e.URL), StaticURL: r.URLs.absolute(e.StaticURL),
		VisibleInPicker: e.Domain == "", Category: textOrNull(e.Category),
	}
	if e.Key != "" {
		j.URL, j.StaticURL = r.URLs.absolute(domain.RemotePath(e.Key, domain.VariantOriginal)), r.URLs.absolute(domain.RemotePath(e.Key, domain.VariantStatic))
	}
	if j.StaticURL == "" {
		j.StaticURL = j.URL
	}
	return j
}
