package webui

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
	"coterie/internal/relation"
)

// interactPath is where other servers send people of here who want to act on
// what they found there; our WebFinger says so.
const (
	interactPath = "/authorize_interaction"
	maxNamed     = 2048 // bytes of what is looked for
)

// interactURL is the page about an address or a handle.
func interactURL(uri string) string {
	return interactPath + "?" + url.Values{"uri": {uri}}.Encode()
}

// signInURL is the page of package oauth that leads on to a path of ours.
func signInURL(back string) string {
	return signInPath + "?" + url.Values{"return_to": {back}}.Encode()
}

// named is what a request is about: a handle, or the address of an account or
// a post. Some servers call it acct.
func named(r *httpkit.Request) (uri string, ok bool) {
	if uri, ok = r.Params.String("uri"); !ok {
		uri, _ = r.Params.String("acct")
	}
	uri = strings.TrimSpace(uri)
	address := strings.HasPrefix(uri, "https://") || strings.HasPrefix(uri, "http://")
	return uri, uri != "" && len(uri) <= maxNamed && (address || strings.Contains(uri, "@"))
}

// member is who is signed in and may act, nil for nobody.
func (s *Server) member(r *httpkit.Request) (*account.SignedIn, error) {
	in, err := s.session(r)
	if err == nil && in != nil && in.Refused != nil {
		return nil, in.Refused
	}
	return in, err
}

// found is GET /authorize_interaction: what the address names, with what the
// person can do about it.
func (s *Server) found(r *httpkit.Request) (any, error) {
	uri, ok := named(r)
	if !ok {
		return s.sayWhy(r, nil, http.StatusBadRequest, "interact.bad")
	}
	in, err := s.member(r)
	if err != nil {
		return nil, err
	}
	if in == nil {
		return redirect(signInURL(interactURL(uri)), http.StatusSeeOther)
	}
	if err := r.LimitSubject(in.Account.ID.String()); err != nil {
		return nil, err
	}
	it, err := s.finder.Look(r.Context(), uri)
	d := page.Interact{Meta: page.Meta{Viewer: s.shown(in)}}
	d.Form = page.Form{Action: interactPath, Hidden: []page.Hidden{{Name: "uri", Value: uri}}}
	switch {
	case err != nil:
	case it.Status != 0:
		err = s.foundStatus(r, &d, in.Account.ID, it.Status)
	default:
		err = s.foundAccount(r, &d, in.Account.ID, it.Account)
	}
	if err != nil {
		return s.notFound(r, d.Viewer, err)
	}
	s.pages.Interact(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

func (s *Server) foundAccount(r *httpkit.Request, d *page.Interact, viewer, id domain.ID) error {
	if _, err := s.accounts.Present(r.Context(), id); err != nil {
		return err
	}
	var err error
	if d.Account, err = s.account(r, id); err != nil {
		return err
	}
	k, err := s.render.Relationship(r.Context(), viewer, id)
	if err != nil {
		return err
	}
	s.wholeHandle(&d.Account)
	d.Self, d.Following, d.Requested = id == viewer, k.Following, k.Requested
	d.Hidden = append(d.Hidden, page.Hidden{Name: "id", Value: id.String()})
	return nil
}

func (s *Server) foundStatus(r *httpkit.Request, d *page.Interact, viewer, id domain.ID) error {
	list, err := s.entities(r.Context(), viewer, []domain.ID{id})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return domain.ErrNotFound
	}
	st := list[0].shown()
	shown := st.page(s.roleNames(r))
	shown.Focus = true
	d.Status, d.Account = &shown, shown.Account
	d.Favourited, d.Boosted = st.Favourited, st.Reblogged
	v, ok := domain.ParseVisibility(st.Visibility)
	d.Boostable = ok && domain.CanBoost(&domain.Status{Visibility: v, Account: st.Account.ID}, viewer)
	d.Hidden = append(d.Hidden, page.Hidden{Name: "id", Value: st.ID.String()})
	return nil
}

// wholeHandle writes the host out for people of here, too.
func (s *Server) wholeHandle(a *page.Account) {
	if !strings.Contains(a.Handle, "@") {
		a.Handle += "@" + s.urls.Host
	}
}

// notFound says on a page what kept something from being found.
func (s *Server) notFound(r *httpkit.Request, viewer *page.Account, err error) (any, error) {
	switch domain.KindOf(err) {
	case domain.NotFound, domain.Gone:
		return s.sayWhy(r, viewer, http.StatusNotFound, "interact.none")
	case domain.Forbidden:
		return s.sayWhy(r, viewer, http.StatusForbidden, "interact.refused")
	case domain.Invalid:
		return s.sayWhy(r, viewer, http.StatusUnprocessableEntity, "interact.invalid")
	case domain.Unavailable:
		return s.sayWhy(r, viewer, http.StatusServiceUnavailable, "interact.unreachable")
	}
	return nil, err
}

// sayWhy writes a page with the text of a key, under the title of its own or
// the usual one of the status.
func (s *Server) sayWhy(r *httpkit.Request, viewer *page.Account, status int, key string) (any, error) {
	l := s.pages.Locale(r.HTTP)
	title := key + ".title"
	if !l.Has(title) {
		title = "error." + strconv.Itoa(status) + ".title"
	}
	s.pages.Message(r.Writer(), r.HTTP, page.Message{Meta: page.Meta{Viewer: viewer}, Title: l.T(title), Text: l.T(key), Code: status})
	return httpkit.Written{}, nil
}

// interact is POST /authorize_interaction: one of the buttons. The page that
// it leads back to shows what came of it.
func (s *Server) interact(r *httpkit.Request) (any, error) {
	uri, ok := named(r)
	id, known := r.Params.ID("id")
	if !ok || !known {
		return s.sayWhy(r, nil, http.StatusBadRequest, "interact.bad")
	}
	in, err := s.member(r)
	if err != nil {
		return nil, err
	}
	if in == nil {
		return redirect(signInURL(interactURL(uri)), http.StatusSeeOther)
	}
	me := in.Account.ID
	switch r.Params.StringOr("verb", "") {
	case "follow":
		err = s.relation.Follow(r.Context(), me, id, relation.FollowOptions{})
	case "favourite":
		_, err = s.posts.Favourite(r.Context(), me, id)
	case "boost":
		_, err = s.posts.Reblog(r.Context(), me, id, nil, 0)
	default:
		return s.sayWhy(r, nil, http.StatusBadRequest, "error.400.text")
	}
	if err != nil {
		return nil, err
	}
	return redirect(interactURL(uri), http.StatusSeeOther)
}
