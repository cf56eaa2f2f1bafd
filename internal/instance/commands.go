package instance

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
)

// The commands, their arguments and results. A running server and a shell
// without one run the same methods.
type (
	// AccountCreate is "account create".
	AccountCreate struct {
		Name        string `json:"name"`
		Email       string `json:"email"`
		Password    string `json:"password"`
		Role        string `json:"role"`
		Confirmed   bool   `json:"confirmed"`
		TokenScopes string `json:"token_scopes"`
	}
	// AccountToken is "account token".
	AccountToken struct {
		Name   string `json:"name"`
		Scopes string `json:"scopes"`
	}
	// AccountMade is the result of both.
	AccountMade struct {
		ID    domain.ID `json:"id"`
		Name  string    `json:"name"`
		Token string    `json:"token,omitempty"`
	}
	// AccountDelete is "account delete".
	AccountDelete struct {
		Name string `json:"name"`
	}
	// AccountPassword is "account password".
	AccountPassword struct {
		Name     string `json:"name"`
		Password string `json:"password"`
		// Factors has one-time codes and passkeys forgotten, too.
		Factors bool `json:"factors,omitempty"`
	}
	// RuleAdd is "rule add".
	RuleAdd struct {
		Text string `json:"text"`
		Hint string `json:"hint"`
	}
	// RuleMade is its result.
	RuleMade struct {
		ID domain.ID `json:"id"`
	}
	// Backup is "backup"; File is an absolute path.
	Backup struct {
		File string `json:"file"`
	}
	// BackupDone is its result; Media is the folder with the files of media,
	// which are not in it, "" where they are kept elsewhere.
	BackupDone struct {
		Bytes int64  `json:"bytes"`
		Media string `json:"media,omitempty"`
	}
	// JobsList is "jobs list".
	JobsList struct{}
	// JobAside is one job that failed for good, in the result of "jobs list".
	JobAside struct {
		ID        domain.ID      `json:"id"`
		Kind      domain.JobKind `json:"kind"`
		Attempts  int            `json:"attempts"`
		CreatedAt time.Time      `json:"created_at"`
		LastError string         `json:"last_error"`
	}
	// JobsRetry is "jobs retry"; ID 0 is all that are set aside.
	JobsRetry struct {
		ID domain.ID `json:"id"`
	}
	// JobsRetried is its result.
	JobsRetried struct {
		Count int `json:"count"`
	}
	// StatusReport is the result of "status".
	StatusReport struct {
		Domain   string     `json:"domain"`
		Version  string     `json:"version"`
		Database string     `json:"database"`
		Accounts int64      `json:"accounts"`
		Statuses int64      `json:"statuses"`
		Jobs     JobsReport `json:"jobs"`

		Search SearchReport `json:"search"`
	}
	// JobsReport counts durable work.
	JobsReport struct {
		Ready    int64 `json:"ready"`
		Running  int64 `json:"running"`
		SetAside int64 `json:"set_aside"`
	}
)

