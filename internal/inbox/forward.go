package inbox

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// forwarding finds out, before anything is done, whether the followers of
// somebody here want to have the letter as it is: it is about a public reply
// to a post of theirs, came from its author, and is signed in itself, so that
// others can check it (ActivityPub 7.1.2).
func (s *Service) forwarding(ctx context.Context, a *act) (*domain.Event, error) {
	if a.bundled || a.signer.URI != a.actor.URI || !signed([]byte(a.letter.Body)) {
		return nil, nil
	}
	var uri string
	switch a.Type {
	case "Create":
		d := a.Object().Doc
		if d == nil || d.Note == nil {
			return nil, nil
		}
		if v, _ := d.Note.Visibility(""); !v.Listed() {
			return nil, nil
		}
		if _, vote := d.Note.Vote(); vote {
			return nil, nil
		}
		uri = d.Note.InReplyTo
	case "Update", "Delete":
		return s.forwardingKnown(ctx, a)
	}
	if uri == "" {
		return nil, nil
	}
	parent, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), uri)
	return about(a, parent), ignoreMissing(err)
}

// forwardingKnown is forwarding for news of a reply that is here.
func (s *Service) forwardingKnown(ctx context.Context, a *act) (*domain.Event, error) {
	r := s.Store.Reader()
	if a.Type == "Delete" {
		q, err := r.QuoteByApproval(ctx, a.Object().ID)
		if err == nil {
			return s.forwardingRevocation(ctx, a, &q)
		}
		if !domain.Is(err, domain.NotFound) {
			return nil, ignoreMissing(err)
		}
	}
	reply, err := r.StatusByURI(ctx, a.Object().ID)
	if err != nil || reply.Account != a.actor.ID || !reply.Visibility.Listed() || reply.InReplyTo == 0 {
		return nil, ignoreMissing(err)
	}
	parent, err := r.AnyStatus(ctx, reply.InReplyTo)
	return about(a, parent), ignoreMissing(err)
}

// forwardingRevocation passes on to the readers of a post of ours that it may
// no longer quote another (FEP-044f).
func (s *Service) forwardingRevocation(ctx context.Context, a *act, q *domain.Quote) (*domain.Event, error) {
	quoting, err := s.Store.Reader().AnyStatus(ctx, q.Status)
	if err != nil || !quoting.Local || q.QuotedAccount != a.actor.ID {
		return nil, ignoreMissing(err)
	}
	return &domain.Event{
		Kind: domain.EventLetterForwarded, Actor: a.actor.ID, Target: quoting.Account, Status: quoting.ID, Object: a.letter.ID, URI: q.ApprovalURI,
	}, nil
}

// about is the event, if the parent is a post of ours that everybody may see.
func about(a *act, parent domain.Status) *domain.Event {
	if !parent.Local || !parent.Visibility.Listed() || parent.LocalOnly || parent.ReblogOf != 0 {
		return nil
	}
	return &domain.Event{
		Kind: domain.EventLetterForwarded, Actor: a.actor.ID, Target: parent.Account, Status: parent.ID, Object: a.letter.ID,
	}
}

// signed reports whether the document carries a signature of its own.
func signed(body []byte) bool {
	if _, err := apub.ReadLDSignature(body); err == nil {
		return true
	}
	_, err := apub.ReadProof(body)
	return err == nil
}

func ignoreMissing(err error) error {
	if err == nil || domain.Is(err, domain.NotFound) {
		return nil
	}
	return fmt.Errorf("look up what the letter is about: %w", err)
}
