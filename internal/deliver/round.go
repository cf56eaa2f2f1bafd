package deliver

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Handle is the job that serves one host: what waits for it, each sender's
// letters in order, until it fails.
func (s *Service) Handle(ctx context.Context, j *job.Job) error {
	var host string
	if err := j.Decode(&host); err != nil {
		return err
	}
	h, due, err := s.claim(ctx, host)
	if errors.Is(err, store.ErrHostTaken) {
		return job.Later(s.Store.Now().Add(time.Second), err)
	}
	if err != nil {
		return fmt.Errorf("claim %s: %w", host, err)
	}
	r := &round{Service: s, h: h}
	r.run(ctx, due)
	return r.close(context.WithoutCancel(ctx), j)
}

// close writes what came of the round, whatever became of its job meanwhile:
// the process is stopping, or was so busy that another has the job by now. What
// has arrived must not be sent again. Host and letters are guarded by the lease
// of the host, and where that is over, too, what has arrived still has.
func (r *round) close(ctx context.Context, j *job.Job) error {
	err := j.Write(ctx, func(tx *store.Tx) error { return r.end(ctx, tx) })
	if !errors.Is(err, store.ErrLeaseLost) && !errors.Is(err, store.ErrHostTaken) {
		return err
	}
	alone := r.Store.Write(ctx, func(tx *store.Tx) error { return r.end(ctx, tx) })
	if errors.Is(alone, store.ErrHostTaken) {
		alone = r.Store.Write(ctx, func(tx *store.Tx) error { return tx.DeleteDeliveries(r.ended) })
	}
	return errors.Join(err, alone)
}

// claim leases the host and reads what waits for it, unless it rests.
func (s *Service) claim(ctx context.Context, host string) (h store.Host, due []store.Delivery, err error) {
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		due = nil
		if h, err = tx.ClaimHost(host, s.Store.ProcessID(), hostLease); err != nil {
			return err
		}
		if n, err := tx.DropDeliveriesBefore(host, tx.Now().Add(-keepFor)); err != nil {
			return err
		} else if n > 0 {
			s.Log.Warn("letters were given up after two weeks", "host", host, "count", n)
		}
		if h.NextTry.After(tx.Now()) {
			return nil
		}
		due, err = tx.DueDeliveries(ctx, host, tx.Now(), batch)
		return err
	})
	return h, due, err
}

// round is a batch of letters to a host.
type round struct {
	*Service
	mu      sync.Mutex
	h       store.Host
	over    bool        // the host has failed
	ended   []domain.ID // arrived, or refused for good
	failed  []domain.ID // to be tried again when the host is
	why     string
	delayed []delay
}

// delay is a letter that has to wait itself.
type delay struct {
	id    domain.ID
	until time.Time
	why   string
}

// run sends the letters: those of one sender in order, since an Undo must not
// overtake what it undoes, those of several at once while the host is well.
func (r *round) run(ctx context.Context, due []store.Delivery) {
	begin, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	width := abreast
	if r.h.Failures > 0 {
		width = 1
	}
	lanes := make(chan []store.Delivery)
	var workers sync.WaitGroup
	for range width {
		workers.Go(func() {
			for lane := range lanes {
				r.lane(ctx, begin, lane)
			}
		})
	}
	for _, lane := range bySender(due) {
		lanes <- lane
	}
	close(lanes)
	workers.Wait()
}

// bySender splits letters by who sends them, whoever was first first.
func bySender(due []store.Delivery) [][]store.Delivery {
	var lanes [][]store.Delivery
	at := map[domain.ID]int{}
	for _, d := range due {
		i, ok := at[d.Sender]
		if !ok {
			i = len(lanes)
			at[d.Sender] = i
			lanes = append(lanes, nil)
		}
		lanes[i] = append(lanes[i], d)
	}
	return lanes
}

// lane sends letters one after the other until the round is over.
func (r *round) lane(ctx, begin context.Context, due []store.Delivery) {
	for _, d := range due {
		r.mu.Lock()
		scheme, over := r.h.Signatures, r.over
		r.mu.Unlock()
		if over || begin.Err() != nil {
			return
		}
		taken, err := r.send(ctx, scheme, d)
		r.note(d, taken, err)
	}
}

// note keeps what came of a letter. A failure that speaks of the host ends
// the round; one that speaks of the letter does not.
func (r *round) note(d store.Delivery, scheme string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.h.Signatures = scheme
	switch verdict(err) {
	case arrived:
		r.succeed(&r.h)
		r.ended = append(r.ended, d.ID)
	case refusedForGood:
		r.Log.Info("a letter was refused", "host", r.h.Host, "inbox", d.Inbox, "err", err)
		r.succeed(&r.h)
		r.ended = append(r.ended, d.ID)
	case orphaned:
		r.Log.Info("a letter was dropped: its sender is gone", "host", r.h.Host, "sender", d.Sender.String())
		r.ended = append(r.ended, d.ID)
	case unsigned:
		if d.Attempts+1 >= tries {
			r.Log.Warn("a letter was given up: its signature is not accepted", "host", r.h.Host, "inbox", d.Inbox, "err", err)
			r.ended = append(r.ended, d.ID)
			return
		}
		r.delayed = append(r.delayed, delay{d.ID, r.Store.Now().Add(wait(d.Attempts + 1)), err.Error()})
	case hostFails:
		if errors.Is(err, context.Canceled) {
			r.over = true // we are stopping, which says nothing about the host
			return
		}
		r.failed, r.why = append(r.failed, d.ID), err.Error()
		if !r.over {
			r.over = true
			r.fail(&r.h, err)
		}
	}
}

// end writes what came of the round and has the host served again.
func (r *round) end(ctx context.Context, tx *store.Tx) error {
	if err := tx.DeleteDeliveries(r.ended); err != nil {
		return fmt.Errorf("remove what arrived: %w", err)
	}
	if err := tx.FailDeliveries(r.failed, r.why); err != nil {
		return fmt.Errorf("note what failed: %w", err)
	}
	for _, d := range r.delayed {
		if err := tx.DelayDelivery(d.id, d.until, d.why); err != nil {
			return fmt.Errorf("note what has to wait: %w", err)
		}
	}
	if err := tx.ReleaseHost(r.h); err != nil {
		return fmt.Errorf("release %s: %w", r.h.Host, err)
	}
	at, err := tx.NextDelivery(ctx, r.h.Host)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for more: %w", err)
	}
	if r.h.NextTry.After(at) {
		at = r.h.NextTry
	}
	return enqueue(tx, r.h, at)
}
