package oauth

import (
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

const appsPath = "/oauth/authorized_applications"

// apps is GET /oauth/authorized_applications: who has been let in.
func (s *Server) apps(r *httpkit.Request) error {
	in, done, err := s.member(r, appsPath)
	if done || err != nil {
		return err
	}
	list, err := s.accounts.AuthorizedApps(r.Context(), in.Account.ID)
	if err != nil {
		return err
	}
	d := page.Apps{Action: appsPath}
	viewer := shown(&in.Account)
	d.Viewer = &viewer
	for _, a := range list {
		scopes, err := domain.ParseScopes(a.Scopes)
		if err != nil {
			return err
		}
		d.Apps = append(d.Apps, page.App{
			ID: a.App.ID.String(), Name: a.App.Name, Website: a.App.Website,
			Scopes: scopes.List(), Granted: a.GrantedAt, LastUsed: a.UsedAt,
		})
	}
	s.pages.Apps(r.Writer(), r.HTTP, d)
	return nil
}

// removeApp ends what an app was given, by form or DELETE.
func (s *Server) removeApp(r *httpkit.Request) error {
	in, done, err := s.member(r, appsPath)
	if done || err != nil {
		return err
	}
	id, ok := domain.ParseID(strings.TrimSpace(r.Params.StringOr("app", "")))
	if !ok {
		return domain.ErrNotFound
	}
	if err := s.accounts.RevokeApp(r.Context(), in.Account.ID, id); err != nil {
		return err
	}
	return goTo(r, appsPath)
}
