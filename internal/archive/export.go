package archive

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Sizes counts what somebody has of each kind.
func (s *Service) Sizes(ctx context.Context, owner domain.ID) (map[domain.DataKind]int64, error) {
	return s.Store.Reader().PortableSizes(ctx, owner)
}

// Export is all that somebody has of the kind, as a file.
func (s *Service) Export(ctx context.Context, owner domain.ID, of domain.DataKind) ([]byte, error) {
	return file(of, kinds[of].entries(s, ctx, owner))
}

// mostSevered is how many severances are listed.
const mostSevered = 100

// Severed are what the latest decisions about servers and people ended for
// somebody, newest first.
func (s *Service) Severed(ctx context.Context, owner domain.ID) ([]domain.SeveredTies, error) {
	return s.Store.Reader().LatestSevered(ctx, owner, mostSevered)
}

// ExportSevered is whom somebody followed until a severance, as a file that can
// be brought in again, or with followers who followed them. One that did nothing
// to the owner is ErrNotFound, as one that is not known.
func (s *Service) ExportSevered(ctx context.Context, owner, severance domain.ID, followers bool) ([]byte, error) {
	ties, err := s.Store.Reader().SeveredTies(ctx, owner, []domain.ID{severance})
	if err != nil {
		return nil, err
	}
	if len(ties) == 0 || ties[0].Followers+ties[0].Following == 0 {
		return nil, domain.ErrNotFound
	}
	of, cells := domain.DataFollowing, s.followCells
	if followers {
		of, cells = domain.DataBlocks, s.handleCells // bare addresses
	}
	return file(of, walk(ctx, owner, func(ctx context.Context, account, after domain.ID, limit int) ([]store.Portable, error) {
		return s.Store.Reader().PortableSevered(ctx, severance, followers, account, after, limit)
	}, cells))
}

// file writes entries as a kind of data has them.
func file(of domain.DataKind, entries iter.Seq2[entry, error]) ([]byte, error) {
	var lines [][]string
	for e, err := range entries {
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", of, err)
		}
		lines = append(lines, e.cells)
	}
	var out bytes.Buffer
	err := write(&out, of, lines)
	return out.Bytes(), err
}
