package archive

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// maxFileName is how much of the name of a file is kept, in characters.
const maxFileName = 100

// Propose reads a file and foresees what it would change. Nothing happens
// until Start.
func (s *Service) Propose(ctx context.Context, owner domain.ID, of domain.DataKind, overwrite bool, name string, file []byte) (domain.Import, error) {
	i := domain.Import{Account: owner, Kind: of, Overwrite: overwrite, State: domain.ImportIsProposed, FileName: fileName(name)}
	if _, ok := kinds[of]; !ok {
		return i, domain.Errorf(domain.Invalid, "Validation failed: Type is not included in the list")
	}
	p, err := parse(of, file)
	if err != nil {
		return i, err
	}
	i.Rows, i.Total, i.Failures = p.rows, len(p.rows), len(p.bad)
	for e, err := range kinds[of].entries(s, ctx, owner) {
		switch {
		case err != nil:
			return i, fmt.Errorf("look at what there is: %w", err)
		case p.keys[e.key]:
			i.Known++
		case overwrite:
			i.Leaving++
		}
	}
	i.Fresh = i.Total - i.Known
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.CountImports(ctx, owner)
		if err != nil {
			return err
		}
		if n >= domain.MaxImports {
			return domain.Errorf(domain.Invalid, "Other files still wait or are worked off; finish or forget one first")
		}
		if err := tx.InsertImport(&i); err != nil {
			return err
		}
		return tx.InsertImportFailures(i.ID, p.bad)
	})
	return i, err
}

func fileName(name string) string {
	name = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == utf8.RuneError {
			return -1
		}
		return c
	}, name)
	if r := []rune(name); len(r) > maxFileName {
		name = string(r[:maxFileName])
	}
	return name
}

// Start has a proposed import worked off.
func (s *Service) Start(ctx context.Context, owner, id domain.ID) (domain.Import, error) {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.StartImport(owner, id); err != nil {
			return err
		}
		return later(tx, domain.ImportTask{Import: id}, time.Time{})
	})
	if err != nil {
		return domain.Import{}, err
	}
	return s.Store.Reader().Import(ctx, owner, id)
}

func later(tx *store.Tx, t domain.ImportTask, at time.Time) error {
	_, err := job.Enqueue(tx, domain.JobImport, t, job.Unique(t.Import.String()), job.Priority(domain.PriorityLow), job.RunAt(at))
	return err
}

// listed is how many imports are listed.
const listed = 20

// Imports are the newest imports of somebody.
func (s *Service) Imports(ctx context.Context, owner domain.ID) ([]domain.Import, error) {
	return s.Store.Reader().Imports(ctx, owner, listed)
}

// Import is one of somebody's, with the first lines that were not taken.
func (s *Service) Import(ctx context.Context, owner, id domain.ID, limit int) (domain.Import, []domain.ImportFailure, error) {
	i, err := s.Store.Reader().Import(ctx, owner, id)
	if err != nil {
		return i, nil, err
	}
	failures, err := s.Store.Reader().ImportFailures(ctx, id, 0, limit)
	return i, failures, err
}

// Forget removes an import; one at work stops.
func (s *Service) Forget(ctx context.Context, owner, id domain.ID) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.DeleteImport(owner, id) })
}

// Failures are the lines that were not taken as a file, which can be brought
// again.
func (s *Service) Failures(ctx context.Context, owner, id domain.ID) (domain.DataKind, []byte, error) {
	i, list, err := s.Import(ctx, owner, id, domain.MaxImportRows)
	if err != nil {
		return "", nil, err
	}
	lines := make([][]string, len(list))
	for at, f := range list {
		lines[at] = f.Cells
	}
	var file bytes.Buffer
	err = write(&file, i.Kind, lines)
	return i.Kind, file.Bytes(), err
}
