package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// Translatable is a status with what of it can be translated.
type Translatable struct {
	Status domain.Status
	Words  domain.Wording

	poll  domain.ID
	media []domain.ID // whose descriptions are in Words
}

// Translatable is the status with that id, or what the boost with that id
// boosts, as the viewer reads it.
func (r *Renderer) Translatable(ctx context.Context, viewer, id domain.ID) (*Translatable, error) {
	s, err := r.original(ctx, viewer, id)
	if err != nil {
		return nil, err
	}
	shown, err := r.Status(ctx, viewer, s.ID)
	if err != nil {
		return nil, err
	}
	var j struct {
		Content string `json:"content"`
		Poll    *struct {
			Options []struct {
				Title string `json:"title"`
			} `json:"options"`
		} `json:"poll"`
		Media []struct {
			ID          domain.ID `json:"id"`
			Description string    `json:"description"`
		} `json:"media_attachments"`
	}
	if err := json.Unmarshal(shown, &j); err != nil {
		return nil, err
	}
	t := &Translatable{Status: s, Words: domain.Wording{Content: j.Content, Spoiler: s.Spoiler}}
	if j.Poll != nil {
		t.poll = s.Poll
		for _, o := range j.Poll.Options {
			t.Words.Options = append(t.Words.Options, o.Title)
		}
	}
	for _, m := range j.Media {
		if m.Description != "" {
			t.media = append(t.media, m.ID)
			t.Words.Descriptions = append(t.Words.Descriptions, m.Description)
		}
	}
	return t, nil
}

// Translation is the entity of a translation.
type Translation struct {
	Content     string            `json:"content"`
	SpoilerText string            `json:"spoiler_text"`
	Detected    string            `json:"detected_source_language"`
	Language    string            `json:"language"`
	Provider    string            `json:"provider"`
	Poll        *translatedPoll   `json:"poll"`
	Media       []translatedMedia `json:"media_attachments"`
}

type translatedPoll struct {
	ID      domain.ID          `json:"id"`
	Options []translatedOption `json:"options"`
}

type translatedOption struct {
	Title string `json:"title"`
}

type translatedMedia struct {
	ID          domain.ID `json:"id"`
	Description string    `json:"description"`
}

// In is the entity of what it reads in another language.
func (t *Translatable) In(tr *domain.Translation) Translation {
	j := Translation{
		Content: tr.Content, SpoilerText: tr.Spoiler, Detected: tr.Detected, Language: tr.Language, Provider: tr.Provider,
		Media: []translatedMedia{},
	}
	if t.poll != 0 {
		j.Poll = &translatedPoll{ID: t.poll, Options: []translatedOption{}}
		for _, title := range tr.Options {
			j.Poll.Options = append(j.Poll.Options, translatedOption{title})
		}
	}
	for i, d := range tr.Descriptions {
		if i < len(t.media) {
			j.Media = append(j.Media, translatedMedia{t.media[i], d})
		}
	}
	return j
}
