package remote

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// SyncJob is the payload of domain.JobSyncFollowers: what the signed header
// Collection-Synchronization of an actor's letter said (FEP-8fcf).
type SyncJob struct {
	Actor  domain.ID `json:"actor"`
	Header string    `json:"header"`
}

// SyncFollowers is the job that compares who here follows an actor with whom
// its server believes to do so (facts 16). Who is not listed there follows no
// more; a request that is listed was accepted; and who is listed but does not
// follow says so.
func (s *Service) SyncFollowers(ctx context.Context, j *job.Job) error {
	var p SyncJob
	if err := j.Decode(&p); err != nil {
		return err
	}
	want, err := apub.ParseSync(p.Header)
	if err != nil {
		return nil // unreadable: nobody is asked
	}
	r := s.Store.Reader()
	actor, err := r.Actor(ctx, p.Actor)
	if err != nil || actor.Followers == "" || actor.Followers != want.Collection {
		return ignoreGone(err)
	}
	here, err := r.LocalFollowers(ctx, p.Actor)
	if err != nil {
		return fmt.Errorf("find who follows here: %w", err)
	}
	if s.digest(here) == want.Digest {
		return nil
	}
	listed, err := s.listed(ctx, want.URL)
	if passing(err) {
		return fmt.Errorf("fetch %s: %w", want.URL, err)
	}
	if err != nil {
		return nil
	}
	return j.Write(ctx, func(tx *store.Tx) error { return s.reconcile(ctx, tx, p.Actor, listed) })
}

func (s *Service) digest(here []store.LocalFollower) string {
	var ids []string
	for i := range here {
		if uri := s.URLs.ActorURI(&here[i].Account); !here[i].Pending && s.atHome(uri) {
			ids = append(ids, uri)
		}
	}
	return apub.FollowersDigest(ids)
}

// maxSyncPages bounds a partial collection; most servers send one page.
const maxSyncPages = 20

// listed are the accounts of ours that the collection names. One that cannot
// be read to its end is an error: nobody is dropped for what was not read.
func (s *Service) listed(ctx context.Context, uri string) (map[string]bool, error) {
	out, seen := map[string]bool{}, map[string]bool{}
	for len(seen) < maxSyncPages && !seen[uri] {
		seen[uri] = true
		c, err := s.Collection(ctx, uri)
		if err != nil {
			return nil, err
		}
		next := c.Next
		if c.FirstPage != nil {
			c, next = c.FirstPage, c.FirstPage.Next
		} else if next == "" && !c.Page && len(c.Items) == 0 {
			next = c.First
		}
		for _, id := range c.IDs() {
			if s.atHome(id) {
				out[id] = true
			}
		}
		if next == "" {
			return out, nil
		}
		if !apub.SameOrigin(next, uri) {
			break
		}
		uri = next
	}
	return nil, domain.Errorf(domain.Invalid, "The collection has no end")
}

// reconcile makes the follows here those that are listed, as far as nobody
// here has to be asked.
func (s *Service) reconcile(ctx context.Context, tx *store.Tx, actor domain.ID, listed map[string]bool) error {
	here, err := tx.LocalFollowers(ctx, actor)
	if err != nil {
		return err
	}
	for i := range here {
		f := &here[i]
		uri := s.URLs.ActorURI(&f.Account)
		switch {
		case f.Pending && listed[uri]:
			err = s.acceptedThere(tx, f.Account.ID, actor)
		case !f.Pending && !listed[uri]:
			err = unfollowedThere(tx, f.Account.ID, actor)
		}
		if err != nil {
			return err
		}
		delete(listed, uri)
	}
	return s.disown(ctx, tx, actor, listed)
}

func (s *Service) acceptedThere(tx *store.Tx, follower, actor domain.ID) error {
	if _, err := tx.AcceptFollow(follower, actor); err != nil {
		return err
	}
	if err := tx.CountFollow(follower, actor, 1); err != nil {
		return err
	}
	tx.HomeChanged(follower)
	return tx.Emit(domain.Event{Kind: domain.EventFollowAccepted, Actor: actor, Target: follower})
}

func unfollowedThere(tx *store.Tx, follower, actor domain.ID) error {
	f, err := tx.DeleteFollow(follower, actor)
	if err != nil {
		return ignoreGone(err)
	}
	if err := tx.CountFollow(follower, actor, -1); err != nil {
		return err
	}
	tx.HomeChanged(follower)
	return tx.Emit(domain.Event{Kind: domain.EventUnfollowed, Actor: follower, Target: actor, Object: f.ID, URI: f.URI})
}

// maxDisowned bounds the letters that one comparison causes.
const maxDisowned = 100

// disown says of accounts here that they do not follow the actor.
func (s *Service) disown(ctx context.Context, tx *store.Tx, actor domain.ID, listed map[string]bool) error {
	sent := 0
	for uri := range listed {
		a, err := s.Known(ctx, tx.Reader, uri)
		if domain.Is(err, domain.NotFound) || sent == maxDisowned {
			continue
		}
		if err != nil {
			return err
		}
		sent++
		// The follow has no row; its server knows it by actor and object.
		err = tx.Emit(domain.Event{Kind: domain.EventUnfollowed, Actor: a.ID, Target: actor, Object: tx.NewID()})
		if err != nil {
			return err
		}
	}
	return nil
}
