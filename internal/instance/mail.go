package instance

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/mail"
	"coterie/internal/moderation"
)

type (
	// MailTest is "mail test".
	MailTest struct {
		To string `json:"to"`
	}
	// MailTested is its result.
	MailTested struct {
		Server string `json:"server"`
	}
	// MailTextSet is "mail texts set"; an empty Text takes the words out. Its
	// result, and that of "mail texts show", is a list of MailText.
	MailTextSet struct {
		Kind     string `json:"kind"`
		Language string `json:"language"`
		Text     string `json:"text"`
	}
	// MailText are words of the community's own in mails of a kind.
	MailText = moderation.MailText
)

// openMail is the mail server of the configuration, nil for none.
func (in *Instance) openMail(sh Shared) (*mail.Server, error) {
	if in.cfg.MailURL == "" {
		return nil, nil
	}
	s, err := mail.Open(in.cfg.MailURL, mail.Options{Domain: in.cfg.Handles(), Dial: sh.Dial})
	if err == nil {
		in.mailName = s.Name()
	}
	return s, err
}

// mailCommand runs the commands about mail; done is false for any other.
func (in *Instance) mailCommand(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "mail test":
		v, err = command(args, func(a MailTest) (MailTested, error) {
			return MailTested{Server: in.mailName}, in.notify.TestMail(ctx, a.To)
		})
	case "mail texts show":
		v, err = in.moderation.MailTexts(ctx)
	case "mail texts set":
		v, err = command(args, func(a MailTextSet) ([]MailText, error) {
			if err := in.moderation.SetMailText(ctx, 0, domain.MailKind(a.Kind), a.Language, a.Text); err != nil {
				return nil, err
			}
			return in.moderation.MailTexts(ctx)
		})
	default:
		return nil, false, nil
	}
	return v, true, err
}
