package media

import (
	"context"
	"fmt"
	"io"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Avatar makes the files of an avatar: a square, and one that does not move.
// They last once an account has them.
func (s *Service) Avatar(ctx context.Context, actor domain.ID, file io.ReadSeeker, size int64) (domain.Picture, error) {
	return s.picture(ctx, actor, forAvatar, "Avatar", file, size)
}

// Header is Avatar for the picture at the head of a profile.
func (s *Service) Header(ctx context.Context, actor domain.ID, file io.ReadSeeker, size int64) (domain.Picture, error) {
	return s.picture(ctx, actor, forHeader, "Header", file, size)
}

// Thumbnail makes the picture of the community, which lasts once it is in the
// settings, and its blurhash.
func (s *Service) Thumbnail(ctx context.Context, file io.ReadSeeker, size int64) (name, blurhash string, err error) {
	r, out, small, err := s.make(ctx, 0, task{Purpose: forServer}, file, size)
	if err == nil && small != "" {
		err = s.Store.Write(ctx, func(tx *store.Tx) error { return tx.DoomFiles(small) })
	}
	return out, r.Blurhash, err
}

// Icon makes the files of the community's icon, of the middle square of a
// picture. They last once they are in the settings.
func (s *Service) Icon(ctx context.Context, file io.ReadSeeker, size int64) (domain.Icon, error) {
	if size > domain.MaxPictureBytes {
		return nil, domain.Errorf(domain.Invalid, "The icon may have at most %d MB.", domain.MaxPictureBytes>>20)
	}
	icon := domain.Icon{}
	for _, side := range domain.IconSides {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("read an icon: %w", err)
		}
		_, out, _, err := s.make(ctx, 0, task{Purpose: forIcon, Side: side}, file, size)
		if err != nil {
			return nil, err
		}
		icon[side] = out
	}
	return icon, nil
}

func (s *Service) picture(ctx context.Context, actor domain.ID, why purpose, field string, file io.ReadSeeker, size int64) (domain.Picture, error) {
	if size > domain.MaxPictureBytes {
		return domain.Picture{}, domain.Errorf(domain.Invalid, "Validation failed: %s file size must be less than %d MB", field, domain.MaxPictureBytes>>20)
	}
	_, out, small, err := s.make(ctx, actor, task{Purpose: why}, file, size)
	return domain.Picture{File: out, Static: small}, err
}
