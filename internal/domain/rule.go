package domain

// Rule is one sentence of what is expected here.
type Rule struct {
	ID   ID
	Text string
	Hint string
	// Translations are the same in other languages, by their tags.
	Translations map[string]RuleWords
}

// RuleWords are a rule in one language.
type RuleWords struct {
	Text string `json:"text"`
	Hint string `json:"hint"`
}

// In is the rule in a language, if it was translated, else as it was written.
func (r *Rule) In(language string) RuleWords {
	if words, ok := r.Translations[language]; ok {
		return words
	}
	return RuleWords{r.Text, r.Hint}
}
