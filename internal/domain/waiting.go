package domain

import "time"

// JobAdmit lets people in who wait.
const JobAdmit JobKind = "account.admit"

// Waiting is somebody who has signed up and waits to come in.
type Waiting struct {
	Account ID
	// Decided says that nobody of the staff has to let them in, too.
	Decided    bool
	CreatedAt  time.Time
	AdmittedAt time.Time // zero: still waits
}

// Place is where somebody stands in the waiting room.
type Place struct {
	Waiting
	Number int           // from 1; 0: nowhere, or in already
	In     time.Duration // about how long it still takes
}

// Admission is the pace at which people come in.
type Admission struct {
	NextAt  time.Time     // when there is room for one more
	Spacing time.Duration // from one to the next
}

const (
	// AdmitSpacing is the pace of a machine that keeps up: making an account
	// costs about a tenth of a second of one core, most of it for its key.
	AdmitSpacing = time.Second
	// AdmitSlowest is the pace of one that is far behind.
	AdmitSlowest = time.Minute
	// AdmitBurst is how many come in at once after a quiet time.
	AdmitBurst = 30
	// AdmitEvery is how often people who wait are let in.
	AdmitEvery = 5 * time.Second
	// AdmitBehind is how late other work may be before people wait for it.
	AdmitBehind = 2 * time.Second
)

// Room reports whether one more may come in at once, and counts them in.
func (a *Admission) Room(now time.Time) bool {
	if a.NextAt.After(now) {
		return false
	}
	earliest := now.Add(-(AdmitBurst - 1) * a.Spacing)
	if a.NextAt.Before(earliest) {
		a.NextAt = earliest
	}
	a.NextAt = a.NextAt.Add(a.Spacing)
	return true
}

// Turn is how many of those who wait come in now; behind says that the machine
// is busy with what members do, which goes first.
func (a *Admission) Turn(now time.Time, behind bool) (n int) {
	if behind {
		a.Spacing = min(2*a.Spacing, AdmitSlowest)
		a.NextAt = now.Add(a.Spacing)
		return 0
	}
	a.Spacing = max(a.Spacing*3/4, AdmitSpacing)
	if oldest := now.Add(-2 * AdmitEvery); a.NextAt.Before(oldest) {
		a.NextAt = oldest // what was missed while nobody looked is not made up
	}
	for !a.NextAt.After(now) {
		a.NextAt = a.NextAt.Add(a.Spacing)
		n++
	}
	return n
}

// Wait is about how long the one at a place waits: for the room of those
// before and their own, and for the next time that the door opens.
func (a *Admission) Wait(number int, now time.Time) time.Duration {
	at := a.NextAt.Add(time.Duration(number-1) * a.Spacing)
	return max(at.Sub(now), 0) + AdmitEvery/2
}
