package webui

import (
	"encoding/json"
	"fmt"
	"net/http"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// collection is /collections/ID of one that was made here: whoever has the
// address may look, and those in it agreed to be shown.
func (s *Server) collection(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	c, err := s.st.Collection(r.Context(), 0, id)
	if err == nil && !c.Local() {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	owner, err := s.st.Account(r.Context(), c.Account)
	if err != nil {
		return nil, err
	}
	shown, err := s.render.CollectionWithAccounts(r.Context(), 0, c)
	if err != nil {
		return nil, err
	}
	d := page.Collection{Name: c.Name, Description: c.Description, Language: c.Language, Sensitive: c.Sensitive, People: []page.Account{}}
	members := map[domain.ID]bool{}
	for _, i := range shown.Collection.Items {
		members[i.AccountID] = true
	}
	for _, b := range shown.Accounts {
		var e accountEntity
		if err := json.Unmarshal(b, &e); err != nil {
			return nil, fmt.Errorf("read a rendered account: %w", err)
		}
		a := e.page(s.roleNames(r))
		if e.ID == c.Account {
			d.Owner = a
		}
		if members[e.ID] {
			d.People = append(d.People, a)
		}
	}
	if d.Viewer, err = s.viewer(r); err != nil {
		return nil, err
	}
	m := &d.Meta
	m.Title, m.Canonical, m.Image = c.Name, s.urls.CollectionPage(&c), d.Owner.Avatar
	m.NoIndex = !c.Discoverable || c.Sensitive || hiddenFromRobots(&owner)
	if !c.Sensitive {
		m.Description = summary(c.Description)
	}
	s.pages.Collection(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

// collectionAddress leads people from the address that other servers use to
// the page.
func (s *Server) collectionAddress(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	c, err := s.st.Collection(r.Context(), 0, id)
	if err != nil {
		return nil, err
	}
	owner, err := s.find(r, r.Path("name"))
	if err == nil && c.Account != owner.ID {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return redirect(s.urls.CollectionPage(&c), http.StatusFound)
}
