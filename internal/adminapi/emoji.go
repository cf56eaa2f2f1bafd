package adminapi

import (
	"maps"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/media"
	"coterie/internal/store"
)

// emojis is GET /api/coterie/v1/admin/custom_emojis, newest first.
func (a *API) emojis(r *httpkit.Request) (any, error) {
	p := r.Params
	f := store.EmojiFilter{
		Local: p.StringOr("origin", "local") == "local", Domain: strings.ToLower(p.StringOr("domain", "")),
		Part: strings.ToLower(strings.Trim(p.StringOr("q", ""), ": ")),
	}
	if f.Local {
		f.Domain = ""
	}
	list, err := a.Store.FindEmojis(r.Context(), f, r.PageMax(perPage, mostPerPage))
	return pageOf(list, func(e *domain.Emoji) domain.ID { return e.ID }, a.Render.StaffEmojis(list)), err
}

// emojiOf is the emoji that a request changed.
func (a *API) emojiOf(r *httpkit.Request, code string) (any, error) {
	list, err := a.Store.AnyEmojis(r.Context(), []string{""}, []string{code})
	if err != nil {
		return nil, err
	}
	return a.Render.StaffEmojis(list), nil
}

// addEmoji is POST /api/coterie/v1/admin/custom_emojis.
func (a *API) addEmoji(r *httpkit.Request) (any, error) {
	p, file := r.Params, r.Params.File("image")
	if file == nil {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Image can't be blank")
	}
	e, err := a.Media.Emoji(r.Context(), p.StringOr("shortcode", ""), p.StringOr("category", ""), file.Open(), file.Size)
	if err != nil {
		return nil, err
	}
	return a.saveEmoji(r, e)
}

// copyEmoji is POST /api/coterie/v1/admin/custom_emojis/{id}/copy: one of
// another server becomes one of ours.
func (a *API) copyEmoji(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	e, err := a.Store.Emoji(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if e.Domain == "" {
		return nil, domain.ErrNotFound
	}
	e, err = a.Media.CopyEmoji(r.Context(), e, r.Params.StringOr("shortcode", e.Shortcode), r.Params.StringOr("category", ""))
	if err != nil {
		return nil, err
	}
	return a.saveEmoji(r, e)
}

func (a *API) saveEmoji(r *httpkit.Request, e domain.Emoji) (any, error) {
	there, err := a.Moderation.AddEmojis(r.Context(), r.Viewer.Account, []domain.Emoji{e}, r.Params.BoolOr("replace", false))
	if err != nil {
		return nil, err
	}
	if len(there) > 0 {
		return nil, domain.Errorf(domain.Invalid, ":%s: is there already.", e.Shortcode)
	}
	return a.emojiOf(r, e.Shortcode)
}

// changeEmoji is PUT /api/coterie/v1/admin/custom_emojis/{id}.
func (a *API) changeEmoji(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	e, err := a.Store.Emoji(r.Context(), id)
	if err != nil {
		return nil, err
	}
	e.Category, e.Disabled = r.Params.StringOr("category", e.Category), r.Params.BoolOr("disabled", e.Disabled)
	if err := a.Moderation.ChangeEmoji(r.Context(), r.Viewer.Account, id, e.Category, e.Disabled); err != nil {
		return nil, err
	}
	if e, err = a.Store.Emoji(r.Context(), id); err != nil {
		return nil, err
	}
	return a.Render.StaffEmojis([]domain.Emoji{e}), nil
}

// packJSON is what becomes of a pack: shortcodes, and why files are refused.
type packJSON struct {
	Added   []string      `json:"added"`
	There   []string      `json:"there"` // already, and stays
	Refused []refusedFile `json:"refused"`
}

type refusedFile struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

func packOf(list []domain.Emoji, there []string, refused map[string]string) packJSON {
	out := packJSON{[]string{}, append([]string{}, there...), []refusedFile{}}
	for i := range list {
		if code := list[i].Shortcode; !slices.Contains(there, code) {
			out.Added = append(out.Added, code)
		}
	}
	slices.Sort(out.Added)
	for _, file := range slices.Sorted(maps.Keys(refused)) {
		out.Refused = append(out.Refused, refusedFile{file, refused[file]})
	}
	return out
}

// importEmojis is POST /api/coterie/v1/admin/custom_emojis/import.
func (a *API) importEmojis(r *httpkit.Request) (any, error) {
	p, file := r.Params, r.Params.File("pack")
	if file == nil {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Pack can't be blank")
	}
	pack, err := media.ZipPack(file.Open(), file.Size)
	if err != nil {
		return nil, err
	}
	if p.BoolOr("dry_run", false) {
		return a.tryPack(r, pack)
	}
	made, refused, err := a.Media.Unpack(r.Context(), pack, p.StringOr("category", ""), func(int) {})
	if err != nil {
		return nil, err
	}
	there, err := a.Moderation.AddEmojis(r.Context(), r.Viewer.Account, made, p.BoolOr("replace", false))
	return packOf(made, there, refused), err
}

// tryPack says what an import would do, as far as can be told without opening
// the pictures.
func (a *API) tryPack(r *httpkit.Request, pack []media.Packed) (any, error) {
	var would []domain.Emoji
	var codes []string
	refused := map[string]string{}
	for i := range pack {
		if err := pack[i].Check(); err != nil {
			refused[pack[i].Name] = err.Error()
			continue
		}
		would, codes = append(would, domain.Emoji{Shortcode: pack[i].Shortcode()}), append(codes, pack[i].Shortcode())
	}
	known, err := a.Store.AnyEmojis(r.Context(), []string{""}, codes)
	var there []string
	for i := range known {
		there = append(there, known[i].Shortcode)
	}
	return packOf(would, there, refused), err
}
