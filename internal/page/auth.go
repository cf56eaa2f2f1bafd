package page

import (
	"html/template"
	"net/http"
)

// SignIn is the sign-in page. Fields: login, password.
type SignIn struct {
	Form
	Login     string // what was typed before
	App       string // name of the app that wants in, "" if none does
	SignUpURL string // with what must be carried along; "" if nobody can join
	Back      string // path to go on to
	Provider  string // name of the OpenID Connect provider, "" for none
}

// SignIn writes the sign-in page.
func (p *Pages) SignIn(w http.ResponseWriter, r *http.Request, d SignIn) {
	l := p.Locale(r)
	f := d.view(l.T("signin.submit"),
		field{Name: "login", Label: l.T("signin.login"), Value: d.Login, Required: true, Max: 320, Autocomplete: "username", Autofocus: true, Plain: true},
		field{Name: "password", Label: l.T("field.password"), Type: "password", Required: true, Max: 512, Autocomplete: "current-password"},
	)
	p.form(w, r, "signin", l.T("signin.title", "site", p.site(r.Context()).Name), f, d)
}

// SecondFactor is the page that asks for more than the password. Fields: code.
type SecondFactor struct {
	Form
	Account Account // who signs in
	Code    bool    // an app makes one-time codes, beside recovery codes
	Passkey bool    // there is a passkey to ask
	Back    string  // path to go on to
}

// SecondFactor writes the page that asks for more than the password.
func (p *Pages) SecondFactor(w http.ResponseWriter, r *http.Request, d SecondFactor) {
	l := p.Locale(r)
	label, help := l.T("factor.code"), l.T("factor.code.help")
	if !d.Code {
		label, help = l.T("factor.recovery"), l.T("factor.recovery.help")
	}
	f := d.view(l.T("signin.submit"),
		field{Name: "code", Label: label, Help: help, Required: true, Max: 20, Autocomplete: "one-time-code", Autofocus: true, Plain: true},
	)
	p.form(w, r, "second-factor", l.T("factor.title"), f, d)
}

// FirstFactor is the page where whose role asks for it sets up a second factor.
// Fields: code, or secret, passkey_name and answer, which a script fills in.
type FirstFactor struct {
	Form
	Account Account      // who signs in
	Secret  string       // for an authenticator app, to type
	QR      template.URL // the same as a picture, to scan
}

// FirstFactor writes the page where a second factor is set up.
func (p *Pages) FirstFactor(w http.ResponseWriter, r *http.Request, d FirstFactor) {
	l := p.Locale(r)
	f := d.view(l.T("first.submit"),
		field{Name: "code", Label: l.T("first.code"), Required: true, Max: 20, Autocomplete: "one-time-code", Plain: true},
	)
	p.form(w, r, "first-factor", l.T("first.title"), f, d)
}

// RecoveryCodes is the page that shows recovery codes, once.
type RecoveryCodes struct {
	Codes []string
	Next  string // path to go on to, "" if there is nothing yet
	// Title and Text say what is still to come, if anything.
	Title, Text string
}

// RecoveryCodes writes the page that shows recovery codes.
func (p *Pages) RecoveryCodes(w http.ResponseWriter, r *http.Request, d RecoveryCodes) {
	p.form(w, r, "recovery-codes", p.Locale(r).T("codes.title"), formView{}, d)
}

// Question is a page of signing in that asks one thing, or only for a yes:
// what it says is in the catalogues under Kind. Fields: email where somebody
// forgot a password, password where a new one is set, login and
// code for a recovery code.
type Question struct {
	Form
	Kind  string // QuestionConfirm and its like
	Email string // what was typed before
	Login string // the same
	// Of the question whether somebody at a provider, whose name is in Login, is
	// the account; Back is the path to go on to if not.
	Provider, Account, Back string
}

// The questions there are.
const (
	QuestionConfirm     = "confirm"
	QuestionForgot      = "forgot"
	QuestionNewPassword = "newpassword"
	QuestionRecovery    = "recovery"
	QuestionLink        = "link"
	QuestionUnsubscribe = "unsubscribe"
)

// Question writes the page that asks it.
func (p *Pages) Question(w http.ResponseWriter, r *http.Request, d Question) {
	l := p.Locale(r)
	var fields []field
	v := questionView{Question: d, Panel: "forgot.panel"}
	switch d.Kind {
	case QuestionConfirm:
		v.Panel, v.Title, v.Lede, v.Submit = "confirm.panel", l.T("confirm.title"), l.T("confirm.lede"), l.T("mail.confirm.button")
	case QuestionForgot:
		v.Title, v.Lede, v.Submit = l.T("forgot.title"), l.T("forgot.lede"), l.T("forgot.submit")
		fields = []field{{Name: "email", Label: l.T("field.email"), Type: "email", Value: d.Email, Required: true, Max: 320, Autocomplete: "email", Autofocus: true, Plain: true}}
	case QuestionNewPassword:
		v.Title, v.Lede, v.Submit = l.T("newpassword.title"), l.T("newpassword.lede"), l.T("newpassword.submit")
		fields = []field{{Name: "password", Label: l.T("field.password"), Help: l.T("field.password.help"), Type: "password", Required: true, Min: 8, Max: 72, Autocomplete: "new-password", Autofocus: true}}
	case QuestionRecovery:
		v.Title, v.Lede, v.Submit = l.T("recovery.title"), l.T("recovery.lede"), l.T("signin.submit")
		fields = []field{
			{Name: "login", Label: l.T("signin.login"), Value: d.Login, Required: true, Max: 320, Autocomplete: "username", Autofocus: true, Plain: true},
			{Name: "code", Label: l.T("factor.recovery"), Help: l.T("factor.recovery.help"), Required: true, Max: 20, Autocomplete: "off", Plain: true},
		}
	case QuestionLink:
		v.Panel, v.Title, v.Submit = "signin.panel", l.T("link.title"), l.T("link.submit")
		v.Lede = l.T("link.lede", "name", d.Login, "provider", d.Provider, "account", d.Account)
	case QuestionUnsubscribe:
		v.Panel, v.Title, v.Lede, v.Submit = "signin.panel", l.T("unsubscribe.title"), l.T("unsubscribe.text"), l.T("unsubscribe.submit")
	}
	p.form(w, r, "question", v.Title, d.view(v.Submit, fields...), v)
}

