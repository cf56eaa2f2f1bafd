package store

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"coterie/internal/domain"
)

// MediaFile is the file with that name, or domain.ErrNotFound. Whoever knows
// the name may have it, unless Suspended.
func (r Reader) MediaFile(ctx context.Context, name string) (domain.MediaFile, error) {
	return one(r.brief(ctx), r, func(w row) (domain.MediaFile, error) {
		var f domain.MediaFile
		return f, w.Scan(&f.Name, &f.Size, &f.Account, &f.Remote, &f.DoomedAt, &f.Suspended)
	}, `SELECT f.name, f.size, f.account_id, f.remote, f.doomed_at,
			EXISTS (SELECT 1 FROM accounts a WHERE a.id = f.account_id AND a.suspended_at IS NOT NULL)
		FROM media_files f WHERE f.name = $1`, name)
}

// MediaSizes are the sizes of files in bytes, by name; unknown ones are missing.
func (r Reader) MediaSizes(ctx context.Context, names []string) (map[string]int64, error) {
	out := make(map[string]int64, len(names))
	if len(names) == 0 {
		return out, nil
	}
	err := r.each(ctx, func(w row) error {
		var name string
		var size int64
		err := w.Scan(&name, &size)
		out[name] = size
		return err
	}, `SELECT name, size FROM media_files WHERE name`+r.inText(1), names)
	return out, err
}

// MediaUse is what the files of media take.
type MediaUse struct {
	LocalFiles, LocalBytes   int64
	RemoteFiles, RemoteBytes int64
}

// MediaUse sums all files, those that are about to go too.
func (r Reader) MediaUse(ctx context.Context) (MediaUse, error) {
	return one(ctx, r, func(w row) (MediaUse, error) {
		var u MediaUse
		return u, w.Scan(&u.LocalFiles, &u.LocalBytes, &u.RemoteFiles, &u.RemoteBytes)
	}, `SELECT COUNT(*) FILTER (WHERE NOT remote), CAST(COALESCE(SUM(size) FILTER (WHERE NOT remote), 0) AS BIGINT),
			COUNT(*) FILTER (WHERE remote), CAST(COALESCE(SUM(size) FILTER (WHERE remote), 0) AS BIGINT)
		FROM media_files`)
}

// RemoteBytes is what the copies of what is elsewhere take.
func (r Reader) RemoteBytes(ctx context.Context) (int64, error) {
	return one(ctx, r, column[int64], `SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM media_files WHERE remote`)
}

// DoomedFiles are up to limit files whose time has come.
func (r Reader) DoomedFiles(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return all(ctx, r, column[string], `SELECT name FROM media_files WHERE doomed_at <= $1 ORDER BY doomed_at LIMIT $2`, now, limit)
}

// unfinishedLife is how long a file waits for something to refer to it.
const unfinishedLife = time.Hour

