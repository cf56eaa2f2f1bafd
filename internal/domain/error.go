package domain

import (
	"errors"
	"fmt"
)

// Kind is what an error means to a machine. Surfaces map it to a status
// once: see httpkit.
type Kind uint8

const (
	// Internal is the zero kind: something of ours broke, and the text is for the log only.
	Internal        Kind = iota
	Invalid              // the input breaks a rule (422)
	BadRequest           // the request cannot be understood (400)
	Unauthenticated      // no valid credentials (401)
	Forbidden            // valid credentials that may not do this (403)
	NotFound             // absent, or hidden from this viewer (404)
	Conflict             // lost against a concurrent change (409)
	Gone                 // was here and never comes back (410)
	TooLarge             // over a size limit (413)
	RateLimited          // too many requests (429)
	Unavailable          // try again later: a peer, a queue or the store is not able (503)
)

// Error is the one error type with a meaning: a kind for machines, a sentence
// for people, the operation and the cause for the log.
type Error struct {
	Kind Kind
	// Op is what was being done, such as "post.Create".
	Op string
	// Msg is one sentence shown to the person as it is.
	Msg string
	// Err is the cause, which never reaches the client.
	Err error
	// Fields are validation failures by attribute (behaviours 2.8).
	Fields []FieldError
}

// FieldError is one failed validation of one attribute.
type FieldError struct {
	Field       string // flattened attribute name, such as "username"
	Code        string // such as "ERR_TAKEN"
	Description string // such as "has already been taken"
}

func (e *Error) Error() string {
	s := e.Msg
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error of kind k whose sentence is shown to the person.
func Errorf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Msg: fmt.Sprintf(format, args...)}
}

// ErrNotFound is the answer for everything absent or hidden, so that the two
// cannot be told apart (SEC-28).
var ErrNotFound = &Error{Kind: NotFound, Msg: "Record not found"}

// KindOf is the kind of the first *Error in err's chain, else Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err's kind is k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }
