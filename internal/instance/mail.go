package instance

import (
	"context"
	"encoding/json"

	"coterie/internal/mail"
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
	if verb != "mail test" {
		return nil, false, nil
	}
	v, err = command(args, func(a MailTest) (MailTested, error) {
		return MailTested{Server: in.mailName}, in.notify.TestMail(ctx, a.To)
	})
	return v, true, err
}
