package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"coterie/internal/domain"
	"coterie/web"
)

// assets are the embedded files with a hash in their names, compressed once.
type assets struct {
	byName map[string]*asset // "base.css"
	byPath map[string]*asset // "/static/base.1a2b3c4d5e.css"
}

type asset struct {
	path, contentType string
	plain, gzipped    []byte // gzipped is nil when it would not be smaller
	brotli            []byte // nil where nobody made one
}

var cssURL = regexp.MustCompile(`url\(['"]?([A-Za-z0-9_./-]+)['"]?\)`)

// contentTypes are the kinds of files below web/static; the system's own table
// differs from machine to machine.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
	".ico": "image/x-icon", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".json": "application/json",
}

// loadAssets is for every community of the process, since all have the same.
var loadAssets = sync.OnceValues(readAssets)

// readAssets reads every file, style sheets last since they name the others.
func readAssets() (*assets, error) {
	a := &assets{byName: map[string]*asset{}, byPath: map[string]*asset{}}
	var sheets []string
	err := fs.WalkDir(web.Static, "static", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return nil
		case path.Ext(name) == ".css":
			sheets = append(sheets, name)
			return nil
		}
		return a.add(name)
	})
	for _, name := range sheets {
		if err == nil {
			err = a.add(name)
		}
	}
	if err == nil {
		err = a.addPortraits()
	}
	if err != nil {
		return nil, fmt.Errorf("load assets: %w", err)
	}
	return a, nil
}

func (a *assets) add(file string) error {
	b, err := web.Static.ReadFile(file)
	if err != nil {
		return err
	}
	return a.put(strings.TrimPrefix(file, "static/"), b)
}

// put adds what is called name.
func (a *assets) put(name string, b []byte) (err error) {
	ext := path.Ext(name)
	if ext == ".css" {
		b = cssURL.ReplaceAllFunc(b, func(m []byte) []byte {
			if hit, ok := a.byName[string(cssURL.FindSubmatch(m)[1])]; ok {
				return []byte("url(" + hit.path + ")")
			}
			return m
		})
	}
	sum := sha256.Sum256(b)
	as := &asset{
		path:        "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext,
		contentType: contentTypes[ext],
		plain:       b,
	}
	if as.contentType == "" {
		return fmt.Errorf("%s: no content type known for %q", name, ext)
	}
	if as.gzipped, err = compress(b); err != nil {
		return err
	}
	a.byName[name], a.byPath[as.path] = as, as
	return nil
}

// compress is b gzipped, or nil when that saves less than a tenth.
func compress(b []byte) ([]byte, error) {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err = z.Write(b); err == nil {
		err = z.Close()
	}
	if err != nil || buf.Len() > len(b)*9/10 {
		return nil, err
	}
	return buf.Bytes(), nil
}

// path is the address of the asset called name, such as "base.css".
func (a *assets) path(name string) (string, error) {
	as, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return as.path, nil
}

// AssetPath is the hashed address of the asset called name, "" if there is none.
func (p *Pages) AssetPath(name string) string {
	s, err := p.assets.path(name)
	if err != nil {
		return ""
	}
	return s
}

// RegisterAssets mounts the assets: hashed names below /static/, kept for ever
// by browsers, and the few fixed names that browsers and clients ask for.
func (p *Pages) RegisterAssets(mux *http.ServeMux) {
	mux.HandleFunc("GET /static/", func(w http.ResponseWriter, r *http.Request) {
		as, ok := p.assets.byPath[r.URL.Path]
		if !ok {
			p.ErrorStatus(w, r, http.StatusNotFound, "")
			return
		}
		SetSecurityHeaders(w.Header(), p.opt.Secure)
		as.serve(w, r, "public, max-age=31536000, immutable")
	})
	mux.HandleFunc("GET "+clientBase, p.serveClient)
	mux.HandleFunc("GET /sw.js", p.serveWorker)
	mux.HandleFunc("GET /manifest.webmanifest", p.manifest)
	for at, name := range fixedNames {
		as := p.assets.byName[name]
		mux.HandleFunc("GET "+at, func(w http.ResponseWriter, r *http.Request) {
			SetSecurityHeaders(w.Header(), p.opt.Secure)
			as.serve(w, r, "public, max-age=86400")
		})
	}
	for at, of := range fixedIcons {
		mux.HandleFunc("GET "+at, p.icon(of.side, p.assets.byName[of.name]))
	}
}

// The default pictures' paths end in missing.png, which clients look for to
// hide them (behaviours 2.6).
const (
	MissingAvatar = "/avatars/original/missing.png"
	MissingHeader = "/headers/original/missing.png"
	Thumbnail     = "/thumbnail.png" // the server's default picture, 1200 by 630
)

var fixedNames = map[string]string{
	MissingAvatar: "avatar.png",
	MissingHeader: "header.png",
	Thumbnail:     "thumbnail.png",
}

// fixedIcons are the names that are asked for without a look at a page: which
// side of the community's icon answers, and what does where it has none.
var fixedIcons = map[string]struct {
	side int
	name string
}{
	"/favicon.ico":          {domain.IconSmall, "favicon.ico"},
	"/favicon.svg":          {domain.IconMedium, "logo.svg"},
	"/apple-touch-icon.png": {domain.IconTouch, "apple-touch-icon.png"},
}

// icon is a handler of one of fixedIcons. Whoever keeps the answer asks whether
// it still holds, since the icon may change at any time.
func (p *Pages) icon(side int, usual *asset) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		SetSecurityHeaders(h, p.opt.Secure)
		h.Set("Cache-Control", "no-cache")
		h.Set("Access-Control-Allow-Origin", "*")
		if own := p.site(r.Context()).Icon.Path(side); own != "" {
			http.Redirect(w, r, own, http.StatusFound)
			return
		}
		h.Set("Content-Type", usual.contentType)
		h.Set("ETag", strconv.Quote(usual.path))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(usual.plain))
	}
}

func (as *asset) serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Content-Type", as.contentType)
	h.Set("Cache-Control", cache)
	h.Set("Access-Control-Allow-Origin", "*")
	body := as.plain
	if as.gzipped != nil || as.brotli != nil {
		h.Set("Vary", "Accept-Encoding")
		accepted := r.Header.Get("Accept-Encoding")
		switch {
		case as.brotli != nil && accepts(accepted, "br"):
			h.Set("Content-Encoding", "br")
			body = as.brotli
		case as.gzipped != nil && accepts(accepted, "gzip"):
			h.Set("Content-Encoding", "gzip")
			body = as.gzipped
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// accepts reads Accept-Encoding as far as it matters: the coding named and not
// refused by q=0.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.ReplaceAll(params, " ", "")
			return strings.Trim(strings.TrimPrefix(q, "q="), "0.") != "" || q == ""
		}
	}
	return false
}