// AddFile announces a file that is about to be kept. Unless KeepFiles follows
// within the hour it is swept, so that a crash leaves nothing behind.
func (tx *Tx) AddFile(f domain.MediaFile) error {
	_, err := tx.exec(`INSERT INTO media_files (name, size, account_id, remote, doomed_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		f.Name, f.Size, f.Account, f.Remote, tx.now.Add(unfinishedLife), tx.now)
	return err
}

// KeepFiles says that something refers to the files; "" is none.
func (tx *Tx) KeepFiles(names ...string) error {
	for _, name := range names {
		if name == "" {
			continue
		}
		if err := tx.must(`UPDATE media_files SET doomed_at = NULL WHERE name = $1`, name); err != nil {
			return err
		}
	}
	return nil
}

// DoomFiles says that nothing refers to the files any more; "" is none.
func (tx *Tx) DoomFiles(names ...string) error {
	for _, name := range names {
		if name == "" {
			continue
		}
		if _, err := tx.exec(`UPDATE media_files SET doomed_at = $1 WHERE name = $2`, tx.now, name); err != nil {
			return err
		}
	}
	return nil
}

// ForgetFiles removes the rows of files that were deleted.
func (tx *Tx) ForgetFiles(names []string) error {
	_, err := tx.exec(`DELETE FROM media_files WHERE name`+tx.inText(1), names)
	return err
}

func scanRemoteMedia(w row) (domain.RemoteMedia, error) {
	var m domain.RemoteMedia
	return m, w.Scan(&m.Key, (*string)(&m.Kind), &m.URL, &m.PosterURL, &m.File, &m.Small, &m.SeenAt, &m.Failures, &m.NextTry)
}

const remoteMediaColumns = `m.key, m.kind, m.url, m.poster_url, m.file, m.small, m.seen_at, m.failures, m.next_try`

// RemoteMedia is what is shown under that key, or domain.ErrNotFound.
func (r Reader) RemoteMedia(ctx context.Context, key string) (domain.RemoteMedia, error) {
	return one(r.brief(ctx), r, scanRemoteMedia, `SELECT `+remoteMediaColumns+` FROM remote_media m WHERE m.key = $1`, key)
}

// AddRemote gives something elsewhere a key, under which it is shown here; ""
// for no address.
func (tx *Tx) AddRemote(kind domain.RemoteKind, address, poster string) (key string, err error) {
	if address == "" {
		return "", nil
	}
	key = strings.ToLower(rand.Text())
	_, err = tx.exec(`INSERT INTO remote_media (key, kind, url, poster_url, seen_at) VALUES ($1, $2, $3, $4, $5)`,
		key, kind, address, poster, tx.now)
	return key, err
}

// ForgetRemote forgets something elsewhere and dooms its copies; "" is none.
func (tx *Tx) ForgetRemote(key string) error {
	if key == "" {
		return nil
	}
	gone, err := all(tx.ctx(), tx.Reader, scanRemoteMedia, `DELETE FROM remote_media WHERE key = $1
		RETURNING key, kind, url, poster_url, file, small, seen_at, failures, next_try`, key)
	if err != nil || len(gone) == 0 {
		return err
	}
	return tx.DoomFiles(gone[0].File, gone[0].Small)
}

// KeepRemote stores which copies there are, or that none could be had.
func (tx *Tx) KeepRemote(m *domain.RemoteMedia) error {
	return tx.must(`UPDATE remote_media SET file = $1, small = $2, seen_at = $3, failures = $4, next_try = $5 WHERE key = $6`,
		m.File, m.Small, m.SeenAt, m.Failures, m.NextTry, m.Key)
}

// Evictable is something elsewhere whose copies may go.
type Evictable struct {
	domain.RemoteMedia
	Size int64 // of its copies, in bytes
}

// Evictable are up to limit of those seen longest ago, the oldest first, that
// were last seen before the time. What belongs to a post that somebody here
// favourited, bookmarked, boosted or is mentioned in is never among them.
func (r Reader) Evictable(ctx context.Context, before time.Time, limit int) ([]Evictable, error) {
	return all(ctx, r, func(w row) (Evictable, error) {
		var e Evictable
		m := &e.RemoteMedia
		return e, w.Scan(&m.Key, (*string)(&m.Kind), &m.URL, &m.PosterURL, &m.File, &m.Small, &m.SeenAt, &m.Failures, &m.NextTry, &e.Size)
	}, `SELECT `+remoteMediaColumns+`, CAST(COALESCE((SELECT SUM(f.size) FROM media_files f WHERE f.name IN (m.file, m.small)), 0) AS BIGINT)
		FROM remote_media m WHERE `+evictable+` ORDER BY m.seen_at LIMIT $2`, before, limit)
}

// evictable is the condition of Evictable; $1 is the time.
const evictable = `m.file <> '' AND m.seen_at < $1 AND NOT EXISTS (
	SELECT 1 FROM attachments t WHERE t.remote_key = m.key AND t.remote_key <> '' AND (
		EXISTS (SELECT 1 FROM favourites v JOIN accounts a ON a.id = v.account_id WHERE v.status_id = t.status_id AND a.domain = '')
		OR EXISTS (SELECT 1 FROM bookmarks k WHERE k.status_id = t.status_id)
		OR EXISTS (SELECT 1 FROM mentions n JOIN accounts a ON a.id = n.account_id WHERE n.status_id = t.status_id AND a.domain = '')
		OR EXISTS (SELECT 1 FROM statuses o WHERE o.reblog_of_id = t.status_id AND o.local)))`

// CountEvictable is how many things Evictable would find in the end.
func (r Reader) CountEvictable(ctx context.Context, before time.Time) (int64, error) {
	return one(ctx, r, column[int64], `SELECT COUNT(*) FROM remote_media m WHERE `+evictable, before)
}

// CountRefreshable is how many things RefreshRemote would find in the end.
func (r Reader) CountRefreshable(ctx context.Context, host string) (int64, error) {
	prefix := "https://" + host + "/"
	return one(ctx, r, column[int64], `SELECT COUNT(*) FROM remote_media m WHERE substr(m.url, 1, $1) = $2 AND (m.file <> '' OR m.failures > 0)`, len(prefix), prefix)
}

// Evict lets the copies of something elsewhere go; they come back on sight.
func (tx *Tx) Evict(m *domain.RemoteMedia) error {
	if _, err := tx.exec(`UPDATE remote_media SET file = '', small = '' WHERE key = $1 AND file = $2`, m.Key, m.File); err != nil {
		return err
	}
	return tx.DoomFiles(m.File, m.Small)
}

// RefreshRemote forgets copies and failures of up to limit of what is at a
// host, so that they are fetched anew on sight, and returns how many.
func (tx *Tx) RefreshRemote(host string, limit int) (int, error) {
	prefix := "https://" + host + "/"
	list, err := all(tx.ctx(), tx.Reader, scanRemoteMedia, `SELECT `+remoteMediaColumns+` FROM remote_media m
		WHERE substr(m.url, 1, $1) = $2 AND (m.file <> '' OR m.failures > 0) LIMIT $3`, len(prefix), prefix, limit)
	if err != nil {
		return 0, err
	}
	for i := range list {
		m := &list[i]
		if err := tx.DoomFiles(m.File, m.Small); err != nil {
			return 0, err
		}
		m.File, m.Small, m.Failures, m.NextTry = "", "", 0, time.Time{}
		if err := tx.KeepRemote(m); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// SeenRemote notes that somebody looked at it.
func (tx *Tx) SeenRemote(key string) error {
	_, err := tx.exec(`UPDATE remote_media SET seen_at = $1 WHERE key = $2`, tx.now, key)
	return err
}

// DropMedia forgets all media of an account elsewhere that the staff wants none
// of, and dooms the copies.
func (tx *Tx) DropMedia(account domain.ID) error {
	keys, err := all(tx.ctx(), tx.Reader, column[string], `SELECT t.remote_key FROM attachments t WHERE t.account_id = $1 AND t.remote_key <> ''
		UNION SELECT a.avatar FROM accounts a WHERE a.id = $1 AND a.domain <> '' AND a.avatar <> ''
		UNION SELECT a.header FROM accounts a WHERE a.id = $1 AND a.domain <> '' AND a.header <> ''`, account)
	if err != nil || len(keys) == 0 {
		return err
	}
	for _, key := range keys {
		if err := tx.ForgetRemote(key); err != nil {
			return err
		}
	}
	for _, query := range [...]string{
		`UPDATE statuses SET rev = rev + 1 WHERE id IN (SELECT t.status_id FROM attachments t WHERE t.account_id = $1 AND t.remote_key <> '')`,
		`DELETE FROM attachments WHERE account_id = $1 AND remote_key <> ''`,
		`UPDATE actors SET avatar = '', header = '' WHERE account_id = $1`,
		`UPDATE accounts SET avatar = '', header = '', rev = rev + 1 WHERE id = $1 AND domain <> ''`,
	} {
		if _, err := tx.exec(query, account); err != nil {
			return err
		}
	}
	return nil
}

// DropEmojis forgets the emojis of a domain and dooms the copies.
func (tx *Tx) DropEmojis(host string) error {
	keys, err := all(tx.ctx(), tx.Reader, column[string], `DELETE FROM emojis WHERE domain = $1 AND domain <> '' RETURNING remote_key`, host)
	for _, key := range keys {
		if err == nil {
			err = tx.ForgetRemote(key)
		}
	}
	return err
}