// Command runs the command called verb. progress hears of long work.
func (in *Instance) Command(ctx context.Context, verb string, args json.RawMessage, progress func(string)) (any, error) {
	switch verb {
	case "account create":
		return command(args, func(a AccountCreate) (AccountMade, error) { return in.AccountCreate(ctx, a) })
	case "account token":
		return command(args, func(a AccountToken) (AccountMade, error) { return in.AccountToken(ctx, a) })
	case "rule add":
		return command(args, func(a RuleAdd) (RuleMade, error) { return in.RuleAdd(ctx, a) })
	case "account delete":
		return command(args, func(a AccountDelete) (AccountMade, error) { return in.AccountDelete(ctx, a) })
	case "account password":
		return command(args, func(a AccountPassword) (AccountMade, error) { return in.AccountPassword(ctx, a) })
	case "account export":
		return command(args, func(a AccountExport) (BackupDone, error) { return in.AccountExport(ctx, a, progress) })
	case "backup":
		return command(args, func(a Backup) (BackupDone, error) { return in.Backup(ctx, a, progress) })
	case "jobs list":
		return command(args, func(JobsList) ([]JobAside, error) { return in.JobsList(ctx) })
	case "jobs retry":
		return command(args, func(a JobsRetry) (JobsRetried, error) { return in.JobsRetry(ctx, a) })
	case "status":
		return in.Status(ctx)
	}
	if v, done, err := in.mailCommand(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.mediaCommand(ctx, verb, args, progress); done {
		return v, err
	}
	if v, done, err := in.emoji(ctx, verb, args, progress); done {
		return v, err
	}
	if v, done, err := in.trend(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.search(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.announce(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.setting(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.staff(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.spam(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.usernameBlock(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.webhook(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.desk(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.door(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.word(ctx, verb, args); done {
		return v, err
	}
	if v, done, err := in.figure(ctx, verb, args); done {
		return v, err
	}
	return in.federate(ctx, verb, args)
}

func command[A, R any](raw json.RawMessage, run func(A) (R, error)) (any, error) {
	var args A
	if err := json.Unmarshal(raw, &args); err != nil {
		return nil, domain.Errorf(domain.BadRequest, "The arguments of the command could not be read: %v", err)
	}
	return run(args)
}

// AccountCreate makes a local account and, if scopes are named, a token.
func (in *Instance) AccountCreate(ctx context.Context, c AccountCreate) (AccountMade, error) {
	scopes, err := domain.ParseScopes(c.TokenScopes)
	if err != nil {
		return AccountMade{}, err
	}
	role := domain.Role(c.Role)
	if c.Role != "" && !role.BuiltIn() {
		return AccountMade{}, domain.Errorf(domain.Invalid, "The role must be user, moderator, admin or owner, not %q.", c.Role)
	}
	a, err := in.accounts.Create(ctx, account.SignUp{
		Username: c.Name, Email: c.Email, Password: c.Password, Role: role, Confirmed: c.Confirmed,
	})
	if err != nil {
		return AccountMade{}, err
	}
	made := AccountMade{ID: a.ID, Name: a.Username}
	if scopes != 0 {
		made.Token, _, err = in.accounts.IssueToken(ctx, a.ID, 0, scopes)
	}
	return made, err
}

// AccountToken makes an access token of an account.
func (in *Instance) AccountToken(ctx context.Context, c AccountToken) (AccountMade, error) {
	scopes, err := domain.ParseScopes(c.Scopes)
	if err != nil {
		return AccountMade{}, err
	}
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	secret, _, err := in.accounts.IssueToken(ctx, a.ID, 0, scopes)
	return AccountMade{ID: a.ID, Name: a.Username, Token: secret}, err
}

// RuleAdd adds a rule after the others.
func (in *Instance) RuleAdd(ctx context.Context, c RuleAdd) (RuleMade, error) {
	r, err := in.moderation.AddRule(ctx, 0, domain.Rule{Text: c.Text, Hint: c.Hint})
	return RuleMade{ID: r.ID}, err
}

// ChangeSettings changes the settings of the community.
func (in *Instance) ChangeSettings(ctx context.Context, change func(*domain.Settings)) error {
	set, err := in.moderation.Settings(ctx)
	if err != nil {
		return err
	}
	change(&set)
	return in.moderation.SaveSettings(ctx, set)
}

// AccountDelete deletes a local account and everything it posted; its name is
// retired for ever.
func (in *Instance) AccountDelete(ctx context.Context, c AccountDelete) (AccountMade, error) {
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	return AccountMade{ID: a.ID, Name: a.Username}, in.accounts.Delete(ctx, a.ID)
}

// AccountPassword sets a new password and ends every session and token of the
// account.
func (in *Instance) AccountPassword(ctx context.Context, c AccountPassword) (AccountMade, error) {
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	if err := in.accounts.SetPassword(ctx, a.ID, 0, c.Password); err != nil || !c.Factors {
		return AccountMade{ID: a.ID, Name: a.Username}, err
	}
	return AccountMade{ID: a.ID, Name: a.Username}, in.accounts.DropFactors(ctx, a.ID)
}

// Place is where somebody stands in the waiting room.
func (in *Instance) Place(ctx context.Context, name string) (domain.Place, error) {
	a, err := in.member(ctx, name)
	if err != nil {
		return domain.Place{}, err
	}
	return in.accounts.PlaceOf(ctx, a.ID)
}

// member finds a local account by name, for commands.
func (in *Instance) member(ctx context.Context, name string) (domain.Account, error) {
	a, err := in.accounts.ByName(ctx, name)
	if domain.Is(err, domain.NotFound) {
		return a, domain.Errorf(domain.NotFound, "There is no account called %q here.", name)
	}
	return a, err
}

// Backup writes a complete copy of the database while the server runs.
func (in *Instance) Backup(ctx context.Context, b Backup, progress func(string)) (BackupDone, error) {
	if _, err := os.Stat(b.File); err == nil {
		return BackupDone{}, domain.Errorf(domain.Conflict, "%s exists already; name a file that does not.", b.File)
	}
	progress("Copying the database …")
	if err := in.st.Backup(ctx, b.File); err != nil {
		return BackupDone{}, err
	}
	fi, err := os.Stat(b.File)
	if err != nil {
		return BackupDone{}, fmt.Errorf("look at the backup: %w", err)
	}
	done := BackupDone{Bytes: fi.Size()}
	if in.cfg.MediaURL == "" {
		done.Media = in.cfg.path(mediaDir)
	}
	return done, nil
}

// mostJobs is how many jobs are listed or tried again at once.
const mostJobs = 1000

// JobsList lists the jobs that failed for good, newest first.
func (in *Instance) JobsList(ctx context.Context) ([]JobAside, error) {
	jobs, err := in.runner.ListSetAside(ctx, domain.MaxID, mostJobs)
	if err != nil {
		return nil, err
	}
	out := []JobAside{}
	for _, j := range jobs {
		out = append(out, JobAside{j.ID, j.Kind, j.Attempts, j.CreatedAt, j.LastError})
	}
	return out, nil
}

// JobsRetry makes jobs that were set aside ready again.
func (in *Instance) JobsRetry(ctx context.Context, c JobsRetry) (JobsRetried, error) {
	ids := []domain.ID{c.ID}
	if c.ID == 0 {
		aside, err := in.JobsList(ctx)
		if err != nil {
			return JobsRetried{}, err
		}
		ids = nil
		for _, j := range aside {
			ids = append(ids, j.ID)
		}
	}
	for n, id := range ids {
		if err := in.runner.Retry(ctx, id); err != nil {
			return JobsRetried{n}, err
		}
	}
	return JobsRetried{len(ids)}, nil
}

// Status says how the community is doing.
func (in *Instance) Status(ctx context.Context) (StatusReport, error) {
	counts, err := in.st.Reader().Counts(ctx, time.Time{})
	if err != nil {
		return StatusReport{}, err
	}
	search, err := in.searchReport(ctx)
	if err != nil {
		return StatusReport{}, err
	}
	jobs, err := in.jobsReport(ctx)
	return StatusReport{
		Domain: in.cfg.Domain, Version: in.cfg.Version, Database: in.cfg.databaseName(),
		Accounts: counts.Users, Statuses: counts.Statuses, Jobs: jobs, Search: search,
	}, err
}

// jobsReport sums the queues.
func (in *Instance) jobsReport(ctx context.Context) (JobsReport, error) {
	var sum JobsReport
	stats, err := in.st.Stats(ctx)
	if err != nil {
		return sum, err
	}
	for _, d := range stats.Jobs {
		switch d.State {
		case domain.JobReady:
			sum.Ready += int64(d.Count)
		case domain.JobRunning:
			sum.Running += int64(d.Count)
		case domain.JobSetAside:
			sum.SetAside += int64(d.Count)
		}
	}
	return sum, nil
}
