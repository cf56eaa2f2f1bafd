package text

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"coterie/internal/domain"
)

const (
	maxSearch     = 1000 // bytes of a search that are looked at
	maxConditions = 20   // things that one search asks for; more do not count
)

// ParseSearch takes apart what was typed to find posts: words, phrases in
// quotes of any kind, and operators (behaviours 16.2). What is no operator
// after all is words. Dates are days in zone.
func ParseSearch(src string, zone *time.Location) domain.Search {
	p := searchParser{zone: zone}
	if len(src) > maxSearch {
		src = src[:maxSearch]
	}
	src = CleanUTF8(src)
	for n := 0; src != "" && n < maxConditions; {
		src = strings.TrimLeftFunc(src, unicode.IsSpace)
		not := false
		switch {
		case strings.HasPrefix(src, "-"):
			src, not = src[1:], true
		case strings.HasPrefix(src, "+"):
			src = src[1:]
		}
		var term string
		if phrase, rest, ok := quoted(src); ok {
			src = rest
			p.words(phrase, not)
		} else if term, src = unquoted(src); term != "" && !p.operator(term, not) {
			p.words(term, not)
		}
		n = p.count()
	}
	return p.search
}

// quoted is what stands in quotes at the start of src. A quote that nothing
// closes is none.
func quoted(src string) (phrase, rest string, ok bool) {
	r, n := utf8.DecodeRuneInString(src)
	if !isQuote(r) {
		return "", src, false
	}
	phrase, rest = src[n:], ""
	end := strings.IndexFunc(phrase, isQuote)
	if end < 0 {
		return "", src, false
	}
	_, n = utf8.DecodeRuneInString(phrase[end:])
	return phrase[:end], phrase[end+n:], true
}

// unquoted is what stands before the next space or quote, a leading quote
// left out.
func unquoted(src string) (term, rest string) {
	if r, n := utf8.DecodeRuneInString(src); isQuote(r) {
		src = src[n:]
	}
	end := strings.IndexFunc(src, func(r rune) bool { return unicode.IsSpace(r) || isQuote(r) })
	if end < 0 {
		end = len(src)
	}
	return src[:end], src[end:]
}

// isQuote knows typewriter and typographic quotes, but no apostrophes.
func isQuote(r rune) bool {
	return strings.ContainsRune(`"“”„‟«»「」『』〝〞〟＂`, r)
}

type searchParser struct {
	zone   *time.Location
	search domain.Search
}

// count is how many conditions there are, each of which costs the store.
func (p *searchParser) count() int {
	s := &p.search
	return len(s.Phrases) + len(s.Tags) + len(s.Authors) + len(s.Languages) + len(s.Traits)
}

func (p *searchParser) words(s string, not bool) {
	if phrase, ok := Phrase(s); ok {
		p.search.Phrases = append(p.search.Phrases, domain.Sought[domain.Phrase]{What: phrase, Not: not})
	}
}

// operator takes a hashtag or prefix:value. It reports whether it is one.
func (p *searchParser) operator(term string, not bool) bool {
	if tag := trimHashSign(term); tag != term && ValidHashtag(tag) {
		p.search.Tags = append(p.search.Tags, domain.Sought[string]{What: NormalizeHashtag(tag), Not: not})
		return true
	}
	prefix, value, _ := strings.Cut(term, ":")
	if value == "" {
		return false
	}
	switch strings.ToLower(prefix) {
	case "from":
		return p.from(value, not)
	case "language":
		code, ok := LanguageTag(value)
		if ok {
			p.search.Languages = append(p.search.Languages, domain.Sought[string]{What: code, Not: not})
		}
		return ok
	case "has":
		return p.trait(value, not, domain.HasMedia, domain.HasImage, domain.HasVideo, domain.HasAudio, domain.HasPoll, domain.HasLink, domain.HasEmbed)
	case "is":
		return p.trait(value, not, domain.IsReply, domain.IsSensitive, domain.IsQuote)
	case "in":
		return !not && p.scope(strings.ToLower(value))
	case "before", "after", "during":
		return !not && p.date(strings.ToLower(prefix), value)
	}
	return false
}

func (p *searchParser) from(handle string, not bool) bool {
	handle = strings.TrimPrefix(handle, "@")
	if handle != "" {
		p.search.Authors = append(p.search.Authors, domain.Sought[string]{What: handle, Not: not})
	}
	return handle != ""
}

func (p *searchParser) trait(name string, not bool, known ...domain.Trait) bool {
	for _, t := range known {
		if strings.EqualFold(name, string(t)) {
			p.search.Traits = append(p.search.Traits, domain.Sought[domain.Trait]{What: t, Not: not})
			return true
		}
	}
	return false
}

func (p *searchParser) scope(name string) bool {
	switch name {
	case "all":
		p.search.Scope = domain.SearchAll
	case string(domain.SearchLibrary), string(domain.SearchPublic):
		p.search.Scope = domain.SearchScope(name)
	default:
		return false
	}
	return true
}

// date narrows down the time: before the day, after it, or on it.
func (p *searchParser) date(which, value string) bool {
	day, err := time.ParseInLocation(time.DateOnly, value, p.zone)
	if err != nil {
		return false
	}
	next := day.AddDate(0, 0, 1)
	if which != "before" {
		first := next
		if which == "during" {
			first = day
		}
		if first.After(p.search.After) {
			p.search.After = first
		}
	}
	if which != "after" {
		end := day
		if which == "during" {
			end = next
		}
		if p.search.Before.IsZero() || end.Before(p.search.Before) {
			p.search.Before = end
		}
	}
	return true
}
