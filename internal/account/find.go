package account

import (
	"context"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Lookup finds an account known here by its handle, with or without a leading
// @; our own domain may be written out (behaviours 7.1).
func (s *Service) Lookup(ctx context.Context, acct string) (domain.ID, error) {
	name, host, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(acct), "@"), "@")
	a, err := s.st.Reader().AccountByName(ctx, name, s.host(host))
	if err != nil {
		return 0, err
	}
	return s.Present(ctx, a.ID)
}

// host is the domain as accounts are stored under: "" for our own.
func (s *Service) host(host string) string {
	host = text.ASCIIHost(host)
	if slices.Contains(s.domains, host) {
		return ""
	}
	return host
}

// Present is the id if others may know of that account; absent, and a
// newcomer who still waits, are the same domain.ErrNotFound.
func (s *Service) Present(ctx context.Context, id domain.ID) (domain.ID, error) {
	list, err := s.AllPresent(ctx, []domain.ID{id})
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, domain.ErrNotFound
	}
	return id, nil
}

// AllPresent are those of the ids that others may know of.
func (s *Service) AllPresent(ctx context.Context, ids []domain.ID) ([]domain.ID, error) {
	return s.st.Reader().PresentAccounts(ctx, ids)
}

// Search is a question for accounts.
type Search struct {
	Viewer    domain.ID // 0: anonymous
	Text      string    // beginnings of words of the name, or of a handle
	Following bool      // only those the viewer follows
	Limit     int
	Offset    int
}

// Search finds accounts by the beginnings of words of their names, the best
// matches first.
func (s *Service) Search(ctx context.Context, q Search) ([]domain.ID, error) {
	name, host, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(q.Text), "@"), "@")
	host = text.ASCIIHost(host)
	ours := func(own string) bool { return strings.HasPrefix(own, host) }
	return s.st.Reader().SearchAccounts(ctx, store.AccountSearch{
		Viewer: q.Viewer, Name: name, Host: host, Local: slices.ContainsFunc(s.domains, ours),
		Following: q.Following, Limit: q.Limit, Offset: q.Offset,
	})
}
