package locale

import (
	"strconv"
	"strings"
)

// Limits on an Accept-Language header, which strangers write.
const (
	maxAccept = 512 // bytes read
	maxRanges = 32  // languages considered
)

// Match chooses a locale: want (a tag someone chose, may be empty) if there is
// a catalogue for it, else the best of an Accept-Language header, else English.
func Match(acceptLanguage, want string) Locale {
	if l, ok := find(want); ok {
		return l
	}
	best, bestQ := Locale{"en", catalogues["en"]}, 0.0
	if len(acceptLanguage) > maxAccept {
		acceptLanguage = acceptLanguage[:maxAccept]
	}
	for i, part := range strings.Split(acceptLanguage, ",") {
		if i == maxRanges {
			break
		}
		tag, q := languageRange(part)
		if q <= bestQ {
			continue
		}
		if l, ok := find(tag); ok {
			best, bestQ = l, q
		}
	}
	return best
}

// languageRange reads one element of Accept-Language (RFC 9110, 12.5.4).
func languageRange(s string) (tag string, q float64) {
	tag, params, _ := strings.Cut(s, ";")
	q = 1
	if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
		f, err := strconv.ParseFloat(v, 64)
		if err != nil || !(f >= 0 && f <= 1) {
			return "", 0
		}
		q = f
	}
	return strings.TrimSpace(tag), q
}

// find looks tag up by its primary language.
func find(tag string) (Locale, bool) {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	primary = strings.ToLower(primary)
	c, ok := catalogues[primary]
	return Locale{primary, c}, ok
}
