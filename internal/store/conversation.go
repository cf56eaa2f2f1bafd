package store

import (
	"context"
	"slices"
	"strings"

	"coterie/internal/domain"
)

const conversationColumns = `c.id, c.account_id, c.conversation_id, c.participants, c.last_status_id, c.unread`

func scanConversation(w row) (domain.Conversation, error) {
	var c domain.Conversation
	var participants string
	err := w.Scan(&c.ID, &c.Account, &c.Thread, &participants, &c.LastStatus, &c.Unread)
	for s := range strings.SplitSeq(participants, ",") {
		if id, ok := domain.ParseID(s); ok {
			c.Participants = append(c.Participants, id)
		}
	}
	return c, err
}

// participantsKey is how participants are kept and told apart.
func participantsKey(ids []domain.ID) string {
	ids = slices.Sorted(slices.Values(ids))
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}

// Conversations are those of owner that are not hidden, the one with the
// newest status first. The cursor is the id of the last status.
func (r Reader) Conversations(ctx context.Context, owner domain.ID, p domain.Page) ([]domain.Conversation, error) {
	text := func(order string) string {
		return `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.account_id = $1 AND c.last_status_id > $2
			AND c.last_status_id < $3 AND NOT c.hidden ORDER BY c.last_status_id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanConversation, text("DESC"), text(""), owner)
}

// Conversation is owner's conversation with that id; another's is ErrNotFound.
func (r Reader) Conversation(ctx context.Context, owner, id domain.ID) (domain.Conversation, error) {
	return one(ctx, r, scanConversation, `SELECT `+conversationColumns+` FROM conversations c WHERE c.account_id = $1 AND c.id = $2`, owner, id)
}

// Addressed is somebody here who was told of a mention.
type Addressed struct {
	Account  domain.ID
	Filtered bool // the notification was put aside
}

// Addressed are those whom a status mentions and who were told so, by id.
func (r Reader) Addressed(ctx context.Context, status domain.ID) ([]Addressed, error) {
	return all(ctx, r, func(w row) (Addressed, error) {
		var a Addressed
		return a, w.Scan(&a.Account, &a.Filtered)
	}, `SELECT n.account_id, n.filtered FROM notifications n WHERE n.status_id = $1 AND n.status_id <> 0 AND n.type = $2 ORDER BY n.account_id`,
		status, string(domain.NotifyMention))
}

// InConversation reports whether a conversation of owner holds the status.
func (r Reader) InConversation(ctx context.Context, owner, status domain.ID) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM conversation_statuses cs JOIN conversations c ON c.id = cs.view_id
		WHERE cs.status_id = $1 AND c.account_id = $2`, status, owner)
}

// ShowsConversation reports whether owner has this conversation in the list.
func (r Reader) ShowsConversation(ctx context.Context, owner, thread domain.ID, participants []domain.ID) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM conversations c WHERE c.account_id = $1 AND c.conversation_id = $2 AND c.participants = $3 AND NOT c.hidden`,
		owner, thread, participantsKey(participants))
}

// AddToConversation adds c.LastStatus to the conversation of c.Account, made
// if there is none, and shows it again if it was hidden. A status older than
// the last one changes nothing else.
func (tx *Tx) AddToConversation(c domain.Conversation) error {
	id, err := one(tx.ctx(), tx.Reader, column[domain.ID], `INSERT INTO conversations AS c (id, account_id, conversation_id, participants, last_status_id, unread)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, conversation_id, participants) DO UPDATE SET hidden = FALSE,
			unread = CASE WHEN excluded.last_status_id > c.last_status_id THEN excluded.unread ELSE c.unread END,
			last_status_id = CASE WHEN excluded.last_status_id > c.last_status_id THEN excluded.last_status_id ELSE c.last_status_id END
		RETURNING id`, tx.NewID(), c.Account, c.Thread, participantsKey(c.Participants), c.LastStatus, c.Unread)
	if err != nil {
		return err
	}
	if _, err = tx.exec(`INSERT INTO conversation_statuses (view_id, status_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, c.LastStatus); err != nil {
		return err
	}
	return tx.Publish(domain.Ref{Event: domain.EventConversed, Account: c.Account, Object: id})
}

// LeaveConversations makes the conversations of accounts that ended with a
// status, which is deleted by now, end with the one before. Those without
// another are gone; what ends with one's own status is read.
func (tx *Tx) LeaveConversations(status domain.ID, accounts []domain.ID) error {
	_, err := tx.exec(`DELETE FROM conversations WHERE account_id`+tx.in(1)+` AND last_status_id = $2
		AND NOT EXISTS (SELECT 1 FROM conversation_statuses cs WHERE cs.view_id = conversations.id)`, accounts, status)
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE conversations SET
			last_status_id = (SELECT max(cs.status_id) FROM conversation_statuses cs WHERE cs.view_id = conversations.id),
			unread = unread AND NOT EXISTS (SELECT 1 FROM statuses s WHERE s.account_id = conversations.account_id
				AND s.id = (SELECT max(cs.status_id) FROM conversation_statuses cs WHERE cs.view_id = conversations.id))
		WHERE account_id`+tx.in(1)+` AND last_status_id = $2`, accounts, status)
	return err
}

// DropConversations removes those of owner in which other takes part.
func (tx *Tx) DropConversations(owner, other domain.ID) error {
	_, err := tx.exec(`DELETE FROM conversations WHERE account_id = $1 AND ',' || participants || ',' LIKE $2`, owner, "%,"+other.String()+",%")
	return err
}

// MarkConversation makes owner's conversation read or unread; another's is
// ErrNotFound.
func (tx *Tx) MarkConversation(owner, id domain.ID, unread bool) error {
	return tx.must(`UPDATE conversations SET unread = $1 WHERE account_id = $2 AND id = $3`, unread, owner, id)
}

// HideConversation takes owner's conversation off the list until a new status
// comes; another's is ErrNotFound.
func (tx *Tx) HideConversation(owner, id domain.ID) error {
	return tx.must(`UPDATE conversations SET hidden = TRUE, unread = FALSE WHERE account_id = $1 AND id = $2`, owner, id)
}
