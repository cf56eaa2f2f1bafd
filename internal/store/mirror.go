package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Awaiting is what is here of a status before it is.
type Awaiting struct {
	Gone            bool // it was deleted for good, or lately
	Replies, Quotes bool // some came first
}

// Awaiting looks for what came before the status with that URI.
func (tx *Tx) Awaiting(uri string) (Awaiting, error) {
	scan := func(w row) (Awaiting, error) {
		var a Awaiting
		return a, w.Scan(&a.Gone, &a.Replies, &a.Quotes)
	}
	return one(tx.ctx(), tx.Reader, scan, `SELECT
		EXISTS (SELECT 1 FROM tombstones WHERE uri = $1 AND (expires_at IS NULL OR expires_at > $2)),
		EXISTS (SELECT 1 FROM statuses s WHERE s.in_reply_to_uri = $1),
		EXISTS (SELECT 1 FROM quotes q WHERE q.quoted_id IS NULL AND q.quoted_uri = $1)`, uri, tx.now)
}

// RepliesAwaiting are mirrored replies to a status, by its URI, that was not
// known here when they came; at most limit.
func (r Reader) RepliesAwaiting(ctx context.Context, uri string, limit int) ([]domain.Status, error) {
	return all(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.in_reply_to_uri = $1 ORDER BY s.id LIMIT $2`, uri, limit)
}

// LinkReply makes a reply that came first answer the parent, and moves what
// hangs below it into the parent's conversation.
func (tx *Tx) LinkReply(child, parent *domain.Status) error {
	old := child.Conversation
	child.Answer(parent)
	err := tx.must(`UPDATE statuses SET in_reply_to_id = $1, in_reply_to_account_id = $2, in_reply_to_uri = NULL, rev = rev + 1 WHERE id = $3`,
		child.InReplyTo, child.InReplyToAccount, child.ID)
	if err != nil || old == parent.Conversation {
		return err
	}
	return tx.mergeConversations(old, parent.Conversation)
}

// mergeConversations makes the thread from part of the thread into. People's
// views of private threads move where they do not meet another of theirs.
func (tx *Tx) mergeConversations(from, into domain.ID) error {
	if _, err := tx.exec(`UPDATE statuses SET conversation_id = $1 WHERE conversation_id = $2`, into, from); err != nil {
		return err
	}
	if _, err := tx.exec(`INSERT INTO thread_mutes (account_id, conversation_id)
		SELECT m.account_id, CAST($1 AS BIGINT) FROM thread_mutes m WHERE m.conversation_id = $2 ON CONFLICT DO NOTHING`, into, from); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM thread_mutes WHERE conversation_id = $1`, from); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE conversations SET conversation_id = $1 WHERE conversation_id = $2 AND NOT EXISTS (
		SELECT 1 FROM conversations o WHERE o.account_id = conversations.account_id AND o.conversation_id = $3 AND o.participants = conversations.participants)`,
		into, from, into)
	return err
}

// Totals are the counts that the origin of a status tells; -1 is not told.
type Totals struct{ Replies, Reblogs, Favourites int64 }

// SeedCounts makes the counts of a mirrored status what its origin tells, or
// what is known here where that is more.
func (tx *Tx) SeedCounts(status domain.ID, t Totals) error {
	_, err := tx.exec(`UPDATE statuses SET
			replies_count = `+tx.greatest()+`($1, (SELECT COUNT(*) FROM statuses c WHERE c.in_reply_to_id = statuses.id AND c.visibility <= 1)),
			reblogs_count = `+tx.greatest()+`($2, (SELECT COUNT(*) FROM statuses c WHERE c.reblog_of_id = statuses.id)),
			favourites_count = `+tx.greatest()+`($3, (SELECT COUNT(*) FROM favourites f WHERE f.status_id = statuses.id))
		WHERE id = $4`, t.Replies, t.Reblogs, t.Favourites, status)
	return err
}

// RecountReplies makes the count of replies at least what is known here.
func (tx *Tx) RecountReplies(status domain.ID) error {
	_, err := tx.exec(`UPDATE statuses SET replies_count = `+tx.greatest()+`(replies_count,
		(SELECT COUNT(*) FROM statuses c WHERE c.in_reply_to_id = statuses.id AND c.visibility <= 1)) WHERE id = $1`, status)
	return err
}

// MentionSilently gives accounts access to a status that does not name them.
func (tx *Tx) MentionSilently(status domain.ID, accounts []domain.ID) error {
	for _, a := range accounts {
		_, err := tx.exec(`INSERT INTO mentions (id, status_id, account_id, silent) VALUES ($1, $2, $3, TRUE)
			ON CONFLICT (status_id, account_id) DO NOTHING`, tx.NewID(), status, a)
		if err != nil {
			return err
		}
	}
	return nil
}

// TallyPoll stores the votes that the origin of a poll, which was locked,
// tells. VotersCount is -1 where it does not.
func (tx *Tx) TallyPoll(p *domain.Poll) error {
	for i, o := range p.Options {
		if _, err := tx.exec(`UPDATE poll_options SET votes = $1 WHERE poll_id = $2 AND choice = $3`, o.Votes, p.ID, i); err != nil {
			return err
		}
	}
	return tx.must(`UPDATE polls SET votes_count = $1, voters_count = $2 WHERE id = $3`, p.VotesCount, p.VotersCount, p.ID)
}

// BuryFor keeps an object of that id away until a time: one whose deletion
// came before it did.
func (tx *Tx) BuryFor(uri string, until time.Time) error {
	_, err := tx.exec(`INSERT INTO tombstones (uri, deleted_at, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (uri) DO UPDATE SET expires_at = excluded.expires_at WHERE tombstones.expires_at IS NOT NULL`, uri, tx.Now(), until)
	return err
}

// ForgetTombstones drops at most limit of those whose time is over, and
// returns how many.
func (tx *Tx) ForgetTombstones(limit int) (int64, error) {
	return tx.exec(`DELETE FROM tombstones WHERE uri IN (SELECT uri FROM tombstones WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`, tx.Now(), limit)
}

// ForgetRemoteObjects drops the JSON of at most limit statuses that were
// fetched before a time, and returns how many.
func (tx *Tx) ForgetRemoteObjects(before time.Time, limit int) (int64, error) {
	return tx.exec(`UPDATE remote_objects SET json = $1 WHERE status_id IN (
		SELECT o.status_id FROM remote_objects o WHERE o.fetched_at < $2 AND length(o.json) > 0 ORDER BY o.fetched_at LIMIT $3)`, []byte{}, before, limit)
}

// LocalFollower is somebody here who follows an account, or asks to.
type LocalFollower struct {
	Account domain.Account
	Pending bool
}

// LocalFollowers are those here who follow an account or ask to.
func (r Reader) LocalFollowers(ctx context.Context, target domain.ID) ([]LocalFollower, error) {
	return all(ctx, r, func(w row) (LocalFollower, error) {
		var f LocalFollower
		return f, w.Scan(&f.Account.ID, &f.Account.Username, &f.Account.URI, &f.Pending)
	}, `SELECT a.id, a.username, a.uri, f.pending FROM follows f JOIN accounts a ON a.id = f.account_id
		WHERE f.target_id = $1 AND a.domain = '' ORDER BY f.id`, target)
}

// QuotesToCheck are quotes whose authorization was last looked at before a
// time; at most limit.
func (r Reader) QuotesToCheck(ctx context.Context, before time.Time, limit int) ([]domain.Quote, error) {
	return all(ctx, r, scanQuote, `SELECT `+quoteColumns+` FROM quotes q
		WHERE q.approval_uri <> '' AND q.state = $1 AND q.checked_at < $2 ORDER BY q.checked_at LIMIT $3`, domain.QuoteAccepted, before, limit)
}
