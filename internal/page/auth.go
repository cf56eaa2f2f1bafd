package page

import "net/http"

// SetUp is the first-run page. Fields: server_name, description, username,
// email, password.
type SetUp struct {
	Form
	ServerName, Description, Username, Email string
}

// SetUp writes the first-run page.
func (p *Pages) SetUp(w http.ResponseWriter, r *http.Request, d SetUp) {
	l := p.Locale(r)
	f := d.view(l.T("setup.submit"),
		field{Name: "server_name", Label: l.T("setup.server_name"), Help: l.T("setup.server_name.help"), Value: d.ServerName, Required: true, Max: 100, Autofocus: true},
		field{Name: "description", Label: l.T("setup.description"), Help: l.T("setup.description.help"), Value: d.Description, Multiline: true, Max: 500},
		field{Name: "username", Label: l.T("setup.username"), Help: l.T("field.username.help"), Value: d.Username, Required: true, Max: 30, Autocomplete: "username", Prefix: "@", Suffix: p.site(r.Context()).Domain, Plain: true},
		field{Name: "email", Label: l.T("field.email"), Help: l.T("setup.email.help"), Type: "email", Value: d.Email, Autocomplete: "email", Max: 320, Plain: true},
		field{Name: "password", Label: l.T("field.password"), Help: l.T("field.password.help"), Type: "password", Required: true, Min: 8, Max: 72, Autocomplete: "new-password"},
	)
	p.form(w, r, "setup", l.T("setup.title", "domain", p.site(r.Context()).Domain), f, d)
}

// SignIn is the sign-in page. Fields: login, password.
type SignIn struct {
	Form
	Login     string // what was typed before
	App       string // name of the app that wants in, "" if none does
	SignUpURL string // with what must be carried along; "" if nobody can join
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

// SignUp is the page to join. Fields: username, email, password, agreement
// (checkbox, "1").
type SignUp struct {
	Form
	Username, Email string
	Agreement       bool
	Rules           []Rule
	SignInURL       string
}

// SignUp writes the page to join.
func (p *Pages) SignUp(w http.ResponseWriter, r *http.Request, d SignUp) {
	l := p.Locale(r)
	site := p.site(r.Context())
	agreed := ""
	if d.Agreement {
		agreed = "1"
	}
	f := d.view(l.T("signup.submit"),
		field{Name: "username", Label: l.T("signup.username"), Help: l.T("field.username.help"), Value: d.Username, Required: true, Max: 30, Autocomplete: "username", Prefix: "@", Suffix: site.Domain, Autofocus: true, Plain: true},
		field{Name: "email", Label: l.T("field.email"), Help: l.T("signup.email.help"), Type: "email", Value: d.Email, Required: true, Max: 320, Autocomplete: "email", Plain: true},
		field{Name: "password", Label: l.T("field.password"), Help: l.T("field.password.help"), Type: "password", Required: true, Min: 8, Max: 72, Autocomplete: "new-password"},
		field{Name: "agreement", Label: l.T("signup.agree"), Type: "checkbox", Value: agreed, Required: true},
	)
	p.form(w, r, "signup", l.T("signup.title", "site", site.Name), f, d)
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
