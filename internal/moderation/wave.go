package moderation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// mostWaves is how many waves one call decides about.
const mostWaves = 1000

// Waves are the waves in that state, newest first.
func (s *Service) Waves(ctx context.Context, state domain.WaveState, p domain.Page) ([]domain.Wave, []store.WaveSum, error) {
	switch state {
	case domain.WaveOpen, domain.WaveReleased, domain.WaveConfirmed:
	default:
		return nil, nil, domain.Errorf(domain.Invalid, "Waves are open, released or confirmed, not %q.", state)
	}
	r := s.st.Reader()
	list, err := r.Waves(ctx, state, p)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]domain.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	sums, err := r.WaveSums(ctx, ids)
	return list, sums, err
}

// HeldPosts are the posts of a wave that wait, newest first.
func (s *Service) HeldPosts(ctx context.Context, wave domain.ID, p domain.Page) ([]domain.HeldPost, error) {
	r := s.st.Reader()
	if _, err := r.Wave(ctx, wave); err != nil {
		return nil, err
	}
	return r.HeldPosts(ctx, wave, p)
}

// WaveChoice is which waves are decided about: those, or all that are open, of
// one pattern unless that is 0.
type WaveChoice struct {
	IDs     []domain.ID
	All     bool
	Pattern domain.ID
}

func (c *WaveChoice) find(ctx context.Context, r store.Reader) ([]domain.ID, error) {
	list := once(c.IDs)
	if c.All || c.Pattern != 0 {
		var err error
		if list, err = r.OpenWaves(ctx, c.Pattern, mostWaves); err != nil {
			return nil, err
		}
	}
	switch {
	case len(list) == 0:
		return nil, domain.ErrNotFound
	case len(list) > mostWaves:
		return nil, domain.Errorf(domain.Invalid, "At most %d waves are decided about at once.", mostWaves)
	}
	return list, nil
}

// ReleaseWaves lets all posts of the waves through, as if they came now. What
// else comes from there passes for a day, and posts like these count anew.
func (s *Service) ReleaseWaves(ctx context.Context, by domain.ID, c WaveChoice) (int, error) {
	return s.onWaves(ctx, by, c, domain.MayManageReports, domain.WaveReleased, func(tx *store.Tx, _ staff, w *domain.Wave) (bool, error) {
		if err := tx.ReleaseHeld(w.ID, 0); err != nil && !domain.Is(err, domain.NotFound) {
			return false, err
		}
		if w.Pattern != 0 {
			if err := tx.ForgetPattern(w.Pattern); err != nil {
				return false, err
			}
		}
		return false, releaseLater(tx, w.ID)
	})
}

func releaseLater(tx *store.Tx, wave domain.ID) error {
	_, err := job.Enqueue(tx, domain.JobRelease, wave, job.Unique(wave.String()))
	return err
}

// ReleasePost lets one held post through; its wave stays open.
func (s *Service) ReleasePost(ctx context.Context, by, wave, post domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageReports)
		if err != nil {
			return err
		}
		w, err := tx.Wave(ctx, wave)
		if err != nil {
			return err
		}
		if err := tx.ReleaseHeld(wave, post); err != nil {
			return err
		}
		if err := who.log(tx, "release", "held_post", post, w.Host, ""); err != nil {
			return err
		}
		return releaseLater(tx, wave)
	})
}

// ConfirmWaves removes what the waves hold as spam, and does then to its
// authors: suspend, silence, or none. Posts like these are held further.
func (s *Service) ConfirmWaves(ctx context.Context, by domain.ID, c WaveChoice, then domain.ActionType) (int, error) {
	needs := domain.MayManageReports
	switch then {
	case domain.ActionNone:
	case domain.ActionSuspend, domain.ActionSilence:
		needs = domain.MayManageUsers
	default:
		return 0, domain.Errorf(domain.Invalid, "What becomes of the accounts is suspend, silence or none, not %q.", then)
	}
	return s.onWaves(ctx, by, c, needs, domain.WaveConfirmed, func(tx *store.Tx, who staff, w *domain.Wave) (more bool, err error) {
		authors, err := tx.HeldAuthors(ctx, w.ID, policyBatch)
		if err != nil {
			return false, err
		}
		for _, id := range authors {
			if err := who.dealWith(ctx, tx, id, then, w); err != nil {
				return false, err
			}
			if err := tx.DropHeldBy(w.ID, id); err != nil {
				return false, err
			}
		}
		return len(authors) == policyBatch, nil
	})
}

// dealWith does something about the author of held spam; what holds already
// stays.
func (s staff) dealWith(ctx context.Context, tx *store.Tx, id domain.ID, t domain.ActionType, w *domain.Wave) error {
	if t == domain.ActionNone {
		return nil
	}
	x, err := s.subjectOf(ctx, tx.Reader, id)
	if domain.Is(err, domain.NotFound) || err == nil && x.Suspended() {
		return nil
	}
	if err != nil {
		return err
	}
	if err := enact(ctx, tx, t, x, nil); err != nil {
		return fmt.Errorf("%s %s: %w", t, x.Acct(), err)
	}
	k := domain.Strike{Account: s.id, Target: id, Action: t}
	if err := tx.InsertStrike(&k); err != nil {
		return fmt.Errorf("keep the strike: %w", err)
	}
	return s.log(tx, string(t), "account", id, x.Acct(), "spam wave "+w.ID.String())
}

// onWaves decides about open waves, and returns about how many. One that was
// decided meanwhile is left alone.
func (s *Service) onWaves(ctx context.Context, by domain.ID, c WaveChoice, needs domain.Permissions, state domain.WaveState, do waveVerb) (int, error) {
	if _, err := staffOf(ctx, s.st.Reader(), by, needs); err != nil {
		return 0, err
	}
	list, err := c.find(ctx, s.st.Reader())
	if err != nil {
		return 0, err
	}
	done := 0
	for _, id := range list {
		err := s.onWave(ctx, by, id, needs, state, do)
		if err == nil {
			done++
		} else if !domain.Is(err, domain.NotFound) || len(list) == 1 {
			return done, err
		}
	}
	return done, nil
}

// waveVerb is one transaction's part of what is done to a wave; more where
// another has to follow.
type waveVerb func(tx *store.Tx, who staff, w *domain.Wave) (more bool, err error)

func (s *Service) onWave(ctx context.Context, by, id domain.ID, needs domain.Permissions, state domain.WaveState, do waveVerb) error {
	for more := true; more; {
		err := s.st.Write(ctx, func(tx *store.Tx) error {
			who, err := staffOf(ctx, tx.Reader, by, needs)
			if err != nil {
				return err
			}
			w, err := tx.Wave(ctx, id)
			if err != nil {
				return err
			}
			if w.State != domain.WaveOpen {
				return domain.ErrNotFound
			}
			if more, err = do(tx, who, &w); err != nil || more {
				return err
			}
			if err := tx.DecideWave(id, state); err != nil {
				return err
			}
			return who.log(tx, string(state), "spam_wave", id, w.Host, "")
		})
		if err != nil {
			return err
		}
	}
	return nil
}
