package store

import (
	"context"
	"slices"
	"time"

	"coterie/internal/domain"
)

const waveColumns = `id, host, state, pattern, posts, last_at, decided_at, created_at`

func scanWave(w row) (domain.Wave, error) {
	var v domain.Wave
	return v, w.Scan(&v.ID, &v.Host, (*string)(&v.State), &v.Pattern, &v.Posts, &v.LastAt, &v.DecidedAt, &v.CreatedAt)
}

const heldColumns = `h.id, h.wave_id, h.account_id, h.uri, h.why, h.text, h.strangers, h.json, h.released_at, h.created_at`

func scanHeld(w row) (domain.HeldPost, error) {
	var h domain.HeldPost
	return h, w.Scan(&h.ID, &h.Wave, &h.Account, &h.URI, (*string)(&h.Why), &h.Text, &h.Strangers, &h.JSON, &h.ReleasedAt, &h.CreatedAt)
}

// Strangers are those of people here who have nothing to do with somebody
// elsewhere: they neither follow nor ever mentioned them.
func (r Reader) Strangers(ctx context.Context, author domain.ID, people []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT a.id FROM accounts a WHERE a.id`+r.in(1)+` AND a.domain = ''
		AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.account_id = a.id AND f.target_id = $2)
		AND NOT EXISTS (SELECT 1 FROM mentions m JOIN statuses s ON s.id = m.status_id WHERE m.account_id = $2 AND s.account_id = a.id)`,
		people, author)
}

// MarkApproach counts strangers under each of the keys, and returns the most
// that stand under one since a time, and the pattern of what was held for one.
func (tx *Tx) MarkApproach(keys []int64, strangers int, since time.Time) (most int64, pattern domain.ID, err error) {
	keys = slices.Clone(keys)
	slices.Sort(keys) // rows are locked in one order
	for _, key := range slices.Compact(keys) {
		err := tx.each(tx.ctx(), func(w row) error {
			var n int64
			var p domain.ID
			if err := w.Scan(&n, &p); err != nil {
				return err
			}
			most = max(most, n)
			if pattern == 0 {
				pattern = p
			}
			return nil
		}, `INSERT INTO spam_marks (key, strangers, pattern, seen_at) VALUES ($1, $2, 0, $3) ON CONFLICT (key) DO UPDATE SET
			strangers = CASE WHEN spam_marks.seen_at < $4 THEN excluded.strangers ELSE spam_marks.strangers + excluded.strangers END,
			pattern = CASE WHEN spam_marks.seen_at < $4 THEN 0 ELSE spam_marks.pattern END, seen_at = excluded.seen_at
			RETURNING strangers, pattern`, key, strangers, tx.Now(), since)
		if err != nil {
			return 0, 0, err
		}
	}
	return most, pattern, nil
}

// MarkHeld lets all posts with one of the keys be held, as of one pattern.
func (tx *Tx) MarkHeld(keys []int64, pattern domain.ID) error {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if _, err := tx.exec(`UPDATE spam_marks SET pattern = $1 WHERE key = $2 AND pattern = 0`, pattern, key); err != nil {
			return err
		}
	}
	return nil
}

// ForgetMarks drops at most limit fingerprints that were last seen before a
// time, and returns how many.
func (tx *Tx) ForgetMarks(before time.Time, limit int) (int64, error) {
	return tx.exec(`DELETE FROM spam_marks WHERE key IN (SELECT key FROM spam_marks WHERE seen_at < $1 ORDER BY seen_at LIMIT $2)`, before, limit)
}

// ForgetPattern has posts of that pattern pass again until as many strangers
// were reached anew.
func (tx *Tx) ForgetPattern(pattern domain.ID) error {
	_, err := tx.exec(`DELETE FROM spam_marks WHERE pattern = $1`, pattern)
	return err
}

// WaveFrom is the latest wave of a server, or ErrNotFound.
func (r Reader) WaveFrom(ctx context.Context, host string) (domain.Wave, error) {
	return one(ctx, r, scanWave, `SELECT `+waveColumns+` FROM spam_waves WHERE host = $1 ORDER BY id DESC LIMIT 1`, host)
}

// WaveSince reports whether a wave has begun since a time.
func (r Reader) WaveSince(ctx context.Context, at time.Time) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM spam_waves WHERE id >= $1`, domain.FirstID(at))
}

// Wave is the wave with that id.
func (r Reader) Wave(ctx context.Context, id domain.ID) (domain.Wave, error) {
	return one(ctx, r, scanWave, `SELECT `+waveColumns+` FROM spam_waves WHERE id = $1`, id)
}

// Waves are the waves in that state, newest first.
func (r Reader) Waves(ctx context.Context, state domain.WaveState, p domain.Page) ([]domain.Wave, error) {
	text := func(order string) string {
		return `SELECT ` + waveColumns + ` FROM spam_waves WHERE state = $1 AND id > $2 AND id < $3 ORDER BY id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanWave, text("DESC"), text(""), string(state))
}

// OpenWaves are the ids of at most limit open waves, those of one pattern
// unless that is 0.
func (r Reader) OpenWaves(ctx context.Context, pattern domain.ID, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT id FROM spam_waves WHERE state = 'open' AND (pattern = $1 OR $1 = 0) ORDER BY id LIMIT $2`,
		pattern, limit)
}

// WaveSum is what of a wave waits now.
type WaveSum struct {
	Wave                       domain.ID
	Posts, Accounts, Strangers int64
	Sample                     string // the text of the first
}