type questionView struct {
	Question
	Panel               string // key of what stands beside it
	Title, Lede, Submit string
}

// SignUp is the page to join. Fields: username, email, password, agreement
// (checkbox, "1"), reason where somebody decides, and date_of_birth where there
// is a minimum age.
type SignUp struct {
	Form
	Username, Email string
	Reason          string
	Born            string
	MinAge          int // 0: any age
	Agreement       bool
	// Challenge is what a script has to work on, with so many bits, into the
	// field proof_of_work; "" where nothing is asked.
	Challenge     string
	ChallengeBits int
	// PasskeySecret and PasskeyAnswer carry a passkey along that was made
	// before something else was wrong.
	PasskeySecret, PasskeyAnswer string
	Approval                     bool     // somebody reads the reason and decides
	Host                         *Account // who invites, nil without an invitation
	Rules                        []Rule
	SignInURL                    string
}

// SignUp writes the page to join.
func (p *Pages) SignUp(w http.ResponseWriter, r *http.Request, d SignUp) {
	l := p.Locale(r)
	site := p.site(r.Context())
	agreed := ""
	if d.Agreement {
		agreed = "1"
	}
	fields := []field{
		{Name: "username", Label: l.T("signup.username"), Help: l.T("field.username.help"), Value: d.Username, Required: true, Max: 30, Autocomplete: "username", Prefix: "@", Suffix: site.Domain, Autofocus: true, Plain: true},
		{Name: "email", Label: l.T("field.email"), Help: l.T("signup.email.help"), Type: "email", Value: d.Email, Required: d.Host == nil, Max: 320, Autocomplete: "email", Plain: true},
		{Name: "password", Label: l.T("field.password"), Help: l.T("field.password.help"), Type: "password", Required: true, Min: 8, Max: 72, Autocomplete: "new-password"},
	}
	if d.PasskeySecret != "" {
		fields = fields[:2]
	}
	if d.MinAge > 0 {
		help := l.N("signup.born.help", int64(d.MinAge))
		fields = append(fields, field{Name: "date_of_birth", Label: l.T("signup.born"), Help: help, Type: "date", Value: d.Born, Required: true, Autocomplete: "bday"})
	}
	if d.Approval {
		fields = append(fields, field{Name: "reason", Label: l.T("signup.reason"), Help: l.T("signup.reason.help"), Value: d.Reason, Required: true, Multiline: true, Max: 2000})
	}
	f := d.view(l.T("signup.submit"), append(fields, field{Name: "agreement", Label: l.T("signup.agree"), Type: "checkbox", Value: agreed, Required: true})...)
	p.form(w, r, "signup", l.T("signup.title", "site", site.Name), f, d)
}

// Waiting is the page of the waiting room, which asks again by itself.
type Waiting struct {
	Username string
	Number   int64 // in the queue
	Minutes  int64 // about, until one's turn
}

// waitingRefresh is how often the page asks again, in seconds.
const waitingRefresh = "15"

// Waiting writes the page of the waiting room.
func (p *Pages) Waiting(w http.ResponseWriter, r *http.Request, d Waiting) {
	l := p.Locale(r)
	w.Header().Set("Refresh", waitingRefresh)
	p.form(w, r, "waiting", l.T("room.title"), formView{}, d)
}

// Consent is the page where a person lets an app in. The buttons send
// decision=allow or decision=deny.
type Consent struct {
	Form
	App      string
	Website  string   // as the app gave it, "" if none
	Redirect string   // where the answer goes, in words: a host or a scheme
	Scopes   []string // OAuth scopes asked for
	Account  Account  // who would let it in
	OtherURL string   // signs in as somebody else, "" hides the link
}

// Grant is one thing an app may do, in words.
type Grant struct {
	Text   string
	Danger bool
}

// Consent writes the consent page.
func (p *Pages) Consent(w http.ResponseWriter, r *http.Request, d Consent) {
	l := p.Locale(r)
	p.form(w, r, "consent", l.T("consent.title", "app", d.App), d.view(l.T("consent.allow")), consentView{d, grants(l, d.Scopes)})
}

type consentView struct {
	Consent
	Grants []Grant
}

// Code is the out-of-band page: a code to copy into an app.
type Code struct {
	Code string
	App  string // may be empty
}

// Code writes the out-of-band page.
func (p *Pages) Code(w http.ResponseWriter, r *http.Request, d Code) {
	p.form(w, r, "code", p.Locale(r).T("code.title"), formView{}, d)
}

// authView is what the templates of the auth layout get as .D.
type authView struct {
	Form  formView
	Page  any
	Title string
}

// form writes a page of the auth layout: never stored, never indexed; 422 when
// the form comes back with something wrong.
func (p *Pages) form(w http.ResponseWriter, r *http.Request, name, title string, f formView, d any) {
	status := http.StatusOK
	if f.Failed() {
		status = http.StatusUnprocessableEntity
	}
	w.Header().Set("Cache-Control", "no-store")
	p.render(w, r, status, name, Meta{Title: title, NoIndex: true}, authView{f, d, title})
}
