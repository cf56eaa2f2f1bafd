package moderation

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Action is what somebody of the staff does about an account.
type Action struct {
	By       domain.ID // 0: the command line
	Target   domain.ID
	Type     domain.ActionType
	Text     string    // for the target to read,
	Canned   domain.ID // below this text of the staff; 0: none
	Report   domain.ID // that made the staff act; 0: none
	Statuses []domain.ID
	// Quiet keeps the target from being told.
	Quiet bool
}

// Act does it and keeps it as a strike. Reports about the account that it
// answers are resolved: of a mere word the one that is named, else all.
func (s *Service) Act(ctx context.Context, a Action) (domain.Strike, error) {
	if !a.Type.Valid() {
		return domain.Strike{}, domain.Errorf(domain.Invalid, "Validation failed: Type is not included in the list")
	}
	k := domain.Strike{Account: a.By, Target: a.Target, Action: a.Type, Report: a.Report}
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, a.By, domain.MayManageUsers|domain.MayManageReports)
		if err != nil {
			return err
		}
		x, err := who.subjectOf(ctx, tx.Reader, a.Target)
		if err != nil {
			return err
		}
		if err := who.mayTake(a.Type, x); err != nil {
			return err
		}
		if k.Text, err = worded(ctx, tx.Reader, a.Canned, a.Text); err != nil {
			return err
		}
		if k.Statuses, err = actedOn(ctx, tx.Reader, a); err != nil {
			return err
		}
		if err := enact(ctx, tx, a.Type, x, k.Statuses); err != nil {
			return fmt.Errorf("%s %s: %w", a.Type, x.Acct(), err)
		}
		if err := tx.InsertStrike(&k); err != nil {
			return fmt.Errorf("keep the strike: %w", err)
		}
		if err := who.answerReports(ctx, tx, a); err != nil {
			return err
		}
		if err := who.log(tx, string(a.Type), "account", x.ID, x.Acct(), k.Text); err != nil {
			return err
		}
		if a.Quiet || !x.Local() {
			return nil
		}
		return tx.Emit(domain.Event{Kind: domain.EventWarned, Target: x.ID, Object: k.ID})
	})
	return k, err
}

// mayTake holds the staff to what an action asks for. Who looks after reports
// decides about posts; the account itself is for those who manage people.
func (s staff) mayTake(t domain.ActionType, x subject) error {
	if t == domain.ActionDisable && x.user == nil {
		return domain.Errorf(domain.Invalid, "Validation failed: Type is not included in the list")
	}
	needs := domain.MayManageUsers
	if t.OfStatuses() || t == domain.ActionNone {
		needs |= domain.MayManageReports
	}
	if !s.role.May(needs) {
		return errRank
	}
	return nil
}

// actedOn are the posts of the target that an action is about: those named,
// else those of the report.
func actedOn(ctx context.Context, r store.Reader, a Action) ([]domain.ID, error) {
	list := once(a.Statuses)
	if a.Report != 0 {
		p, err := r.Report(ctx, a.Report)
		if err != nil {
			return nil, err
		}
		if p.Target != a.Target {
			return nil, domain.ErrNotFound
		}
		if len(list) == 0 {
			list = p.Statuses
		}
	}
	if len(list) > domain.MaxReportStatuses {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: At most %d posts can be acted on at once", domain.MaxReportStatuses)
	}
	found, err := r.Reportable(ctx, 0, a.Target, list)
	if err == nil && a.Type.OfStatuses() && len(found) == 0 {
		err = domain.Errorf(domain.Invalid, "Validation failed: There are no posts to act on")
	}
	return found, err
}

// enact makes the account, or the posts, what the action says.
func enact(ctx context.Context, tx *store.Tx, t domain.ActionType, x subject, statuses []domain.ID) error {
	switch t {
	case domain.ActionSensitive:
		return told(tx, x, tx.SetSensitized(x.ID, true))
	case domain.ActionDisable:
		if err := tx.SetDisabled(x.ID, true); err != nil {
			return err
		}
		return tx.AccessChanged(x.ID, 0)
	case domain.ActionSilence:
		return tx.Silence(x.ID, domain.ByStaff)
	case domain.ActionSuspend:
		return suspend(ctx, tx, x)
	case domain.ActionDelete:
		return removeStatuses(ctx, tx, statuses)
	case domain.ActionMark:
		return markStatuses(tx, x, statuses, true)
	}
	return nil
}

