package moderation

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// listHeader is the first row of a block list, as Mastodon writes it.
var listHeader = []string{"#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate"}

// Limits of a block list that is read.
const (
	MaxBlockList = 4 << 20 // bytes
	maxListed    = 50_000  // domains
	maxComment   = 1000    // characters
)

// ExportBlocks is the list of the domains that are held off, as CSV.
func (s *Service) ExportBlocks(ctx context.Context) ([]byte, error) {
	list, err := s.Policies(ctx)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{listHeader}
	for _, p := range list {
		if p.Severity == domain.SeverityAllow {
			continue
		}
		severity := string(p.Severity)
		if p.Severity == domain.SeverityLimit {
			severity = "silence"
		}
		rows = append(rows, []string{p.Domain, severity, boolCell(p.RejectMedia), boolCell(p.RejectReports), cell(p.Comment), boolCell(p.Obfuscate)})
	}
	err = w.WriteAll(rows)
	return b.Bytes(), err
}

func boolCell(b bool) string {
	if b {
		return "True"
	}
	return "False"
}

// cell keeps a text from being a formula where somebody opens the list (SEC-33).
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// ParseBlockList reads a block list as CSV: with a header that names columns,
// or a bare list of domains, which are suspended. What is no domain comes back
// in odd, by line as written.
func (s *Service) ParseBlockList(data []byte) (list []domain.DomainPolicy, odd []string, err error) {
	if len(data) > MaxBlockList {
		return nil, nil, domain.Errorf(domain.Invalid, "The list is too long.")
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	columns := map[string]int{"domain": 0}
	seen := map[string]bool{}
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, odd, nil
		}
		if err != nil {
			return nil, nil, domain.Errorf(domain.Invalid, "The list could not be read: %v", err)
		}
		if first && isHeader(row) {
			columns = columnsOf(row)
			continue
		}
		p, ok := s.listed(row, columns)
		switch {
		case !ok && strings.HasPrefix(row[0], "#"): // a remark
		case !ok:
			odd = append(odd, strings.Join(row, ","))
		case !seen[p.Domain]:
			seen[p.Domain] = true
			list = append(list, p)
		}
		if len(list)+len(odd) > maxListed {
			return nil, nil, domain.Errorf(domain.Invalid, "The list has more than %d domains.", maxListed)
		}
	}
}

func isHeader(row []string) bool {
	_, named := columnsOf(row)["domain"]
	return named
}

func columnsOf(row []string) map[string]int {
	columns := map[string]int{}
	for i, name := range row {
		columns[strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "#"))] = i
	}
	return columns
}

// listed is what a row says; ok is false of one that says nothing we know.
func (s *Service) listed(row []string, columns map[string]int) (p domain.DomainPolicy, ok bool) {
	get := func(name string) string {
		if i, there := columns[name]; there && i < len(row) {
			return strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(row[i]), "\x00", ""), "")
		}
		return ""
	}
	host, err := s.DomainName(strings.TrimPrefix(get("domain"), "*."))
	if err != nil || !strings.Contains(host, ".") {
		return p, false
	}
	p = domain.DomainPolicy{
		Domain: host, RejectMedia: strings.EqualFold(get("reject_media"), "true"), RejectReports: strings.EqualFold(get("reject_reports"), "true"),
		Obfuscate: strings.EqualFold(get("obfuscate"), "true"), Comment: strings.TrimPrefix(get("public_comment"), "'"),
	}
	p.Comment = firstRunes(p.Comment, maxComment)
	switch strings.ToLower(get("severity")) {
	case "", "suspend":
		p.Severity = domain.SeveritySuspend
	case "silence", "limit":
		p.Severity = domain.SeverityLimit
	case "noop":
		p.Severity = domain.SeverityNoop
	default:
		return p, false
	}
	return p, true
}

// Imported is what becomes, or would become, of one domain of a list.
type Imported struct {
	Domain   string          `json:"domain"`
	Severity domain.Severity `json:"severity"`
	// Now is what was decided before, none if nothing was.
	Now domain.Severity `json:"now"`
	// Follows is how many follows it ends.
	Follows int64 `json:"follows"`
}

// ImportBlocks decides about the domains of a list of which nothing as hard
// was decided by name; what allows one stays. Dry says what would happen and
// does nothing. odd are lines that are no domains. It goes batch by batch: what
// was done before an error stands.
func (s *Service) ImportBlocks(ctx context.Context, by domain.ID, data []byte, dry bool) (done []Imported, odd []string, err error) {
	if _, err := staffOf(ctx, s.st.Reader(), by, domain.MayManageFederation); err != nil {
		return nil, nil, err
	}
	list, odd, err := s.ParseBlockList(data)
	if err != nil {
		return nil, nil, err
	}
	if dry {
		done, err = s.weigh(ctx, list)
		return done, odd, err
	}
	done = []Imported{}
	for part := range slices.Chunk(list, listBatch) {
		some, err := s.importBatch(ctx, by, part)
		if err != nil {
			return nil, nil, err
		}
		done = append(done, some...)
	}
	return done, odd, nil
}

func (s *Service) importBatch(ctx context.Context, by domain.ID, part []domain.DomainPolicy) (done []Imported, err error) {
	return done, s.st.Write(ctx, func(tx *store.Tx) error {
		done = nil
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageFederation)
		if err != nil {
			return err
		}
		all, err := policiesOf(ctx, tx.Reader)
		if err != nil {
			return err
		}
		var keep []domain.DomainPolicy
		for _, p := range part {
			old := all[p.Domain]
			if skips(p, old) {
				continue
			}
			if !old.ByLists {
				p.Private = old.Private
			}
			keep = append(keep, p)
			done = append(done, Imported{Domain: p.Domain, Severity: p.Severity, Now: old.Severity})
		}
		return who.keepPolicies(ctx, tx, keep, func(p *domain.DomainPolicy) string { return p.Comment })
	})
}

// skips reports whether old, about the same domain, stays as it is. What lists
// had decided becomes a person's own word.
func skips(p, old domain.DomainPolicy) bool {
	return old.Severity == domain.SeverityAllow || old.Severity != domain.SeverityNone && !p.Severity.Harder(old.Severity) &&
		(!old.ByLists || p.Severity != old.Severity)
}

// weigh says what a list would change, and what that would cost.
func (s *Service) weigh(ctx context.Context, list []domain.DomainPolicy) ([]Imported, error) {
	all, err := s.policies(ctx)
	if err != nil {
		return nil, err
	}
	out, at := []Imported{}, map[string]int{}
	var changes []domain.DomainPolicy
	for _, p := range list {
		old := all[p.Domain]
		if skips(p, old) {
			continue
		}
		at[p.Domain] = len(out)
		changes = append(changes, p)
		out = append(out, Imported{Domain: p.Domain, Severity: p.Severity, Now: old.Severity})
	}
	_, err = tollOf(ctx, s.st.Reader(), all, changes, func(by string, t store.FollowTally) {
		if i, ok := at[by]; ok {
			out[i].Follows += t.Followers + t.Following
		}
	})
	return out, err
}
