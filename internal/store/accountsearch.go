package store

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"coterie/internal/domain"
)

const (
	maxAccountWords = 20
	maxWordBytes    = 64
	// afterAll sorts behind every text, byte by byte.
	afterAll = "\U0010FFFF"
)

// accountWords are what an account is found by: its whole name, the parts of
// the name, and the words of the display name, in lower case.
func accountWords(a *domain.Account) []string {
	words := searchWords(a.Username + " " + strings.ReplaceAll(a.Username, "_", " ") + " " + a.DisplayName)
	return words[:min(len(words), maxAccountWords)]
}

// searchWords cuts text into distinct lower-case words of letters, digits and
// the characters names may have.
func searchWords(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && !strings.ContainsRune("_.-", r)
	}) {
		if len(w) > maxWordBytes {
			w = strings.ToValidUTF8(w[:maxWordBytes], "")
		}
		if w = strings.Trim(w, ".-"); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (tx *Tx) indexAccount(a *domain.Account) error {
	if _, err := tx.exec(`DELETE FROM account_words WHERE account_id = $1`, a.ID); err != nil {
		return err
	}
	for _, w := range accountWords(a) {
		if _, err := tx.exec(`INSERT INTO account_words (word, account_id) VALUES ($1, $2)`, w, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// AccountSearch asks for accounts whose name or display name has words that
// begin with those of Name, and whose domain begins with Host.
type AccountSearch struct {
	Viewer    domain.ID // 0: anonymous
	Name      string
	Host      string // ASCII lower case
	Local     bool   // those of this community match Host, too
	Following bool   // only those the viewer follows
	Limit     int
	Offset    int
}

// SearchAccounts finds at most Limit accounts in one statement: exact names
// first, then those the viewer follows, then the most followed. Suspended and
// moved accounts, newcomers that still wait, and those that block the viewer
// are left out.
func (r Reader) SearchAccounts(ctx context.Context, q AccountSearch) ([]domain.ID, error) {
	words := searchWords(q.Name)
	if len(words) == 0 {
		return []domain.ID{}, nil
	}
	// The longest word finds, up to two more narrow down.
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	words = append(words, "", "")
	return all(ctx, r, column[domain.ID], `
		SELECT a.id FROM accounts a
		LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id AND NOT f.pending
		WHERE a.id IN (SELECT w.account_id FROM account_words w WHERE w.word >= $2 AND w.word < $3)
			AND EXISTS (SELECT 1 FROM account_words w WHERE w.account_id = a.id AND w.word >= $4 AND w.word < $5)
			AND EXISTS (SELECT 1 FROM account_words w WHERE w.account_id = a.id AND w.word >= $6 AND w.word < $7)
			AND (a.domain <> '' AND a.domain >= $8 AND a.domain < $9 OR a.domain = '' AND $10)
			AND (f.id IS NOT NULL OR NOT $11)
			AND a.suspended_at IS NULL AND a.moved_to_id IS NULL AND `+present+`
			AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = a.id AND b.target_id = $12)
		ORDER BY CASE WHEN a.username_key = $13 THEN 0 ELSE 1 END, CASE WHEN f.id IS NULL THEN 1 ELSE 0 END,
			a.followers_count DESC, a.id
		LIMIT $14 OFFSET $15`,
		q.Viewer, words[0], words[0]+afterAll, words[1], words[1]+afterAll, words[2], words[2]+afterAll,
		q.Host, q.Host+afterAll, q.Local, q.Following, q.Viewer, strings.ToLower(q.Name), q.Limit, q.Offset)
}
