// Package fanout is the switchboard out: one table, from an event to the
// notifications, references and deliveries that follow from it. It runs as a
// job, so a crash loses nothing, and writes within the transaction that ends
// the job, so nothing happens twice; letters are encoded and signed before it.
// Only here is it asked whether somebody lives here. Level 6: only instance imports it. A
// Service is safe for concurrent use.
package fanout

import (
	"context"
	"fmt"

	"coterie/internal/deliver"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/notify"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/stream"
	"coterie/internal/timeline"
)

// Config is what a Service needs. All of it must be given.
type Config struct {
	Store         *store.Store
	Hub           *stream.Hub
	Notify        *notify.Service
	Conversations *timeline.Conversations
	Remote        *remote.Service
	Deliver       *deliver.Service
	URLs          domain.URLs
	// Settings are the community's, remembered.
	Settings func(ctx context.Context) (domain.Settings, error)
}

// Service works off events.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// step is one transaction's part of an event.
type step func(s *Service, ctx context.Context, tx *store.Tx, e domain.Event) error

// table says what follows from each kind of event. A kind that is not here
// has no consequence within the community.
var table = map[domain.EventKind]step{
	domain.EventStatusCreated:   (*Service).statusCreated,
	domain.EventStatusEdited:    (*Service).statusEdited,
	domain.EventStatusRefreshed: (*Service).statusRefreshed,
	domain.EventStatusDeleted:   (*Service).statusDeleted,
	domain.EventFavourited:      (*Service).favourited,
	domain.EventUnfavourited:    (*Service).unfavourited,
	domain.EventPollEnded:       (*Service).pollEnded,
	domain.EventFollowed:        (*Service).followed,
	domain.EventFollowRequested: (*Service).followRequested,
	domain.EventFollowAccepted:  (*Service).followAccepted,
	domain.EventFollowRejected:  (*Service).followRejected,
	domain.EventUnfollowed:      (*Service).unfollowed,
	domain.EventAccountCreated:  (*Service).accountCreated,
	domain.EventAccountApproved: (*Service).accountApproved,
	domain.EventAccountDeleted:  (*Service).accountDeleted,
	domain.EventMoved:           (*Service).moved,
	domain.EventPollVoted:       (*Service).pollVoted,
	domain.EventLetterForwarded: (*Service).letterForwarded,
	domain.EventRelayRemoved:    (*Service).relayRemoved,
	domain.EventReported:        (*Service).reported,
	domain.EventAppealed:        (*Service).appealed,
	domain.EventWaveBegan:       (*Service).waveBegan,
	domain.EventSevered:         (*Service).severed,
	domain.EventWarned:          (*Service).warned,
	domain.EventQuoteAccepted:   (*Service).quoted,

	domain.EventMailWanted: (*Service).mailWanted,

	domain.EventNotificationsMerged: (*Service).merged,

	domain.EventFeatured:          (*Service).featured,
	domain.EventUnfeatured:        (*Service).unfeatured,
	domain.EventCollectionChanged: (*Service).collectionChanged,
}

// Handle is the job of kind domain.JobFanout.
func (s *Service) Handle(ctx context.Context, j *job.Job) error {
	var e domain.Event
	if err := j.Decode(&e); err != nil {
		return err
	}
	mail, err := s.mail(ctx, matter{e, j.ID})
	if err != nil {
		return fmt.Errorf("%s: %w", e.Kind, err)
	}
	err = s.Deliver.Post(ctx, j, mail, func(tx *store.Tx) error {
		if err := s.Notify.TellWebhooks(ctx, tx, e); err != nil {
			return err
		}
		if run := table[e.Kind]; run != nil {
			return run(s, ctx, tx, e)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", e.Kind, err)
	}
	return s.publish(ctx, e)
}

// publish sends the one reference of the event, after its commit.
func (s *Service) publish(ctx context.Context, e domain.Event) error {
	switch e.Kind {
	case domain.EventStatusCreated, domain.EventStatusEdited, domain.EventStatusRefreshed:
		ref, err := s.Store.Reader().StatusRef(ctx, e.Status)
		if domain.Is(err, domain.NotFound) {
			return nil // deleted since; its own event follows
		}
		if err != nil {
			return fmt.Errorf("describe %s: %w", e.Status, err)
		}
		if ref.Event = e.Kind; e.Kind == domain.EventStatusRefreshed {
			ref.Event = domain.EventStatusEdited
		}
		s.Hub.Publish(ref)
	case domain.EventFiltersChanged, domain.EventNotificationsMerged:
		s.Hub.Publish(domain.Ref{Event: e.Kind, Account: e.Actor})
	case domain.EventAnnounced, domain.EventAnnouncementGone, domain.EventAnnouncementReacted:
		s.Hub.Publish(domain.Ref{Event: e.Kind, Object: e.Object, Name: e.Name})
	case domain.EventStatusDeleted:
		ref := domain.Ref{Event: e.Kind, Status: e.Status, Account: e.Actor}
		if e.Gone != nil {
			ref.Visibility, ref.ReblogOf = e.Gone.Visibility, e.Gone.ReblogOf
			ref.Mentions, ref.Tags = e.Gone.Mentions, e.Gone.Tags
		}
		s.Hub.Publish(ref)
	}
	return nil
}
