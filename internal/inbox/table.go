package inbox

import (
	"context"
	"errors"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/remote"
	"coterie/internal/store"
)

// act is one activity on its way through the switchboard.
type act struct {
	*apub.Activity
	job     *job.Job
	letter  *store.Letter
	signer  domain.Account // who sent the letter
	actor   domain.Account // who acts, proven
	bundled bool           // one of several in the letter
	forward *domain.Event  // has the letter passed on
}

// write runs fn in a transaction that ends the letter's job, if fn is all that
// follows from it: the effect and the end are one write, and a job that
// somebody else has by now has no effect.
func (s *Service) write(a *act) remote.Write {
	if a.bundled || len(a.Objects) != 1 {
		return s.Store.Write
	}
	return func(ctx context.Context, fn func(tx *store.Tx) error) error {
		return a.job.Write(ctx, func(tx *store.Tx) error {
			if err := fn(tx); err != nil {
				return err
			}
			return end(tx, a.letter.ID, a.forward)
		})
	}
}

// verb does what an activity says. It may run again.
type verb func(s *Service, ctx context.Context, a *act) error

// table says what each type of activity does. A type that is not here is
// ignored.
var table = map[string]verb{
	"Create":       (*Service).create,
	"Update":       (*Service).update,
	"Delete":       (*Service).remove,
	"Announce":     (*Service).announce,
	"Like":         (*Service).like,
	"EmojiReact":   (*Service).like,
	"Follow":       (*Service).follow,
	"Accept":       (*Service).accept,
	"Reject":       (*Service).reject,
	"Undo":         (*Service).undo,
	"Block":        (*Service).block,
	"Add":          (*Service).add,
	"Remove":       (*Service).takeDown,
	"Move":         (*Service).move,
	"Flag":         (*Service).flag,
	"QuoteRequest": (*Service).quoteRequest,

	"FeatureRequest": (*Service).featureRequest,

	"ReplyRequest":    (*Service).replyRequest,
	"LikeRequest":     (*Service).likeRequest,
	"AnnounceRequest": (*Service).announceRequest,
}

// deed does what an activity says, if its actor says it.
func (s *Service) deed(ctx context.Context, a *act) (*domain.Event, error) {
	run := table[a.Type]
	if run == nil {
		return nil, errIgnored
	}
	proven, err := s.prove(ctx, a)
	if err != nil {
		return nil, err
	}
	if !proven {
		return nil, s.confirm(ctx, a)
	}
	if err := a.Check(); err != nil {
		if a.Type == "Create" && (errors.Is(err, apub.ErrForeignObject) || errors.Is(err, apub.ErrForeignAuthor)) {
			return nil, s.confirm(ctx, a)
		}
		return nil, refusef("%v", err)
	}
	if a.forward, err = s.forwarding(ctx, a); err != nil {
		return nil, err
	}
	return a.forward, run(s, ctx, a)
}
