package instance

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/moderation"
)

// The commands about who may join, their arguments and results.
type (
	// EmailBlock is "email block" and "email unblock": a domain or, with an @,
	// one address.
	EmailBlock struct {
		Email    string `json:"email"`
		Approval bool   `json:"approval,omitempty"` // of a domain: they may ask
	}
	// EmailBlocked is one line of the result of "email list", and the result of
	// "email test", where Domain or Hash is what an address meets.
	EmailBlocked struct {
		Domain   string `json:"domain,omitempty"`
		Hash     string `json:"hash,omitempty"` // of an address
		Approval bool   `json:"approval,omitempty"`
	}
	// NetworkBlock is "network block", and one line of the result of "network
	// list".
	NetworkBlock struct {
		Network   string            `json:"network"`
		Severity  domain.IPSeverity `json:"severity,omitempty"`
		Comment   string            `json:"comment,omitempty"`
		ExpiresAt time.Time         `json:"expires_at,omitzero"`
	}
	// InviteAdd is "invite add".
	InviteAdd struct {
		By      string        `json:"by"`
		Note    string        `json:"note,omitempty"`
		MaxUses int           `json:"max_uses,omitempty"`
		Life    time.Duration `json:"life,omitempty"`
		Follow  bool          `json:"follow,omitempty"`
	}
	// InviteList is "invite list".
	InviteList struct {
		By string `json:"by"`
	}
	// InviteRevoke is "invite revoke".
	InviteRevoke struct {
		Code string `json:"code"` // or the link
	}
	// Invite is the result of the first, and one line of that of the second.
	Invite struct {
		Code      string    `json:"code"`
		URL       string    `json:"url"`
		Note      string    `json:"note,omitempty"`
		Uses      int       `json:"uses"`
		MaxUses   int       `json:"max_uses,omitempty"`
		ExpiresAt time.Time `json:"expires_at,omitzero"`
		Open      bool      `json:"open"`
	}
)