// told has other servers hear what an account of ours is now.
func told(tx *store.Tx, x subject, err error) error {
	if err != nil || !x.Local() {
		return err
	}
	return tx.Emit(domain.Event{Kind: domain.EventAccountUpdated, Actor: x.ID, Target: x.ID})
}

// suspend takes the account out of sight at once, and has it erased once
// nobody has taken that back for long. One elsewhere, which goes on there, does
// not follow anybody here any more.
func suspend(ctx context.Context, tx *store.Tx, x subject) error {
	if err := tx.Suspend(x.ID, domain.ByStaff); err != nil {
		return err
	}
	if err := tx.AccessChanged(x.ID, 0); err != nil {
		return err
	}
	ref := purgeRef{Account: x.ID, Since: tx.Now()}
	if _, err := job.Enqueue(tx, domain.JobPurge, ref, job.RunAt(tx.Now().Add(domain.UndoWithin))); err != nil {
		return err
	}
	if x.Local() {
		return told(tx, x, nil)
	}
	return applyLater(tx, policyRef{Account: x.ID})
}

func removeStatuses(ctx context.Context, tx *store.Tx, statuses []domain.ID) error {
	for _, id := range statuses {
		p, err := tx.AnyStatus(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.RemoveStatus(&p); err != nil {
			return err
		}
	}
	return nil
}

// markStatuses covers the media of posts; those of ours say so elsewhere, too.
func markStatuses(tx *store.Tx, x subject, statuses []domain.ID, on bool) error {
	if err := tx.MarkSensitive(statuses, on); err != nil {
		return err
	}
	for _, id := range statuses {
		kind := domain.EventStatusRefreshed
		if x.Local() {
			kind = domain.EventStatusEdited
		}
		if err := tx.Emit(domain.Event{Kind: kind, Actor: x.ID, Status: id}); err != nil {
			return err
		}
	}
	return nil
}

// Undo takes an action back: sensitive, disable, silence or suspend. Whom it
// does not hold for is left as they are; a suspension by others is not ours.
func (s *Service) Undo(ctx context.Context, by, target domain.ID, t domain.ActionType) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageUsers)
		if err != nil {
			return err
		}
		x, err := who.subjectOf(ctx, tx.Reader, target)
		if err != nil {
			return err
		}
		if err := undo(tx, t, x, nil); err != nil {
			return err
		}
		return who.log(tx, undoVerbs[t], "account", x.ID, x.Acct(), "")
	})
}

var undoVerbs = map[domain.ActionType]string{
	domain.ActionSensitive: "unsensitive", domain.ActionDisable: "enable", domain.ActionSilence: "unsilence", domain.ActionSuspend: "unsuspend",
}

func undo(tx *store.Tx, t domain.ActionType, x subject, statuses []domain.ID) error {
	switch t {
	case domain.ActionSensitive:
		return told(tx, x, tx.SetSensitized(x.ID, false))
	case domain.ActionDisable:
		if x.user == nil {
			return domain.ErrNotFound
		}
		if err := tx.SetDisabled(x.ID, false); err != nil {
			return err
		}
		return tx.AccessChanged(x.ID, 0)
	case domain.ActionSilence:
		return tx.Unsilence(x.ID, domain.ByStaff)
	case domain.ActionMark:
		return markStatuses(tx, x, statuses, false)
	case domain.ActionSuspend:
		if x.SuspendedBy&domain.ByStaff == 0 {
			return errRank
		}
		if err := tx.Unsuspend(x.ID, domain.ByStaff); err != nil {
			return err
		}
		if err := tx.AccessChanged(x.ID, 0); err != nil {
			return err
		}
		if err := tx.FollowersHomeChanged(x.ID); err != nil {
			return err
		}
		return told(tx, x, nil)
	}
	return nil
}

// purgeRef is a suspension that has to be undone in time.
type purgeRef struct {
	Account domain.ID `json:"account"`
	Since   time.Time `json:"since"`
}

// Purge is the job that erases an account whose suspension was not undone in
// time. Of one that was suspended anew since, a later job knows.
func (s *Service) Purge(ctx context.Context, j *job.Job) error {
	var ref purgeRef
	if err := j.Decode(&ref); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Account(ctx, ref.Account)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil || a.SuspendedBy&domain.ByStaff == 0 || a.SuspendedBy&domain.ByErasure != 0 || !a.SuspendedAt.Equal(ref.Since) {
			return err
		}
		return erase(tx, &a)
	})
}

