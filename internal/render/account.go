package render

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// accountBody is the part of Account that follows from the row at a rev. Null
// keys and keys left out are as behaviours 2.5 says.
type accountBody struct {
	ID                domain.ID   `json:"id"`
	Username          string      `json:"username"`
	Acct              string      `json:"acct"`
	DisplayName       string      `json:"display_name"`
	Locked            bool        `json:"locked"`
	Bot               bool        `json:"bot"`
	Discoverable      *bool       `json:"discoverable"`
	Indexable         bool        `json:"indexable"`
	Group             bool        `json:"group"`
	CreatedAt         string      `json:"created_at"`
	Note              string      `json:"note"`
	URL               string      `json:"url"`
	URI               string      `json:"uri"`
	Avatar            string      `json:"avatar"`
	AvatarStatic      string      `json:"avatar_static"`
	AvatarDescription string      `json:"avatar_description"`
	Header            string      `json:"header"`
	HeaderStatic      string      `json:"header_static"`
	HeaderDescription string      `json:"header_description"`
	HideCollections   *bool       `json:"hide_collections"`
	NoIndex           *bool       `json:"noindex,omitempty"`
	Suspended         bool        `json:"suspended,omitempty"`
	Limited           bool        `json:"limited,omitempty"`
	Memorial          bool        `json:"memorial,omitempty"`
	Emojis            []emojiJSON `json:"emojis"`
	Roles             *[]roleJSON `json:"roles,omitempty"`
	Fields            []fieldJSON `json:"fields"`
}

// partialJSON is an account of which little more than its picture is shown
// (behaviours 13.7).
type partialJSON struct {
	ID           domain.ID `json:"id"`
	Acct         string    `json:"acct"`
	URL          string    `json:"url"`
	Avatar       string    `json:"avatar"`
	AvatarStatic string    `json:"avatar_static"`
	Locked       bool      `json:"locked"`
	Bot          bool      `json:"bot"`
}

func partialOf(b *accountBody) partialJSON {
	return partialJSON{ID: b.ID, Acct: b.Acct, URL: b.URL, Avatar: b.Avatar, AvatarStatic: b.AvatarStatic, Locked: b.Locked, Bot: b.Bot}
}

type fieldJSON struct {
	Name       string  `json:"name"`
	Value      string  `json:"value"`
	VerifiedAt *string `json:"verified_at"`
}

// roleJSON is a role as others see it.
type roleJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// accountFragment is the JSON of an account up to its counts.
type accountFragment struct {
	body       []byte // without the last brace
	partial    []byte // JSON of the entity PartialAccountWithAvatar
	sensitized bool   // all its media count as sensitive
	showsApp   bool   // others may see which app its posts are made with
	// attribution are the domains whose pages may name it as their author.
	attribution []string
}

func (f *accountFragment) weight() uint32 { return uint32(len(f.body)+len(f.partial)) + 128 }

// appendAccount writes a whole Account; moved is that of the account it moved
// to, or nil.
func appendAccount(b []byte, f *accountFragment, c *store.PageAccount, moved *accountFragment, movedCounts *store.PageAccount) []byte {
	b = append(b, f.body...)
	b = append(b, `,"followers_count":`...)
	b = strconv.AppendInt(b, c.FollowersCount, 10)
	b = append(b, `,"following_count":`...)
	b = strconv.AppendInt(b, c.FollowingCount, 10)
	b = append(b, `,"statuses_count":`...)
	b = strconv.AppendInt(b, c.StatusesCount, 10)
	if c.LastStatusAt.IsZero() {
		b = append(b, `,"last_status_at":null`...)
	} else {
		b = append(b, `,"last_status_at":"`...)
		b = c.LastStatusAt.AppendFormat(b, time.DateOnly)
		b = append(b, '"')
	}
	if moved != nil {
		b = append(b, `,"moved":`...)
		b = appendAccount(b, moved, movedCounts, nil, nil)
	}
	return append(b, '}')
}

