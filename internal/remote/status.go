package remote

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

var (
	errStatusGone = domain.Errorf(domain.Gone, "This post was deleted")
	errNoPost     = domain.Errorf(domain.Invalid, "This is no post")
)

// KnownStatus is the status or boost with that id, ours or mirrored, without
// the network; else domain.ErrNotFound.
func (s *Service) KnownStatus(ctx context.Context, r store.Reader, uri string) (domain.Status, error) {
	if !s.atHome(uri) {
		return r.StatusByURI(ctx, uri)
	}
	l, ok := s.URLs.Parse(uri)
	if !ok || l.Status == 0 || l.Part != "" && l.Part != "activity" {
		return domain.Status{}, domain.ErrNotFound
	}
	st, err := r.AnyStatus(ctx, l.Status)
	if err != nil {
		return st, err
	}
	author, err := r.Account(ctx, st.Account)
	if err == nil && (!st.Local || domain.NameKey(author.Username) != domain.NameKey(l.Username)) {
		err = domain.ErrNotFound
	}
	return st, err
}

// atHome reports whether an address is on this server: such things are never
// fetched, and never believed from elsewhere (SEC-04).
func (s *Service) atHome(uri string) bool { return s.ours(apub.Host(uri)) }

// Status is KnownStatus, or fetched from its own host and accepted, with its
// author. One that was deleted is Gone.
func (s *Service) Status(ctx context.Context, uri string) (domain.Status, error) {
	r := s.Store.Reader()
	st, err := s.KnownStatus(ctx, r, uri)
	if !domain.Is(err, domain.NotFound) || s.atHome(uri) {
		return st, err
	}
	if err := s.admissible(ctx, r, uri); err != nil {
		return st, err
	}
	d, err := s.Object(ctx, uri)
	if err != nil {
		return st, fmt.Errorf("fetch the post %s: %w", uri, err)
	}
	if d.Class == apub.ClassActivity && d.Activity.Type == "Create" {
		// The page of an activity names the post; its own id is asked.
		id := d.Activity.Object().ID
		if !apub.SameOrigin(id, d.ID) || id == uri {
			return st, errNoPost
		}
		if d, err = s.Object(ctx, id); err != nil {
			return st, fmt.Errorf("fetch the post %s: %w", id, err)
		}
	}
	if d.Note == nil {
		return st, errNoPost
	}
	st, _, err = s.Accept(ctx, d.Note)
	return st, err
}

// admissible refuses what was deleted and what comes from a blocked host.
func (s *Service) admissible(ctx context.Context, r store.Reader, uri string) error {
	if s.refused(apub.Host(uri)) {
		return errRefusedHost
	}
	gone, err := r.Tombstoned(ctx, uri)
	if err == nil && gone {
		err = errStatusGone
	}
	return err
}
