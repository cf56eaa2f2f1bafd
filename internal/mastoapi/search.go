package mastoapi

import (
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
	"coterie/internal/timeline"
)

const (
	searchPerKind    = 20 // behaviours 4.6
	minAnonymousName = 3  // behaviours 16.1
)

// searchJSON is the entity Search; all four keys are always there.
type searchJSON struct {
	Accounts    []json.RawMessage       `json:"accounts"`
	Statuses    json.RawMessage         `json:"statuses"`
	Hashtags    []render.TagJSON        `json:"hashtags"`
	Collections []render.CollectionJSON `json:"collections"`
}

// searchQuery is what a search looks for: pages of three kinds, or, for an
// address of ours, one thing.
type searchQuery struct {
	text     string
	kind     string // "" is all
	limit    int
	offset   int
	accounts []domain.ID
	statuses []domain.ID
	tags     []domain.Tag

	collections []domain.Collection
}

func (a *API) search(r *httpkit.Request) (any, error) {
	q, err := searchParams(r)
	if err != nil {
		return nil, err
	}
	if u, err := url.Parse(q.text); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		err = a.resolve(r, u, &q)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return nil, err
		}
	} else if err := a.lookFor(r, &q); err != nil {
		return nil, err
	}
	q.keepWanted()
	var out searchJSON
	if out.Accounts, err = a.Render.Accounts(r.Context(), r.Viewer.Account, q.accounts); err != nil {
		return nil, err
	}
	if out.Hashtags, err = a.Render.Tags(r.Context(), r.Viewer.Account, q.tags...); err != nil {
		return nil, err
	}
	if out.Collections, err = a.Render.Collections(r.Context(), r.Viewer.Account, q.collections...); err != nil {
		return nil, err
	}
	statuses, err := a.Render.Statuses(r.Context(), r.Viewer.Account, q.statuses)
	out.Statuses = render.List(statuses)
	return out, err
}

func searchParams(r *httpkit.Request) (searchQuery, error) {
	q := searchQuery{text: strings.TrimSpace(r.Params.StringOr("q", "")), kind: r.Params.StringOr("type", ""), limit: r.Limit(searchPerKind, 2*searchPerKind)}
	var err error
	if q.offset, err = r.Offset(); err != nil {
		return q, err
	}
	limit, _ := r.Params.Int("limit")
	switch {
	case !r.Viewer.Known() && (r.Params.BoolOr("resolve", false) || r.Params.Has("offset")):
		return q, domain.Errorf(domain.Unauthenticated, "Search queries that resolve remote resources or page through results need a signed-in user")
	case q.text == "":
		return q, domain.Errorf(domain.BadRequest, "The parameter q is missing")
	case limit < 0:
		return q, domain.Errorf(domain.BadRequest, "The limit must not be negative")
	}
	switch q.kind {
	case "":
		q.offset = 0
	case "accounts", "statuses", "hashtags", "collections":
	default:
		return q, domain.Errorf(domain.BadRequest, "There is no such type of result")
	}
	return q, nil
}

// keepWanted leaves out what is of another kind than asked for.
func (q *searchQuery) keepWanted() {
	if !q.wants("accounts") {
		q.accounts = nil
	}
	if !q.wants("statuses") {
		q.statuses = nil
	}
	if !q.wants("hashtags") {
		q.tags = nil
	}
	if !q.wants("collections") {
		q.collections = nil
	}
}

func (q *searchQuery) wants(kind string) bool { return q.kind == "" || q.kind == kind }

