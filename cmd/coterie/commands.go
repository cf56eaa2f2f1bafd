package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

type versionCmd struct{}

func (versionCmd) Run(*app) error {
	fmt.Println(version)
	return nil
}

type accountCmd struct {
	Create accountCreateCmd `cmd:"" help:"Make an account."`
	Token  accountTokenCmd  `cmd:"" help:"Print a new access token of an account."`
	Export accountExportCmd `cmd:"" help:"Write the archive of an account, everything it posted, to a zip file."`
	Delete accountDeleteCmd `cmd:"" help:"Delete an account and everything it posted."`

	Alias accountAliasCmd `cmd:"" help:"Let an account elsewhere move to one here."`
	Move  accountMoveCmd  `cmd:"" help:"Send the followers of an account to its new one elsewhere."`

	List    accountListCmd    `cmd:"" help:"Find people, the newest first."`
	Show    accountShowCmd    `cmd:"" help:"Show somebody as the staff sees them."`
	Approve accountApproveCmd `cmd:"" help:"Let in somebody who waits for it."`
	Reject  accountRejectCmd  `cmd:"" help:"Turn away somebody who waits to be let in."`
	Strikes accountStrikesCmd `cmd:"" help:"List the decisions about somebody."`
	Note    accountNoteCmd    `cmd:"" help:"List what the staff noted about somebody, or add to it."`

	Confirm  accountConfirmCmd  `cmd:"" help:"Take somebody's address for theirs where no mail can tell."`
	Password accountPasswordCmd `cmd:"" help:"Set a new password and sign the account out everywhere."`

	Role        accountRoleCmd        `cmd:"" help:"Give somebody here another role."`
	Warn        accountWarnCmd        `cmd:"" help:"Warn somebody."`
	Sensitive   accountSensitiveCmd   `cmd:"" help:"Cover all media of somebody."`
	Freeze      accountFreezeCmd      `cmd:"" help:"Keep somebody from signing in."`
	Limit       accountLimitCmd       `cmd:"" help:"Show what somebody posts only to their followers."`
	Suspend     accountSuspendCmd     `cmd:"" help:"Take somebody out of sight; after 30 days they are erased."`
	Unsensitive accountUnsensitiveCmd `cmd:"" help:"Show somebody's media as they are."`
	Unfreeze    accountUnfreezeCmd    `cmd:"" help:"Let somebody sign in again."`
	Unlimit     accountUnlimitCmd     `cmd:"" help:"Show somebody's posts to everybody again."`
	Unsuspend   accountUnsuspendCmd   `cmd:"" help:"Bring somebody back who was suspended."`
}

type accountCreateCmd struct {
	Name        string `arg:"" help:"User name: letters, digits and underscores."`
	Email       string `required:"" help:"E-mail address."`
	Password    string `required:"" help:"Password; - reads a line from standard input."`
	Role        string `default:"user" enum:"user,moderator,admin,owner" help:"user, moderator, admin or owner."`
	Confirmed   bool   `help:"Take the e-mail address as confirmed."`
	TokenScopes string `help:"Print an access token with these scopes, for example \"read write\"." placeholder:"SCOPES"`
}

func (c *accountCreateCmd) Run(a *app) error {
	password, err := readSecret(c.Password)
	if err != nil {
		return err
	}
	var made instance.AccountMade
	err = a.do("account create", instance.AccountCreate{
		Name: c.Name, Email: c.Email, Password: password, Role: c.Role,
		Confirmed: c.Confirmed, TokenScopes: c.TokenScopes,
	}, &made)
	return a.print(err, made, func() {
		fmt.Printf("Made the account @%s.\n", made.Name)
		if made.Token != "" {
			fmt.Println("Access token:", made.Token)
		}
	})
}

type accountTokenCmd struct {
	Name   string `arg:"" help:"User name."`
	Scopes string `default:"read write follow push" help:"Scopes, with spaces between."`
}

func (c *accountTokenCmd) Run(a *app) error {
	var made instance.AccountMade
	err := a.do("account token", instance.AccountToken{Name: c.Name, Scopes: c.Scopes}, &made)
	return a.print(err, made, func() { fmt.Println("Access token:", made.Token) })
}

type accountExportCmd struct {
	Name string `arg:"" help:"User name."`
	File string `arg:"" help:"File to write; it must not be there yet."`
}

func (c *accountExportCmd) Run(a *app) error {
	var done instance.BackupDone
	err := a.do("account export", instance.AccountExport{Name: c.Name, File: absolute(c.File)}, &done)
	return a.print(err, done, func() { fmt.Printf("Wrote %d bytes to %s.\n", done.Bytes, c.File) })
}

type accountDeleteCmd struct {
	Name string `arg:"" help:"User name."`
}

func (c *accountDeleteCmd) Run(a *app) error {
	var done instance.AccountMade
	err := a.do("account delete", instance.AccountDelete{Name: c.Name}, &done)
	return a.print(err, done, func() { fmt.Printf("Deleted the account @%s.\n", done.Name) })
}

type accountPasswordCmd struct {
	Name     string `arg:"" help:"User name."`
	Password string `required:"" help:"New password; - reads a line from standard input."`
	Factors  bool   `help:"Also turn one-time codes off and forget the passkeys, for somebody who lost them."`
}

