package page

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"coterie/internal/domain"
	"coterie/internal/locale"
)

// Message is a page with one thing to say.
type Message struct {
	Meta
	Title string
	Text  string
	Link  Link // a way on; the zero value leads home
	Code  int  // HTTP status, 0 is 200
	// Reference is the request's id, shown so that it can be told to whoever
	// runs the server.
	Reference string
}

// Message writes a page with one thing to say.
func (p *Pages) Message(w http.ResponseWriter, r *http.Request, m Message) {
	m = p.complete(r, m)
	p.render(w, r, m.Code, "message", m.Meta, m)
}

func (p *Pages) complete(r *http.Request, m Message) Message {
	if m.Link.URL == "" {
		m.Link = Link{p.Locale(r).T("error.home"), "/"}
	}
	if m.Code == 0 {
		m.Code = http.StatusOK
	}
	m.Meta.Title, m.NoIndex = m.Title, true
	return m
}

// ErrorStatus writes the error page of an HTTP status. Text is a sentence for
// people, "" for the usual one. Nothing of the request is echoed.
func (p *Pages) ErrorStatus(w http.ResponseWriter, r *http.Request, status int, text string) {
	m := p.errorMessage(r, status, text)
	if status >= http.StatusInternalServerError {
		m.Reference = w.Header().Get("X-Request-Id")
	}
	w.Header().Set("Cache-Control", "no-store")
	p.Message(w, r, m)
}

func (p *Pages) errorMessage(r *http.Request, status int, text string) Message {
	l := p.Locale(r)
	key := "error." + strconv.Itoa(status)
	if !l.Has(key + ".title") {
		key = "error.400"
		if status >= http.StatusInternalServerError {
			key = "error.500"
		}
	}
	if text == "" {
		text = l.T(key + ".text")
	}
	return p.complete(r, Message{Title: l.T(key + ".title"), Text: text, Code: status})
}

// ErrorPage is the error page as bytes, for httpkit.Config.ErrorPage: of an
// English sentence, translated. Absence and our own faults are said in the
// usual words.
func (p *Pages) ErrorPage(r *http.Request, status int, sentence string) []byte {
	text := p.Locale(r).Error(sentence)
	if status == http.StatusNotFound || status >= http.StatusInternalServerError {
		text = ""
	}
	m := p.errorMessage(r, status, text)
	body, err := p.execute(r, "message", m.Meta, m)
	if err != nil {
		p.opt.Log.ErrorContext(r.Context(), "render page", "page", "message", "err", err)
		return []byte(m.Title)
	}
	return body
}

// Error writes the page of an error: its status by its kind, its own sentence
// if it has one. What is Internal is logged and said in general words.
func (p *Pages) Error(w http.ResponseWriter, r *http.Request, err error) {
	kind := domain.KindOf(err)
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return
	}
	if kind == domain.Internal {
		p.opt.Log.ErrorContext(r.Context(), "page failed", "path", r.URL.Path, "err", err)
	}
	p.ErrorStatus(w, r, statusOf(kind), sentence(p.Locale(r), kind, err))
}

// sentence is what may be said about err; absence says nothing (SEC-28).
func sentence(l locale.Locale, kind domain.Kind, err error) string {
	var e *domain.Error
	if kind == domain.Internal || kind == domain.NotFound || !errors.As(err, &e) {
		return ""
	}
	return l.Error(e.Msg)
}

func statusOf(k domain.Kind) int {
	switch k {
	case domain.Invalid:
		return http.StatusUnprocessableEntity
	case domain.BadRequest:
		return http.StatusBadRequest
	case domain.Unauthenticated:
		return http.StatusUnauthorized
	case domain.Forbidden:
		return http.StatusForbidden
	case domain.NotFound:
		return http.StatusNotFound
	case domain.Conflict:
		return http.StatusConflict
	case domain.Gone:
		return http.StatusGone
	case domain.TooLarge:
		return http.StatusRequestEntityTooLarge
	case domain.RateLimited:
		return http.StatusTooManyRequests
	case domain.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
