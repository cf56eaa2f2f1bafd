package post

import (
	"cmp"
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// ReplyApproved keeps that actor approves of our answer to its post, or of our
// boost, by the approval of that address. Whoever reads it is sent it again,
// with the approval: some servers had not taken it without (facts 13).
func (s *Service) ReplyApproved(ctx context.Context, actor, reply domain.ID, uri string) error {
	return s.judged(ctx, domain.ReplyApproval{Status: reply, By: actor, URI: uri})
}

// ReplyRejected keeps that actor does not want our answer to its post. It is
// kept and still its author's, but nobody else is shown it in the thread. A
// boost is withdrawn.
func (s *Service) ReplyRejected(ctx context.Context, actor, reply domain.ID) error {
	r := s.st.Reader()
	st, err := r.AnyStatus(ctx, reply)
	if err != nil {
		return err
	}
	if st.ReblogOf == 0 {
		return s.judged(ctx, domain.ReplyApproval{Status: reply, By: actor, Rejected: true})
	}
	if err := mayJudge(ctx, r, &st, actor); err != nil {
		return err
	}
	_, err = s.Unreblog(ctx, st.Account, st.ReblogOf)
	return err
}

// mayJudge refuses who is not the author of what a post of ours answers or
// boosts.
func mayJudge(ctx context.Context, r store.Reader, st *domain.Status, actor domain.ID) error {
	about, err := r.AnyStatus(ctx, cmp.Or(st.ReblogOf, st.InReplyTo))
	if domain.Is(err, domain.NotFound) || err == nil && (!st.Local || about.Account != actor) {
		return errNotAllowed
	}
	return err
}

// ReplyApprovalRevoked keeps that actor took back the approval of that address.
// An unknown one is ErrNotFound, one of another account Forbidden.
func (s *Service) ReplyApprovalRevoked(ctx context.Context, actor domain.ID, uri string) error {
	p, err := s.st.Reader().ReplyApprovalByURI(ctx, uri)
	if err != nil {
		return err
	}
	if p.By != actor {
		return errNotAllowed
	}
	return s.ReplyRejected(ctx, actor, p.Status)
}

// judged stores what the author of the original says of an answer or boost.
func (s *Service) judged(ctx context.Context, said domain.ReplyApproval) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		st, err := tx.AnyStatus(ctx, said.Status)
		if err != nil {
			return err
		}
		if err := mayJudge(ctx, tx.Reader, &st, said.By); err != nil {
			return err
		}
		old, err := tx.ReplyApproval(ctx, said.Status)
		if err == nil && old == said {
			return nil
		}
		if err != nil && !domain.Is(err, domain.NotFound) {
			return err
		}
		if err := tx.SaveReplyApproval(said); err != nil || said.Rejected {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventReplyApproved, Actor: said.By, Target: st.Account, Status: st.ID})
	})
}
