package inbox

import (
	"cmp"
	"context"
	"fmt"

	"coterie/internal/domain"
)

// postAnswered takes what the author of a post says of our answer to it, or of
// our boost, without having been asked (GoToSocial, facts 13).
func (s *Service) postAnswered(ctx context.Context, a *act, yes bool) error {
	r := s.Store.Reader()
	st, err := s.Remote.KnownStatus(ctx, r, a.Object().ID)
	if domain.Is(err, domain.NotFound) || err == nil && !st.Local {
		return refusef("an answer to what nobody here asked")
	}
	if err != nil {
		return fmt.Errorf("look up what is answered: %w", err)
	}
	about, err := r.AnyStatus(ctx, cmp.Or(st.ReblogOf, st.InReplyTo))
	switch {
	case domain.Is(err, domain.NotFound), err == nil && about.Account != a.actor.ID:
		return refusef("a post that neither answers nor boosts the actor's is not its to judge")
	case err != nil:
		return fmt.Errorf("look up what the post is about: %w", err)
	case !yes:
		return s.Posts.ReplyRejected(ctx, a.actor.ID, st.ID)
	}
	approval := a.Result.ID
	if approval == "" {
		// Before 0.19 the Accept was the approval (facts 13).
		return s.Posts.ReplyApproved(ctx, a.actor.ID, st.ID, a.ID)
	}
	err = s.Remote.Approved(ctx, &st, &about, &a.actor, approval)
	if domain.Is(err, domain.NotFound) || domain.Is(err, domain.Gone) || domain.Is(err, domain.Invalid) {
		return refusef("the approval does not hold: %v", err)
	}
	if err != nil {
		return fmt.Errorf("look at the approval: %w", err)
	}
	return s.Posts.ReplyApproved(ctx, a.actor.ID, st.ID, approval)
}

// likeRejected withdraws a favourite that the author of the post does not want.
// A yes has no use: nobody but the author is told of a favourite.
func (s *Service) likeRejected(ctx context.Context, a *act, row domain.ID) error {
	r := s.Store.Reader()
	f, err := r.FavouriteByID(ctx, row)
	if domain.Is(err, domain.NotFound) {
		return errUnwanted
	}
	if err != nil {
		return fmt.Errorf("look up the favourite: %w", err)
	}
	st, err := r.AnyStatus(ctx, f.Status)
	if err != nil {
		return fmt.Errorf("look up the post: %w", err)
	}
	if st.Account != a.actor.ID || f.URI != "" {
		return refusef("a favourite of another's post is not the actor's to judge")
	}
	_, err = s.Posts.Unfavourite(ctx, f.Account, st.ID)
	return err
}
