package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"coterie/internal/domain"
)

const attachmentColumns = `t.id, t.account_id, t.status_id, t.scheduled_id, t.position, t.kind, t.media_type, t.remote_url, t.preview_url,
	t.remote_key, t.file, t.small, t.source, t.state, t.description, t.blurhash, t.width, t.height, t.small_width, t.small_height,
	t.duration_ms, t.bitrate, t.frame_rate, t.focus, t.unused_since`

func scanAttachment(w row) (domain.Attachment, error) {
	var a domain.Attachment
	var ms int64
	var focus string
	err := w.Scan(&a.ID, &a.Account, &a.Status, &a.Scheduled, &a.Position, (*string)(&a.Kind), &a.MediaType, &a.RemoteURL, &a.PreviewURL,
		&a.Key, &a.File, &a.Small, &a.Source, (*string)(&a.State), &a.Description, &a.Blurhash, &a.Width, &a.Height, &a.SmallWidth, &a.SmallHeight,
		&ms, &a.Bitrate, &a.FrameRate, &focus, &a.UnusedSince)
	a.Duration = time.Duration(ms) * time.Millisecond
	if err == nil && focus != "" {
		a.Focus, err = readFocus(focus)
	}
	return a, err
}

func readFocus(s string) (f domain.Focus, err error) {
	x, y, _ := strings.Cut(s, ",")
	if f.X, err = strconv.ParseFloat(x, 64); err == nil {
		f.Y, err = strconv.ParseFloat(y, 64)
	}
	return f, err
}

func focusText(f domain.Focus) string {
	if f == (domain.Focus{}) {
		return ""
	}
	return fmt.Sprintf("%g,%g", f.X, f.Y)
}

// Attachments are those that the statuses show, by status and position.
func (r Reader) Attachments(ctx context.Context, statuses []domain.ID) ([]domain.Attachment, error) {
	return all(ctx, r, scanAttachment, `SELECT `+attachmentColumns+` FROM attachments t
		WHERE t.status_id`+r.in(1)+` AND t.position >= 0 ORDER BY t.status_id, t.position`, statuses)
}

// AttachmentsEver are those that the status shows or once showed.
func (r Reader) AttachmentsEver(ctx context.Context, status domain.ID) ([]domain.Attachment, error) {
	return all(ctx, r, scanAttachment, `SELECT `+attachmentColumns+` FROM attachments t WHERE t.status_id = $1 ORDER BY t.position, t.id`, status)
}

// Uploads are those of the ids that the account uploaded, in no order; others
// are left out.
func (r Reader) Uploads(ctx context.Context, account domain.ID, ids []domain.ID) ([]domain.Attachment, error) {
	return all(ctx, r, scanAttachment, `SELECT `+attachmentColumns+` FROM attachments t
		WHERE t.account_id = $1 AND t.remote_url = '' AND t.id`+r.in(2), account, ids)
}

// AnyUpload is the upload with that id, whosever it is: for jobs.
func (r Reader) AnyUpload(ctx context.Context, id domain.ID) (domain.Attachment, error) {
	return one(ctx, r, scanAttachment, `SELECT `+attachmentColumns+` FROM attachments t WHERE t.id = $1 AND t.remote_url = ''`, id)
}

// ScheduledAttachments are those of scheduled posts, by post and position.
func (r Reader) ScheduledAttachments(ctx context.Context, scheduled []domain.ID) ([]domain.Attachment, error) {
	return all(ctx, r, scanAttachment, `SELECT `+attachmentColumns+` FROM attachments t
		WHERE t.scheduled_id`+r.in(1)+` ORDER BY t.scheduled_id, t.position`, scheduled)
}

// UnusedUploads are up to limit uploads that nothing has used since the time.
func (r Reader) UnusedUploads(ctx context.Context, since time.Time, limit int) ([]domain.Attachment, error) {
	return all(ctx, r, scanAttachment, `SELECT `+attachmentColumns+` FROM attachments t
		WHERE t.unused_since <= $1 ORDER BY t.unused_since LIMIT $2`, since, limit)
}

// InsertUpload stores an upload that no post has yet.
func (tx *Tx) InsertUpload(a *domain.Attachment) error {
	a.ID, a.UnusedSince = tx.NewID(), tx.Now()
	return tx.insertAttachment(a)
}