// lookFor finds what words, handles and hashtags name (behaviours 16.1).
func (a *API) lookFor(r *httpkit.Request, q *searchQuery) error {
	var err error
	sign := strings.HasPrefix(q.text, "#")
	long := r.Viewer.Known() || utf8.RuneCountInString(strings.TrimPrefix(q.text, "@")) >= minAnonymousName
	if q.wants("accounts") && !sign && long {
		q.accounts, err = a.accountsLike(r, account.Search{
			Viewer: r.Viewer.Account, Text: q.text, Following: r.Params.BoolOr("following", false), Limit: q.limit, Offset: q.offset,
		})
		if err != nil {
			return err
		}
	}
	if q.wants("hashtags") {
		q.tags, err = a.Timeline.SearchTags(r.Context(), timeline.TagSearch{
			Text: q.text, Reviewed: r.Params.BoolOr("exclude_unreviewed", false), Limit: q.limit, Offset: q.offset,
		})
		if err != nil {
			return err
		}
	}
	if q.wants("statuses") {
		s := timeline.StatusSearch{Text: q.text, Page: r.Page(searchPerKind), Offset: q.offset}
		s.Author, _ = r.Params.ID("account_id")
		q.statuses, err = a.Timeline.SearchStatuses(r.Context(), r.Viewer.Account, s, a.Account.Lookup)
	}
	return err
}

// accountsLike finds accounts by what was typed. A handle that the client
// wants resolved is looked for on its own server, and comes first.
func (a *API) accountsLike(r *httpkit.Request, s account.Search) ([]domain.ID, error) {
	if r.Params.BoolOr("resolve", false) && s.Offset == 0 && isHandle(s.Text) && !s.Following {
		found, err := a.Finder.Find(r.Context(), s.Text)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return nil, err
		}
		if found.Account != 0 {
			return a.Account.AllPresent(r.Context(), []domain.ID{found.Account})
		}
	}
	return a.Account.Search(r.Context(), s)
}

// isHandle reports whether text is user@host.
func isHandle(text string) bool {
	name, host, ok := strings.Cut(strings.TrimPrefix(text, "@"), "@")
	return ok && name != "" && host != "" && !strings.ContainsAny(text, " \t")
}

// resolve finds the one thing an address names. That of a stranger is looked
// at only if the client wants it; of ours it is a profile, a post, a
// collection or a hashtag, whose forms are those of design section 6.
func (a *API) resolve(r *httpkit.Request, u *url.URL, q *searchQuery) error {
	if !strings.EqualFold(u.Scheme+"://"+u.Host, r.BaseURL) {
		return a.resolveElsewhere(r, q)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if name, ok := strings.CutPrefix(parts[0], "@"); ok && len(parts) <= 2 {
		parts = append([]string{"users", name, "statuses"}[:len(parts)+1], parts[1:]...)
	}
	switch {
	case len(parts) == 2 && parts[0] == "tags":
		t, err := timeline.TagNamed(parts[1])
		if err != nil {
			return err
		}
		if t, err = a.Store.TagByName(r.Context(), t.Name); err != nil {
			return err
		}
		q.tags = []domain.Tag{t}
	case len(parts) == 2 && parts[0] == "users":
		id, err := a.Account.Lookup(r.Context(), parts[1])
		if err != nil {
			return err
		}
		q.accounts = []domain.ID{id}
	case len(parts) == 4 && parts[0] == "users" && parts[2] == "statuses":
		if id, ok := domain.ParseID(parts[3]); ok {
			q.statuses = []domain.ID{id}
		}
	case len(parts) == 4 && parts[0] == "users" && parts[2] == "collections":
		id, _ := domain.ParseID(parts[3])
		c, err := a.Store.Collection(r.Context(), r.Viewer.Account, id)
		if err != nil {
			return err
		}
		q.collections = []domain.Collection{c}
	}
	return nil
}

func (a *API) resolveElsewhere(r *httpkit.Request, q *searchQuery) error {
	if !r.Params.BoolOr("resolve", false) {
		return nil
	}
	found, err := a.Finder.Find(r.Context(), q.text)
	if err != nil {
		return err
	}
	if found.Account != 0 {
		q.accounts = []domain.ID{found.Account}
	}
	if found.Status != 0 {
		q.statuses = []domain.ID{found.Status}
	}
	if found.Collection == 0 {
		return nil
	}
	c, err := a.Store.Collection(r.Context(), r.Viewer.Account, found.Collection)
	if err == nil {
		q.collections = []domain.Collection{c}
	}
	return err
}
