package fedhttp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"unicode/utf8"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/httpkit"
	"coterie/internal/store"
)

// delivery is one request to an inbox on its way through the checks.
type delivery struct {
	r         *httpkit.Request
	recipient domain.ID // 0: the shared inbox
	keyID     string
	body      []byte
	doc       *apub.Document
	signature *fetch.Signature
	signer    domain.Account
}

// sharedInbox takes letters to anybody here.
func (s *Server) sharedInbox(r *httpkit.Request) (any, error) {
	return s.receive(&delivery{r: r, keyID: fetch.KeyID(r.HTTP.Header)})
}

// personalInbox takes letters to one account.
func (s *Server) personalInbox(r *httpkit.Request) (any, error) {
	d := &delivery{r: r, keyID: fetch.KeyID(r.HTTP.Header)}
	a, err := s.account(r.Context(), r.Path("name"))
	if err == nil && a.Suspended() {
		err = errSuspended
	}
	if err != nil {
		return s.answer(d, NoInbox, err)
	}
	d.recipient = a.ID
	return s.receive(d)
}

// receive takes a letter through the checks, the cheap ones first, and stores
// it. What is refused has touched no row (SEC-08).
func (s *Server) receive(d *delivery) (any, error) {
	for _, step := range []func(*delivery) (Outcome, error){s.admit, s.read, s.check, s.authenticate, s.attribute} {
		if o, err := step(d); err != nil || o != Accepted {
			return s.answer(d, o, err)
		}
	}
	o, err := s.store(d)
	return s.answer(d, o, err)
}

// answer counts, says in the log why a letter was refused, and answers.
func (s *Server) answer(d *delivery, o Outcome, err error) (any, error) {
	s.stats.count(o)
	ctx, level := d.r.Context(), slog.LevelInfo
	switch {
	case err == nil:
		level = slog.LevelDebug
	case o == Failed:
		level = slog.LevelError
	case domain.Is(err, domain.Unauthenticated):
		challenge(d.r)
	}
	if s.Log.Enabled(ctx, level) {
		attrs := []slog.Attr{
			slog.String("outcome", o.String()), slog.String("key", d.keyID), slog.String("id", d.r.ID),
			slog.Int("bytes", len(d.body)),
		}
		if d.doc != nil {
			attrs = append(attrs, slog.String("type", d.doc.Type), slog.String("activity", d.doc.ID))
		}
		if err != nil {
			attrs = append(attrs, slog.Any("why", err))
		}
		s.Log.LogAttrs(ctx, level, "letter", attrs...)
	}
	if err != nil {
		return nil, err
	}
	return httpkit.Status(http.StatusAccepted, nil), nil
}

// admit refuses by what stands in the header, before the body is read.
func (s *Server) admit(d *delivery) (Outcome, error) {
	h := d.r.HTTP.Header
	if h.Get("Signature") == "" {
		return BadSign, errUnsigned
	}
	if host := keyHost(d.keyID); host != "" && (s.Refused(host) || s.ours(host)) {
		return NotAllowed, errHost
	}
	if e := h.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return Malformed, errEncoding
	}
	if d.r.HTTP.ContentLength > apub.MaxBody {
		return Malformed, errTooLarge
	}
	return Accepted, nil
}

var (
	errEncoding = domain.Errorf(domain.BadRequest, "The body must not be compressed")
	errTooLarge = domain.Errorf(domain.TooLarge, "An activity may have at most %d bytes", apub.MaxBody)
	errNotText  = domain.Errorf(domain.BadRequest, "The body is not UTF-8 text")
	errRead     = domain.Errorf(domain.BadRequest, "The body could not be read")
	errAlien    = domain.Errorf(domain.Unauthenticated, "The activity is not of the account that signed the request")
	errKind     = domain.Errorf(domain.BadRequest, "An inbox takes activities")
)

// ours reports whether a host is this server: nothing of ours comes by an
// inbox (SEC-04).
func (s *Server) ours(host string) bool {
	for _, own := range s.rules.Hosts {
		if strings.EqualFold(own, host) {
			return true
		}
	}
	return false
}

// read takes the body within its limit and parses it (SEC-59).
func (s *Server) read(d *delivery) (Outcome, error) {
	var err error
	// Declared lengths that lie are cut by net/http, missing ones here.
	if d.body, err = io.ReadAll(io.LimitReader(d.r.HTTP.Body, apub.MaxBody+1)); err != nil {
		return Malformed, &domain.Error{Kind: domain.BadRequest, Op: "fedhttp.read", Msg: errRead.Msg, Err: err}
	}
	if len(d.body) > apub.MaxBody {
		return Malformed, errTooLarge
	}
	if !utf8.Valid(d.body) || bytes.IndexByte(d.body, 0) >= 0 {
		return Malformed, errNotText
	}
	if d.doc, err = apub.Parse(d.body); err != nil {
		return Malformed, &domain.Error{Kind: domain.BadRequest, Op: "fedhttp.read", Msg: "The activity cannot be read", Err: err}
	}
	return Accepted, nil
}

