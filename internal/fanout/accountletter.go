package fanout

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// lateMentions is among how many of an account's latest mentions those are
// found who have it in front of them, beside followers and followed.
const lateMentions = 200

// sayUpdated tells those who know the account what it looks like now.
func (s *Service) sayUpdated(ctx context.Context, m matter) ([]letter, error) {
	us, err := s.ours(ctx, m.Actor)
	if err != nil {
		return nil, err
	}
	actor, err := s.Remote.DescribeActor(ctx, us)
	if err != nil {
		return nil, err
	}
	to, err := s.Store.Reader().InterestedInboxes(ctx, us.ID, lateMentions)
	if err != nil {
		return nil, fmt.Errorf("find who knows the account: %w", err)
	}
	relays, err := s.relays(ctx)
	doc := apub.NewActorUpdate(m.id(actor.ID, "updates"), actor)
	return []letter{{sender: us.ID, doc: doc, carry: carryOpen, to: append(to, relays...)}}, err
}

// sayGone tells every server that knows anybody here: any of them may hold
// something of the account.
func (s *Service) sayGone(ctx context.Context, m matter) ([]letter, error) {
	us, err := s.Store.Reader().Account(ctx, m.Actor)
	if err != nil || !us.Local() {
		return nil, err
	}
	to, err := s.Store.Reader().AllInboxes(ctx)
	if err != nil {
		return nil, fmt.Errorf("find every inbox: %w", err)
	}
	relays, err := s.relays(ctx)
	actor := s.URLs.ActorURI(&us)
	return []letter{{sender: us.ID, doc: apub.NewActorDelete(actor+"#delete", actor), carry: carryAlways, to: append(to, relays...)}}, err
}

// accountDeleted has the account erased once its letters are written, which
// need its name.
func (s *Service) accountDeleted(_ context.Context, tx *store.Tx, e domain.Event) error {
	_, err := job.Enqueue(tx, domain.JobErasePosts, e.Actor, job.Unique(e.Actor.String()))
	return err
}

// sayMoved tells the followers where the account is now.
func (s *Service) sayMoved(ctx context.Context, m matter) ([]letter, error) {
	us, err := s.ours(ctx, m.Actor)
	if err != nil {
		return nil, err
	}
	next, err := s.Store.Reader().Account(ctx, m.Target)
	if err != nil {
		return nil, err
	}
	actor := s.URLs.ActorURI(&us)
	doc := apub.NewMove(m.id(actor, "moves"), actor, s.URLs.ActorURI(&next), s.URLs.Followers(&us))
	to, err := s.gather(ctx, us.ID, domain.Public, nil)
	return []letter{{sender: us.ID, doc: doc, carry: carryOpen, to: to}}, err
}

func (s *Service) sayTagFeatured(ctx context.Context, m matter) ([]letter, error) {
	return s.featureTag(ctx, m, apub.NewAdd)
}

func (s *Service) sayTagUnfeatured(ctx context.Context, m matter) ([]letter, error) {
	return s.featureTag(ctx, m, apub.NewRemove)
}

// featureTag tells the followers of a change to the hashtags on a profile,
// which Mastodon takes for the collection of pins (facts 14).
func (s *Service) featureTag(ctx context.Context, m matter, do func(actor string, what apub.Part, collection string) apub.ActivityDoc) ([]letter, error) {
	us, err := s.ours(ctx, m.Actor)
	if err != nil {
		return nil, err
	}
	tag, err := s.Store.Reader().Tag(ctx, m.Object)
	if err != nil {
		return nil, err
	}
	what := apub.HashtagDoc{Name: tag.Display, Href: s.URLs.Profile(&us) + "/tagged/" + url.PathEscape(tag.Name)}
	to, err := s.Store.Reader().Inboxes(ctx, us.ID)
	return []letter{{sender: us.ID, doc: do(s.URLs.ActorURI(&us), what, s.URLs.Featured(&us)), carry: carryOpen, to: to}}, err
}

// sayReported passes a report on to the servers that its author chose: that of
// the reported and those of whom the reported posts answer. Who reported stays
// here (facts 21).
func (s *Service) sayReported(ctx context.Context, m matter) ([]letter, error) {
	r := s.Store.Reader()
	report, err := r.Report(ctx, m.Object)
	if err != nil || !report.Forwarded {
		return nil, err
	}
	them, err := s.theirs(ctx, report.Target)
	if err != nil {
		return nil, err
	}
	objects := []string{s.URLs.ActorURI(&them)}
	posts, err := r.PageTexts(ctx, report.Statuses)
	if err != nil {
		return nil, fmt.Errorf("read the reported posts: %w", err)
	}
	for i := range posts {
		if posts[i].Account == them.ID {
			objects = append(objects, s.URLs.StatusURI(&posts[i], &them))
		}
	}
	collections, err := r.CollectionsByID(ctx, 0, report.Collections)
	if err != nil {
		return nil, fmt.Errorf("read the reported collections: %w", err)
	}
	for i := range collections {
		objects = append(objects, s.URLs.Collection(&them, &collections[i]))
	}
	to, err := s.reportedTo(ctx, &report, &them, posts)
	if err != nil {
		return nil, err
	}
	actor := s.URLs.InstanceActor()
	doc := apub.NewFlag(actor+"#flags/"+report.ID.String(), actor, report.Comment, objects)
	return []letter{{sender: 0, doc: doc, to: to}}, nil
}

// reportedTo are the inboxes that hear of a report.
func (s *Service) reportedTo(ctx context.Context, report *domain.Report, them *domain.Account, posts []domain.Status) ([]store.Address, error) {
	r := s.Store.Reader()
	var answered []domain.ID
	for i := range posts {
		answered = append(answered, posts[i].InReplyToAccount)
	}
	concerned, err := r.Accounts(ctx, answered)
	if err != nil {
		return nil, fmt.Errorf("find whom the posts answer: %w", err)
	}
	var to []domain.ID
	for _, a := range append(concerned, *them) {
		if !a.Local() && slices.Contains(report.ForwardTo, a.Domain) {
			to = append(to, a.ID)
		}
	}
	return r.OwnInboxes(ctx, to)
}
