package instance

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"coterie/internal/domain"
	"coterie/internal/moderation"
)

// The commands about settings, their arguments and results.
type (
	// SettingsShow is "settings show"; its result is a list of Setting.
	SettingsShow struct{}
	// SettingSet is "settings set"; its result is the Setting as it stands then.
	SettingSet struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	// PictureSet is "settings picture"; File is an absolute path, "" for the usual
	// picture.
	PictureSet struct {
		File string `json:"file,omitempty"`
	}
	// IconSet is "settings icon"; File is as in PictureSet.
	IconSet struct {
		File string `json:"file,omitempty"`
	}
	// TermsList is "terms list"; its result is a list of TermsCounted, the last
	// version first.
	TermsList struct{}
	// TermsPublish is "terms publish"; Effective is a day, "" for today. Notify
	// has members told by mail.
	TermsPublish struct {
		Text      string `json:"text"`
		Effective string `json:"effective"`
		Notify    bool   `json:"notify"`
	}
	// TermsNotify is "terms notify", of the version of a day; its result is that
	// of "terms list".
	TermsNotify struct {
		Effective string `json:"effective"`
	}
	// TermsCounted is a version with how many accepted it and were told of it.
	TermsCounted = moderation.TermsCounted
	// Terms are the result of "terms publish".
	Terms = domain.Terms
	// Setting is one of the settings.
	Setting = moderation.Setting
)

// setting runs the commands about settings; done is false for any other.
func (in *Instance) setting(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "settings show":
		v, err = in.moderation.ListSettings(ctx)
	case "settings set":
		v, err = command(args, func(a SettingSet) (Setting, error) { return in.moderation.SetSetting(ctx, 0, a.Name, a.Value) })
	case "settings picture":
		v, err = command(args, func(a PictureSet) (struct{}, error) { return struct{}{}, in.SetPicture(ctx, a) })
	case "settings icon":
		v, err = command(args, func(a IconSet) (struct{}, error) { return struct{}{}, in.SetIcon(ctx, a) })
	case "terms publish":
		v, err = command(args, func(a TermsPublish) (Terms, error) {
			return in.moderation.PublishTerms(ctx, 0, a.Text, a.Effective, a.Notify)
		})
	case "terms notify":
		v, err = command(args, func(a TermsNotify) ([]TermsCounted, error) {
			if err := in.moderation.TellTerms(ctx, 0, a.Effective); err != nil {
				return nil, err
			}
			return in.moderation.Terms(ctx)
		})
	case "terms list":
		v, err = in.moderation.Terms(ctx)
	default:
		return nil, false, nil
	}
	return v, true, err
}

// SetPicture changes the picture of the community.
func (in *Instance) SetPicture(ctx context.Context, a PictureSet) error {
	if a.File == "" {
		return in.moderation.SetThumbnail(ctx, 0, "", "")
	}
	f, size, err := openFile(a.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if size > domain.MaxPictureBytes {
		return domain.Errorf(domain.Invalid, "The picture may have at most %d MB.", domain.MaxPictureBytes>>20)
	}
	name, blurhash, err := in.media.Thumbnail(ctx, f, size)
	if err != nil {
		return err
	}
	return in.moderation.SetThumbnail(ctx, 0, name, blurhash)
}

// SetIcon changes the icon of the community.
func (in *Instance) SetIcon(ctx context.Context, a IconSet) error {
	if a.File == "" {
		return in.moderation.SetIcon(ctx, 0, nil)
	}
	f, size, err := openFile(a.File)
	if err != nil {
		return err
	}
	defer f.Close()
	icon, err := in.media.Icon(ctx, f, size)
	if err != nil {
		return err
	}
	return in.moderation.SetIcon(ctx, 0, icon)
}

// openFile opens a file that somebody in a shell named, and says how large it is.
func openFile(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, domain.Errorf(domain.Invalid, "The file cannot be read: %v", err)
	}
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = errors.New("it is no file")
	}
	if err != nil {
		f.Close()
		return nil, 0, domain.Errorf(domain.Invalid, "The file cannot be read: %v", err)
	}
	return f, fi.Size(), nil
}
