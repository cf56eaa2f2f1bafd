package page

import (
	"embed"
	"html/template"
	"io/fs"
	"strings"
	"time"

	"coterie/internal/locale"
	"coterie/web"
)

//go:embed templates/*.html
var templateFiles embed.FS

// funcs are the words templates know, bound to one language.
func (p *Pages) funcs(l locale.Locale) template.FuncMap {
	return template.FuncMap{
		"t":        l.T,
		"n":        l.N,
		"num":      l.Number,
		"date":     l.Date,
		"datetime": l.DateTime,
		"ago":      func(t time.Time) string { return l.Ago(p.opt.Now(), t) },
		"iso":      func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") },
		"lang":     l.Tag,
		"dir":      l.Dir,
		"langName": l.Name,
		"asset":    p.assets.path,
		"face":     p.assets.face,
		"faces":    p.assets.portraits,
		"icon":     icon,
	}
}

// icon is a line icon inlined, hidden from screen readers: what it means is
// always said in words beside it.
func icon(name string) (template.HTML, error) {
	b, err := fs.ReadFile(web.Icons, "icons/"+name+".svg")
	if err != nil {
		return "", err
	}
	s := string(b)
	s = s[strings.Index(s, "<svg"):]
	_, inner, _ := strings.Cut(s, ">")
	inner = strings.Join(strings.Fields(inner), " ")
	inner = strings.ReplaceAll(strings.ReplaceAll(inner, " />", "/>"), "> <", "><")
	return template.HTML(`<svg class="icon icon-` + name + `" aria-hidden="true" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.85" stroke-linecap="round" stroke-linejoin="round">` + inner), nil
}
