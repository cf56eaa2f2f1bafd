package domain

import "time"

// Wording is what of a status can be translated.
type Wording struct {
	Content      string   `json:"content"` // HTML
	Spoiler      string   `json:"spoiler,omitempty"`
	Options      []string `json:"options,omitempty"`      // of its poll
	Descriptions []string `json:"descriptions,omitempty"` // of its attachments
}

// Translation is the wording of a status in another language, made by a
// machine.
type Translation struct {
	Wording
	Language string `json:"language"`
	Detected string `json:"detected"` // in which it was written, as the machine sees it
	Provider string `json:"provider"`
}

// TranslationLife is how long a translation is kept.
const TranslationLife = 30 * 24 * time.Hour
