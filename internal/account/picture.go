package account

import (
	"coterie/internal/domain"
	"coterie/internal/store"
)

func (up *Update) changesPictures() bool {
	return up.Avatar != nil || up.Header != nil || up.AvatarDescription != nil || up.HeaderDescription != nil
}

// putPictures gives the account its pictures and lets the files of the old ones
// go.
func (up *Update) putPictures(tx *store.Tx, a *domain.Account) error {
	if up.Avatar != nil {
		if err := swap(tx, &a.Avatar, &a.AvatarStatic, *up.Avatar); err != nil {
			return err
		}
		if a.Avatar == "" {
			a.AvatarDescription = ""
		}
	}
	if up.Header != nil {
		if err := swap(tx, &a.Header, &a.HeaderStatic, *up.Header); err != nil {
			return err
		}
		if a.Header == "" {
			a.HeaderDescription = ""
		}
	}
	set(&a.AvatarDescription, up.AvatarDescription)
	set(&a.HeaderDescription, up.HeaderDescription)
	return tx.SetPictures(a)
}

func swap(tx *store.Tx, file, static *string, p domain.Picture) error {
	if err := tx.DoomFiles(*file, *static); err != nil {
		return err
	}
	*file, *static = p.File, p.Static
	return tx.KeepFiles(p.File, p.Static)
}
