package page

import (
	"net/http"
	"net/url"
	"slices"
)

// The steps of the first run, in order. Only the last is sent as a form that
// changes something; the others lead on by address, so that going back, a
// reload and another language keep what was answered.
const (
	StepPlace = "place" // server_name, description
	StepJoin  = "join"  // registrations
	StepYou   = "you"   // username, email, password
)

var setUpSteps = []string{StepPlace, StepJoin, StepYou}

// SetUp is one step of the first-run page.
type SetUp struct {
	Form
	Key                     string // of the one-time link
	Step                    string // the one shown, unless an earlier one has a problem
	ServerName, Description string
	Registrations           string // the way to join that is chosen
	Username, Email         string
	Mail                    bool // this server sends mail
}

// stage is a step as the panel lists it.
type stage struct {
	Number        int64
	Step, URL     string // the URL of one that was answered
	Done, Current bool
}

type setUpView struct {
	SetUp
	Trail []stage
	Of    int64
	Now   stage
	Back  string
	How   choice // of joining
}

// SetUp writes a step of the first-run page.
func (p *Pages) SetUp(w http.ResponseWriter, r *http.Request, d SetUp) {
	l := p.Locale(r)
	joining := []choice{
		{Value: "invite", Icon: "mail", Label: l.T("setup.join.invite"), Help: l.T("setup.join.invite.help"), Badge: l.T("setup.recommended")},
		{Value: "approval", Icon: "badge-check", Label: l.T("setup.join.approval"), Help: l.T("setup.join.approval.help")},
		{Value: "open", Icon: "globe", Label: l.T("setup.join.open"), Help: l.T("setup.join.open.help")},
		{Value: "closed", Icon: "lock", Label: l.T("setup.join.closed"), Help: l.T("setup.join.closed.help")},
	}
	fields := map[string][]field{
		StepPlace: {
			{Name: "server_name", Label: l.T("setup.server_name"), Help: l.T("setup.server_name.help"), Value: d.ServerName, Required: true, Max: 100, Autofocus: true},
			{Name: "description", Label: l.T("setup.description"), Help: l.T("setup.description.help"), Value: d.Description, Multiline: true, Max: 500},
		},
		StepJoin: {{Name: "registrations", Label: l.T("setup.join"), Quiet: true, Value: d.Registrations, Choices: joining}},
		StepYou: {
			{Name: "username", Label: l.T("setup.username"), Help: l.T("field.username.help"), Value: d.Username, Required: true, Max: 30, Autocomplete: "username", Prefix: "@", Suffix: p.site(r.Context()).Domain, Plain: true, Autofocus: true},
			{Name: "email", Label: l.T("field.email"), Help: l.T("setup.email.help"), Type: "email", Value: d.Email, Autocomplete: "email", Max: 320, Plain: true},
			{Name: "password", Label: l.T("field.password"), Help: l.T("field.password.help"), Type: "password", Required: true, Min: 8, Max: 72, Autocomplete: "new-password"},
		},
	}
	d.Step = firstWrong(fields, d.Form, d.Step)
	at := slices.Index(setUpSteps, d.Step)
	v := setUpView{SetUp: d, Of: int64(len(setUpSteps))}
	for i, step := range setUpSteps {
		s := stage{Number: int64(i) + 1, Step: step, Done: i < at, Current: i == at}
		if s.Done {
			s.URL = d.url(step)
			v.Back = s.URL
		}
		if s.Current {
			v.Now = s
		}
		v.Trail = append(v.Trail, s)
	}
	if i := slices.IndexFunc(joining, func(c choice) bool { return c.Value == d.Registrations }); i >= 0 {
		v.How = joining[i]
	}
	d.Action, d.Hidden = "/set-up", []Hidden{{"key", d.Key}}
	submit := l.T("setup.submit")
	if d.Step != StepYou {
		d.Action, submit = "/", l.T("setup.next")
		d.Hidden = append(d.Hidden, Hidden{"step", setUpSteps[at+1]})
	}
	for _, h := range d.answers() {
		if !slices.ContainsFunc(fields[d.Step], func(f field) bool { return f.Name == h.Name }) {
			d.Hidden = append(d.Hidden, h)
		}
	}
	p.form(w, r, "setup", l.T("setup.title", "domain", p.site(r.Context()).Domain), d.view(submit, fields[d.Step]...), v)
}

// firstWrong is the first step up to asked that has a problem, else asked.
func firstWrong(fields map[string][]field, f Form, asked string) string {
	for _, step := range setUpSteps {
		if step == asked || slices.ContainsFunc(fields[step], func(each field) bool { return f.Problems[each.Name] != "" }) {
			return step
		}
	}
	return StepPlace
}

// answers are what was given so far and may stand in an address.
func (d SetUp) answers() []Hidden {
	all := []Hidden{{"server_name", d.ServerName}, {"description", d.Description}, {"registrations", d.Registrations}, {"username", d.Username}}
	return slices.DeleteFunc(all, func(h Hidden) bool { return h.Value == "" })
}

// url is the address of a step with the answers so far.
func (d SetUp) url(step string) string {
	q := url.Values{"key": {d.Key}, "step": {step}}
	for _, h := range d.answers() {
		q.Set(h.Name, h.Value)
	}
	return "/?" + q.Encode()
}