// Accounts are the accounts with these ids in their order; ids that do not
// exist are left out. Suspended ones are shown without their content
// (behaviours 7.2). Of the viewer it depends whether it may put the account
// into collections.
func (r *Renderer) Accounts(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]json.RawMessage, error) {
	if len(ids) == 0 {
		return []json.RawMessage{}, nil
	}
	set, err := r.accountsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	approvals, err := r.approvals(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	out := make([]json.RawMessage, 0, len(ids))
	for _, id := range ids {
		if b, ok := set.append(nil, id); ok {
			if a := approvals[id]; a != nil {
				b = append(append(append(b[:len(b)-1], `,"feature_approval":`...), a...), '}')
			}
			out = append(out, b)
		}
	}
	return out, nil
}

// Account is the account with that id, or domain.ErrNotFound.
func (r *Renderer) Account(ctx context.Context, viewer, id domain.ID) (json.RawMessage, error) {
	list, err := r.Accounts(ctx, viewer, []domain.ID{id})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, domain.ErrNotFound
	}
	return list[0], nil
}

// accountSet holds what is needed to write some accounts.
type accountSet struct {
	rows      map[domain.ID]*store.PageAccount
	fragments map[domain.ID]*accountFragment
}

// append writes the account; ok is false when it is not in the set.
func (s *accountSet) append(b []byte, id domain.ID) (_ []byte, ok bool) {
	f, c := s.fragments[id], s.rows[id]
	if f == nil || c == nil {
		return b, false
	}
	return appendAccount(b, f, c, s.fragments[c.MovedTo], s.rows[c.MovedTo]), true
}

// accountsOf is the accountSet of the accounts with these ids.
func (r *Renderer) accountsOf(ctx context.Context, ids []domain.ID) (*accountSet, error) {
	rows, err := r.st.PageAccounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	return r.accountSet(ctx, rows)
}

// accountSet finds the fragments of the rows and of the accounts they moved to.
func (r *Renderer) accountSet(ctx context.Context, rows []store.PageAccount) (*accountSet, error) {
	s := &accountSet{rows: make(map[domain.ID]*store.PageAccount, len(rows)), fragments: make(map[domain.ID]*accountFragment, len(rows))}
	var missing, moved []domain.ID
	for i := range rows {
		a := &rows[i]
		if s.rows[a.ID] != nil {
			continue
		}
		s.rows[a.ID] = a
		if f, ok := r.accounts.GetIfPresent(revision{a.ID, a.Rev}); ok {
			s.fragments[a.ID] = f
		} else {
			missing = append(missing, a.ID)
		}
		if a.MovedTo != 0 {
			moved = append(moved, a.MovedTo)
		}
	}
	if len(moved) > 0 {
		targets, err := r.st.PageAccounts(ctx, moved)
		if err != nil {
			return nil, err
		}
		for i := range targets {
			a := &targets[i]
			if s.rows[a.ID] != nil {
				continue
			}
			s.rows[a.ID] = a
			if f, ok := r.accounts.GetIfPresent(revision{a.ID, a.Rev}); ok {
				s.fragments[a.ID] = f
			} else {
				missing = append(missing, a.ID)
			}
		}
	}
	return s, r.loadAccounts(ctx, missing, s.fragments)
}

// loadAccounts makes the fragments of accounts and puts them into the map and
// the cache: four statements at most, however many accounts.
func (r *Renderer) loadAccounts(ctx context.Context, ids []domain.ID, into map[domain.ID]*accountFragment) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := r.st.Accounts(ctx, ids)
	if err != nil {
		return err
	}
	users, err := r.usersOf(ctx, list)
	if err != nil {
		return err
	}
	people, err := r.peopleInNotes(ctx, list)
	if err != nil {
		return err
	}
	emojis, err := r.accountEmojis(ctx, list)
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		shown := r.accountBody(a, users[a.ID], people)
		shown.Emojis = r.emojiList(emojis, a.Domain, accountTexts(a)...)
		body, err := open(shown)
		if err != nil {
			return err
		}
		partial, err := encode(partialOf(&shown))
		if err != nil {
			return err
		}
		u := users[a.ID]
		f := &accountFragment{body: body, partial: partial, sensitized: a.Sensitized(), showsApp: u != nil && u.Prefs.ShowsApplication()}
		if !a.Suspended() {
			f.attribution = a.AttributionDomains
		}
		into[a.ID] = f
		r.accounts.Set(revision{a.ID, a.Rev}, f)
	}
	return nil
}

