package store

import (
	"context"
	"strconv"
	"strings"

	"coterie/internal/domain"
)

const statusColumns = `s.id, s.account_id, s.uri, s.url, s.local, s.local_only, s.visibility, s.text, s.content_type, s.content, s.spoiler,
	s.sensitive, s.language, s.app_id, s.reblog_of_id, s.in_reply_to_id, s.in_reply_to_account_id, s.in_reply_to_uri, s.conversation_id,
	s.poll_id, s.quote_id, s.quote_policy, s.created_at, s.edited_at, s.rev,
	s.replies_count, s.reblogs_count, s.favourites_count, s.quotes_count`

func scanStatus(w row) (domain.Status, error) {
	var s domain.Status
	err := w.Scan(&s.ID, &s.Account, &s.URI, &s.URL, &s.Local, &s.LocalOnly, &s.Visibility, &s.Text, &s.ContentType, &s.Content, &s.Spoiler,
		&s.Sensitive, &s.Language, &s.App, &s.ReblogOf, &s.InReplyTo, &s.InReplyToAccount, &s.InReplyToURI, &s.Conversation,
		&s.Poll, &s.Quote, &s.QuotePolicy, &s.CreatedAt, &s.EditedAt, &s.Rev,
		&s.RepliesCount, &s.ReblogsCount, &s.FavouritesCount, &s.QuotesCount)
	return s, err
}

// visible is domain.CanSee in SQL: true of the status in table alias s whose
// author is in table alias a, for the viewer in argument n (0 is anonymous).
// Few are blocked by anybody, which is asked once for all rows.
func visible(s, a string, n int) string {
	v := "$" + strconv.Itoa(n)
	return visibleIf(s, a, v, `NOT EXISTS (SELECT 1 FROM blocks vn WHERE vn.target_id = `+v+`) OR `)
}

// visibleTo is visible for the viewer that is the expression v.
func visibleTo(s, a, v string) string { return visibleIf(s, a, v, "") }

// visibleIf is visibleTo; unblocked is a shorter way to know that nobody
// blocks the viewer, followed by OR, or nothing.
func visibleIf(s, a, v, unblocked string) string {
	return `(` + a + `.suspended_at IS NULL AND (` + s + `.account_id = ` + v + ` OR (
		(` + unblocked + `NOT EXISTS (SELECT 1 FROM blocks vb WHERE vb.account_id = ` + s + `.account_id AND vb.target_id = ` + v + `))
		AND ` + shownHere(s, v) + `
		AND (` + s + `.visibility <= 1
			OR ` + s + `.visibility = 2 AND EXISTS (SELECT 1 FROM follows vf WHERE vf.account_id = ` + v + ` AND vf.target_id = ` + s + `.account_id AND NOT vf.pending)
			OR EXISTS (SELECT 1 FROM mentions vm WHERE vm.status_id = ` + s + `.id AND vm.account_id = ` + v + `)))))`
}

// shownHere is true of a status in alias s that is not for this community
// alone, or is looked at by the viewer v, who belongs to it.
func shownHere(s, v string) string {
	return `(NOT ` + s + `.local_only OR EXISTS (SELECT 1 FROM accounts vl WHERE vl.id = ` + v + ` AND vl.domain = ''))`
}

// visibleOriginal is true of a status in alias s that is no boost, or boosts
// something the viewer in argument n may see.
func visibleOriginal(s string, n int) string { return originalVisibleTo(s, "$"+strconv.Itoa(n)) }

// originalVisibleTo is visibleOriginal for the viewer that is the expression v.
func originalVisibleTo(s, v string) string {
	return `(` + s + `.reblog_of_id IS NULL OR EXISTS (SELECT 1 FROM statuses vo JOIN accounts va ON va.id = vo.account_id
		WHERE vo.id = ` + s + `.reblog_of_id AND ` + visibleTo("vo", "va", v) + `))`
}

// Status is the status or boost with that id as far as the viewer, 0 for an
// anonymous one, may see it: hidden and absent are the same ErrNotFound. Of
// viewers elsewhere, who look at one status at a time, those are shut out, too,
// whose server the author hides (SEC-36).
func (r Reader) Status(ctx context.Context, viewer, id domain.ID) (domain.Status, error) {
	return r.statusWhere(ctx, `s.id = $1`, viewer, id)
}

// statusWhere is the status which $1, id, stands for, as far as the viewer may
// see it: one statement for hidden and absent alike (SEC-28).
func (r Reader) statusWhere(ctx context.Context, which string, viewer, id domain.ID) (domain.Status, error) {
	return one(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s JOIN accounts a ON a.id = s.account_id
		WHERE `+which+` AND `+visible("s", "a", 2)+` AND `+visibleOriginal("s", 2)+`
		AND NOT EXISTS (SELECT 1 FROM accounts vd JOIN user_domain_blocks ud ON ud.domain = vd.domain
			WHERE vd.id = $2 AND vd.domain <> '' AND ud.account_id = s.account_id)`, id, viewer)
}

// AnyStatus is the status with that id whoever looks: for jobs, fan-out and
// verbs that ask their own question, never for an answer to somebody.
func (r Reader) AnyStatus(ctx context.Context, id domain.ID) (domain.Status, error) {
	return one(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.id = $1`, id)
}

