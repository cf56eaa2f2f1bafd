package remote

import (
	"context"
	"fmt"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// softwareAgain is how long what a host says that it runs is not asked again.
const softwareAgain = 24 * time.Hour

// backfillSoftware learns what the account's host says that it runs, by
// NodeInfo (facts 1). It is for people to read: nothing is decided by it, and
// what else the host says of itself is not believed.
func (s *Service) backfillSoftware(ctx context.Context, _ *domain.Account, x *domain.Actor) error {
	if !s.limits.take("software of "+x.Host, 1, softwareAgain) {
		return nil
	}
	base := s.scheme() + "://" + x.Host
	body, err := s.asked(ctx, base+"/.well-known/nodeinfo")
	if err != nil {
		return err
	}
	links, err := apub.ParseNodeLinks(body)
	if err != nil || !apub.SameOrigin(links.NodeInfo, base) {
		return domain.Errorf(domain.Invalid, "The other server does not say what it runs")
	}
	if body, err = s.asked(ctx, links.NodeInfo); err != nil {
		return err
	}
	n, err := apub.ParseNodeInfo(body)
	if err != nil || n.Software == "" {
		return domain.Errorf(domain.Invalid, "The other server does not say what it runs")
	}
	software := strings.TrimSpace(n.Software + " " + n.Version)
	if err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.LearnSoftware(x.Host, software) }); err != nil {
		return fmt.Errorf("remember what %s runs: %w", x.Host, err)
	}
	return nil
}

// asked is wellKnown at the cost of a look-up.
func (s *Service) asked(ctx context.Context, address string) ([]byte, error) {
	if err := spend(ctx); err != nil {
		return nil, err
	}
	return s.wellKnown(ctx, address, "application/json")
}
