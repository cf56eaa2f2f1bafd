package moderation

import (
	"context"
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// changeBlocks runs a verb of who may manage blocks and writes it down.
func (s *Service) changeBlocks(ctx context.Context, by domain.ID, verb, kind string, do func(*store.Tx) (id domain.ID, name string, err error)) error {
	return s.change(ctx, by, domain.MayManageBlocks, verb, kind, func(tx *store.Tx) (domain.ID, string, error) {
		tx.Notify(store.TopicSettings, "")
		return do(tx)
	})
}

// BlockEmailDomain keeps addresses at a domain, and below it, from signing up.
func (s *Service) BlockEmailDomain(ctx context.Context, by domain.ID, b domain.EmailDomainBlock) (domain.EmailDomainBlock, error) {
	var err error
	if b.Domain, err = s.DomainName(b.Domain); err != nil {
		return b, err
	}
	b.Domain, _, _ = strings.Cut(b.Domain, ":") // addresses have no port
	return b, s.changeBlocks(ctx, by, "create", "email_domain_block", func(tx *store.Tx) (domain.ID, string, error) {
		err := tx.InsertEmailDomainBlock(&b)
		return b.ID, b.Domain, err
	})
}

// UnblockEmailDomain takes that back.
func (s *Service) UnblockEmailDomain(ctx context.Context, by, id domain.ID) error {
	return s.changeBlocks(ctx, by, "destroy", "email_domain_block", func(tx *store.Tx) (domain.ID, string, error) {
		b, err := tx.EmailDomainBlock(ctx, id)
		if err != nil {
			return 0, "", err
		}
		return id, b.Domain, tx.DeleteEmailDomainBlock(id)
	})
}

var hashPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// BlockEmail keeps an address from signing up, however it is spelt; without
// an address that with this hash.
func (s *Service) BlockEmail(ctx context.Context, by domain.ID, address, hash string) (domain.CanonicalEmailBlock, error) {
	b := domain.CanonicalEmailBlock{Hash: strings.ToLower(strings.TrimSpace(hash))}
	if address != "" {
		b.Hash = domain.CanonicalEmailHash(address)
	}
	if address != "" && !strings.Contains(address, "@") || !hashPattern.MatchString(b.Hash) {
		return b, domain.Errorf(domain.Invalid, "Validation failed: Canonical email hash can't be blank")
	}
	return b, s.changeBlocks(ctx, by, "create", "canonical_email_block", func(tx *store.Tx) (domain.ID, string, error) {
		err := tx.InsertCanonicalEmailBlock(&b)
		return b.ID, b.Hash, err
	})
}

// UnblockEmail takes that back.
func (s *Service) UnblockEmail(ctx context.Context, by, id domain.ID) error {
	return s.changeBlocks(ctx, by, "destroy", "canonical_email_block", func(tx *store.Tx) (domain.ID, string, error) {
		b, err := tx.CanonicalEmailBlock(ctx, id)
		if err != nil {
			return 0, "", err
		}
		return id, b.Hash, tx.DeleteCanonicalEmailBlock(id)
	})
}

// Networks smaller than these are too large to be held off by one block.
const (
	widest4 = 8
	widest6 = 16
)

// ParseNetwork reads an address or a network.
func ParseNetwork(text string) (netip.Prefix, error) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() || p.Addr().Is4() && p.Bits() < widest4 || !p.Addr().Is4() && p.Bits() < widest6 {
		return netip.Prefix{}, domain.Errorf(domain.Invalid, "Validation failed: Ip is not a valid network")
	}
	return p.Masked(), nil
}

// SaveIPBlock holds a network off, or changes how: with an id.
func (s *Service) SaveIPBlock(ctx context.Context, by, id domain.ID, change func(*domain.IPBlock) error) (domain.IPBlock, error) {
	var b domain.IPBlock
	verb := "create"
	if id != 0 {
		verb = "update"
	}
	err := s.changeBlocks(ctx, by, verb, "ip_block", func(tx *store.Tx) (_ domain.ID, _ string, err error) {
		b = domain.IPBlock{}
		if id != 0 {
			if b, err = tx.IPBlock(ctx, id); err != nil {
				return 0, "", err
			}
		}
		if err := change(&b); err != nil {
			return 0, "", err
		}
		switch {
		case !b.Network.IsValid():
			err = domain.Errorf(domain.Invalid, "Validation failed: Ip can't be blank")
		case !b.Severity.Valid():
			err = domain.Errorf(domain.Invalid, "Validation failed: Severity is not included in the list")
		case utf8.RuneCountInString(b.Comment) > maxComment:
			err = domain.Errorf(domain.Invalid, "Validation failed: Comment is too long (maximum is %d characters)", maxComment)
		default:
			err = tx.SaveIPBlock(&b)
		}
		return b.ID, b.Network.String(), err
	})
	return b, err
}

// DeleteIPBlock lets a network in again.
func (s *Service) DeleteIPBlock(ctx context.Context, by, id domain.ID) error {
	return s.changeBlocks(ctx, by, "destroy", "ip_block", func(tx *store.Tx) (domain.ID, string, error) {
		b, err := tx.IPBlock(ctx, id)
		if err != nil {
			return 0, "", err
		}
		return id, b.Network.String(), tx.DeleteIPBlock(id)
	})
}

// Barred is the hardest of what holds for an address, "" for nothing.
func (s *Service) Barred(ctx context.Context, from netip.Addr) (domain.IPSeverity, error) {
	list, err := recall(s, func(m *memory) *[]domain.IPBlock { return m.networks }, func(m *memory, v *[]domain.IPBlock) { m.networks = v },
		func() ([]domain.IPBlock, error) { return s.st.Reader().IPBlocksNow(ctx, s.st.Now()) })
	if err != nil {
		return "", err
	}
	return domain.Barred(list, from, s.st.Now()), nil
}
