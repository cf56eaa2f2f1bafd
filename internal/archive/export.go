package archive

import (
	"bytes"
	"context"
	"fmt"

	"coterie/internal/domain"
)

// Sizes counts what somebody has of each kind.
func (s *Service) Sizes(ctx context.Context, owner domain.ID) (map[domain.DataKind]int64, error) {
	return s.Store.Reader().PortableSizes(ctx, owner)
}

// Export is all that somebody has of the kind, as a file.
func (s *Service) Export(ctx context.Context, owner domain.ID, of domain.DataKind) ([]byte, error) {
	var lines [][]string
	for e, err := range kinds[of].entries(s, ctx, owner) {
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", of, err)
		}
		lines = append(lines, e.cells)
	}
	var file bytes.Buffer
	err := write(&file, of, lines)
	return file.Bytes(), err
}
