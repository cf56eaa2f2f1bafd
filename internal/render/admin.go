package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// adminAccountJSON is the entity Admin::Account. Of people elsewhere there is
// no login; address and IP are for those who manage people.
type adminAccountJSON struct {
	ID            domain.ID       `json:"id"`
	Username      string          `json:"username"`
	Domain        *string         `json:"domain"`
	CreatedAt     string          `json:"created_at"`
	Email         string          `json:"email"`
	IP            *string         `json:"ip"`
	IPs           []adminIPJSON   `json:"ips"`
	Locale        string          `json:"locale"`
	InviteRequest *string         `json:"invite_request"`
	Role          *ownRole        `json:"role"`
	Confirmed     bool            `json:"confirmed"`
	Approved      bool            `json:"approved"`
	Disabled      bool            `json:"disabled"`
	Sensitized    bool            `json:"sensitized"`
	Silenced      bool            `json:"silenced"`
	Suspended     bool            `json:"suspended"`
	Account       json.RawMessage `json:"account"`
	CreatedBy     *domain.ID      `json:"created_by_application_id"`
	InvitedBy     *domain.ID      `json:"invited_by_account_id"`
}

type adminIPJSON struct {
	IP     string `json:"ip"`
	UsedAt string `json:"used_at"`
}

// Staff is who looks at what is for the staff.
type Staff struct {
	ID  domain.ID
	May domain.Permissions
}

// AdminAccounts are the accounts with these ids in their order, as the staff
// sees them; what does not exist is left out.
func (r *Renderer) AdminAccounts(ctx context.Context, by Staff, ids []domain.ID) ([]json.RawMessage, error) {
	byID, err := r.adminAccounts(ctx, by, ids)
	out := []json.RawMessage{}
	for _, id := range ids {
		if b := byID[id]; b != nil {
			out = append(out, b)
		}
	}
	return out, err
}

// AdminAccount is one of them, or domain.ErrNotFound.
func (r *Renderer) AdminAccount(ctx context.Context, by Staff, id domain.ID) (json.RawMessage, error) {
	list, err := r.AdminAccounts(ctx, by, []domain.ID{id})
	if err == nil && len(list) == 0 {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (r *Renderer) adminAccounts(ctx context.Context, by Staff, ids []domain.ID) (map[domain.ID]json.RawMessage, error) {
	byID := map[domain.ID]json.RawMessage{}
	if len(ids) == 0 {
		return byID, nil
	}
	rows, err := r.st.Accounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	users, err := r.usersOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	shown, err := r.accountsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var seen []store.SeenAddress
	if by.May.Any(domain.MayManageUsers) {
		if seen, err = r.st.SeenAddresses(ctx, ids); err != nil {
			return nil, err
		}
	}
	for i := range rows {
		a := &rows[i]
		e := adminAccount(a, users[a.ID], by, seen)
		e.Account, _ = shown.append(nil, a.ID)
		if byID[a.ID], err = encode(e); err != nil {
			return nil, err
		}
	}
	return byID, nil
}

func adminAccount(a *domain.Account, u *domain.User, by Staff, seen []store.SeenAddress) *adminAccountJSON {
	e := &adminAccountJSON{
		ID: a.ID, Username: a.Username, Domain: textOrNull(a.Domain), CreatedAt: timestamp(a.CreatedAt), IPs: []adminIPJSON{},
		Sensitized: a.Sensitized(), Silenced: a.Silenced(), Suspended: a.Suspended(),
	}
	if u == nil {
		return e
	}
	role := roleOf(&u.Held)
	e.Role, e.Locale, e.Confirmed, e.Approved, e.Disabled = &role, u.Locale, !u.ConfirmedAt.IsZero(), u.Approved, !u.DisabledAt.IsZero()
	if by.May.Any(domain.MayManageUsers) {
		e.Email, e.InviteRequest = u.Email, textOrNull(u.Reason)
		if u.InvitedBy != 0 {
			e.InvitedBy = &u.InvitedBy
		}
	}
	for _, s := range seen {
		if s.Account == a.ID {
			e.IPs = append(e.IPs, adminIPJSON{s.IP, timestamp(s.UsedAt)})
		}
	}
	if len(e.IPs) > 0 {
		e.IP = &e.IPs[0].IP
	}
	return e
}

// AuditLog are entries of the audit log, as only the staff sees them.
func (r *Renderer) AuditLog(list []domain.AuditEntry) (json.RawMessage, error) {
	type entry struct {
		ID        domain.ID `json:"id"`
		AccountID domain.ID `json:"account_id"` // 0 is the command line
		Account   string    `json:"account"`
		Verb      string    `json:"verb"`
		Kind      string    `json:"target_type"`
		TargetID  domain.ID `json:"target_id"`
		Target    string    `json:"target"`
		Detail    string    `json:"detail"`
		CreatedAt string    `json:"created_at"`
	}
	out := []entry{}
	for _, e := range list {
		out = append(out, entry{e.ID, e.Account, e.Name, e.Verb, e.Kind, e.Target, e.TargetName, e.Detail, timestamp(e.CreatedAt)})
	}
	return encode(out)
}
