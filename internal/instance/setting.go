package instance

import (
	"context"
	"encoding/json"

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
