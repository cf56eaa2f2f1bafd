package media

import (
	"context"
	"errors"
	"io"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Find is the actor's upload that no post has yet, else domain.ErrNotFound
// (behaviours 10.1, SEC-30).
func (s *Service) Find(ctx context.Context, actor, id domain.ID) (domain.Attachment, error) {
	return unattached(ctx, s.Store.Reader(), actor, id)
}

func unattached(ctx context.Context, r store.Reader, actor, id domain.ID) (domain.Attachment, error) {
	list, err := r.Uploads(ctx, actor, []domain.ID{id})
	if err != nil {
		return domain.Attachment{}, err
	}
	if len(list) == 0 || list[0].Status != 0 {
		return domain.Attachment{}, domain.ErrNotFound
	}
	return list[0], nil
}

// Change is what is said about an upload; nil leaves a thing as it is.
type Change struct {
	Description *string
	Focus       *domain.Focus
	// Thumbnail is the preview of sound or video.
	Thumbnail     io.ReadSeeker
	ThumbnailSize int64
}

// Update changes what is said about the actor's upload, before a post has it.
func (s *Service) Update(ctx context.Context, actor, id domain.ID, c Change) (a domain.Attachment, err error) {
	if c.Description != nil {
		text, err := describe(*c.Description)
		if err != nil {
			return a, err
		}
		c.Description = &text
	}
	var t *thumbnail
	if c.Thumbnail != nil {
		if t, err = s.thumbnail(ctx, actor, c.Thumbnail, c.ThumbnailSize); err != nil {
			return a, err
		}
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		if a, err = unattached(ctx, tx.Reader, actor, id); err != nil {
			return err
		}
		if c.Description != nil {
			a.Description = *c.Description
		}
		if c.Focus != nil {
			a.Focus = clamp(*c.Focus)
		}
		if t != nil && a.Kind != domain.AttachmentImage {
			if err := t.replace(tx, &a); err != nil {
				return err
			}
		}
		return tx.DescribeUpload(&a)
	})
	return a, err
}

// thumbnail is a preview that its author chose.
type thumbnail struct {
	result
	name string
}

// thumbnail has a preview made of a picture.
func (s *Service) thumbnail(ctx context.Context, actor domain.ID, file io.ReadSeeker, size int64) (*thumbnail, error) {
	r, _, small, err := s.make(ctx, actor, task{Purpose: forThumbnail}, file, size)
	return &thumbnail{r, small}, err
}

// replace makes it the preview of the upload.
func (t *thumbnail) replace(tx *store.Tx, a *domain.Attachment) error {
	if err := tx.DoomFiles(a.Small); err != nil {
		return err
	}
	t.show(a)
	return tx.KeepFiles(t.name)
}

func (t *thumbnail) show(a *domain.Attachment) {
	a.Small, a.SmallWidth, a.SmallHeight, a.Blurhash = t.name, t.SmallWidth, t.SmallHeight, t.Blurhash
}

// make has the files of a picture made and kept at once.
func (s *Service) make(ctx context.Context, actor domain.ID, t task, file io.ReadSeeker, size int64) (r result, out, small string, err error) {
	if _, err := s.admitPicture(file, size); err != nil {
		return r, "", "", err
	}
	in, err := s.copy(file, size)
	if err != nil {
		return r, "", "", err
	}
	b, err := s.newBench(in)
	if err != nil {
		return r, "", "", errors.Join(err, in.Close())
	}
	defer b.close()
	leave, ok := s.enter(ctx, workTime)
	if !ok {
		return r, "", "", errCrowd
	}
	defer leave()
	if r, err = s.work(ctx, t, b); err != nil {
		return r, "", "", err
	}
	o, m, err := b.made(r)
	if err != nil {
		return r, "", "", err
	}
	return r, o.name, m.name, s.keep(ctx, actor, false, o, m)
}

// Delete forgets the actor's upload. One that a post has, or will have, is
// Invalid.
func (s *Service) Delete(ctx context.Context, actor, id domain.ID) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		list, err := tx.Uploads(ctx, actor, []domain.ID{id})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return domain.ErrNotFound
		}
		if list[0].Status != 0 || list[0].Scheduled != 0 {
			return domain.Errorf(domain.Invalid, "Media attachment is currently used by a status")
		}
		return tx.DeleteUpload(&list[0])
	})
}
