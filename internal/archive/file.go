package archive

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
)

// MaxFile is how large a file may be, in bytes.
const MaxFile = 4 << 20

// maxBad is how many lines of a file may be unreadable before it is refused as
// a whole; keptCells and keptCell bound what is kept of one.
const (
	maxBad    = 1000
	keptCells = 8
	keptCell  = 200
)

// parsed is what a file says.
type parsed struct {
	rows []domain.ImportRow
	keys map[string]bool
	bad  []domain.ImportFailure
}

// parse reads a file of the kind. Lines that cannot be read are set aside, the
// second of two alike is left out; what is no such file at all is Invalid.
func parse(of domain.DataKind, file []byte) (*parsed, error) {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	switch {
	case len(file) > MaxFile:
		return nil, domain.Errorf(domain.TooLarge, "The file is too large (maximum is %d MB)", MaxFile>>20)
	case !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0:
		return nil, domain.Errorf(domain.Invalid, "The file is not text in UTF-8")
	}
	p := &parsed{keys: map[string]bool{}}
	var err error
	if of == domain.DataFilters {
		err = p.readJSON(file)
	} else {
		err = p.readCSV(of, file)
	}
	if err == nil && len(p.rows)+len(p.bad) == 0 {
		err = domain.Errorf(domain.Invalid, "There is nothing in the file")
	}
	return p, err
}

func (p *parsed) readCSV(of domain.DataKind, file []byte) error {
	k := kinds[of]
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	var columns []int // where each column of k.header is, -1 for nowhere
	for first := true; ; first = false {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var wrong *csv.ParseError
		if err != nil && !errors.As(err, &wrong) {
			return err
		}
		if wrong != nil {
			if err := p.add(k, wrong.StartLine, nil, false); err != nil {
				return err
			}
			continue
		}
		if first {
			if columns, err = heading(of, cells); err != nil {
				return err
			}
			if columns != nil {
				continue
			}
		}
		line, _ := r.FieldPos(0)
		if err := p.add(k, line, arrange(cells, columns), true); err != nil {
			return err
		}
	}
}

// heading finds the columns by the names in a first line; nil if it has none.
// A heading of another kind of file is Invalid.
func heading(of domain.DataKind, cells []string) ([]int, error) {
	at := map[string]int{}
	for i, name := range cells {
		at[strings.ToLower(strings.TrimSpace(name))] = i
	}
	has := func(name string) bool {
		_, ok := at[strings.ToLower(name)]
		return ok
	}
	named := false
	for kind, mark := range map[domain.DataKind]string{
		domain.DataFollowing: columnBoosts, domain.DataMutes: columnHide, domain.DataDomainBlocks: columnDomain,
		domain.DataLists: columnList, domain.DataBookmarks: columnURI,
	} {
		if !has(mark) {
			continue
		}
		if kind != of {
			return nil, domain.Errorf(domain.Invalid, "This looks like a file of another kind")
		}
		named = true
	}
	if !named && !has(columnAddress) {
		return nil, nil
	}
	header := kinds[of].header
	columns := make([]int, len(header))
	for i, name := range header {
		columns[i] = -1
		if j, ok := at[strings.ToLower(name)]; ok {
			columns[i] = j
		}
	}
	if slices.Max(columns) < 0 {
		return nil, domain.Errorf(domain.Invalid, "This looks like a file of another kind")
	}
	return columns, nil
}

// arrange puts cells in the order of the columns and takes the guard off them.
func arrange(cells []string, columns []int) []string {
	out := slices.Clone(cells)
	if columns != nil {
		out = make([]string, len(columns))
		for i, j := range columns {
			if j >= 0 && j < len(cells) {
				out[i] = cells[j]
			}
		}
	}
	for i := range out {
		out[i] = strings.TrimSpace(unguarded(out[i]))
	}
	return out
}

// add takes a line, or sets it aside.
func (p *parsed) add(k kind, line int, cells []string, readable bool) error {
	if len(p.rows)+len(p.bad) >= domain.MaxImportRows {
		return domain.Errorf(domain.TooLarge, "The file has too many lines (maximum is %d)", domain.MaxImportRows)
	}
	if readable {
		if clean, key, ok := k.read(cells); ok {
			if !p.keys[key] {
				p.keys[key] = true
				p.rows = append(p.rows, domain.ImportRow{Line: line, Cells: clean})
			}
			return nil
		}
	}
	if len(p.bad) >= maxBad {
		return domain.Errorf(domain.Invalid, "Too many lines of the file cannot be read")
	}
	kept := make([]string, 0, min(len(cells), keptCells))
	for _, cell := range cells[:min(len(cells), keptCells)] {
		kept = append(kept, strings.ToValidUTF8(cell[:min(len(cell), keptCell)], ""))
	}
	p.bad = append(p.bad, domain.ImportFailure{ImportRow: domain.ImportRow{Line: line, Cells: kept}, Reason: domain.ReasonForm})
	return nil
}

// readJSON reads a file of filters; its lines are the entries of the array.
func (p *parsed) readJSON(file []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(file, &list); err != nil {
		return domain.Errorf(domain.Invalid, "This is no file of filters")
	}
	for i, raw := range list {
		if err := p.add(kinds[domain.DataFilters], i+1, []string{string(raw)}, true); err != nil {
			return err
		}
	}
	return nil
}

// write writes lines of the kind, with the header where Mastodon has one.
func write(w io.Writer, of domain.DataKind, lines [][]string) error {
	if of == domain.DataFilters {
		return writeJSON(w, lines)
	}
	k := kinds[of]
	out := csv.NewWriter(w)
	if k.headed {
		if err := out.Write(k.header); err != nil {
			return err
		}
	}
	for _, cells := range lines {
		guarded := make([]string, len(cells))
		for i, cell := range cells {
			guarded[i] = guard(cell)
		}
		if err := out.Write(guarded); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeJSON(w io.Writer, lines [][]string) error {
	list := make([]json.RawMessage, 0, len(lines))
	for _, cells := range lines {
		if len(cells) > 0 && json.Valid([]byte(cells[0])) {
			list = append(list, json.RawMessage(cells[0]))
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}

// formula are the characters that have a spreadsheet compute a cell (SEC-33).
const formula = "=+-@\t\r"

// guard has a spreadsheet show a cell that it would compute: by an apostrophe
// before it. One that looks guarded already gets another, so that unguarded
// finds what was there.
func guard(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); rest != "" && strings.IndexByte(formula, rest[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	rest := strings.TrimLeft(cell, "'")
	if rest != cell && rest != "" && strings.IndexByte(formula, rest[0]) >= 0 {
		return cell[1:]
	}
	return cell
}
