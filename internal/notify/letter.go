package notify

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
	texttemplate "text/template"

	"coterie/internal/domain"
	"coterie/internal/locale"
	"coterie/internal/mail"
	"coterie/internal/text"
)

// letter is what a mail says, in the language of who reads it.
type letter struct {
	l       locale.Locale
	to      string
	from    string // the name of the sender
	reply   string // whom to answer, "" for nobody
	Site    string
	Subject string
	Hello   string
	Lines   []string
	Facts   []fact
	Quote   string // what somebody else wrote
	Items   []item
	Button  string
	Link    string   // of the button
	Fine    []string // in small print
	Foot    string
	// Unsubscribe is where a notice is refused; Wishes is where all are chosen.
	Unsubscribe, Wishes string

	newest domain.ID // of the notifications it tells, 0 for none
}

// fact is a row of a small table.
type fact struct{ Name, Value string }

// item is one thing that happened.
type item struct{ Title, Body, Link string }

// What templates ask beside the fields.
func (m *letter) Lang() string   { return m.l.Tag() }
func (m *letter) Dir() string    { return m.l.Dir() }
func (m *letter) Refuse() string { return m.l.T("mail.unsubscribe") }
func (m *letter) Choose() string { return m.l.T("mail.wishes") }

//go:embed templates/mail.html templates/mail.txt
var letterFiles embed.FS

// Mail programs know no style sheet: the colours of the HTML form are those of
// tokens.css, written out.
var (
	letterHTML = template.Must(template.ParseFS(letterFiles, "templates/mail.html"))
	letterText = texttemplate.Must(texttemplate.New("mail.txt").Funcs(texttemplate.FuncMap{"quoted": quoted}).ParseFS(letterFiles, "templates/mail.txt"))
)

// quoted marks each line as somebody else's.
func quoted(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") }

// mail is the letter ready to be handed over.
func (m *letter) mail(s *Service, id domain.ID) (mail.Message, error) {
	local, host, _ := strings.Cut(m.to, "@")
	out := mail.Message{
		ID: id.String(), From: m.from, ReplyTo: m.reply, To: local + "@" + text.ASCIIHost(host), Subject: m.Subject, Lang: m.Lang(), Date: s.st.Now(), Unsubscribe: m.Unsubscribe,
	}
	var b bytes.Buffer
	if err := letterText.Execute(&b, m); err != nil {
		return out, fmt.Errorf("write the text: %w", err)
	}
	out.Text = b.String()
	b.Reset()
	if err := letterHTML.Execute(&b, m); err != nil {
		return out, fmt.Errorf("write the HTML: %w", err)
	}
	out.HTML = b.String()
	return out, nil
}
