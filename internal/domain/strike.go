package domain

import (
	"time"
)

// ActionType is the API's word for what the staff does about somebody.
type ActionType string

const (
	ActionNone      ActionType = "none"      // a word to them
	ActionSensitive ActionType = "sensitive" // all their media are covered
	ActionDisable   ActionType = "disable"   // they cannot sign in
	ActionSilence   ActionType = "silence"   // only followers see them
	ActionSuspend   ActionType = "suspend"   // nobody sees them
	ActionDelete    ActionType = "delete_statuses"
	ActionMark      ActionType = "mark_statuses_as_sensitive"
)

// Valid reports whether a is one of the seven.
func (a ActionType) Valid() bool {
	switch a {
	case ActionNone, ActionSensitive, ActionDisable, ActionSilence, ActionSuspend, ActionDelete, ActionMark:
		return true
	}
	return false
}

// OfStatuses reports whether the action is about posts rather than the account.
func (a ActionType) OfStatuses() bool { return a == ActionDelete || a == ActionMark }

// Strike is a decision of the staff about somebody.
type Strike struct {
	ID          ID
	Account     ID // of the staff; 0 is the command line. Never shown to Target.
	Target      ID
	Action      ActionType
	Text        string
	Report      ID
	Statuses    []ID
	CreatedAt   time.Time
	OverruledAt time.Time // taken back on appeal
	Appeal      Appeal    // with an id if there is one
}

// Appeal is what somebody says against a strike.
type Appeal struct {
	ID         ID
	Strike     ID
	Text       string
	CreatedAt  time.Time
	ApprovedAt time.Time
	RejectedAt time.Time
}

// State is the API's word for how the appeal stands.
func (a *Appeal) State() string {
	switch {
	case !a.ApprovedAt.IsZero():
		return "approved"
	case !a.RejectedAt.IsZero():
		return "rejected"
	}
	return "pending"
}

// Limits of strikes and appeals.
const (
	MaxStrikeText = 5000                // characters
	MaxAppealText = 2000                // characters
	AppealWithin  = 20 * 24 * time.Hour // of the strike
	// UndoWithin is how long a suspended account is kept as it was.
	UndoWithin = 30 * 24 * time.Hour
)

// MayAppeal says why somebody may not appeal against the strike, nil if they may.
func (s *Strike) MayAppeal(who ID, now time.Time) error {
	switch {
	case s.Target != who:
		return ErrNotFound
	case s.Appeal.ID != 0:
		return Errorf(Conflict, "There is an appeal against this decision already.")
	case !s.OverruledAt.IsZero():
		return Errorf(Invalid, "This decision was taken back already.")
	case now.Sub(s.CreatedAt) > AppealWithin:
		return Errorf(Invalid, "Appeals are possible within %d days.", int(AppealWithin.Hours()/24))
	}
	return nil
}

// JobPurge erases an account whose suspension was not undone in time.
const JobPurge JobKind = "moderation.purge"

// JobRestore brings follows back that a decision had ended.
const JobRestore JobKind = "moderation.restore"

// AuditEntry is one act of the staff, as it was known then.
type AuditEntry struct {
	ID         ID
	Account    ID     // 0: the command line
	Name       string // of Account
	Verb       string // such as suspend
	Kind       string // of the target, such as account
	Target     ID
	TargetName string
	Detail     string
	CreatedAt  time.Time
}
