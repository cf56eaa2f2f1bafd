package instance

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// The commands about people, reports and appeals, their arguments and results.
type (
	// AccountList is "account list"; every field but Limit narrows it.
	AccountList struct {
		Status string `json:"status,omitempty"` // as in the admin API
		Origin string `json:"origin,omitempty"` // local or remote
		Staff  bool   `json:"staff,omitempty"`
		Name   string `json:"name,omitempty"` // its beginning
		Email  string `json:"email,omitempty"`
		IP     string `json:"ip,omitempty"`
		Domain string `json:"domain,omitempty"`
		Limit  int    `json:"limit"`
	}
	// AccountShow is "account show", "approve" and "strikes".
	AccountShow struct {
		Name string `json:"name"`
	}
	// AccountReject is "account reject".
	AccountReject struct {
		Name string `json:"name"`
		Text string `json:"text,omitempty"`
	}
	// AccountLine is somebody in the results of these.
	AccountLine struct {
		ID     domain.ID `json:"id"`
		Name   string    `json:"name"`
		Email  string    `json:"email,omitempty"`
		Role   string    `json:"role,omitempty"`
		States []string  `json:"states"` // empty: nothing is special
		Reason string    `json:"reason,omitempty"`
		Since  time.Time `json:"since"`
	}
	// ReportList is "report list"; every field but Limit narrows it.
	ReportList struct {
		Resolved bool                  `json:"resolved,omitempty"`
		All      bool                  `json:"all,omitempty"`
		Category domain.ReportCategory `json:"category,omitempty"`
		Of       string                `json:"of,omitempty"`
		Domain   string                `json:"domain,omitempty"`
		Limit    int                   `json:"limit"`
	}
	// ReportDo is a verb about a report: show, assign (To), unassign, resolve,
	// reopen, sort (Category, Rules).
	ReportDo struct {
		ID       domain.ID              `json:"id"`
		Do       string                 `json:"do"`
		To       string                 `json:"to,omitempty"`
		Category *domain.ReportCategory `json:"category,omitempty"`
		Rules    *[]domain.ID           `json:"rules,omitempty"`
	}
	// ReportLine is a report in the results of these.
	ReportLine struct {
		ID        domain.ID             `json:"id"`
		By        string                `json:"by"`
		Of        string                `json:"of"`
		Category  domain.ReportCategory `json:"category"`
		Comment   string                `json:"comment"`
		Statuses  []domain.ID           `json:"statuses"`
		Rules     []domain.ID           `json:"rules"`
		Assigned  string                `json:"assigned,omitempty"`
		Resolved  bool                  `json:"resolved"`
		CreatedAt time.Time             `json:"created_at"`
	}
	// NoteAdd is "report note" and "account note"; without Text what was noted
	// is only listed.
	NoteAdd struct {
		Report domain.ID `json:"report,omitempty"`
		Name   string    `json:"name,omitempty"`
		Text   string    `json:"text,omitempty"`
	}
	// NoteLine is one line of its result.
	NoteLine struct {
		By   string    `json:"by"`
		Text string    `json:"text"`
		At   time.Time `json:"at"`
	}
	// AppealDecide is "appeal approve" and "appeal reject", by the strike.
	AppealDecide struct {
		ID      domain.ID `json:"id"`
		Approve bool      `json:"approve"`
	}
	// StrikeLine is a decision, and what was said against it.
	StrikeLine struct {
		ID        domain.ID         `json:"id"`
		Of        string            `json:"of"`
		Action    domain.ActionType `json:"action"`
		Text      string            `json:"text,omitempty"`
		Appeal    string            `json:"appeal,omitempty"`
		State     string            `json:"state,omitempty"` // of the appeal
		Overruled bool              `json:"overruled,omitempty"`
		CreatedAt time.Time         `json:"created_at"`
	}
)

