package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"time"

	"coterie/internal/domain"
)

// clientBase is where the files of the web client are.
const clientBase = "/client/"

// client is the built web client: its files with their compressed forms, and
// what its shell loads.
type client struct {
	files   map[string]*asset // by path below clientBase
	script  string            // entry, "" when the client was not built
	modules []string          // what the entry imports, loaded beside it
	styles  []string
}

// chunk is an entry of Vite's manifest.
type chunk struct {
	File    string   `json:"file"`
	IsEntry bool     `json:"isEntry"`
	Imports []string `json:"imports"`
	CSS     []string `json:"css"`
}

// clientEntry is a source in Vite's manifest.
const clientEntry = "src/main.ts"

// loadClient reads a build of the web client. No build is no error.
func loadClient(build fs.FS) (*client, error) {
	c := &client{files: map[string]*asset{}}
	b, err := fs.ReadFile(build, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	var chunks map[string]chunk
	if err := json.Unmarshal(b, &chunks); err != nil {
		return nil, fmt.Errorf("read the manifest of the web client: %w", err)
	}
	if err := c.read(build); err != nil {
		return nil, err
	}
	entry, ok := chunks[clientEntry]
	if !ok {
		return nil, fmt.Errorf("the manifest of the web client has no %s", clientEntry)
	}
	c.script = clientBase + entry.File
	c.collect(chunks, entry)
	return c, nil
}

// collect lists what must be there before the entry runs.
func (c *client) collect(chunks map[string]chunk, from chunk) {
	for _, sheet := range from.CSS {
		if at := clientBase + sheet; !slices.Contains(c.styles, at) {
			c.styles = append(c.styles, at)
		}
	}
	for _, name := range from.Imports {
		at := clientBase + chunks[name].File
		if at == c.script || slices.Contains(c.modules, at) {
			continue
		}
		c.modules = append(c.modules, at)
		c.collect(chunks, chunks[name])
	}
}

// read takes the files of the build; the compressed forms belong to the file
// whose name they extend.
func (c *client) read(build fs.FS) error {
	return fs.WalkDir(build, ".", func(name string, d fs.DirEntry, err error) error {
		ext := path.Ext(name)
		if err != nil || d.IsDir() || ext == ".br" || ext == ".gz" || name == "manifest.json" || path.Base(name) == ".gitkeep" {
			return err
		}
		as := &asset{path: clientBase + name, contentType: contentTypes[ext]}
		if as.contentType == "" {
			return fmt.Errorf("%s: no content type known for %q", name, ext)
		}
		if as.plain, err = fs.ReadFile(build, name); err != nil {
			return err
		}
		for form, into := range map[string]*[]byte{".br": &as.brotli, ".gz": &as.gzipped} {
			*into, err = fs.ReadFile(build, name+form)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		c.files[as.path] = as
		return nil
	})
}

// HasClient reports whether the web client was built.
func (p *Pages) HasClient() bool { return p.client.script != "" }

// serveClient is everything below clientBase; names there change with their
// content.
func (p *Pages) serveClient(w http.ResponseWriter, r *http.Request) {
	as, ok := p.client.files[r.URL.Path]
	if !ok {
		p.ErrorStatus(w, r, http.StatusNotFound, "")
		return
	}
	SetSecurityHeaders(w.Header(), p.opt.Secure)
	as.serve(w, r, "public, max-age=31536000, immutable")
}

// serveWorker is the service worker, which must stand at the top to see all
// pages and is asked for anew each time.
func (p *Pages) serveWorker(w http.ResponseWriter, r *http.Request) {
	as, ok := p.client.files[clientBase+"sw.js"]
	if !ok {
		p.ErrorStatus(w, r, http.StatusNotFound, "")
		return
	}
	SetSecurityHeaders(w.Header(), p.opt.Secure)
	as.serve(w, r, "no-cache")
}

// Client writes the shell of the web client, which is the same on every
// address; the script finds out what to show.
func (p *Pages) Client(w http.ResponseWriter, r *http.Request) {
	c := p.client
	w.Header().Set("Cache-Control", "private, no-cache")
	p.render(w, r, http.StatusOK, "client", Meta{NoIndex: true}, clientView{c.script, c.modules, c.styles})
}

type clientView struct {
	Script          string
	Modules, Styles []string
}

// webManifest describes the community as an app that can be installed.
type webManifest struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	ShortName   string        `json:"short_name"`
	Description string        `json:"description,omitempty"`
	Lang        string        `json:"lang"`
	Dir         string        `json:"dir"`
	StartURL    string        `json:"start_url"`
	Scope       string        `json:"scope"`
	Display     string        `json:"display"`
	Background  string        `json:"background_color"`
	Theme       string        `json:"theme_color"`
	Categories  []string      `json:"categories"`
	Icons       []webIcon     `json:"icons"`
	Share       webShare      `json:"share_target"`
	Shortcuts   []webShortcut `json:"shortcuts"`
	// Links of the community open in the installed app, in the window that is there.
	HandleLinks string        `json:"handle_links"`
	Launch      webLaunch     `json:"launch_handler"`
	Protocols   []webProtocol `json:"protocol_handlers"`
}

type webLaunch struct {
	Mode []string `json:"client_mode"`
}

// webProtocol is a scheme whose links a browser may bring here.
type webProtocol struct {
	Protocol string `json:"protocol"`
	URL      string `json:"url"`
}

type webIcon struct {
	Src   string `json:"src"`
	Sizes string `json:"sizes"`
	Type  string `json:"type"`
	// Purpose any: shown as it is, not cut into a shape.
	Purpose string `json:"purpose"`
}

// webIcons are the icon of the community, or the usual one.
func (p *Pages) webIcons(own domain.Icon) []webIcon {
	if len(own) > 0 {
		return []webIcon{
			{own.Path(domain.IconMedium), "192x192", "image/png", "any"}, {own.Path(domain.IconLarge), "512x512", "image/png", "any"},
		}
	}
	return []webIcon{
		{p.AssetPath("icon-192.png"), "192x192", "image/png", "any"},
		{p.AssetPath("icon-512.png"), "512x512", "image/png", "any"},
		{p.AssetPath("logo.svg"), "any", "image/svg+xml", "any"},
	}
}

type webShare struct {
	Action string            `json:"action"`
	Method string            `json:"method"`
	Params map[string]string `json:"params"`
}

type webShortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// manifest is /manifest.webmanifest.
func (p *Pages) manifest(w http.ResponseWriter, r *http.Request) {
	l, site := p.Locale(r), p.site(r.Context())
	b, err := json.Marshal(webManifest{
		ID: "/home", Name: site.Name, ShortName: site.Name, Description: site.Description, Lang: l.Tag(), Dir: l.Dir(),
		StartURL: "/home", Scope: "/", Display: "standalone", Background: "#F7F6F0", Theme: "#1D6B4F", Categories: []string{"social"},
		Icons: p.webIcons(site.Icon),
		Share: webShare{Action: "/share", Method: "GET", Params: map[string]string{"title": "title", "text": "text", "url": "url"}},
		Shortcuts: []webShortcut{
			{Name: l.T("client.compose"), URL: "/compose"}, {Name: l.T("client.notifications"), URL: "/notifications"},
		},
		HandleLinks: "preferred", Launch: webLaunch{[]string{"navigate-existing", "auto"}},
		Protocols: []webProtocol{{"web+ap", "/intent?uri=%s"}, {"web+mastodon", "/intent?uri=%s"}},
	})
	if err != nil {
		p.Error(w, r, err)
		return
	}
	h := w.Header()
	SetSecurityHeaders(h, p.opt.Secure)
	h.Set("Content-Type", "application/manifest+json")
	// The name and the icon may change at any time.
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Language, Cookie")
	h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(b)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
}
