package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const announcementColumns = `n.id, n.text, n.starts_at, n.ends_at, n.all_day, n.published_at, n.updated_at`

func announcementFields(a *domain.Announcement) []any {
	return []any{&a.ID, &a.Text, &a.StartsAt, &a.EndsAt, &a.AllDay, &a.PublishedAt, &a.UpdatedAt}
}

func scanAnnouncement(w row) (domain.Announcement, error) {
	var a domain.Announcement
	return a, w.Scan(announcementFields(&a)...)
}

// announcementShown is true of those that are published at the time $2
// (domain.Announcement.State); a day has 86,400,000 milliseconds.
const announcementShown = `n.published_at <= $2
	AND (n.ends_at IS NULL OR n.ends_at + CASE WHEN n.all_day THEN 86400000 ELSE 0 END > $2)`

// Announcements are those that are published now, by the time they speak of or
// else were published, earliest first; those that viewer has dismissed only if
// asked for.
func (r Reader) Announcements(ctx context.Context, viewer domain.ID, now time.Time, dismissed bool) ([]domain.Announcement, error) {
	scan := func(w row) (domain.Announcement, error) {
		var a domain.Announcement
		return a, w.Scan(append(announcementFields(&a), &a.Read)...)
	}
	return all(ctx, r, scan, `SELECT `+announcementColumns+`, d.account_id IS NOT NULL FROM announcements n
		LEFT JOIN announcement_dismissals d ON d.announcement_id = n.id AND d.account_id = $1
		WHERE `+announcementShown+` AND ($3 OR d.account_id IS NULL)
		ORDER BY COALESCE(n.starts_at, n.published_at), n.id`, viewer, now, dismissed)
}

// Announcement is the one with that id if it is published now.
func (r Reader) Announcement(ctx context.Context, id domain.ID, now time.Time) (domain.Announcement, error) {
	return one(ctx, r, scanAnnouncement, `SELECT `+announcementColumns+` FROM announcements n WHERE n.id = $1 AND `+announcementShown, id, now)
}

// AnyAnnouncement is the one with that id, published or not.
func (r Reader) AnyAnnouncement(ctx context.Context, id domain.ID) (domain.Announcement, error) {
	return one(ctx, r, scanAnnouncement, `SELECT `+announcementColumns+` FROM announcements n WHERE n.id = $1`, id)
}

// AllAnnouncements are all there are, published or not, oldest first.
func (r Reader) AllAnnouncements(ctx context.Context) ([]domain.Announcement, error) {
	return all(ctx, r, scanAnnouncement, `SELECT `+announcementColumns+` FROM announcements n ORDER BY n.id`)
}

// Reactions are those of the announcements, as viewer sees them, the first
// given first.
func (r Reader) Reactions(ctx context.Context, viewer domain.ID, announcements []domain.ID) ([]domain.Reaction, error) {
	scan := func(w row) (domain.Reaction, error) {
		var v domain.Reaction
		return v, w.Scan(&v.Announcement, &v.Name, &v.Count, &v.Me)
	}
	return all(ctx, r, scan, `SELECT x.announcement_id, x.name, COUNT(*), MAX(CASE WHEN x.account_id = $1 THEN 1 ELSE 0 END) = 1
		FROM announcement_reactions x WHERE x.announcement_id`+r.in(2)+`
		GROUP BY x.announcement_id, x.name ORDER BY MIN(x.id)`, viewer, announcements)
}

// InsertAnnouncement stores a new one and gives it its id.
func (tx *Tx) InsertAnnouncement(a *domain.Announcement) error {
	a.ID, a.UpdatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO announcements (id, text, starts_at, ends_at, all_day, published_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, a.ID, a.Text, a.StartsAt, a.EndsAt, a.AllDay, a.PublishedAt, a.UpdatedAt)
	return err
}

// DeleteAnnouncement removes one with its reactions.
func (tx *Tx) DeleteAnnouncement(id domain.ID) error {
	return tx.must(`DELETE FROM announcements WHERE id = $1`, id)
}

// LockAnnouncement has those who react to it wait for each other.
func (tx *Tx) LockAnnouncement(id domain.ID) error {
	return tx.must(`UPDATE announcements SET updated_at = updated_at WHERE id = $1`, id)
}

// DismissAnnouncement remembers that account has read it.
func (tx *Tx) DismissAnnouncement(account, id domain.ID) error {
	_, err := tx.exec(`INSERT INTO announcement_dismissals (announcement_id, account_id) VALUES ($1, $2)
		ON CONFLICT (announcement_id, account_id) DO NOTHING`, id, account)
	return err
}

// InsertReaction adds account's reaction and reports whether it is new.
func (tx *Tx) InsertReaction(account, announcement domain.ID, name string) (bool, error) {
	n, err := tx.exec(`INSERT INTO announcement_reactions (id, announcement_id, account_id, name) VALUES ($1, $2, $3, $4)
		ON CONFLICT (announcement_id, name, account_id) DO NOTHING`, tx.NewID(), announcement, account, name)
	return n > 0, err
}

// DeleteReaction takes account's reaction back; ErrNotFound if there is none.
func (tx *Tx) DeleteReaction(account, announcement domain.ID, name string) error {
	return tx.must(`DELETE FROM announcement_reactions WHERE announcement_id = $1 AND account_id = $2 AND name = $3`,
		announcement, account, name)
}
