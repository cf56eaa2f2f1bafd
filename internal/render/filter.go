package render

import (
	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/timeline"
)

// FilterBodyJSON is a Filter without its keywords and statuses, as it stands
// within a FilterResult.
type FilterBodyJSON struct {
	ID        domain.ID           `json:"id"`
	Title     string              `json:"title"`
	Context   []string            `json:"context"`
	ExpiresAt *string             `json:"expires_at"`
	Action    domain.FilterAction `json:"filter_action"`
}

// FilterJSON is the entity Filter.
type FilterJSON struct {
	FilterBodyJSON
	Keywords []FilterKeywordJSON `json:"keywords"`
	Statuses []FilterStatusJSON  `json:"statuses"`
}

// FilterKeywordJSON is the entity FilterKeyword.
type FilterKeywordJSON struct {
	ID        domain.ID `json:"id"`
	Keyword   string    `json:"keyword"`
	WholeWord bool      `json:"whole_word"`
}

// FilterStatusJSON is the entity FilterStatus.
type FilterStatusJSON struct {
	ID     domain.ID `json:"id"`
	Status domain.ID `json:"status_id"`
}

// FilterV1JSON is the entity V1::Filter: one keyword (behaviours 12.6).
type FilterV1JSON struct {
	ID           domain.ID `json:"id"`
	Phrase       string    `json:"phrase"`
	Context      []string  `json:"context"`
	WholeWord    bool      `json:"whole_word"`
	ExpiresAt    *string   `json:"expires_at"`
	Irreversible bool      `json:"irreversible"`
}

// filterResultJSON is the entity FilterResult.
type filterResultJSON struct {
	Filter   FilterBodyJSON `json:"filter"`
	Keywords []string       `json:"keyword_matches"`
	Statuses []domain.ID    `json:"status_matches"`
}

func filterBody(f *domain.Filter) FilterBodyJSON {
	return FilterBodyJSON{ID: f.ID, Title: f.Title, Context: f.Contexts, ExpiresAt: orNull(f.ExpiresAt), Action: f.Action}
}

// Filter makes the entity.
func Filter(f *domain.Filter) FilterJSON {
	return FilterJSON{filterBody(f), FilterKeywords(f.Keywords...), FilterStatuses(f.Statuses...)}
}

// Filters makes the entities.
func Filters(list []domain.Filter) []FilterJSON {
	out := make([]FilterJSON, len(list))
	for i := range list {
		out[i] = Filter(&list[i])
	}
	return out
}

// FilterKeywords makes the entities.
func FilterKeywords(list ...domain.FilterKeyword) []FilterKeywordJSON {
	out := make([]FilterKeywordJSON, len(list))
	for i, k := range list {
		out[i] = FilterKeywordJSON{k.ID, k.Keyword, k.WholeWord}
	}
	return out
}

// FilterStatuses makes the entities.
func FilterStatuses(list ...domain.FilterStatus) []FilterStatusJSON {
	out := make([]FilterStatusJSON, len(list))
	for i, s := range list {
		out[i] = FilterStatusJSON{s.ID, s.Status}
	}
	return out
}

// FiltersV1 makes the entities.
func FiltersV1(list ...timeline.KeywordFilter) []FilterV1JSON {
	out := make([]FilterV1JSON, len(list))
	for i := range list {
		k := &list[i]
		out[i] = FilterV1JSON{
			ID: k.ID, Phrase: k.Keyword, Context: k.Parent.Contexts, WholeWord: k.WholeWord,
			ExpiresAt: orNull(k.Parent.ExpiresAt), Irreversible: k.Parent.Action == domain.FilterHide,
		}
	}
	return out
}

// appendFiltered writes which of the viewer's filters match s, whose texts are
// those of shown (behaviours 12.2 to 12.4).
func (p *statusPage) appendFiltered(b []byte, s, shown *store.PageStatus) []byte {
	var matches []timeline.FilterMatch
	if !p.filters.Empty() {
		matches = p.filters.Match(s.ID, s.ReblogOf, p.fragments[shown.ID].plain)
	}
	if len(matches) == 0 {
		return append(b, `,"filtered":[]`...)
	}
	results := make([]filterResultJSON, len(matches))
	for i, m := range matches {
		results[i] = filterResultJSON{filterBody(m.Filter), m.Keywords, m.Statuses}
	}
	list, err := encode(results)
	if err != nil { // texts and ids can always be encoded
		list = []byte("[]")
	}
	return append(append(b, `,"filtered":`...), list...)
}