// WaveSums are those of the waves that have held posts.
func (r Reader) WaveSums(ctx context.Context, waves []domain.ID) ([]WaveSum, error) {
	return all(ctx, r, func(w row) (WaveSum, error) {
		var s WaveSum
		return s, w.Scan(&s.Wave, &s.Posts, &s.Accounts, &s.Strangers, &s.Sample)
	}, `SELECT g.wave_id, g.posts, g.accounts, g.strangers, f.text FROM (
			SELECT h.wave_id, COUNT(*) AS posts, COUNT(DISTINCT h.account_id) AS accounts, CAST(SUM(h.strangers) AS BIGINT) AS strangers, MIN(h.id) AS first
			FROM held_posts h WHERE h.wave_id`+r.in(1)+` AND h.released_at IS NULL GROUP BY h.wave_id) g
		JOIN held_posts f ON f.id = g.first`, waves)
}

// OpenWave is the open wave of a server, made now if there is none; isNew then.
func (tx *Tx) OpenWave(host string, pattern domain.ID) (v domain.Wave, isNew bool, err error) {
	id := tx.NewID()
	v, err = one(tx.ctx(), tx.Reader, scanWave, `INSERT INTO spam_waves (id, host, state, pattern, posts, last_at, created_at)
		VALUES ($1, $2, 'open', $3, 1, $4, $4) ON CONFLICT (host) WHERE state = 'open' DO UPDATE SET posts = spam_waves.posts + 1, last_at = excluded.last_at,
			pattern = CASE WHEN spam_waves.pattern = 0 THEN excluded.pattern ELSE spam_waves.pattern END
		RETURNING `+waveColumns, id, host, pattern, tx.Now())
	return v, v.ID == id, err
}

// DecideWave closes an open wave, ErrNotFound if it is not.
func (tx *Tx) DecideWave(id domain.ID, state domain.WaveState) error {
	return tx.must(`UPDATE spam_waves SET state = $1, decided_at = $2 WHERE id = $3 AND state = 'open'`, string(state), tx.Now(), id)
}

// ForgetWaves drops at most limit waves that were decided before a time and
// hold nothing, and returns how many.
func (tx *Tx) ForgetWaves(before time.Time, limit int) (int64, error) {
	return tx.exec(`DELETE FROM spam_waves WHERE id IN (SELECT v.id FROM spam_waves v WHERE v.decided_at < $1
		AND NOT EXISTS (SELECT 1 FROM held_posts h WHERE h.wave_id = v.id) ORDER BY v.id LIMIT $2)`, before, limit)
}

// Hold keeps a post for the staff. One that is kept already stays as it is.
func (tx *Tx) Hold(h *domain.HeldPost) error {
	h.ID = tx.NewID()
	_, err := tx.exec(`INSERT INTO held_posts (id, wave_id, account_id, uri, why, text, strangers, json, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (uri) DO NOTHING`,
		h.ID, h.Wave, h.Account, h.URI, string(h.Why), h.Text, h.Strangers, h.JSON, tx.Now())
	return err
}

// HoldAgain keeps what a held post says by now.
func (tx *Tx) HoldAgain(uri, text string, packed []byte) error {
	_, err := tx.exec(`UPDATE held_posts SET text = $1, json = $2 WHERE uri = $3 AND released_at IS NULL`, text, packed, uri)
	return err
}

// IsHeld reports whether a post of that id waits.
func (r Reader) IsHeld(ctx context.Context, uri string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM held_posts WHERE uri = $1`, uri)
}

// HeldPosts are those of a wave that wait for the staff, newest first.
func (r Reader) HeldPosts(ctx context.Context, wave domain.ID, p domain.Page) ([]domain.HeldPost, error) {
	text := func(order string) string {
		return `SELECT ` + heldColumns + ` FROM held_posts h WHERE h.wave_id = $1 AND h.id > $2 AND h.id < $3 AND h.released_at IS NULL
			ORDER BY h.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanHeld, text("DESC"), text(""), wave)
}

// ReleasedPosts are at most limit of a wave's that wait to be taken in.
func (r Reader) ReleasedPosts(ctx context.Context, wave domain.ID, limit int) ([]domain.HeldPost, error) {
	return all(ctx, r, scanHeld, `SELECT `+heldColumns+` FROM held_posts h WHERE h.wave_id = $1 AND h.released_at IS NOT NULL ORDER BY h.id LIMIT $2`,
		wave, limit)
}

// HeldAuthors are at most limit of those who wrote what of a wave waits.
func (r Reader) HeldAuthors(ctx context.Context, wave domain.ID, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT DISTINCT h.account_id FROM held_posts h WHERE h.wave_id = $1 AND h.released_at IS NULL
		ORDER BY h.account_id LIMIT $2`, wave, limit)
}

// ReleaseHeld has the posts of a wave taken in, one alone unless post is 0.
func (tx *Tx) ReleaseHeld(wave, post domain.ID) error {
	return tx.must(`UPDATE held_posts SET released_at = $1 WHERE wave_id = $2 AND (id = $3 OR $3 = 0) AND released_at IS NULL`, tx.Now(), wave, post)
}

// DropHeld removes a held post.
func (tx *Tx) DropHeld(uri string) error {
	_, err := tx.exec(`DELETE FROM held_posts WHERE uri = $1`, uri)
	return err
}

// DropHeldBy removes what somebody wrote of what a wave holds.
func (tx *Tx) DropHeldBy(wave, author domain.ID) error {
	_, err := tx.exec(`DELETE FROM held_posts WHERE wave_id = $1 AND account_id = $2 AND released_at IS NULL`, wave, author)
	return err
}
