package domain

import "time"

// JobMail writes one mail and hands it to the mail server.
const JobMail JobKind = "notify.mail"

// MailKind is what a mail is about.
type MailKind string

const (
	MailConfirm  MailKind = "confirm"          // an address, by a link
	MailReset    MailKind = "reset"            // a forgotten password, by a link
	MailPassword MailKind = "password_changed" // to its owner
	MailAddress  MailKind = "email_changed"    // to the old address
	MailFactors  MailKind = "factors_changed"  // codes or passkeys
	MailSignIn   MailKind = "signed_in"        // from somewhere new
	MailWelcome  MailKind = "welcome"          // who joined without being let in
	MailApproved MailKind = "approved"
	MailRejected MailKind = "rejected"
	MailStrike   MailKind = "strike"
	MailAppealed MailKind = "appealed"       // to the staff
	MailDecided  MailKind = "appeal_decided" // to who appealed
	MailNotices  MailKind = "notices"        // notifications that wait
	MailArchive  MailKind = "archive"        // it is ready
	MailTerms    MailKind = "terms"          // there is a new version of the terms of service
	MailTest     MailKind = "test"
)

// Notice reports whether people may refuse mails of the kind.
func (k MailKind) Notice() bool { return k == MailNotices || k == MailAppealed }

// Priority is how urgent a mail is: somebody waits for a link, an account may
// be in danger; what is to be read at leisure comes last.
func (k MailKind) Priority() JobPriority {
	switch k {
	case MailWelcome, MailApproved, MailRejected, MailStrike, MailDecided, MailArchive:
		return PriorityNormal
	case MailNotices, MailAppealed, MailTerms:
		return PriorityLow
	}
	return PriorityHigh
}

// MailTexts are words of the community's own, plain text, by kind of mail and
// by language.
type MailTexts map[MailKind]map[string]string

// WordedMails are the kinds of mail that can have words of the community's own.
func WordedMails() []MailKind { return []MailKind{MailWelcome, MailApproved, MailRejected} }

// MaxMailText is how long such words may be, in characters.
const MaxMailText = 4000

// MailWords are the community's own words in a mail to somebody who reads a
// language: in that, else in the first of its languages that has some.
func (s *Settings) MailWords(kind MailKind, language string) string {
	for _, tag := range append([]string{language}, s.Languages...) {
		if words := s.MailTexts[kind][tag]; words != "" {
			return words
		}
	}
	return ""
}

// MailTask is the payload of JobMail. What the mail says is looked up when it
// is written: links are drawn then, so that none is kept in a form that opens
// anything.
type MailTask struct {
	Kind    MailKind `json:"kind"`
	Account ID       `json:"account,omitempty"` // whose mail it is; 0: who has the address To
	Object  ID       `json:"object,omitempty"`  // strike or session
	// To is an address other than the account's, with the language and the name
	// of who has no account any more.
	To     string    `json:"to,omitempty"`
	Locale string    `json:"locale,omitempty"`
	Name   string    `json:"name,omitempty"`
	Text   string    `json:"text,omitempty"` // of the staff
	Day    string    `json:"day,omitempty"`  // of the terms, as 2006-01-02
	Since  time.Time `json:"since,omitzero"`
}

// MailWanted is the event that has a mail written.
func MailWanted(t MailTask) Event { return Event{Kind: EventMailWanted, Actor: t.Account, Mail: &t} }

// MailSecret is a link that was mailed. It is kept as the hash of its text.
type MailSecret struct {
	Account ID
	Kind    MailKind // MailConfirm or MailReset
	Email   string   // where it was sent
	// CreatedAt is when; it opens something for Life.
	CreatedAt time.Time
}

// How long mailed links work.
const (
	ConfirmLife = 7 * 24 * time.Hour
	ResetLife   = time.Hour
)

// Live reports whether the link still works.
func (m *MailSecret) Live(now time.Time) bool {
	life := ConfirmLife
	if m.Kind == MailReset {
		life = ResetLife
	}
	return now.Sub(m.CreatedAt) < life
}

// MailWishes say what somebody wants to read of by mail.
type MailWishes struct {
	None   bool                      `json:"none,omitempty"`   // no notices at all
	Always bool                      `json:"always,omitempty"` // also where an app tells
	Types  map[NotificationType]bool `json:"types,omitempty"`  // where not as usual
}

// MailedTypes are the notifications that can come by mail.
func MailedTypes() []NotificationType {
	return []NotificationType{
		NotifyMention, NotifyQuote, NotifyFollow, NotifyFollowRequest, NotifyReblog, NotifyFavourite, NotifyAdminReport, NotifyAdminSignUp,
	}
}

// Wants reports whether a notification of the type is told by mail.
func (w MailWishes) Wants(t NotificationType) bool {
	if w.None {
		return false
	}
	if wish, ok := w.Types[t]; ok {
		return wish
	}
	return t != NotifyReblog && t != NotifyFavourite
}
