// Package mail hands messages to the one mail server that the operator named
// (COTERIE_MAIL_URL): connecting, encryption, signing in, and whether a refusal
// is for good. What a mail says, when it goes and how often is for notify.
// Level 1: notify and instance import it. A Server never changes after Open, so
// it is safe for concurrent use; each message has a connection of its own.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"coterie/internal/domain"
)

// Options are what an address does not say.
type Options struct {
	Domain string // of the usual sender, and of message ids
	// Dial replaces the network, for tests; nil connects as usual.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// TLS replaces how servers are trusted, for tests; nil is as usual.
	TLS *tls.Config
}

// Server is a mail server that takes what we send.
type Server struct {
	host    string
	from    string
	domain  string
	options []gomail.Option
}

// Message is one mail to one person.
type Message struct {
	ID      string // the same however often it is tried
	From    string // name beside our address
	ReplyTo string // "" for none
	To      string // bare address
	Subject string
	Text    string
	HTML    string
	Lang    string // BCP 47
	Date    time.Time
	// Unsubscribe is where one POST ends mails of this kind (RFC 8058), "" for
	// what nobody can refuse.
	Unsubscribe string
}

const (
	timeout    = 30 * time.Second
	submission = 587 // RFC 6409
	implicit   = 465 // RFC 8314
)

// Open reads an address such as smtp://NAME:PASSWORD@HOST:587 or smtps://…,
// with ?from=ADDRESS for another sender than coterie@DOMAIN. Nothing connects
// yet.
func Open(address string, o Options) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, errAddress()
	}
	s := &Server{host: u.Hostname(), domain: bareHost(o.Domain), from: "coterie@" + bareHost(o.Domain)}
	if from := u.Query().Get("from"); from != "" {
		s.from = from
	}
	if _, err := mail.ParseAddress(s.from); err != nil || strings.ContainsAny(s.from, "\r\n<>") {
		return nil, domain.Errorf(domain.Invalid, "COTERIE_MAIL_URL names %q as the sender, which is no mail address; write ?from=coterie@example.org.", s.from)
	}
	port := submission
	if u.Scheme == "smtps" {
		port = implicit
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return nil, errAddress()
		}
	}
	s.options = append(s.options, gomail.WithPort(port), gomail.WithTimeout(timeout), gomail.WithHELO(s.domain))
	if o.TLS != nil {
		s.options = append(s.options, gomail.WithTLSConfig(o.TLS))
	}
	if o.Dial != nil {
		s.options = append(s.options, gomail.WithDialContextFunc(dialer(u, o)))
	}
	s.secure(u)
	return s, nil
}

func errAddress() error {
	return domain.Errorf(domain.Invalid, "COTERIE_MAIL_URL must be an address such as smtp://NAME:PASSWORD@mail.example.org:587, or smtps:// for a server that encrypts from the start.")
}

// bareHost is a domain without its port, which DEV has.
func bareHost(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return host
}

// secure chooses encryption. A password goes only where nobody listens: over
// TLS, or within this machine.
func (s *Server) secure(u *url.URL) {
	name := u.User.Username()
	password, _ := u.User.Password()
	switch {
	case u.Scheme == "smtps":
		s.options = append(s.options, gomail.WithSSL())
	case name != "" && !loopback(s.host):
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if name == "" {
		return
	}
	how := gomail.SMTPAuthAutoDiscover
	if u.Scheme == "smtp" && loopback(s.host) {
		how = gomail.SMTPAuthPlainNoEnc
	}
	s.options = append(s.options, gomail.WithSMTPAuth(how), gomail.WithUsername(name), gomail.WithPassword(password))
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// dialer adds the encryption that smtps:// has from the start, which the
// library leaves to who dials.
func dialer(u *url.URL, o Options) gomail.DialContextFunc {
	if u.Scheme != "smtps" {
		return o.Dial
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := o.Dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		cfg := &tls.Config{MinVersion: tls.VersionTLS12}
		if o.TLS != nil {
			cfg = o.TLS.Clone()
		}
		if cfg.ServerName == "" {
			cfg.ServerName = u.Hostname()
		}
		return tls.Client(c, cfg), nil
	}
}

// Name is the host and the sender, for the log.
func (s *Server) Name() string { return s.host + " as " + s.from }

// Send hands a message over. An error that Refused knows is for good; any
// other may pass.
func (s *Server) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return &refusal{err}
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("prepare a connection to the mail server: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return classify(err)
	}
	return nil
}

// compose writes the message. Headers are encoded by the library; addresses
// that could be read in more than one way do not come this far (SEC-45).
func (s *Server) compose(m Message) (*gomail.Msg, error) {
	if strings.ContainsAny(m.To+m.ReplyTo, "\r\n\"\\(),:;<>[] \x00") {
		return nil, errors.New("the address has signs that mail servers read a meaning into")
	}
	msg := gomail.NewMsg()
	msg.FromMailAddress(&mail.Address{Name: oneLine(m.From), Address: s.from})
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("write the recipient: %w", err)
	}
	if m.ReplyTo != "" {
		if err := msg.ReplyTo(m.ReplyTo); err != nil {
			return nil, fmt.Errorf("write whom to answer: %w", err)
		}
	}
	msg.Subject(oneLine(m.Subject))
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader(gomail.HeaderContentLang, m.Lang)
	if m.Unsubscribe != "" {
		msg.SetListUnsubscribe(m.Unsubscribe)
		msg.SetListUnsubscribePost()
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

// oneLine takes what could begin another header out of a text.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' }), " ")
}

// refusal is an error that no further try can mend.
type refusal struct{ error }

func (r *refusal) Unwrap() error { return r.error }

// Refused reports whether an error of Send is for good: the server does not
// take this message, or not for this person.
func Refused(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}

// classify knows what concerns the message alone. All else, from a password
// that expired to a server that is away, holds every message up and may pass.
func classify(err error) error {
	var e *gomail.SendError
	if !errors.As(err, &e) || e.ErrorCode() < 500 {
		return fmt.Errorf("hand the mail over: %w", err)
	}
	switch e.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return &refusal{fmt.Errorf("the mail server refuses: %w", err)}
	}
	return fmt.Errorf("hand the mail over: %w", err)
}
