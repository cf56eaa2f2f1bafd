package page

import (
	"errors"
	"net/http"

	"coterie/internal/domain"
)

// Form is what a handler says about a form: where it goes, what it carries
// along and what was wrong last time. The fields' names are written at the
// page that has them.
type Form struct {
	Action   string            // path the form posts to
	Hidden   []Hidden          // carried along unchanged, such as OAuth parameters
	Problem  string            // what is wrong with the whole, a sentence people read
	Problems map[string]string // what is wrong by field name
}

// Hidden is one value carried along.
type Hidden struct{ Name, Value string }

// field is one labelled input. Help and error are tied to it by
// aria-describedby.
type field struct {
	Name, Label, Help, Type, Value, Autocomplete, Error string
	Prefix, Suffix                                      string
	Required, Multiline, Autofocus, Plain               bool
	Quiet                                               bool // the heading of the page says the label
	Min, Max                                            int
	Choices                                             []choice // to choose Value from
}

// choice is one card of a field to choose from.
type choice struct{ Value, Label, Help, Icon, Badge string }

// ID is the input's id on the page.
func (f field) ID() string { return "f-" + f.Name }

// DescribedBy are the ids of what explains the input.
func (f field) DescribedBy() string {
	s := ""
	if f.Help != "" {
		s = f.ID() + "-help"
	}
	if f.Error != "" {
		if s != "" {
			s += " "
		}
		s += f.ID() + "-error"
	}
	return s
}

// formView is a form ready for its template.
type formView struct {
	Form
	Fields []field
	Submit string
}

// Failed reports whether the form comes back with something wrong.
func (f formView) Failed() bool { return f.Problem != "" || len(f.Problems) > 0 }

// view ties a form to its fields and hands each its problem.
func (f Form) view(submit string, fields ...field) formView {
	for i := range fields {
		fields[i].Error = f.Problems[fields[i].Name]
		if fields[i].Type == "" {
			fields[i].Type = "text"
		}
	}
	return formView{f, fields, submit}
}

// Fail is the form with what err says was wrong: each failed field in its
// place (behaviours 2.8), else one sentence for the whole. What is Internal is
// logged and said in general words.
func (p *Pages) Fail(r *http.Request, f Form, err error) Form {
	l := p.Locale(r)
	var e *domain.Error
	switch {
	case !errors.As(err, &e) || e.Kind == domain.Internal:
		p.opt.Log.ErrorContext(r.Context(), "form failed", "path", r.URL.Path, "err", err)
		f.Problem = l.T("error.500.text")
	case len(e.Fields) == 0:
		f.Problem = l.Error(e.Msg)
	default:
		f.Problems = make(map[string]string, len(e.Fields))
		for _, bad := range e.Fields {
			text := bad.Description
			if key := "problem." + bad.Code; l.Has(key) {
				text = l.T(key)
			}
			f.Problems[bad.Field] = text
		}
	}
	return f
}