// usersOf are the logins of the local ones.
func (r *Renderer) usersOf(ctx context.Context, list []domain.Account) (map[domain.ID]*domain.User, error) {
	var local []domain.ID
	for i := range list {
		if list[i].Local() {
			local = append(local, list[i].ID)
		}
	}
	out := map[domain.ID]*domain.User{}
	if len(local) == 0 {
		return out, nil
	}
	users, err := r.st.PageUsers(ctx, local)
	for i := range users {
		out[users[i].Account] = &users[i]
	}
	return out, err
}

// peopleInNotes finds those mentioned in the notes and fields of local accounts.
func (r *Renderer) peopleInNotes(ctx context.Context, list []domain.Account) (map[string]text.Account, error) {
	var names []string
	for i := range list {
		a := &list[i]
		if !a.Local() || a.Suspended() {
			continue
		}
		for _, m := range text.Mentions(a.Note) {
			names = append(names, m.User)
		}
		for _, f := range a.Fields {
			for _, m := range text.Mentions(f.Value) {
				names = append(names, m.User)
			}
		}
	}
	out := map[string]text.Account{}
	if len(names) == 0 {
		return out, nil
	}
	slices.Sort(names)
	found, err := r.st.PageNames(ctx, slices.Compact(names))
	for i := range found {
		out[r.URLs.key(&found[i])] = r.URLs.mentioned(&found[i])
	}
	return out, err
}

func (r *Renderer) accountBody(a *domain.Account, u *domain.User, people map[string]text.Account) accountBody {
	b := accountBody{
		ID: a.ID, Username: a.Username, Acct: r.URLs.Acct(a),
		Locked: a.Locked, Bot: a.Bot, Group: a.Group, Indexable: a.Indexable, Memorial: a.Memorial,
		Discoverable: &a.Discoverable, HideCollections: &a.HideCollections,
		CreatedAt: timestamp(a.CreatedAt.UTC().Truncate(24 * time.Hour)),
		URL:       r.URLs.Profile(a), URI: r.URLs.ActorURI(a),
		Avatar: r.URLs.DefaultAvatar(), AvatarStatic: r.URLs.DefaultAvatar(),
		Header: r.URLs.DefaultHeader(), HeaderStatic: r.URLs.DefaultHeader(),
		Suspended: a.Suspended(), Limited: a.Silenced(),
		Emojis: []emojiJSON{}, Fields: []fieldJSON{},
	}
	if a.Local() {
		noindex := false
		b.NoIndex, b.Roles = &noindex, &[]roleJSON{}
	}
	if a.Suspended() {
		return b
	}
	b.DisplayName = a.DisplayName
	b.AvatarDescription, b.HeaderDescription = a.AvatarDescription, a.HeaderDescription
	b.Avatar, b.AvatarStatic = r.URLs.Avatar(a, false), r.URLs.Avatar(a, true)
	if a.Header != "" {
		b.Header, b.HeaderStatic = r.URLs.absolute(a.HeaderPath(false)), r.URLs.absolute(a.HeaderPath(true))
	}
	b.Note = a.NoteHTML
	if a.Local() {
		b.Note = text.NoteHTML(a.Note, r.URLs.resolver(people))
		*b.Roles = highlighted(u)
	}
	b.Fields = r.fields(a, people)
	return b
}

// fields are those of the profile as HTML; remote ones are HTML already.
func (r *Renderer) fields(a *domain.Account, people map[string]text.Account) []fieldJSON {
	out := make([]fieldJSON, 0, len(a.Fields))
	for _, f := range a.Fields {
		v := f.Value
		if a.Local() {
			v = text.FieldHTML(v, r.URLs.resolver(people))
		}
		out = append(out, fieldJSON{Name: f.Name, Value: v, VerifiedAt: orNull(f.VerifiedAt)})
	}
	return out
}
