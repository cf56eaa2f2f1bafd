package inbox

import (
	"context"
	"errors"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// act is one activity on its way through the switchboard.
type act struct {
	*apub.Activity
	letter  *store.Letter
	signer  domain.Account // who sent the letter
	actor   domain.Account // who acts, proven
	bundled bool           // one of several in the letter
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
	"ReplyRequest": (*Service).replyRequest,
	"LikeRequest":  (*Service).likeRequest,
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
	forward, err := s.forwarding(ctx, a)
	if err != nil {
		return nil, err
	}
	return forward, run(s, ctx, a)
}