func (c *accountPasswordCmd) Run(a *app) error {
	password, err := readSecret(c.Password)
	if err != nil {
		return err
	}
	var done instance.AccountMade
	err = a.do("account password", instance.AccountPassword{Name: c.Name, Password: password, Factors: c.Factors}, &done)
	return a.print(err, done, func() { fmt.Printf("Set the password of @%s and signed it out everywhere.\n", done.Name) })
}

type ruleCmd struct {
	Add    ruleAddCmd    `cmd:"" help:"Add a rule."`
	List   ruleListCmd   `cmd:"" help:"List the rules."`
	Change ruleChangeCmd `cmd:"" help:"Say a rule otherwise."`
	Remove ruleRemoveCmd `cmd:"" help:"Take a rule back."`
}

type ruleAddCmd struct {
	Text string `arg:"" help:"One sentence of what is expected here."`
	Hint string `help:"A longer explanation."`
}

func (c *ruleAddCmd) Run(a *app) error {
	var made instance.RuleMade
	err := a.do("rule add", instance.RuleAdd{Text: c.Text, Hint: c.Hint}, &made)
	return a.print(err, made, func() { fmt.Println("Added rule", made.ID) })
}

type backupCmd struct {
	File string `arg:"" help:"File to write; it must not be there yet."`
}

func (c *backupCmd) Run(a *app) error {
	var done instance.BackupDone
	err := a.do("backup", instance.Backup{File: absolute(c.File)}, &done)
	return a.print(err, done, func() {
		fmt.Printf("Wrote %d bytes to %s.\n", done.Bytes, c.File)
		if done.Media != "" {
			fmt.Printf("Pictures, video and sound are files in %s: copy that folder, too.\n", done.Media)
		}
	})
}

type jobsCmd struct {
	List  jobsListCmd  `cmd:"" help:"List the jobs that were set aside after their last try, newest first."`
	Retry jobsRetryCmd `cmd:"" help:"Try jobs that were set aside again."`
}

type jobsListCmd struct{}

func (jobsListCmd) Run(a *app) error {
	var jobs []instance.JobAside
	err := a.do("jobs list", instance.JobsList{}, &jobs)
	return a.print(err, jobs, func() {
		for _, j := range jobs {
			fmt.Printf("%s  %s  %s  after %d tries: %s\n", j.ID, j.CreatedAt.Format(time.RFC3339), j.Kind, j.Attempts, j.LastError)
		}
		if len(jobs) == 0 {
			fmt.Println("No job is set aside.")
		}
	})
}

type jobsRetryCmd struct {
	ID string `arg:"" optional:"" help:"Id of the job; all of them when left out."`
}

func (c *jobsRetryCmd) Run(a *app) error {
	id, ok := domain.ParseID(c.ID)
	if c.ID != "" && !ok {
		return domain.Errorf(domain.Invalid, "%q is not the id of a job; coterie jobs list shows them.", c.ID)
	}
	var done instance.JobsRetried
	err := a.do("jobs retry", instance.JobsRetry{ID: id}, &done)
	return a.print(err, done, func() { fmt.Printf("%d jobs will be tried again.\n", done.Count) })
}

type statusCmd struct{}

func (statusCmd) Run(a *app) error {
	var s instance.StatusReport
	err := a.do("status", struct{}{}, &s)
	return a.print(err, s, func() {
		fmt.Printf("%s, version %s, database %s\n", s.Domain, s.Version, s.Database)
		fmt.Printf("%d accounts, %d posts\n", s.Accounts, s.Statuses)
		fmt.Printf("jobs: %d waiting, %d running, %d set aside\n", s.Jobs.Ready, s.Jobs.Running, s.Jobs.SetAside)
		if !s.Search.Current {
			fmt.Println(searchWords(s.Search))
		}
	})
}

// do runs a command in the running server, or here when there is none.
func (a *app) do(verb string, args, result any) error {
	b, err := instance.Do(a.ctx, a.cfg, a.shared, verb, args, func(line string) {
		fmt.Fprintln(os.Stderr, line)
	})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, result); err != nil {
		return fmt.Errorf("read the result: %w", err)
	}
	return nil
}

// done runs a command that has no result, and says so.
func (a *app) done(verb string, args any, format string, words ...any) error {
	var out struct{}
	err := a.do(verb, args, &out)
	return a.print(err, out, func() { fmt.Printf(format+"\n", words...) })
}

// rowArg is a row by its id.
type rowArg struct {
	ID string `arg:"" help:"Its id, as the list shows it."`
}

func (c *rowArg) id() (domain.ID, error) {
	id, ok := domain.ParseID(c.ID)
	if !ok {
		return 0, domain.Errorf(domain.Invalid, "%q is no id; the list shows them.", c.ID)
	}
	return id, nil
}

// print shows a result as JSON or in words.
func (a *app) print(err error, result any, words func()) error {
	if err != nil {
		return err
	}
	if !a.json {
		words()
		return nil
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

func readSecret(s string) (string, error) {
	if s != "-" {
		return s, nil
	}
	var line string
	if _, err := fmt.Scanln(&line); err != nil {
		return "", fmt.Errorf("read the password from standard input: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
