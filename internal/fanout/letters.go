package fanout

import (
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/deliver"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// matter is an event and the job that works it off, whose id names what
// nothing else names: it stays the same when the job runs again.
type matter struct {
	domain.Event
	job domain.ID
}

// id is the id of an activity of an actor that answers or undoes something.
func (m matter) id(actor, what string) string { return actor + "#" + what + "/" + m.job.String() }

// letter is an activity before it is encoded and signed.
type letter struct {
	sender  domain.ID // whose key signs; 0 is the community's own actor
	doc     apub.ActivityDoc
	raw     string // instead of doc: another's activity, as it came
	carry   carry
	sync    bool      // tells its readers' hosts who of them follows
	awaited bool      // somebody here waits for what comes of it
	subject domain.ID // the status without which there is nothing to tell
	to      []store.Address
}

// carry says whether a document bears signatures of its own, so that those
// who get it may pass it on (facts 5.1).
type carry uint8

const (
	carryNone   carry = iota
	carryOpen         // what everybody may read, unless readers must sign
	carryAlways       // the end of an account
)

// carryOf is how a post of that visibility goes.
func carryOf(v domain.Visibility) carry {
	if v.Listed() {
		return carryOpen
	}
	return carryNone
}

// author writes the letters of an event. What is gone since needs none:
// ErrNotFound stands for that, and for an actor who does not live here.
type author func(s *Service, ctx context.Context, m matter) ([]letter, error)

// letters says what other servers are told of each kind of event. Only here is
// it asked whether somebody lives here.
var letters = map[domain.EventKind]author{
	domain.EventStatusCreated:   (*Service).sayCreated,
	domain.EventStatusEdited:    (*Service).sayEdited,
	domain.EventStatusDeleted:   (*Service).sayDeleted,
	domain.EventFavourited:      (*Service).sayFavourited,
	domain.EventUnfavourited:    (*Service).sayUnfavourited,
	domain.EventPinned:          (*Service).sayPinned,
	domain.EventUnpinned:        (*Service).sayUnpinned,
	domain.EventTagFeatured:     (*Service).sayTagFeatured,
	domain.EventTagUnfeatured:   (*Service).sayTagUnfeatured,
	domain.EventPollVoted:       (*Service).sayVoted,
	domain.EventPollTallied:     (*Service).sayTallied,
	domain.EventPollEnded:       (*Service).sayTallied,
	domain.EventFollowRequested: (*Service).sayFollow,
	domain.EventFollowed:        (*Service).sayFollowed,
	domain.EventFollowRepeated:  (*Service).sayFollowed,
	domain.EventFollowAccepted:  (*Service).sayAccepted,
	domain.EventFollowRejected:  (*Service).sayRejected,
	domain.EventUnfollowed:      (*Service).sayUnfollowed,
	domain.EventBlocked:         (*Service).sayBlocked,
	domain.EventUnblocked:       (*Service).sayUnblocked,
	domain.EventAccountUpdated:  (*Service).sayUpdated,
	domain.EventAccountDeleted:  (*Service).sayGone,
	domain.EventMoved:           (*Service).sayMoved,
	domain.EventReported:        (*Service).sayReported,
	domain.EventQuoteRequested:  (*Service).sayQuoteRequested,
	domain.EventQuoteAccepted:   (*Service).sayQuoteAccepted,
	domain.EventQuoteRejected:   (*Service).sayQuoteRejected,
	domain.EventQuoteRevoked:    (*Service).sayQuoteRevoked,
	domain.EventQuotePolicySet:  (*Service).sayEdited,
	domain.EventReplyApproved:   (*Service).sayReplyApproved,
	domain.EventRelayAdded:      (*Service).sayRelayAdded,
	domain.EventRelayRemoved:    (*Service).sayRelayRemoved,
	domain.EventLetterForwarded: (*Service).forward,

	domain.EventCollectionShown:   (*Service).sayCollectionShown,
	domain.EventCollectionHidden:  (*Service).sayCollectionHidden,
	domain.EventCollectionChanged: (*Service).sayCollectionChanged,
	domain.EventCollectionGone:    (*Service).sayCollectionGone,
	domain.EventFeatured:          (*Service).sayFeatured,
	domain.EventFeatureAccepted:   (*Service).sayFeatured,
	domain.EventUnfeatured:        (*Service).sayUnfeatured,
	domain.EventFeatureGranted:    (*Service).sayFeatureGranted,
	domain.EventFeatureRefused:    (*Service).sayFeatureRefused,
}

// mail is what is to be sent because of an event, encoded and signed: all that
// takes time, before the transaction that ends its job.
func (s *Service) mail(ctx context.Context, m matter) ([]deliver.Letter, error) {
	say := letters[m.Kind]
	if say == nil || m.Mirrored {
		return nil, nil
	}
	drafts, err := say(s, ctx, m)
	if domain.Is(err, domain.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("write the letters: %w", err)
	}
	var out []deliver.Letter
	for _, l := range drafts {
		if l.to = s.Deliver.Open(l.to); len(l.to) == 0 {
			continue
		}
		body, err := s.encode(ctx, l)
		if err != nil {
			return nil, fmt.Errorf("encode the letter: %w", err)
		}
		out = append(out, deliver.Letter{Sender: l.sender, Body: body, Sync: l.sync, Subject: l.subject, Awaited: l.awaited, To: l.to})
	}
	return out, nil
}

func (s *Service) encode(ctx context.Context, l letter) ([]byte, error) {
	if l.raw != "" {
		return []byte(l.raw), nil
	}
	body := apub.Encode(l.doc)
	if l.carry == carryNone {
		return body, nil
	}
	set, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if set.SecureMode && l.carry != carryAlways {
		return body, nil
	}
	return s.sign(ctx, l.sender, body)
}

// sign adds the proof, then the older kind of signature, which covers it.
func (s *Service) sign(ctx context.Context, sender domain.ID, body []byte) ([]byte, error) {
	proof, err := s.Deliver.ProofKey(ctx, sender)
	if err != nil {
		return nil, fmt.Errorf("find the proof key: %w", err)
	}
	edKey, ok := proof.Private.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the proof key of %s is a %T", sender, proof.Private)
	}
	key, err := s.Deliver.Key(ctx, sender)
	if err != nil {
		return nil, fmt.Errorf("find the key: %w", err)
	}
	rsaKey, ok := key.Private.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the key of %s is a %T", sender, key.Private)
	}
	return apub.Sign(body, apub.ProofKey{ID: proof.ID, Private: edKey}, apub.SignatureKey{ID: key.ID, Private: rsaKey}, s.Store.Now())
}

