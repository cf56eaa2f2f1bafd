package post

import (
	"context"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// The words clients know (behaviours 10.1, 10.3).
var (
	errNotReady = domain.Errorf(domain.Invalid, "Cannot attach files that have not finished processing. Try again in a moment!")
	errMixed    = domain.Errorf(domain.Invalid, "Cannot attach a video to a post that already contains images")
)

// uploads are the author's uploads with these ids, in their order: not yet in
// another post than status, and not bound to another scheduled post than
// scheduled (SEC-30).
func uploads(ctx context.Context, r store.Reader, set *domain.Settings, author domain.ID, ids []string, status, scheduled domain.ID) ([]domain.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if most := set.MediaLimit(); len(ids) > most {
		return nil, domain.Errorf(domain.Invalid, "Cannot attach more than %d files", most)
	}
	var wanted []domain.ID
	for _, s := range ids {
		if id, ok := domain.ParseID(s); ok {
			wanted = append(wanted, id)
		}
	}
	found, err := r.Uploads(ctx, author, wanted)
	if err != nil {
		return nil, err
	}
	byID := map[domain.ID]domain.Attachment{}
	for _, a := range found {
		if (a.Status == 0 || a.Status == status) && (a.Scheduled == 0 || a.Scheduled == scheduled) {
			byID[a.ID] = a
		}
	}
	var out []domain.Attachment
	var missing []string
	for _, s := range ids {
		id, _ := domain.ParseID(s)
		a, ok := byID[id]
		if !ok {
			missing = append(missing, s)
			continue
		}
		delete(byID, id) // named twice it is missing
		out = append(out, a)
	}
	if len(missing) > 0 {
		return nil, errMissing(missing)
	}
	return out, fit(out)
}

func errMissing(ids []string) error {
	return invalid("Media %s not found or already attached to another post", strings.Join(ids, ", "))
}

// fit asks that all are ready, and several of them pictures (behaviours 10.3).
func fit(list []domain.Attachment) error {
	for _, a := range list {
		switch {
		case a.State != domain.MediaDone:
			return errNotReady
		case len(list) > 1 && a.Kind != domain.AttachmentImage:
			return errMixed
		}
	}
	return nil
}

// reword says anew what the attachments show, and reports whether that
// changed anything. Words for attachments that the post does not have are
// domain.ErrNotFound.
func reword(tx *store.Tx, list []domain.Attachment, words []domain.ComposeMedia) (changed bool, err error) {
	for _, w := range words {
		var a *domain.Attachment
		for i := range list {
			if list[i].ID == w.ID {
				a = &list[i]
			}
		}
		if a == nil {
			return false, domain.ErrNotFound
		}
		was := *a
		if w.Description != nil {
			a.Description = strings.TrimSpace(*w.Description)
		}
		if utf8.RuneCountInString(a.Description) > domain.MaxDescription {
			return false, invalid("Description is too long (maximum is %d characters)", domain.MaxDescription)
		}
		if w.Focus != nil {
			a.Focus = *w.Focus
		}
		if *a == was {
			continue
		}
		changed = true
		if err := tx.DescribeUpload(a); err != nil {
			return false, err
		}
	}
	return changed, nil
}

// editMedia gives the post the attachments and the words that were sent.
func (s *Service) editMedia(ctx context.Context, tx *store.Tx, set *domain.Settings, p *domain.Status, c *domain.Compose) (before, after []domain.Attachment, changed bool, err error) {
	before, err = tx.Attachments(ctx, []domain.ID{p.ID})
	if err != nil {
		return nil, nil, false, err
	}
	after, err = uploads(ctx, tx.Reader, set, p.Account, c.MediaIDs, p.ID, 0)
	if err != nil {
		return nil, nil, false, err
	}
	changed, err = reword(tx, after, c.Media)
	if err != nil || sameMedia(before, after) {
		return before, after, changed, err
	}
	for _, a := range before {
		if err := tx.FormerUpload(a.ID); err != nil {
			return nil, nil, false, err
		}
	}
	return before, after, true, tx.AttachUploads(p.Account, p.ID, idsOf(after))
}

func sameMedia(a, b []domain.Attachment) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].ID != b[i].ID {
			return false
		}
	}
	return true
}

func idsOf(list []domain.Attachment) []domain.ID {
	ids := make([]domain.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return ids
}

// editedMedia are attachments as a revision keeps them.
func editedMedia(list []domain.Attachment) []domain.EditedMedia {
	var out []domain.EditedMedia
	for _, a := range list {
		out = append(out, domain.EditedMedia{ID: a.ID, Description: a.Description})
	}
	return out
}
