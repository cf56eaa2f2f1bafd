// Package page makes the server's HTML: the shell with its head, the layouts,
// forms, error pages, security headers and the assets they name. Packages of
// level 3 and above may import it, oauth and webui above all: they fill plain
// structs and call one method for each page. A *Pages never changes after New,
// so it is safe for concurrent use.
package page

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"coterie/internal/locale"
)

// Options are what pages need to know about the server.
type Options struct {
	Origin string // scheme and host, such as "https://example.org", without a slash at the end
	Secure bool   // served over https: HSTS, Secure cookies
	Site   func(context.Context) Site
	Client fs.FS // the built web client, nil for none
	Now    func() time.Time
	Log    *slog.Logger
}

// Pages renders every page of one community.
type Pages struct {
	opt       Options
	assets    *assets
	client    *client
	templates map[string]func() (*template.Template, error) // by locale tag
}

// New makes the pages. The templates of a language are parsed when first asked
// for: most communities speak one or two.
func New(opt Options) (*Pages, error) {
	a, err := loadAssets()
	if err != nil {
		return nil, err
	}
	c := &client{}
	if opt.Client != nil {
		if c, err = loadClient(opt.Client); err != nil {
			return nil, err
		}
	}
	p := &Pages{opt: opt, assets: a, client: c, templates: map[string]func() (*template.Template, error){}}
	for _, l := range locale.All() {
		p.templates[l.Tag()] = sync.OnceValues(func() (*template.Template, error) {
			return template.New("").Funcs(p.funcs(l)).ParseFS(templateFiles, "templates/*.html")
		})
	}
	return p, nil
}

// langCookie remembers the language chosen in the menu.
const langCookie = "lang"

// Locale is the language of the answer: the one asked for by ?lang=, the one
// chosen before, or the browser's.
func (p *Pages) Locale(r *http.Request) locale.Locale {
	want := r.URL.Query().Get("lang")
	if want == "" {
		if c, err := r.Cookie(langCookie); err == nil {
			want = c.Value
		}
	}
	return locale.Match(r.Header.Get("Accept-Language"), want)
}

// view is what every template is executed with.
type view struct {
	Meta
	Site      Site
	Origin    string
	Languages []languageLink
	D         any // the page's own struct
}

type languageLink struct {
	Tag, Name, URL string
	Current        bool
}

// render writes one page. Nothing reaches the client when the template fails.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, name string, m Meta, data any) {
	l := p.Locale(r)
	if want := r.URL.Query().Get("lang"); want != "" && want == l.Tag() {
		p.SetCookie(w, langCookie, want, 365*24*time.Hour)
	}
	body, err := p.execute(r, name, m, data)
	if err != nil {
		p.opt.Log.ErrorContext(r.Context(), "render page", "page", name, "err", err)
		http.Error(w, l.T("error.500.title"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	SetSecurityHeaders(h, p.opt.Secure)
	if m.Framed {
		h.Set("Content-Security-Policy", FramedCSP)
		h.Del("X-Frame-Options")
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", l.Tag())
	h.Add("Vary", "Accept, Accept-Language, Cookie")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-store")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// execute is one page as bytes.
func (p *Pages) execute(r *http.Request, name string, m Meta, data any) ([]byte, error) {
	l := p.Locale(r)
	v := view{Meta: m, Site: p.site(r.Context()), Origin: p.opt.Origin, Languages: languages(r, l), D: data}
	t, err := p.templates[l.Tag()]()
	if err != nil {
		return nil, fmt.Errorf("parse page templates: %w", err)
	}
	var b bytes.Buffer
	err = t.ExecuteTemplate(&b, name, v)
	return b.Bytes(), err
}

func (p *Pages) site(ctx context.Context) Site {
	s := p.opt.Site(ctx)
	if s.Name == "" {
		s.Name = s.Domain
	}
	return s
}

// languages are the links of the language menu: this page in each language.
// The answer to a sent form has none, since a link cannot send it again.
func languages(r *http.Request, current locale.Locale) []languageLink {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil
	}
	q := r.URL.Query()
	var out []languageLink
	for _, l := range locale.All() {
		q.Set("lang", l.Tag())
		u := url.URL{Path: samePath(r.URL.Path), RawQuery: q.Encode()}
		out = append(out, languageLink{l.Tag(), l.Name(), u.RequestURI(), l.Tag() == current.Tag()})
	}
	return out
}

// samePath makes a path safe to link to: two slashes at its start would name
// another host (SEC-65).
func samePath(path string) string {
	return "/" + strings.TrimLeft(strings.ReplaceAll(path, `\`, "/"), "/")
}