// desk runs the commands about people, reports and appeals; done is false for
// any other.
func (in *Instance) desk(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "account list":
		v, err = command(args, func(a AccountList) ([]AccountLine, error) { return in.AccountList(ctx, a) })
	case "account show":
		v, err = command(args, func(a AccountShow) (AccountLine, error) { return in.AccountShow(ctx, a.Name) })
	case "account approve":
		v, err = command(args, func(a AccountShow) (AccountMade, error) { return in.AccountApprove(ctx, a.Name) })
	case "account reject":
		v, err = command(args, func(a AccountReject) (AccountMade, error) { return in.AccountReject(ctx, a) })
	case "account strikes":
		v, err = command(args, func(a AccountShow) ([]StrikeLine, error) { return in.AccountStrikes(ctx, a.Name) })
	case "note":
		v, err = command(args, func(a NoteAdd) ([]NoteLine, error) { return in.Note(ctx, a) })
	case "report list":
		v, err = command(args, func(a ReportList) ([]ReportLine, error) { return in.ReportList(ctx, a) })
	case "report do":
		v, err = command(args, func(a ReportDo) (ReportLine, error) { return in.ReportDo(ctx, a) })
	case "appeal list":
		v, err = in.AppealList(ctx)
	case "appeal decide":
		v, err = command(args, func(a AppealDecide) (StrikeLine, error) { return in.AppealDecide(ctx, a) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// mostListed is how many rows a list of the shell has.
const mostListed = 1000

func listed(limit int) domain.Page { return domain.Page{Limit: min(max(limit, 1), mostListed)} }

// known finds somebody here, whether or not they may act, or elsewhere by handle.
func (in *Instance) known(ctx context.Context, handle string) (domain.ID, error) {
	if a, err := in.accounts.ByName(ctx, handle); !domain.Is(err, domain.NotFound) {
		return a.ID, err
	}
	id, err := in.accounts.Lookup(ctx, handle)
	if domain.Is(err, domain.NotFound) {
		return 0, domain.Errorf(domain.NotFound, "Nobody called %q is known here.", handle)
	}
	return id, err
}

// handles are the handles of accounts by id; nobody's is the command line.
func (in *Instance) handles(ctx context.Context, ids ...domain.ID) (map[domain.ID]string, error) {
	list, err := in.st.Reader().Accounts(ctx, ids)
	names := map[domain.ID]string{0: "the command line"}
	for i := range list {
		names[list[i].ID] = "@" + list[i].Acct()
	}
	return names, err
}

// AccountList finds people, newest first.
func (in *Instance) AccountList(ctx context.Context, c AccountList) ([]AccountLine, error) {
	if !slices.Contains([]string{"", "active", "pending", "disabled", "sensitized", "silenced", "suspended"}, c.Status) {
		return nil, domain.Errorf(domain.Invalid, "Nobody is %q; say active, pending, disabled, sensitized, silenced or suspended.", c.Status)
	}
	ids, err := in.st.Reader().FindAccounts(ctx, store.AccountFilter{
		Local: c.Origin == "local", Remote: c.Origin == "remote", Status: c.Status, Staff: c.Staff,
		Username: strings.ToLower(strings.TrimPrefix(c.Name, "@")), Email: strings.ToLower(c.Email), IP: c.IP, Domain: strings.ToLower(c.Domain),
	}, listed(c.Limit))
	if err != nil {
		return nil, err
	}
	return in.accountLines(ctx, ids)
}

// AccountShow is somebody as the staff sees them.
func (in *Instance) AccountShow(ctx context.Context, handle string) (AccountLine, error) {
	id, err := in.known(ctx, handle)
	if err != nil {
		return AccountLine{}, err
	}
	list, err := in.accountLines(ctx, []domain.ID{id})
	if err != nil {
		return AccountLine{}, err
	}
	return list[0], nil
}

func (in *Instance) accountLines(ctx context.Context, ids []domain.ID) ([]AccountLine, error) {
	r := in.st.Reader()
	list, err := r.Accounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	users, err := r.PageUsers(ctx, ids)
	if err != nil {
		return nil, err
	}
	logins := map[domain.ID]*domain.User{}
	for i := range users {
		logins[users[i].Account] = &users[i]
	}
	lines := map[domain.ID]AccountLine{}
	for i := range list {
		lines[list[i].ID] = accountLine(&list[i], logins[list[i].ID])
	}
	out := []AccountLine{}
	for _, id := range ids {
		if l, ok := lines[id]; ok {
			out = append(out, l)
		}
	}
	return out, nil
}

func accountLine(a *domain.Account, u *domain.User) AccountLine {
	l := AccountLine{ID: a.ID, Name: a.Acct(), Since: a.CreatedAt, States: []string{}}
	is := func(what string, so bool) {
		if so {
			l.States = append(l.States, what)
		}
	}
	if u != nil {
		l.Email, l.Role, l.Reason = u.Email, u.Held.Name, u.Reason
		is("unconfirmed", u.ConfirmedAt.IsZero())
		is("pending", !u.Approved)
		is("disabled", !u.DisabledAt.IsZero())
	}
	is("sensitized", a.Sensitized())
	is("silenced", a.Silenced())
	is("suspended", a.Suspended())
	is("moved", a.MovedTo != 0)
	return l
}

// AccountApprove lets in somebody who waits for it.
func (in *Instance) AccountApprove(ctx context.Context, name string) (AccountMade, error) {
	a, err := in.member(ctx, name)
	if err != nil {
		return AccountMade{}, err
	}
	return AccountMade{ID: a.ID, Name: a.Username}, in.moderation.Approve(ctx, 0, a.ID)
}

// AccountReject turns away somebody who waits to be let in, and says why.
func (in *Instance) AccountReject(ctx context.Context, c AccountReject) (AccountMade, error) {
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	return AccountMade{ID: a.ID, Name: a.Username}, in.moderation.Reject(ctx, 0, a.ID, 0, c.Text)
}

// AccountStrikes are the decisions about somebody, newest first.
func (in *Instance) AccountStrikes(ctx context.Context, handle string) ([]StrikeLine, error) {
	id, err := in.known(ctx, handle)
	if err != nil {
		return nil, err
	}
	list, err := in.moderation.Strikes(ctx, id, listed(mostListed))
	if err != nil {
		return nil, err
	}
	return in.strikeLines(ctx, list)
}

func (in *Instance) strikeLines(ctx context.Context, list []domain.Strike) ([]StrikeLine, error) {
	var ids []domain.ID
	for i := range list {
		ids = append(ids, list[i].Target)
	}
	names, err := in.handles(ctx, ids...)
	out := []StrikeLine{}
	for i := range list {
		k := &list[i]
		l := StrikeLine{ID: k.ID, Of: names[k.Target], Action: k.Action, Text: k.Text, Overruled: !k.OverruledAt.IsZero(), CreatedAt: k.CreatedAt}
		if k.Appeal.ID != 0 {
			l.Appeal, l.State = k.Appeal.Text, k.Appeal.State()
		}
		out = append(out, l)
	}
	return out, err
}

// AppealList are the decisions against which somebody appeals, and that wait.
func (in *Instance) AppealList(ctx context.Context) ([]StrikeLine, error) {
	list, err := in.moderation.Appeals(ctx, mostListed)
	if err != nil {
		return nil, err
	}
	return in.strikeLines(ctx, list)
}

// AppealDecide takes a decision back, or lets it stand.
func (in *Instance) AppealDecide(ctx context.Context, c AppealDecide) (StrikeLine, error) {
	k, err := in.moderation.DecideAppeal(ctx, 0, c.ID, c.Approve)
	if err != nil {
		return StrikeLine{}, err
	}
	list, err := in.strikeLines(ctx, []domain.Strike{k})
	if err != nil {
		return StrikeLine{}, err
	}
	return list[0], nil
}

// ReportList finds reports, newest first: those that wait, unless asked
// otherwise.
func (in *Instance) ReportList(ctx context.Context, c ReportList) ([]ReportLine, error) {
	f := store.ReportFilter{Resolved: c.Resolved, All: c.All, Category: c.Category, Host: strings.ToLower(c.Domain)}
	if c.Of != "" {
		var err error
		if f.Target, err = in.known(ctx, c.Of); err != nil {
			return nil, err
		}
	}
	list, err := in.st.Reader().FindReports(ctx, f, listed(c.Limit))
	if err != nil {
		return nil, err
	}
	return in.reportLines(ctx, list)
}

func (in *Instance) reportLines(ctx context.Context, list []domain.Report) ([]ReportLine, error) {
	var ids []domain.ID
	for i := range list {
		ids = append(ids, list[i].Account, list[i].Target, list[i].Assigned)
	}
	names, err := in.handles(ctx, ids...)
	out := []ReportLine{}
	for i := range list {
		p := &list[i]
		l := ReportLine{
			ID: p.ID, By: names[p.Account], Of: names[p.Target], Category: p.Category, Comment: p.Comment,
			Statuses: append([]domain.ID{}, p.Statuses...), Rules: append([]domain.ID{}, p.Rules...), Resolved: !p.ResolvedAt.IsZero(), CreatedAt: p.CreatedAt,
		}
		if p.Assigned != 0 {
			l.Assigned = names[p.Assigned]
		}
		out = append(out, l)
	}
	return out, err
}

// ReportDo runs a verb about a report, and shows it as it is then.
func (in *Instance) ReportDo(ctx context.Context, c ReportDo) (ReportLine, error) {
	if err := in.reportDo(ctx, c); err != nil {
		return ReportLine{}, err
	}
	p, err := in.st.Reader().Report(ctx, c.ID)
	if domain.Is(err, domain.NotFound) {
		return ReportLine{}, domain.Errorf(domain.NotFound, "There is no report %s; coterie report list shows those that wait.", c.ID)
	}
	if err != nil {
		return ReportLine{}, err
	}
	list, err := in.reportLines(ctx, []domain.Report{p})
	if err != nil {
		return ReportLine{}, err
	}
	return list[0], nil
}

func (in *Instance) reportDo(ctx context.Context, c ReportDo) error {
	switch c.Do {
	case "show":
		return nil
	case "assign":
		to, err := in.member(ctx, c.To)
		if err != nil {
			return err
		}
		u, err := in.st.Reader().User(ctx, to.ID)
		if err == nil && !u.Held.May(domain.MayManageReports) {
			err = domain.Errorf(domain.Invalid, "@%s may not manage reports.", to.Username)
		}
		if err != nil {
			return err
		}
		return in.moderation.Assign(ctx, 0, c.ID, to.ID)
	case "unassign":
		return in.moderation.Assign(ctx, 0, c.ID, 0)
	case "resolve":
		return in.moderation.Resolve(ctx, 0, c.ID)
	case "reopen":
		return in.moderation.Reopen(ctx, 0, c.ID)
	case "sort":
		return in.moderation.Sort(ctx, 0, c.ID, c.Category, c.Rules)
	}
	return domain.Errorf(domain.BadRequest, "A report cannot be %q.", c.Do)
}

// Note adds a remark of the staff on a report or somebody, and lists all.
func (in *Instance) Note(ctx context.Context, c NoteAdd) ([]NoteLine, error) {
	n := domain.StaffNote{Report: c.Report, Content: c.Text}
	if c.Report == 0 {
		var err error
		if n.Target, err = in.known(ctx, c.Name); err != nil {
			return nil, err
		}
	}
	if c.Text != "" {
		if _, err := in.moderation.Note(ctx, 0, n); err != nil {
			return nil, err
		}
	}
	list, err := in.st.Reader().StaffNotes(ctx, n.Report, n.Target)
	if err != nil {
		return nil, err
	}
	var ids []domain.ID
	for i := range list {
		ids = append(ids, list[i].Account)
	}
	names, err := in.handles(ctx, ids...)
	out := []NoteLine{}
	for _, one := range list {
		out = append(out, NoteLine{names[one.Account], one.Content, one.CreatedAt})
	}
	return out, err
}
