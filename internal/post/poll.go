package post

import (
	"context"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// endLater has the end of a poll announced when it comes.
func endLater(tx *store.Tx, p *domain.Poll) error {
	_, err := job.Enqueue(tx, domain.JobPollEnd, p.ID, job.RunAt(p.ExpiresAt), job.Unique(p.ID.String()))
	return err
}

var (
	errOwnPoll = invalid("You cannot vote in your own polls")
	errEnded   = invalid("The poll has already ended")
	errChoice  = invalid("The chosen vote option does not exist")
	errVoted   = invalid("You have already voted on this poll")
)

// Vote gives the actor's one vote in a poll: one option or, where several may
// be chosen, at least one (behaviours 8.13, SEC-22).
func (s *Service) Vote(ctx context.Context, actor, poll domain.ID, choices []int) error {
	choices = slices.Clone(choices)
	slices.Sort(choices)
	choices = slices.Compact(choices)
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Poll(ctx, actor, poll); err != nil {
			return err
		}
		p, err := tx.LockPoll(poll)
		if err != nil {
			return err
		}
		voted, err := tx.Voted(ctx, actor, poll)
		switch {
		case err != nil:
			return err
		case p.Account == actor:
			return errOwnPoll
		case p.Expired(tx.Now()):
			return errEnded
		case voted:
			return errVoted
		case len(choices) == 0, choices[0] < 0, choices[len(choices)-1] >= len(p.Options), len(choices) > 1 && !p.Multiple:
			return errChoice
		}
		if err := tx.Vote(poll, actor, choices, false); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventPollVoted, Actor: actor, Target: p.Account, Status: p.Status, Object: poll})
	})
}

// VoteFor is Vote from elsewhere, where each option comes by itself and by its
// title (facts 12). What was chosen already is passed over.
func (s *Service) VoteFor(ctx context.Context, actor, poll domain.ID, titles []string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Poll(ctx, actor, poll); err != nil {
			return err
		}
		p, err := tx.LockPoll(poll)
		if err != nil {
			return err
		}
		voted, err := tx.Choices(ctx, actor, poll)
		switch {
		case err != nil:
			return err
		case p.Account == actor:
			return errOwnPoll
		case p.Expired(tx.Now()):
			return errEnded
		}
		choices, err := chosen(&p, titles, voted)
		if err != nil || len(choices) == 0 {
			return err
		}
		if !p.Multiple && len(voted)+len(choices) > 1 {
			return errVoted
		}
		if err := tx.Vote(poll, actor, choices, len(voted) > 0); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventPollVoted, Actor: actor, Target: p.Account, Status: p.Status, Object: poll})
	})
}

// chosen are the options with those titles, without those in voted.
func chosen(p *domain.Poll, titles []string, voted []int) ([]int, error) {
	var out []int
	for _, t := range titles {
		i := slices.IndexFunc(p.Options, func(o domain.PollOption) bool { return o.Title == t })
		if i < 0 {
			return nil, errChoice
		}
		if !slices.Contains(voted, i) && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out, nil
}

// EndPoll is the job that announces the end of a poll, once.
func (s *Service) EndPoll(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		p, err := tx.LockPoll(id)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if !p.EndedAt.IsZero() {
			return nil
		}
		if !p.Expired(tx.Now()) {
			return endLater(tx, &p)
		}
		p.EndedAt = tx.Now()
		if err := tx.UpdatePoll(&p); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventPollEnded, Actor: p.Account, Status: p.Status, Object: p.ID})
	})
}

// Tally is the job that tells how the votes on a poll stand, until its end
// tells it anyway.
func (s *Service) Tally(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		p, err := tx.AnyPoll(ctx, id)
		if domain.Is(err, domain.NotFound) || err == nil && !p.EndedAt.IsZero() {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventPollTallied, Actor: p.Account, Status: p.Status, Object: p.ID})
	})
}
