package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const waitingColumns = `w.account_id, w.decided, w.created_at, w.admitted_at`

func scanWaiting(w row) (domain.Waiting, error) {
	var x domain.Waiting
	return x, w.Scan(&x.Account, &x.Decided, &x.CreatedAt, &x.AdmittedAt)
}

// WaitingByHash finds somebody in the waiting room, or who was, by the hex
// SHA-256 of what they were given.
func (r Reader) WaitingByHash(ctx context.Context, hash string) (domain.Waiting, error) {
	return one(ctx, r, scanWaiting, `SELECT `+waitingColumns+` FROM waiting_room w WHERE w.hash = $1`, hash)
}

// WaitingOf is the account in the waiting room, or when it was.
func (r Reader) WaitingOf(ctx context.Context, account domain.ID) (domain.Waiting, error) {
	return one(ctx, r, scanWaiting, `SELECT `+waitingColumns+` FROM waiting_room w WHERE w.account_id = $1`, account)
}

// WaitingUpTo counts who waits, up to an account and with it.
func (r Reader) WaitingUpTo(ctx context.Context, account domain.ID) (int, error) {
	return one(ctx, r, column[int], `SELECT COUNT(*) FROM waiting_room w WHERE w.admitted_at IS NULL AND w.account_id <= $1`, account)
}

// NextWaiting are those whose turn it is.
func (r Reader) NextWaiting(ctx context.Context, limit int) ([]domain.Waiting, error) {
	return all(ctx, r, scanWaiting, `SELECT `+waitingColumns+` FROM waiting_room w WHERE w.admitted_at IS NULL ORDER BY w.account_id LIMIT $1`, limit)
}

// InsertWaiting has an account wait.
func (tx *Tx) InsertWaiting(account domain.ID, decided bool, hash string) error {
	_, err := tx.exec(`INSERT INTO waiting_room (account_id, hash, decided, created_at) VALUES ($1, $2, $3, $4)`, account, hash, decided, tx.now)
	return err
}

// Admitted notes that an account has come in.
func (tx *Tx) Admitted(account domain.ID) error {
	return tx.must(`UPDATE waiting_room SET admitted_at = $1 WHERE account_id = $2`, tx.now, account)
}

// Admission is the pace at which people come in.
func (r Reader) Admission(ctx context.Context) (domain.Admission, error) {
	return one(ctx, r, func(w row) (domain.Admission, error) {
		var a domain.Admission
		var ms int64
		err := w.Scan(&a.NextAt, &ms)
		a.Spacing = time.Duration(ms) * time.Millisecond
		return a, err
	}, `SELECT a.next_at, a.spacing FROM admission a WHERE a.id = 1`)
}

// LockAdmission is Admission, kept from other writes until the Tx ends.
func (tx *Tx) LockAdmission(ctx context.Context) (domain.Admission, error) {
	if _, err := tx.exec(`INSERT INTO admission (id, next_at, spacing) VALUES (1, 0, $1) ON CONFLICT (id) DO UPDATE SET spacing = admission.spacing`,
		domain.AdmitSpacing.Milliseconds()); err != nil {
		return domain.Admission{}, err
	}
	return tx.Admission(ctx)
}

// SetAdmission stores the pace.
func (tx *Tx) SetAdmission(a domain.Admission) error {
	return tx.must(`UPDATE admission SET next_at = $1, spacing = $2 WHERE id = 1`, a.NextAt, a.Spacing.Milliseconds())
}

// Behind reports whether work that members or other servers wait for has been
// due for longer than late.
func (r Reader) Behind(ctx context.Context, now time.Time, late time.Duration) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM jobs j WHERE j.state = 'ready' AND j.kind`+r.inText(1)+` AND j.run_at < $2 LIMIT 1`,
		[]string{string(domain.JobFanout), string(domain.JobInbox)}, now.Add(-late))
}

// sweepWaiting forgets who came in long ago.
func (tx *Tx) sweepWaiting() error {
	_, err := tx.exec(`DELETE FROM waiting_room WHERE admitted_at < $1`, tx.now.Add(-7*24*time.Hour))
	return err
}