// StatusRef is the reference of a status that exists, but for its event.
func (r Reader) StatusRef(ctx context.Context, id domain.ID) (domain.Ref, error) {
	scan := func(w row) (domain.Ref, error) {
		var ref domain.Ref
		var mentions, tags string
		err := w.Scan(&ref.Status, &ref.Account, &ref.Visibility, &ref.Local, &ref.ReblogOf, &ref.InReplyTo, &ref.InReplyToAccount, &mentions, &tags)
		for _, m := range strings.Fields(mentions) {
			if account, ok := domain.ParseID(m); ok {
				ref.Mentions = append(ref.Mentions, account)
			}
		}
		ref.Tags = append(ref.Tags, strings.Fields(tags)...)
		return ref, err
	}
	return one(ctx, r, scan, `SELECT s.id, s.account_id, s.visibility, s.local, s.reblog_of_id, s.in_reply_to_id, s.in_reply_to_account_id,
			(SELECT string_agg(CAST(m.account_id AS TEXT), ' ') FROM mentions m WHERE m.status_id = s.id),
			(SELECT string_agg(t.name, ' ') FROM status_tags x JOIN tags t ON t.id = x.tag_id WHERE x.status_id = s.id)
		FROM statuses s WHERE s.id = $1`, id)
}

// InsertStatus stores a status or boost, local or mirrored, as it is. It sets
// a missing id and conversation. Counters of others are the caller's business.
// words are the prepared index words.
func (tx *Tx) InsertStatus(s *domain.Status, words string) error {
	if s.CreatedAt.IsZero() {
		s.CreatedAt = tx.Now()
	}
	if s.ID == 0 {
		s.ID = tx.NewID()
	}
	if s.Conversation == 0 {
		s.Conversation = s.ID
	}
	s.Rev = 1
	_, err := tx.exec(`INSERT INTO statuses (id, account_id, uri, url, local, visibility, text, content_type, content, spoiler,
			sensitive, language, app_id, reblog_of_id, in_reply_to_id, in_reply_to_account_id, conversation_id,
			poll_id, quote_id, quote_policy, created_at, edited_at, in_reply_to_uri, words, local_only)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
		s.ID, s.Account, nullText(s.URI), nullText(s.URL), s.Local, s.Visibility, s.Text, s.ContentType, s.Content, s.Spoiler,
		s.Sensitive, s.Language, nullID(s.App), nullID(s.ReblogOf), nullID(s.InReplyTo), nullID(s.InReplyToAccount), s.Conversation,
		nullID(s.Poll), nullID(s.Quote), s.QuotePolicy, s.CreatedAt, s.EditedAt, nullText(s.InReplyToURI), words, s.LocalOnly)
	return err
}

// UpdateStatus writes what an edit may change (behaviours 8.9), its time
// included, and raises the revision. words are the prepared index words.
func (tx *Tx) UpdateStatus(s *domain.Status, words string) error {
	s.Rev++
	return tx.must(`UPDATE statuses SET text = $1, content_type = $2, content = $3, spoiler = $4, sensitive = $5, language = $6,
			poll_id = $7, edited_at = $8, words = $9, quote_id = $10, quote_policy = $11, rev = rev + 1 WHERE id = $12`,
		s.Text, s.ContentType, s.Content, s.Spoiler, s.Sensitive, s.Language, nullID(s.Poll), s.EditedAt, words, nullID(s.Quote), s.QuotePolicy, s.ID)
}

// StillThere makes other transactions that change the status wait until this
// one ends; a status that is gone is domain.ErrNotFound.
func (tx *Tx) StillThere(id domain.ID) error {
	return tx.must(`UPDATE statuses SET rev = rev WHERE id = $1`, id)
}

// StillTheirs is StillThere for a status of the account; one of somebody else
// is absent, too, and is not waited for (SEC-28).
func (tx *Tx) StillTheirs(account, id domain.ID) error {
	return tx.must(`UPDATE statuses SET rev = rev WHERE id = $1 AND account_id = $2`, id, account)
}

// TouchStatus raises the revision of a status that shows something new.
func (tx *Tx) TouchStatus(id domain.ID) error {
	return tx.must(`UPDATE statuses SET rev = rev + 1 WHERE id = $1`, id)
}

// DeleteStatus removes a status or boost and all rows that hang on it, but
// not its boosts. Counters of others are the caller's business.
func (tx *Tx) DeleteStatus(id domain.ID) error {
	if err := tx.dropAttachments(id); err != nil {
		return err
	}
	return tx.must(`DELETE FROM statuses WHERE id = $1`, id)
}

// BoostBy is the account's boost of the original.
func (r Reader) BoostBy(ctx context.Context, account, original domain.ID) (domain.Status, error) {
	return one(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.reblog_of_id = $1 AND s.account_id = $2`,
		original, account)
}

// Boosts are up to limit boosts of the original, gone or not, by account.
func (r Reader) Boosts(ctx context.Context, original domain.ID, limit int) ([]domain.Status, error) {
	return all(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.reblog_of_id = $1
		ORDER BY s.account_id LIMIT $2`, original, limit)
}
