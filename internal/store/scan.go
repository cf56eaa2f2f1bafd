package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"coterie/internal/domain"
)

// row is the current row of an answer.
type row struct{ rows *sql.Rows }

// Scan reads the columns. NULL becomes the zero value of a domain.ID, a
// time.Time or a string; times come back in UTC.
func (r row) Scan(dest ...any) error {
	for i, d := range dest {
		switch d := d.(type) {
		case *domain.ID:
			dest[i] = idColumn{d}
		case *int64:
			dest[i] = intColumn{d}
		case *time.Time:
			dest[i] = timeColumn{d}
		case *string:
			dest[i] = textColumn{d}
		}
	}
	return r.rows.Scan(dest...)
}

// intColumn spares database/sql its way by reflection.
type intColumn struct{ n *int64 }

func (c intColumn) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a number cannot be a %T", v)
	}
	*c.n = n
	return nil
}

type idColumn struct{ id *domain.ID }

func (c idColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.id = 0
	case int64:
		*c.id = domain.ID(v)
	default:
		return fmt.Errorf("an id cannot be a %T", v)
	}
	return nil
}

type timeColumn struct{ t *time.Time }

func (c timeColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.t = time.Time{}
	case int64:
		*c.t = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("a time cannot be a %T", v)
	}
	return nil
}

type textColumn struct{ s *string }

func (c textColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.s = ""
	case string:
		*c.s = v
	case []byte:
		*c.s = string(v)
	default:
		return fmt.Errorf("a text cannot be a %T", v)
	}
	return nil
}

// jsonColumn reads and writes JSON text: pass asJSON(&v) to Scan and
// asJSON(v) as an argument. NULL and ” leave v as it is.
type jsonColumn struct{ v any }

func asJSON(v any) jsonColumn { return jsonColumn{v} }

func (c jsonColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return json.Unmarshal([]byte(v), c.v)
	case []byte:
		if len(v) == 0 {
			return nil
		}
		return json.Unmarshal(v, c.v)
	default:
		return fmt.Errorf("JSON cannot be a %T", v)
	}
}

// Value is the JSON text of v.
func (c jsonColumn) Value() (driver.Value, error) {
	b, err := json.Marshal(c.v)
	return string(b), err
}

// nullID is the argument for a column where no id is NULL.
func nullID(id domain.ID) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

// nullText is the argument for a column where no text is NULL.
func nullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// all reads every row of the answer; no rows is an empty slice.
func all[T any](ctx context.Context, r Reader, scan func(row) (T, error), text string, args ...any) ([]T, error) {
	out := []T{}
	err := r.each(ctx, func(w row) error {
		v, err := scan(w)
		out = append(out, v)
		return err
	}, text, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// one reads the first row of the answer; no row is domain.ErrNotFound.
func one[T any](ctx context.Context, r Reader, scan func(row) (T, error), text string, args ...any) (T, error) {
	var zero T
	list, err := all(ctx, r, scan, text, args...)
	if err != nil {
		return zero, err
	}
	if len(list) == 0 {
		return zero, domain.ErrNotFound
	}
	return list[0], nil
}

// column scans a row of one column.
func column[T any](w row) (T, error) {
	var v T
	err := w.Scan(&v)
	return v, err
}

// exists tells whether the answer has a row.
func exists(ctx context.Context, r Reader, text string, args ...any) (bool, error) {
	var found bool
	err := r.each(ctx, func(row) error {
		found = true
		return nil
	}, text, args...)
	return found, err
}
