package fanout

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// tallyAfter is how long votes are collected before others are told.
const tallyAfter = 3 * time.Minute

// pollVoted has the votes on a poll of ours told to others after a while: a
// busy poll says little more often than a quiet one.
func (s *Service) pollVoted(ctx context.Context, tx *store.Tx, e domain.Event) error {
	a, err := tx.Account(ctx, e.Target)
	if domain.Is(err, domain.NotFound) || err == nil && !a.Local() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up whose poll it is: %w", err)
	}
	_, err = job.Enqueue(tx, domain.JobTally, e.Object, job.RunAt(tx.Now().Add(tallyAfter)), job.Unique(e.Object.String()))
	return err
}

// sayVoted sends a vote for each chosen option to the author of the poll.
func (s *Service) sayVoted(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	r := s.Store.Reader()
	st, err := r.AnyStatus(ctx, m.Status)
	if err != nil {
		return nil, err
	}
	poll, err := r.AnyPoll(ctx, m.Object)
	if err != nil {
		return nil, err
	}
	choices, err := r.Choices(ctx, us.ID, poll.ID)
	if err != nil {
		return nil, fmt.Errorf("read the vote: %w", err)
	}
	inbox, err := r.OwnInboxes(ctx, []domain.ID{them.ID})
	if err != nil {
		return nil, fmt.Errorf("find the author's inbox: %w", err)
	}
	var out []letter
	for _, c := range choices {
		if c >= len(poll.Options) {
			continue // the poll has other options by now
		}
		id := s.URLs.ActorURI(&us) + "#votes/" + poll.ID.String() + "/" + strconv.Itoa(c)
		doc := apub.NewVote(id+"/activity", apub.VoteDoc{
			ID: id, Voter: s.URLs.ActorURI(&us), Question: s.URLs.StatusURI(&st, &them), PollAuthor: s.URLs.ActorURI(&them), Option: poll.Options[c].Title,
		})
		out = append(out, letter{sender: us.ID, doc: doc, to: inbox})
	}
	return out, nil
}

// sayTallied tells readers and voters how a poll stands. It is no edit, so it
// bears no time of one (facts 12).
func (s *Service) sayTallied(ctx context.Context, m matter) ([]letter, error) {
	st, _, err := s.own(ctx, m.Status)
	if err != nil {
		return nil, err
	}
	note, err := s.Remote.DescribeStatus(ctx, st)
	if err != nil {
		return nil, err
	}
	note.Updated = time.Time{}
	voters, err := s.Store.Reader().RemoteVoters(ctx, m.Object)
	if err != nil {
		return nil, fmt.Errorf("find the voters: %w", err)
	}
	return s.about(ctx, &st, apub.NewUpdate(m.id(note.ID, "updates"), note, s.Store.Now()), voters...)
}