// Erase removes everything of a suspended account at once. What was elsewhere
// stays suspended here.
func (s *Service) Erase(ctx context.Context, by, target domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayDeleteUserData)
		if err != nil {
			return err
		}
		x, err := who.subjectOf(ctx, tx.Reader, target)
		if err != nil {
			return err
		}
		if !x.Suspended() {
			return errRank
		}
		if err := erase(tx, &x.Account); err != nil {
			return err
		}
		return who.log(tx, "destroy", "account", x.ID, x.Acct(), "")
	})
}

func erase(tx *store.Tx, a *domain.Account) error {
	if a.Local() {
		if err := tx.Revoke(a.ID, store.Revocation{}); err != nil {
			return fmt.Errorf("end its access: %w", err)
		}
		if err := tx.DeleteUser(a.ID); err != nil {
			return fmt.Errorf("retire the name: %w", err)
		}
	}
	if err := tx.HideAccount(a.ID); err != nil {
		return fmt.Errorf("hide the account: %w", err)
	}
	return tx.Emit(domain.Event{Kind: domain.EventAccountDeleted, Actor: a.ID, Target: a.ID})
}

// Approve lets a newcomer in who waits for it.
func (s *Service) Approve(ctx context.Context, by, target domain.ID) error {
	return s.newcomer(ctx, by, target, "approve", func(tx *store.Tx, _ subject) error {
		if err := tx.Approve(target); err != nil {
			return err
		}
		if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailApproved, Account: target})); err != nil {
			return err
		}
		if err := tx.Emit(domain.Event{Kind: domain.EventAccountApproved, Actor: target, Target: target}); err != nil {
			return err
		}
		return tx.AccessChanged(target, 0)
	})
}

// Confirm takes the address of somebody here for theirs though no link was
// followed: where no mail goes out, nobody can. Again changes nothing.
func (s *Service) Confirm(ctx context.Context, by, target domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageUsers)
		if err != nil {
			return err
		}
		x, err := who.subjectOf(ctx, tx.Reader, target)
		if err != nil {
			return err
		}
		if x.user == nil {
			return errRank
		}
		if !x.user.ConfirmedAt.IsZero() {
			return nil
		}
		key := text.EmailKey(x.user.Email)
		owner, err := tx.UserByEmail(ctx, key)
		switch {
		case err == nil && owner.Account != target && x.user.Email != "":
			return domain.Errorf(domain.Conflict, "Somebody else has this address.")
		case err != nil && !domain.Is(err, domain.NotFound):
			return err
		}
		if _, err := tx.SpendMailSecrets(target, domain.MailConfirm); err != nil {
			return err
		}
		if err := tx.ConfirmEmail(target, x.user.Email, key); err != nil {
			return fmt.Errorf("set the address: %w", err)
		}
		if x.user.Approved {
			if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailWelcome, Account: target})); err != nil {
				return err
			}
		}
		if err := tx.AccessChanged(target, 0); err != nil {
			return err
		}
		return who.log(tx, "confirm", "user", x.ID, x.Username, "")
	})
}

// Reject sends a newcomer away who waits; the name stays free. The mail about
// it says words, below the canned text with that id unless it is 0.
func (s *Service) Reject(ctx context.Context, by, target, canned domain.ID, words string) error {
	return s.newcomer(ctx, by, target, "reject", func(tx *store.Tx, x subject) error {
		words, err := worded(ctx, tx.Reader, canned, words)
		if err != nil {
			return err
		}
		if !x.user.ConfirmedAt.IsZero() && x.user.Email != "" {
			task := domain.MailTask{Kind: domain.MailRejected, To: x.user.Email, Locale: x.user.Locale, Name: x.Username, Text: words}
			if err := tx.Emit(domain.MailWanted(task)); err != nil {
				return err
			}
		}
		if err := tx.Revoke(target, store.Revocation{}); err != nil {
			return err
		}
		return tx.DropNewcomer(target)
	})
}

func (s *Service) newcomer(ctx context.Context, by, target domain.ID, verb string, do func(*store.Tx, subject) error) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageUsers)
		if err != nil {
			return err
		}
		x, err := who.subjectOf(ctx, tx.Reader, target)
		if err != nil {
			return err
		}
		if x.user == nil || x.user.Approved {
			return errRank
		}
		if err := do(tx, x); err != nil {
			return err
		}
		return who.log(tx, verb, "user", x.ID, x.Username, "")
	})
}
