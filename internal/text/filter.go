package text

import (
	"strings"
	"unicode"
)

// Keyword is one keyword of a filter.
type Keyword struct {
	Keyword   string
	WholeWord bool
}

// FilterMatcher finds keywords in texts (behaviours 12.3). It never changes
// once compiled.
type FilterMatcher struct {
	keywords []compiledKeyword
}

type compiledKeyword struct {
	keyword     string // as written
	folded      string
	left, right bool // a word boundary is wanted on this side
}

// CompileFilter makes a matcher. Blank keywords match nothing.
func CompileFilter(keywords []Keyword) FilterMatcher {
	var m FilterMatcher
	for _, k := range keywords {
		folded := foldCase(strings.TrimSpace(k.Keyword))
		if folded == "" {
			continue
		}
		m.keywords = append(m.keywords, compiledKeyword{
			keyword: k.Keyword,
			folded:  folded,
			left:    k.WholeWord && isWord(firstRune(folded)),
			right:   k.WholeWord && isWord(lastRune(folded)),
		})
	}
	return m
}

// Match returns the keywords, as written and in the order compiled, that occur
// in any of texts, whatever the case.
func (m FilterMatcher) Match(texts ...string) []string {
	if len(m.keywords) == 0 {
		return nil
	}
	return m.MatchPrepared(PrepareFilterTexts(texts...))
}

// FilterTexts are texts made ready for many matchers.
type FilterTexts struct{ folded []string }

// PrepareFilterTexts makes texts ready.
func PrepareFilterTexts(texts ...string) FilterTexts {
	folded := make([]string, len(texts))
	for i, s := range texts {
		folded[i] = foldCase(s)
	}
	return FilterTexts{folded}
}

// MatchPrepared is Match on texts that are ready.
func (m FilterMatcher) MatchPrepared(texts FilterTexts) []string {
	var out []string
	for _, k := range m.keywords {
		for _, s := range texts.folded {
			if k.in(s) {
				out = append(out, k.keyword)
				break
			}
		}
	}
	return out
}

// in reports whether the keyword occurs in s with its boundaries.
func (k compiledKeyword) in(s string) bool {
	for from := 0; from < len(s); {
		i := strings.Index(s[from:], k.folded)
		if i < 0 {
			return false
		}
		start := from + i
		end := start + len(k.folded)
		leftOK := !k.left || !isWord(lastRune(s[:start]))
		if leftOK && (!k.right || !isWord(firstRune(s[end:]))) {
			return true
		}
		if k.left {
			// No other word begins before this one ends.
			from = wordEnd(s, start)
		} else {
			from = start + len(string(firstRune(s[start:])))
		}
	}
	return false
}

// wordEnd is where the word at i ends.
func wordEnd(s string, i int) int {
	for j, r := range s[i:] {
		if !isWord(r) {
			return i + j
		}
	}
	return len(s)
}

// foldCase maps letters that differ only by case to one.
func foldCase(s string) string {
	return strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, s)
}
