package inbox

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// passedOn are the types of activities that others than their actors bring:
// news of posts and accounts (ActivityPub 7.1.2), of which what is over stays
// over. A follow or a like could be brought again after it was taken back
// (SEC-10).
var passedOn = map[string]bool{"Create": true, "Update": true, "Delete": true}

// proofLife is how old a proof may be. The deletion of what was never here is
// remembered for no longer.
const proofLife = 12 * time.Hour

// prove finds out who acts: the signer of the letter, or somebody whose own
// proof is in the document (FEP-8b32). A Linked Data signature proves nothing:
// what it carries is asked of its own host (SEC-14).
func (s *Service) prove(ctx context.Context, a *act) (bool, error) {
	if a.Activity.Actor == a.signer.URI {
		a.actor = a.signer
		return true, nil
	}
	if s.Refused(apub.Host(a.Activity.Actor)) {
		return false, refusef("nothing is taken from the host of %s", a.Activity.Actor)
	}
	if a.bundled {
		return false, refusef("the activity is not its signer's")
	}
	p, err := apub.ReadProof([]byte(a.letter.Body))
	if err != nil || !passedOn[a.Type] || s.Store.Now().Sub(p.Created) > proofLife {
		return false, nil
	}
	key, owner, err := s.Remote.Multikey(ctx, p.VerificationMethod)
	switch o := outcomeOf(err); {
	case o == Deferred || o == Failed:
		return false, fmt.Errorf("find the key of the proof: %w", err)
	case err != nil || owner.URI != a.Activity.Actor || owner.Suspended():
		return false, nil
	}
	if _, err := apub.VerifyProof([]byte(a.letter.Body), key); err != nil {
		return false, nil
	}
	a.actor = owner
	return true, nil
}

// confirm acts upon what somebody passes on of another: of all that it says
// only the id counts, which is asked of its own host.
func (s *Service) confirm(ctx context.Context, a *act) error {
	id := a.Object().ID
	if id == "" || s.Refused(apub.Host(id)) {
		return refusef("nothing is taken from the host of %q", id)
	}
	switch a.Type {
	case "Create":
		return s.confirmCreate(ctx, a, id)
	case "Update", "Delete":
		known, err := s.Store.Reader().AccountByURI(ctx, id)
		if domain.Is(err, domain.NotFound) {
			if err := s.Remote.RecheckQuote(ctx, id); !domain.Is(err, domain.NotFound) {
				return err
			}
			return s.Remote.Confirm(ctx, id)
		}
		if err != nil {
			return fmt.Errorf("look up %s: %w", id, err)
		}
		if _, err = s.Remote.Refresh(ctx, known.URI); domain.Is(err, domain.Gone) {
			err = nil // that is what it said
		}
		return err
	}
	return errIgnored
}

// confirmCreate takes a post that somebody passes on. Its copy only tells
// whether it is worth asking for.
func (s *Service) confirmCreate(ctx context.Context, a *act, id string) error {
	if d := a.Object().Doc; d != nil && d.Note != nil {
		if ok, err := s.wanted(ctx, a, d.Note); err != nil || !ok {
			return orUnwanted(err)
		}
	}
	return s.fetchPost(ctx, a, id)
}

// fetchPost takes a post from its own host, if it concerns somebody here.
func (s *Service) fetchPost(ctx context.Context, a *act, id string) error {
	if _, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), id); !domain.Is(err, domain.NotFound) {
		return err
	}
	doc, err := s.Remote.Object(ctx, id)
	if err != nil {
		return fmt.Errorf("ask for the post: %w", err)
	}
	if doc.Note == nil {
		return refusef("%s is no post", id)
	}
	if ok, err := s.wanted(ctx, a, doc.Note); err != nil || !ok {
		return orUnwanted(err)
	}
	_, _, err = s.Remote.Accept(ctx, doc.Note)
	return err
}

func orUnwanted(err error) error {
	if err == nil {
		err = errUnwanted
	}
	return err
}