// ours is an account here that has not been deleted.
func (s *Service) ours(ctx context.Context, id domain.ID) (domain.Account, error) {
	a, err := s.Store.Reader().Account(ctx, id)
	if err == nil && (!a.Local() || a.SuspendedBy&domain.ByErasure != 0) {
		err = domain.ErrNotFound
	}
	return a, err
}

// theirs is an account elsewhere.
func (s *Service) theirs(ctx context.Context, id domain.ID) (domain.Account, error) {
	a, err := s.Store.Reader().Account(ctx, id)
	if err == nil && a.Local() {
		err = domain.ErrNotFound
	}
	return a, err
}

// pair is an account here, 0 for the community itself, that did something to
// one elsewhere.
func (s *Service) pair(ctx context.Context, here, there domain.ID) (us, them domain.Account, err error) {
	us.URI = s.URLs.InstanceActor()
	if here != 0 {
		us, err = s.ours(ctx, here)
	}
	if err != nil {
		return us, them, err
	}
	them, err = s.theirs(ctx, there)
	return us, them, err
}

// personal is a letter to one account alone, to its own inbox.
func (s *Service) personal(ctx context.Context, sender, to domain.ID, doc apub.ActivityDoc) ([]letter, error) {
	inbox, err := s.Store.Reader().OwnInboxes(ctx, []domain.ID{to})
	return []letter{{sender: sender, doc: doc, awaited: true, to: inbox}}, err
}