// check does what needs neither a key nor the network: the form of the
// signature, digests and times; and it lets go of what is of no use. When an
// account is deleted its server tells every other one: those that never heard
// of it must not ask back (facts 6).
func (s *Server) check(d *delivery) (Outcome, error) {
	var err error
	if d.signature, err = fetch.ParseSignature(d.r.HTTP, d.body, s.rulesNow()); err != nil {
		if domain.Is(err, domain.BadRequest) {
			return Malformed, err
		}
		return BadSign, err
	}
	switch d.doc.Class {
	case apub.ClassUnknown:
		return Unconcerned, nil
	case apub.ClassCollection:
		return Accepted, nil
	case apub.ClassActivity:
	default:
		return Malformed, errKind
	}
	a := d.doc.Activity
	if a.Actor == "" {
		return Malformed, errKind
	}
	if a.Type == "Delete" || a.Type == "Update" && a.Object().ID == a.Actor {
		_, err := s.st.AccountByURI(d.r.Context(), a.Actor)
		if domain.Is(err, domain.NotFound) {
			return Unconcerned, nil
		}
		if err != nil {
			return Failed, fmt.Errorf("look up an actor: %w", err)
		}
	}
	return Accepted, nil
}

// authenticate verifies the signature with the key of its owner, and refuses
// owners whom we do not hear (SEC-13).
func (s *Server) authenticate(d *delivery) (Outcome, error) {
	var err error
	if d.signer, err = s.verify(d.r.Context(), d.signature, true); err != nil {
		return s.unverified(d, err)
	}
	switch {
	case s.Refused(apub.Host(d.signer.URI)):
		return NotAllowed, errHost
	case d.signer.Suspended() && !s.mayStill(d.doc):
		return NotAllowed, errSigner
	}
	return Accepted, nil
}

// unverified tells what a signature means that could not be verified. Where
// the key is gone with the account that deletes itself, its own server has
// just confirmed that (facts 4.3).
func (s *Server) unverified(d *delivery, err error) (Outcome, error) {
	a := d.doc.Activity
	var e *domain.Error
	if a != nil && a.Type == "Delete" && a.Object().ID == a.Actor && ownKeyID(d.keyID, a.Actor) && errors.As(err, &e) && domain.Is(e.Err, domain.Gone) {
		known, err := s.st.AccountByURI(d.r.Context(), a.Actor)
		if err == nil {
			d.signer = known
			return Accepted, nil
		}
	}
	switch domain.KindOf(err) {
	case domain.Unauthenticated, domain.BadRequest:
		return BadSign, err
	case domain.Forbidden:
		return NotAllowed, err
	case domain.Unavailable:
		return KeyMissing, err
	}
	return Failed, err
}

// ownKeyID reports whether the address of a key is that of its actor, or the
// one beneath it that GoToSocial and Misskey use (facts 4.3).
func ownKeyID(keyID, actor string) bool {
	address, _, _ := strings.Cut(keyID, "#")
	return address == actor || address == actor+"/main-key" || address == actor+"/publickey"
}

// mayStill reports what a suspended account may still say: what takes
// something back (facts 20).
func (s *Server) mayStill(doc *apub.Document) bool {
	if doc.Activity == nil {
		return false
	}
	switch doc.Activity.Type {
	case "Delete", "Undo", "Reject", "Update":
		return true
	}
	return false
}

// attribute demands that who signed is who acts. What another wrote is taken
// only with a signature of its own in it, which somebody forwards: the job
// that works it off confirms it (facts 3, SEC-08).
func (s *Server) attribute(d *delivery) (Outcome, error) {
	a := d.doc.Activity
	if a == nil || a.Actor == d.signer.URI {
		return Accepted, nil
	}
	if s.ours(apub.Host(a.Actor)) {
		return NotAllowed, errHost
	}
	if s.Refused(apub.Host(a.Actor)) {
		return NotAllowed, errHost
	}
	if _, err := apub.ReadLDSignature(d.body); err == nil {
		return Accepted, nil
	}
	if _, err := apub.ReadProof(d.body); err == nil {
		return Accepted, nil
	}
	return BadSign, errAlien
}

// store writes the letter, unless it was seen before, and tells that its host
// lives: one small transaction.
func (s *Server) store(d *delivery) (Outcome, error) {
	host := apub.Host(d.signer.URI)
	outcome := Accepted
	err := s.Store.Write(d.r.Context(), func(tx *store.Tx) error {
		outcome = Accepted
		first, err := d.see(tx)
		if err != nil {
			return fmt.Errorf("remember the activity: %w", err)
		}
		if !first {
			outcome = Repeated
			return nil
		}
		err = tx.InsertLetter(&store.Letter{
			Activity: d.doc.ID, Signer: d.signer.ID, Recipient: d.recipient, Host: host, Body: string(d.body),
		})
		if err != nil {
			return fmt.Errorf("store the letter: %w", err)
		}
		if err := d.syncLater(tx); err != nil {
			return fmt.Errorf("have the followers compared: %w", err)
		}
		return s.HostAlive(tx, host)
	})
	if err != nil {
		return Failed, err
	}
	return outcome, nil
}
