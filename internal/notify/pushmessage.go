package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"unicode"

	"coterie/internal/domain"
	"coterie/internal/locale"
	"coterie/internal/store"
	"coterie/internal/text"
)

// message is what an app is told (behaviours 15.3). The id is a number there.
type message struct {
	AccessToken      string                  `json:"access_token"`
	PreferredLocale  string                  `json:"preferred_locale"`
	NotificationID   int64                   `json:"notification_id"`
	NotificationType domain.NotificationType `json:"notification_type"`
	Icon             string                  `json:"icon"`
	Title            string                  `json:"title"`
	Body             string                  `json:"body"`

	contact string // of those who run the community, for the push service
}

func (m message) json() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(m)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// message is where to send a notification and what to say; ErrNotFound when
// subscription or notification are gone, too old, or no longer to be told.
func (s *Service) message(ctx context.Context, task domain.PushTask) (store.PushTarget, message, error) {
	r := s.st.Reader()
	to, err := r.PushTarget(ctx, task.Subscription)
	if err != nil {
		return to, message{}, err
	}
	n, err := r.Notification(ctx, to.Account, task.Notification)
	if err != nil {
		return to, message{}, err
	}
	now := s.st.Now()
	k, err := r.Standing(ctx, n.Account, n.From, n.Status, now)
	if err != nil {
		return to, message{}, err
	}
	if n.Filtered || now.Sub(n.CreatedAt) > domain.PushLife || dropped(n, k) || !to.Wants(n.Type) || !pushes(to.Policy, n, k) {
		return to, message{}, domain.ErrNotFound
	}
	from, err := r.Account(ctx, n.From)
	if err != nil {
		return to, message{}, err
	}
	settings, err := r.Settings(ctx)
	if err != nil {
		return to, message{}, err
	}
	l := locale.Match("", to.Locale)
	m := message{
		AccessToken: to.Bearer, PreferredLocale: l.Tag(), NotificationID: int64(n.ID), NotificationType: n.Type,
		Icon: s.urls.DefaultAvatar(), Title: title(l, n.Type, from.DisplayName, from.Username), contact: s.urls.Base,
	}
	if settings.ContactEmail != "" {
		m.contact = "mailto:" + settings.ContactEmail
	}
	m.Body, err = s.body(ctx, n, &from)
	return to, m, err
}

// pushes is the policy of the subscription on the sender.
func pushes(p domain.PushPolicy, n domain.Notification, k store.Standing) bool {
	switch p {
	case domain.PushAll:
		return true
	case domain.PushFollowed:
		return k.Sender.Followed || n.From == n.Account
	case domain.PushFollower:
		return !k.Sender.FollowedBack.IsZero() || n.From == n.Account
	}
	return false
}

// body is what the notification is about: a post, or who caused it.
func (s *Service) body(ctx context.Context, n domain.Notification, from *domain.Account) (string, error) {
	if n.Status == 0 {
		if from.Local() {
			return oneLine(from.Note, domain.MaxPushBody), nil
		}
		return oneLine(text.PlainText(from.NoteHTML), domain.MaxPushBody), nil
	}
	st, err := s.st.Reader().AnyStatus(ctx, n.Status)
	switch {
	case err != nil:
		return "", err
	case st.Spoiler != "":
		return oneLine(st.Spoiler, domain.MaxPushBody), nil
	case st.Local && st.ContentType == domain.TypePlain:
		return oneLine(st.Text, domain.MaxPushBody), nil
	}
	content := st.Content
	if st.Local {
		content = text.PostHTML(st.ContentType, st.Text, text.Resolver{})
	}
	return oneLine(text.PlainText(content), domain.MaxPushBody), nil
}

// maxName is how many characters of a name a title has.
const maxName = 60

// title says in one line what happened, by the name of who did it, or by the
// username where there is none.
func title(l locale.Locale, t domain.NotificationType, name, username string) string {
	if name = oneLine(name, maxName); name == "" {
		name = username
	}
	return l.T("notification."+string(t), "name", name)
}

// bytesPerChar bounds what characters as people see them may hide.
const bytesPerChar = 8

// oneLine is the beginning of s, on one line and without control characters.
func oneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	cut := text.Truncate(s, most)
	if cut != s {
		cut = text.Truncate(s, most-1) + "…"
	}
	if len(cut) > most*bytesPerChar {
		cut = strings.ToValidUTF8(cut[:most*bytesPerChar], "") + "…"
	}
	return cut
}