// door runs the commands about who may join; done is false for any other.
func (in *Instance) door(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	nothing := func(err error) (struct{}, error) { return struct{}{}, err }
	switch verb {
	case "email list":
		v, err = in.EmailBlocks(ctx)
	case "email block":
		v, err = command(args, func(a EmailBlock) (struct{}, error) { return nothing(in.BlockEmail(ctx, a)) })
	case "email unblock":
		v, err = command(args, func(a EmailBlock) (struct{}, error) { return nothing(in.UnblockEmail(ctx, a.Email)) })
	case "email test":
		v, err = command(args, func(a EmailBlock) ([]EmailBlocked, error) { return in.TestEmail(ctx, a.Email) })
	case "network list":
		v, err = in.NetworkBlocks(ctx)
	case "network block":
		v, err = command(args, func(a NetworkBlock) (NetworkBlock, error) { return in.BlockNetwork(ctx, a) })
	case "network unblock":
		v, err = command(args, func(a NetworkBlock) (struct{}, error) { return nothing(in.UnblockNetwork(ctx, a.Network)) })
	case "invite list":
		v, err = command(args, func(a InviteList) ([]Invite, error) { return in.InviteList(ctx, a.By) })
	case "invite add":
		v, err = command(args, func(a InviteAdd) (Invite, error) { return in.InviteAdd(ctx, a) })
	case "invite revoke":
		v, err = command(args, func(a InviteRevoke) (struct{}, error) { return nothing(in.InviteRevoke(ctx, a.Code)) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// every reads page after page.
func every[T any](read func(domain.Page) ([]T, error), id func(*T) domain.ID) (all []T, err error) {
	p := domain.Page{Limit: 200}
	for {
		list, err := read(p)
		all = append(all, list...)
		if err != nil || len(list) < p.Limit {
			return all, err
		}
		p.MaxID = id(&list[len(list)-1])
	}
}

func (in *Instance) emailDomains(ctx context.Context) ([]domain.EmailDomainBlock, error) {
	return every(func(p domain.Page) ([]domain.EmailDomainBlock, error) {
		return in.st.Reader().EmailDomainBlocks(ctx, p)
	},
		func(b *domain.EmailDomainBlock) domain.ID { return b.ID })
}

// EmailBlocks are the domains and addresses that nobody signs up with.
func (in *Instance) EmailBlocks(ctx context.Context) ([]EmailBlocked, error) {
	domains, err := in.emailDomains(ctx)
	if err != nil {
		return nil, err
	}
	out := []EmailBlocked{}
	for _, b := range domains {
		out = append(out, EmailBlocked{Domain: b.Domain, Approval: b.AllowApproval})
	}
	addresses, err := every(func(p domain.Page) ([]domain.CanonicalEmailBlock, error) {
		return in.st.Reader().CanonicalEmailBlocks(ctx, "", p)
	},
		func(b *domain.CanonicalEmailBlock) domain.ID { return b.ID })
	for _, b := range addresses {
		out = append(out, EmailBlocked{Hash: b.Hash})
	}
	return out, err
}

// BlockEmail keeps a domain, or one address, from signing up.
func (in *Instance) BlockEmail(ctx context.Context, c EmailBlock) (err error) {
	if strings.Contains(c.Email, "@") {
		if c.Approval {
			return domain.Errorf(domain.Invalid, "Only a domain can be let in by approval.")
		}
		_, err = in.moderation.BlockEmail(ctx, 0, c.Email, "")
		return err
	}
	_, err = in.moderation.BlockEmailDomain(ctx, 0, domain.EmailDomainBlock{Domain: c.Email, AllowApproval: c.Approval})
	return err
}

// UnblockEmail takes that back; an address may be given by its digest, too.
func (in *Instance) UnblockEmail(ctx context.Context, email string) error {
	missing := domain.Errorf(domain.NotFound, "%s is not blocked; coterie email list shows what is.", email)
	hash := strings.ToLower(email)
	if strings.Contains(email, "@") {
		hash = domain.CanonicalEmailHash(email)
	}
	addresses, err := in.st.Reader().CanonicalEmailBlocks(ctx, hash, domain.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(addresses) > 0 {
		return in.moderation.UnblockEmail(ctx, 0, addresses[0].ID)
	}
	domains, err := in.emailDomains(ctx)
	if err != nil {
		return err
	}
	for _, b := range domains {
		if strings.EqualFold(b.Domain, email) {
			return in.moderation.UnblockEmailDomain(ctx, 0, b.ID)
		}
	}
	return missing
}

// TestEmail is what an address meets, if anything.
func (in *Instance) TestEmail(ctx context.Context, email string) ([]EmailBlocked, error) {
	_, host, ok := strings.Cut(email, "@")
	if !ok {
		return nil, domain.Errorf(domain.Invalid, "%q is no address.", email)
	}
	out := []EmailBlocked{}
	addresses, err := in.st.Reader().CanonicalEmailBlocks(ctx, domain.CanonicalEmailHash(email), domain.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	for _, b := range addresses {
		out = append(out, EmailBlocked{Hash: b.Hash})
	}
	domains, err := in.emailDomains(ctx)
	for _, b := range domains {
		if host = strings.ToLower(host); host == b.Domain || strings.HasSuffix(host, "."+b.Domain) {
			out = append(out, EmailBlocked{Domain: b.Domain, Approval: b.AllowApproval})
		}
	}
	return out, err
}

func (in *Instance) networkBlocks(ctx context.Context) ([]domain.IPBlock, error) {
	return every(func(p domain.Page) ([]domain.IPBlock, error) { return in.st.Reader().IPBlocks(ctx, p) },
		func(b *domain.IPBlock) domain.ID { return b.ID })
}

// NetworkBlocks are the networks that may not do something, newest first.
func (in *Instance) NetworkBlocks(ctx context.Context) ([]NetworkBlock, error) {
	list, err := in.networkBlocks(ctx)
	out := []NetworkBlock{}
	for i := range list {
		out = append(out, shownNetwork(&list[i]))
	}
	return out, err
}

func shownNetwork(b *domain.IPBlock) NetworkBlock {
	return NetworkBlock{b.Network.String(), b.Severity, b.Comment, b.ExpiresAt}
}

// BlockNetwork decides about a network, anew if that was done before.
func (in *Instance) BlockNetwork(ctx context.Context, c NetworkBlock) (NetworkBlock, error) {
	network, err := moderation.ParseNetwork(c.Network)
	if err != nil {
		return NetworkBlock{}, err
	}
	list, err := in.networkBlocks(ctx)
	if err != nil {
		return NetworkBlock{}, err
	}
	var id domain.ID
	for _, b := range list {
		if b.Network == network {
			id = b.ID
		}
	}
	b, err := in.moderation.SaveIPBlock(ctx, 0, id, func(b *domain.IPBlock) error {
		b.Network, b.Severity, b.Comment, b.ExpiresAt = network, c.Severity, c.Comment, c.ExpiresAt
		return nil
	})
	return shownNetwork(&b), err
}

// UnblockNetwork takes that back.
func (in *Instance) UnblockNetwork(ctx context.Context, text string) error {
	network, err := moderation.ParseNetwork(text)
	if err != nil {
		return err
	}
	list, err := in.networkBlocks(ctx)
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Network == network {
			return in.moderation.DeleteIPBlock(ctx, 0, b.ID)
		}
	}
	return domain.Errorf(domain.NotFound, "Nothing was decided about %s; coterie network list shows what was.", network)
}

// InviteAdd makes an invitation in the name of somebody here.
func (in *Instance) InviteAdd(ctx context.Context, c InviteAdd) (Invite, error) {
	a, err := in.member(ctx, c.By)
	if err != nil {
		return Invite{}, err
	}
	i, err := in.accounts.Invite(ctx, a.ID, account.NewInvite{Note: c.Note, MaxUses: c.MaxUses, Life: c.Life, Follow: c.Follow})
	return in.shownInvite(&i), err
}

// InviteList are the invitations that somebody here made, newest first.
func (in *Instance) InviteList(ctx context.Context, by string) ([]Invite, error) {
	a, err := in.member(ctx, by)
	if err != nil {
		return nil, err
	}
	list, err := in.accounts.Invites(ctx, a.ID)
	out := []Invite{}
	for i := range list {
		out = append(out, in.shownInvite(&list[i]))
	}
	return out, err
}

// InviteRevoke ends an invitation, whoever made it.
func (in *Instance) InviteRevoke(ctx context.Context, code string) error {
	code = strings.TrimPrefix(code, in.cfg.BaseURL()+"/invite/")
	i, err := in.st.Reader().InviteByCode(ctx, strings.ToLower(code))
	if domain.Is(err, domain.NotFound) {
		return domain.Errorf(domain.NotFound, "There is no invitation %q.", code)
	}
	if err != nil {
		return err
	}
	return in.accounts.RevokeInvite(ctx, i.Account, i.ID)
}

func (in *Instance) shownInvite(i *domain.Invite) Invite {
	return Invite{i.Code, in.cfg.BaseURL() + "/invite/" + i.Code, i.Note, i.Uses, i.MaxUses, i.ExpiresAt, i.Open(in.st.Now())}
}
