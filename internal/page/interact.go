package page

import "net/http"

// Interact is what a signed-in person found by its handle or address, an
// account or a post, with what they can do about it. The buttons post
// verb=follow, favourite or boost.
type Interact struct {
	Meta
	Form
	Account    Account
	Self       bool // the account is the viewer's own
	Following  bool
	Requested  bool    // asked to follow, not answered yet
	Status     *Status // nil if it is about the account
	Favourited bool
	Boosted    bool
	Boostable  bool
}

// Interact writes the page to act on what was found elsewhere.
func (p *Pages) Interact(w http.ResponseWriter, r *http.Request, d Interact) {
	l := p.Locale(r)
	name := "interact-account"
	d.Meta.Title = l.T("interact.account", "name", d.Account.Name)
	if d.Status != nil {
		name, d.Meta.Title = "interact-post", l.T("interact.post", "name", d.Account.Name)
	}
	d.NoIndex = true
	w.Header().Set("Cache-Control", "no-store")
	p.render(w, r, http.StatusOK, name, d.Meta, d)
}

// Elsewhere is the form by which somebody without an account here goes on at
// their own server. Fields: server.
type Elsewhere struct {
	Form
	Server  string  // what was typed, or remembered from the last time
	Post    bool    // it is about a post of the account, not the account
	Account Account // needed on the page of its own only
	SignIn  string  // address to sign in here instead
}

// Elsewhere writes the form on a page of its own.
func (p *Pages) Elsewhere(w http.ResponseWriter, r *http.Request, d Elsewhere) {
	v := p.elsewhere(r, d)
	p.form(w, r, "elsewhere-page", v.Title, v.Form, d)
}

func (p *Pages) elsewhere(r *http.Request, d Elsewhere) authView {
	l := p.Locale(r)
	title := l.T("elsewhere.account")
	if d.Post {
		title = l.T("elsewhere.post")
	}
	return authView{d.view(l.T("elsewhere.submit"), field{
		Name: "server", Label: l.T("elsewhere.server"), Help: l.T("elsewhere.server.help"), Value: d.Server, Required: true, Max: 320, Plain: true,
	}), d, title}
}

// inline is the form as part of another page, nil where there is none.
func (p *Pages) inline(r *http.Request, d *Elsewhere) *authView {
	if d == nil {
		return nil
	}
	v := p.elsewhere(r, *d)
	return &v
}
