package testkit

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"coterie/internal/instance"
)

// Mailbox is a mail server on this machine that keeps what it is given. Safe
// for concurrent use.
type Mailbox struct {
	t    testing.TB
	addr string

	mu     sync.Mutex
	mails  []Mail
	refuse func(to string) error
	users  map[string]string // nil: nobody signs in
	logins int
}

// Mail is one message that arrived.
type Mail struct {
	From, To   string // of the envelope
	Header     mail.Header
	Subject    string
	Text, HTML string
}

// NewMailbox starts one that ends with the test. With a certificate it offers
// STARTTLS, or speaks TLS from the start where implicit is true.
func NewMailbox(t testing.TB, cert *tls.Config, implicit bool) *Mailbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &Mailbox{t: t, addr: l.Addr().String()}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{box: b}, nil }))
	s.Domain, s.TLSConfig, s.AllowInsecureAuth, s.ErrorLog = "mail.test", cert, true, log.New(io.Discard, "", 0)
	if implicit {
		l = tls.NewListener(l, cert)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l)
	}()
	t.Cleanup(func() {
		_ = s.Close()
		_ = l.Close() // Serve may not have begun
		<-done
	})
	return b
}

// Mailed gives the community a mail server, which it returns.
func Mailed(t testing.TB) (*Mailbox, Option) {
	t.Helper()
	b := NewMailbox(t, nil, false)
	return b, With(func(c *instance.Config) { c.MailURL = b.URL() })
}

// URL is the address for COTERIE_MAIL_URL, without encryption.
func (b *Mailbox) URL() string { return "smtp://" + b.addr }

// Addr is its host and port.
func (b *Mailbox) Addr() string { return b.addr }

// Refuse has f decide on each recipient from now on; nil takes all.
func (b *Mailbox) Refuse(f func(to string) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = f
}

// Admit has only these users in, by name and password.
func (b *Mailbox) Admit(users map[string]string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.users = users
}

// Logins is how often somebody signed in.
func (b *Mailbox) Logins() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.logins
}

// Take is what arrived since it was last called.
func (b *Mailbox) Take() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.mails
	b.mails = nil
	return list
}

// Only is the one mail that arrived since Take was last called.
func (b *Mailbox) Only(t testing.TB) Mail {
	t.Helper()
	list := b.Take()
	if len(list) != 1 {
		t.Fatalf("%d mails arrived, want one: %+v", len(list), list)
	}
	return list[0]
}

// Link is the first address in the text that holds part.
func (m Mail) Link(t testing.TB, part string) string {
	t.Helper()
	for _, word := range strings.Fields(m.Text) {
		if strings.Contains(word, "://") && strings.Contains(word, part) {
			return word
		}
	}
	t.Fatalf("no link with %q in: %s", part, m.Text)
	return ""
}

// MailError is an answer such as 450 or 550.
func MailError(code int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "no"}
}

// delivery is one connection.
type delivery struct {
	box      *Mailbox
	from, to string
	known    bool
}

func (d *delivery) AuthMechanisms() []string {
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	if d.box.users == nil {
		return nil
	}
	return []string{sasl.Plain}
}

func (d *delivery) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		d.box.mu.Lock()
		defer d.box.mu.Unlock()
		if want, ok := d.box.users[name]; !ok || want != password {
			return smtp.ErrAuthFailed
		}
		d.known = true
		d.box.logins++
		return nil
	}), nil
}

func (d *delivery) Reset()        {}
func (d *delivery) Logout() error { return nil }

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error {
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	if d.box.users != nil && !d.known {
		return smtp.ErrAuthRequired
	}
	d.from = from
	return nil
}

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.to = to
	if d.box.refuse != nil {
		return d.box.refuse(to)
	}
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	m, err := readMail(r)
	if err != nil {
		d.box.t.Errorf("a mail cannot be read: %v", err)
		return err
	}
	m.From, m.To = d.from, d.to
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.box.mails = append(d.box.mails, m)
	return nil
}

// readMail reads a message of two parts, plain and HTML.
func readMail(r io.Reader) (Mail, error) {
	raw, err := mail.ReadMessage(r)
	if err != nil {
		return Mail{}, err
	}
	m := Mail{Header: raw.Header}
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(raw.Header.Get("Subject")); err != nil {
		return m, err
	}
	kind, params, err := mime.ParseMediaType(raw.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return m, errors.Join(err, errors.New("the mail is of the type "+kind))
	}
	parts := multipart.NewReader(raw.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return m, err
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			return m, err
		}
		text := strings.ReplaceAll(string(b), "\r\n", "\n")
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			m.HTML = text
		} else {
			m.Text = text
		}
	}
}
