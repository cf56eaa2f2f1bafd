package page

import (
	"strings"

	"coterie/internal/locale"
)

// grants says scopes in words (behaviours 6.8), the broad ones first, each
// once. A scope nobody translated is shown as it is.
func grants(l locale.Locale, scopes []string) []Grant {
	var out []Grant
	seen := map[string]bool{}
	for _, s := range scopes {
		parent, child, narrow := strings.Cut(s, ":")
		text := l.T("scope." + s)
		switch {
		case l.Has("scope." + s):
		case narrow && l.Has("scope."+parent+".of") && l.Has("scope.thing."+child):
			text = l.T("scope."+parent+".of", "thing", l.T("scope.thing."+child))
		default:
			text = s
		}
		if !seen[text] {
			seen[text] = true
			out = append(out, Grant{text, strings.HasPrefix(s, "admin")})
		}
	}
	return out
}