func (tx *Tx) insertAttachment(a *domain.Attachment) error {
	if a.State == "" {
		a.State = domain.MediaDone
	}
	_, err := tx.exec(`INSERT INTO attachments (id, account_id, status_id, position, kind, media_type, remote_url, preview_url,
			remote_key, file, small, source, state, description, blurhash, width, height, small_width, small_height,
			duration_ms, bitrate, frame_rate, focus, unused_since)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		a.ID, a.Account, nullID(a.Status), a.Position, a.Kind, a.MediaType, a.RemoteURL, a.PreviewURL,
		a.Key, a.File, a.Small, a.Source, a.State, a.Description, a.Blurhash, a.Width, a.Height, a.SmallWidth, a.SmallHeight,
		a.Duration.Milliseconds(), a.Bitrate, a.FrameRate, focusText(a.Focus), a.UnusedSince)
	return err
}

// FinishUpload stores what processing found out and made. The words of its
// author stay as they are by now.
func (tx *Tx) FinishUpload(a *domain.Attachment) error {
	return tx.must(`UPDATE attachments SET kind = $1, media_type = $2, file = $3, small = $4, source = $5, state = $6, blurhash = $7,
			width = $8, height = $9, small_width = $10, small_height = $11, duration_ms = $12, bitrate = $13, frame_rate = $14
		WHERE id = $15`,
		a.Kind, a.MediaType, a.File, a.Small, a.Source, a.State, a.Blurhash,
		a.Width, a.Height, a.SmallWidth, a.SmallHeight, a.Duration.Milliseconds(), a.Bitrate, a.FrameRate, a.ID)
}

// DescribeUpload stores the alt text, the focus and the preview.
func (tx *Tx) DescribeUpload(a *domain.Attachment) error {
	return tx.must(`UPDATE attachments SET description = $1, focus = $2, small = $3, small_width = $4, small_height = $5, blurhash = $6 WHERE id = $7`,
		a.Description, focusText(a.Focus), a.Small, a.SmallWidth, a.SmallHeight, a.Blurhash, a.ID)
}

// DeleteUpload forgets an upload and dooms its files.
func (tx *Tx) DeleteUpload(a *domain.Attachment) error {
	if err := tx.DoomFiles(a.File, a.Small, a.Source); err != nil {
		return err
	}
	return tx.must(`DELETE FROM attachments WHERE id = $1`, a.ID)
}

// AttachUploads gives a post its uploads, in the order of the ids. One that
// another post got meanwhile, or that is gone, is domain.ErrNotFound.
func (tx *Tx) AttachUploads(account, status domain.ID, ids []domain.ID) error {
	for i, id := range ids {
		if err := tx.must(`UPDATE attachments SET status_id = $1, scheduled_id = NULL, unused_since = NULL, position = $2
			WHERE id = $3 AND account_id = $4 AND remote_url = '' AND (status_id IS NULL OR status_id = $5)`, status, i, id, account, status); err != nil {
			return err
		}
	}
	return nil
}

// ScheduleUploads binds uploads to a scheduled post, like AttachUploads.
func (tx *Tx) ScheduleUploads(account, scheduled domain.ID, ids []domain.ID) error {
	for i, id := range ids {
		if err := tx.must(`UPDATE attachments SET scheduled_id = $1, unused_since = NULL, position = $2
			WHERE id = $3 AND account_id = $4 AND remote_url = '' AND status_id IS NULL AND scheduled_id IS NULL`, scheduled, i, id, account); err != nil {
			return err
		}
	}
	return nil
}

// UnscheduleUploads lets the uploads of a scheduled post go.
func (tx *Tx) UnscheduleUploads(scheduled domain.ID) error {
	_, err := tx.exec(`UPDATE attachments SET scheduled_id = NULL, unused_since = $1 WHERE scheduled_id = $2`, tx.now, scheduled)
	return err
}

// FormerUpload takes an upload out of its post; the history still shows it.
func (tx *Tx) FormerUpload(id domain.ID) error {
	return tx.must(`UPDATE attachments SET position = -1 WHERE id = $1`, id)
}

// Attach makes list the attachments of a mirrored status, in that order, and
// no others. What stays keeps its id and its address.
func (tx *Tx) Attach(account, status domain.ID, list []domain.Attachment) error {
	old, err := all(tx.ctx(), tx.Reader, scanAttachment, `SELECT `+attachmentColumns+` FROM attachments t WHERE t.status_id = $1`, status)
	if err != nil {
		return err
	}
	stays := map[domain.ID]bool{}
	for i := range list {
		a := list[i]
		a.Account, a.Status, a.Position = account, status, i
		at := slices.IndexFunc(old, func(o domain.Attachment) bool { return o.RemoteURL == a.RemoteURL && o.Key != "" && !stays[o.ID] })
		if at >= 0 {
			a.ID = old[at].ID
			err = tx.changeMirrored(&a)
		} else {
			a.ID = tx.NewID()
			if a.Key, err = tx.AddRemote(domain.RemoteAttachment, a.RemoteURL, a.PreviewURL); err == nil {
				err = tx.insertAttachment(&a)
			}
		}
		if err != nil {
			return err
		}
		stays[a.ID] = true
	}
	for _, a := range old {
		if stays[a.ID] {
			continue
		}
		if err := tx.ForgetRemote(a.Key); err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM attachments WHERE id = $1`, a.ID); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) changeMirrored(a *domain.Attachment) error {
	_, err := tx.exec(`UPDATE attachments SET position = $1, kind = $2, media_type = $3, preview_url = $4, description = $5, blurhash = $6,
			width = $7, height = $8, duration_ms = $9, focus = $10 WHERE id = $11`,
		a.Position, a.Kind, a.MediaType, a.PreviewURL, a.Description, a.Blurhash,
		a.Width, a.Height, a.Duration.Milliseconds(), focusText(a.Focus), a.ID)
	return err
}

// dropAttachments takes the attachments from a status that is about to go.
// Uploads stay for a day, so that they can be posted anew (behaviours 8.11).
func (tx *Tx) dropAttachments(status domain.ID) error {
	list, err := tx.AttachmentsEver(tx.ctx(), status)
	if err != nil || len(list) == 0 {
		return err
	}
	for i := range list {
		if err := tx.ForgetRemote(list[i].Key); err != nil {
			return err
		}
	}
	_, err = tx.exec(`UPDATE attachments SET status_id = NULL, position = 0, unused_since = $1 WHERE status_id = $2 AND remote_url = ''`, tx.now, status)
	return err
}
