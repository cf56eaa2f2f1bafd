package remote

import (
	"context"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// Approved looks at the approval, of that address, of our answer to a post, or
// of our boost: nil if it is by the post's author and names exactly the two. One
// that is gone is NotFound or Gone, one that allows something else Invalid.
func (s *Service) Approved(ctx context.Context, ours, about *domain.Status, by *domain.Account, address string) error {
	r := s.Store.Reader()
	author, err := r.Account(ctx, ours.Account)
	if err != nil {
		return err
	}
	if !apub.SameOrigin(address, by.URI) {
		return domain.Errorf(domain.Invalid, "It is on another host than who gives it")
	}
	if ctx, err = asReader(ctx, r, ours); err != nil {
		return err
	}
	d, err := s.Object(ctx, address)
	if err != nil {
		return err
	}
	kind := "Reply"
	if ours.ReblogOf != 0 {
		kind = "Announce"
	}
	c := d.Consent
	if c == nil || c.Type != kind+"Authorization" && c.Type != kind+"Approval" || c.AttributedTo != by.URI ||
		c.Object != s.URLs.StatusURI(ours, &author) || c.Target != about.URI {
		return domain.Errorf(domain.Invalid, "It allows something else")
	}
	return nil
}
