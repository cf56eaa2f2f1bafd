package page_test

import (
	"context"
	"flag"
	"html/template"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"coterie/internal/page"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var now = time.Date(2026, 3, 4, 12, 30, 0, 0, time.UTC)

func newPages(t *testing.T, secure bool) *page.Pages {
	t.Helper()
	p, err := page.New(page.Options{
		Origin: "https://larkspur.social", Secure: secure,
		Site: func(context.Context) page.Site {
			return page.Site{
				Name: "Larkspur", Domain: "larkspur.social", SignUpURL: "/sign-up", SourceURL: "https://example.org/source",
				Description: "Neighbours, birders and bakers by the estuary. We answer slowly and mean it.",
			}
		},
		Now: func() time.Time { return now },
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ines() page.Account {
	return page.Account{
		Name: "Ines Duarte", Handle: "ines", URL: "https://larkspur.social/@ines", Avatar: page.MissingAvatar,
		Note: `<p>Wildlife photographer on the Tagus estuary. Mostly herons, sometimes bread. <a href="/tags/birding" rel="tag">#birding</a></p>`,
		Fields: []page.AccountField{
			{Name: "Portfolio", Value: `<a href="https://inesduarte.example" rel="me nofollow noopener">inesduarte.example</a>`, Verified: true},
			{Name: "Pronouns", Value: "she / her"},
			{Name: "Where", Value: "Alcochete"},
		},
		Posts: 1284, Following: 312, Followers: 2406, Joined: now.AddDate(-1, 0, 0), Role: "Owner", Locked: true,
	}
}

func ravi() page.Account {
	return page.Account{Name: "راوي Menon", Handle: "ravi@fieldnotes.example", URL: "https://fieldnotes.example/@ravi", Avatar: page.MissingAvatar}
}

func statuses() []page.Status {
	a, b := ines(), ravi()
	return []page.Status{
		{
			ID: "101", URL: a.URL + "/101", Account: a, Created: now.Add(-12 * time.Minute), Visibility: "public", Language: "en", Pinned: true,
			Content: `<p>First light over the salt marsh. Two herons, one very patient photographer, and a thermos that ran out at exactly the wrong moment.</p>`,
			Tags:    []page.Link{{Text: "birding", URL: "https://larkspur.social/tags/birding"}}, Replies: 4, Boosts: 12, Favourites: 1,
		},
		{
			ID: "102", URL: b.URL + "/102", Account: b, Created: now.Add(-3 * time.Hour), Edited: now.Add(-2 * time.Hour), Visibility: "unlisted",
			Warning: "Spoilers for the heron count", Content: `<p>We saw <strong>forty-one</strong>. <a href="https://fieldnotes.example/count"><span class="invisible">https://</span><span class="ellipsis">fieldnotes.example/cou</span><span class="invisible">nt</span></a></p>`,
			BoostedBy: &a,
		},
		{
			ID: "103", URL: a.URL + "/103", Account: a, Created: now.Add(-30 * 24 * time.Hour), Visibility: "public", ReplyTo: "ravi",
			Content: "<p>Where shall we meet on Sunday?</p>",
			Poll: &page.Poll{
				Options: []page.PollOption{{Title: "Behind the library", Votes: 7}, {Title: "At the mill", Votes: 2}, {Title: "By the river", Votes: 0}},
				Votes:   9, Voters: 9, Ends: now.Add(24 * time.Hour),
			},
		},
	}
}

func rules() []page.Rule {
	return []page.Rule{{Text: "Be kind.", Hint: "Assume good will; ask before you judge."}, {Text: "No hatred of any kind."}, {Text: "Mark what may hurt.", Hint: "Content warnings cost nothing."}}
}

// hostile is what strangers try in every text (SEC-55).
const hostile = `"><script>alert(1)</script>'javascript:x`

type sample struct {
	name   string
	target string
	status int
	write  func(*page.Pages, http.ResponseWriter, *http.Request)
}

func samples() []sample {
	wrong := page.Form{
		Action: "/sign-up", Problem: "This address is already in use.",
		Problems: map[string]string{"username": "Someone already has this name.", "agreement": "Please agree to the rules."},
	}
	owner := ines()
	oauth := page.Form{Action: "/oauth/authorize", Hidden: []page.Hidden{{Name: "client_id", Value: "abc"}, {Name: "state", Value: hostile}}}
	elsewhere := page.Form{Action: "/remote_interaction", Hidden: []page.Hidden{{Name: "uri", Value: hostile}}}
	interact := page.Form{Action: "/authorize_interaction", Hidden: []page.Hidden{{Name: "uri", Value: hostile}, {Name: "id", Value: "7"}}}
	type w = http.ResponseWriter
	type r = *http.Request
	return []sample{
		{"setup", "/?key=once", 200, func(p *page.Pages, w w, r r) {
			p.SetUp(w, r, page.SetUp{Key: "once", Step: page.StepPlace, Registrations: "invite"})
		}},
		{"setup-join", "/?key=once&step=join", 200, func(p *page.Pages, w w, r r) {
			p.SetUp(w, r, page.SetUp{Key: "once", Step: page.StepJoin, ServerName: hostile, Description: hostile, Registrations: "invite"})
		}},
		{"setup-you", "/?key=once&step=you", 200, func(p *page.Pages, w w, r r) {
			p.SetUp(w, r, page.SetUp{Key: "once", Step: page.StepYou, ServerName: hostile, Description: hostile, Registrations: "open", Mail: true})
		}},
		{"signin", "/sign-in", 200, func(p *page.Pages, w w, r r) {
			p.SignIn(w, r, page.SignIn{Form: oauth, App: "Tusky", SignUpURL: "/sign-up"})
		}},
		{"waiting", "/auth/waiting", 200, func(p *page.Pages, w w, r r) {
			p.Waiting(w, r, page.Waiting{Username: "ines", Number: 312, Minutes: 6})
		}},
		{"forgot", "/auth/password/new", 200, func(p *page.Pages, w w, r r) {
			p.Question(w, r, page.Question{Form: page.Form{Action: "/auth/password/new"}, Kind: page.QuestionForgot, Email: hostile})
		}},
		{"newpassword-failed", "/auth/password/edit", 422, func(p *page.Pages, w w, r r) {
			p.Question(w, r, page.Question{Form: page.Form{Action: "/auth/password/edit", Problems: map[string]string{"password": "is too short"}}, Kind: page.QuestionNewPassword})
		}},
		{"confirm", "/auth/confirmation", 200, func(p *page.Pages, w w, r r) {
			p.Question(w, r, page.Question{Form: page.Form{Action: "/auth/confirmation", Hidden: []page.Hidden{{Name: "token", Value: "x"}}}, Kind: page.QuestionConfirm})
		}},
		{"unsubscribe-ar", "/unsubscribe?lang=ar", 200, func(p *page.Pages, w w, r r) {
			p.Question(w, r, page.Question{Form: page.Form{Action: "/unsubscribe?ticket=1"}, Kind: page.QuestionUnsubscribe})
		}},
		{"signin-failed", "/sign-in", 422, func(p *page.Pages, w w, r r) {
			p.SignIn(w, r, page.SignIn{Form: page.Form{Action: "/sign-in", Problem: "Name or password is wrong."}, Login: hostile})
		}},
		{"second-factor", "/auth/second_factor", 422, func(p *page.Pages, w w, r r) {
			p.SecondFactor(w, r, page.SecondFactor{Form: page.Form{Action: "/auth/second_factor", Problem: "That code is wrong."}, Account: owner, Code: true, Passkey: true, Back: "/home"})
		}},
		{"second-factor-recovery", "/auth/second_factor?lang=ja", 200, func(p *page.Pages, w w, r r) {
			p.SecondFactor(w, r, page.SecondFactor{Form: page.Form{Action: "/auth/second_factor"}, Account: ravi(), Back: "/home"})
		}},
		{"recovery", "/auth/recovery", 422, func(p *page.Pages, w w, r r) {
			p.Question(w, r, page.Question{Form: page.Form{Action: "/auth/recovery", Problem: "That code is wrong."}, Kind: page.QuestionRecovery, Login: hostile})
		}},
		{"link", "/auth/provider/link", 200, func(p *page.Pages, w w, r r) {
			p.Question(w, r, page.Question{Form: page.Form{Action: "/auth/provider/link"}, Kind: page.QuestionLink, Login: hostile, Provider: "Choir", Account: "ines", Back: "/home"})
		}},
		{"signin-provider", "/sign-in", 200, func(p *page.Pages, w w, r r) {
			p.SignIn(w, r, page.SignIn{Form: page.Form{Action: "/sign-in"}, Provider: hostile, Back: "/home"})
		}},
		{"first-factor", "/auth/first_factor", 200, func(p *page.Pages, w w, r r) {
			p.FirstFactor(w, r, page.FirstFactor{Form: page.Form{Action: "/auth/first_factor", Hidden: []page.Hidden{{Name: "return_to", Value: "/home"}}}, Account: owner, Secret: "JBSWY3DP", QR: "data:image/png;base64,AAAA"})
		}},
		{"recovery-codes", "/auth/first_factor", 200, func(p *page.Pages, w w, r r) {
			p.RecoveryCodes(w, r, page.RecoveryCodes{Codes: []string{"abcde-fghij", "klmno-pqrst"}, Next: "/home"})
		}},
		{"signup-invited", "/sign-up", 200, func(p *page.Pages, w w, r r) {
			host := ravi()
			p.SignUp(w, r, page.SignUp{Form: page.Form{Action: "/sign-up"}, Host: &host, Approval: true, Reason: hostile, PasskeySecret: "x", PasskeyAnswer: hostile})
		}},
		{"signup-work", "/sign-up", 200, func(p *page.Pages, w w, r r) {
			p.SignUp(w, r, page.SignUp{Form: page.Form{Action: "/sign-up"}, Challenge: "18.1.x.y", ChallengeBits: 18})
		}},
		{"signup", "/sign-up", 422, func(p *page.Pages, w w, r r) {
			p.SignUp(w, r, page.SignUp{Form: wrong, Username: "ines", Email: "ines@example.org", Rules: rules(), SignInURL: "/sign-in"})
		}},
		{"consent", "/oauth/authorize", 200, func(p *page.Pages, w w, r r) {
			p.Consent(w, r, page.Consent{
				Form: oauth, App: "Tusky", Website: "https://tusky.app", Redirect: "tusky.app", Account: owner, OtherURL: "/sign-in?again=1",
				Scopes: []string{"read", "write:statuses", "write:media", "follow", "push", "admin:read"},
			})
		}},
		{"code", "/oauth/authorize/native?code=x", 200, func(p *page.Pages, w w, r r) {
			p.Code(w, r, page.Code{Code: "Zm9vYmFyYmF6cXV4", App: "toot"})
		}},
		{"front", "/", 200, func(p *page.Pages, w w, r r) {
			p.Front(w, r, page.Front{Owner: &owner, Contact: "ines@larkspur.social", Members: 41, Statuses: statuses(), Rules: rules(), SignIn: "/sign-in", Pager: page.Pager{Older: "/?max_id=103"}})
		}},
		{"front-empty", "/", 200, func(p *page.Pages, w w, r r) { p.Front(w, r, page.Front{SignIn: "/sign-in"}) }},
		{"profile", "/@ines", 200, func(p *page.Pages, w w, r r) {
			s := statuses()
			p.Profile(w, r, page.Profile{Account: owner, Tab: "posts", Pinned: s[:1], Statuses: s[1:], Pager: page.Pager{Newer: "/@ines", Older: "/@ines?max_id=103"}, Meta: page.Meta{
				Title: "Ines Duarte (@ines@larkspur.social)", Description: "Wildlife photographer " + hostile, Canonical: owner.URL, Type: "profile", Viewer: &owner,
				Image: "https://larkspur.social" + page.MissingAvatar, Feeds: []page.Feed{{Title: "Ines Duarte", URL: owner.URL + ".rss"}}, RelMe: []string{"https://inesduarte.example"}, Alternate: "https://larkspur.social/ap/users/1",
			}})
		}},
		{"post", "/@ines/103", 200, func(p *page.Pages, w w, r r) {
			s := statuses()
			s[0].Pinned, s[1].BoostedBy = false, nil
			reply := s[0]
			reply.ID, reply.Content, reply.ReplyTo = "104", `<p dir="rtl">مرحبا</p>`, "ines"
			p.Post(w, r, page.Post{Ancestors: s[:2], Status: s[2], Descendants: []page.Status{reply}, Meta: page.Meta{Title: "Ines Duarte: Where shall we meet", Canonical: s[2].URL, Type: "article"}})
		}},
		{"profile-elsewhere", "/@ines", 200, func(p *page.Pages, w w, r r) {
			p.Profile(w, r, page.Profile{Account: owner, Tab: "posts", Elsewhere: &page.Elsewhere{Form: elsewhere, Server: "@me@home.example", SignIn: "/sign-in"}, Meta: page.Meta{Own: true}})
		}},
		{"post-elsewhere", "/@ines/101", 200, func(p *page.Pages, w w, r r) {
			p.Post(w, r, page.Post{Status: statuses()[0], Elsewhere: &page.Elsewhere{Form: elsewhere, Post: true, SignIn: "/sign-in"}})
		}},
		{"elsewhere", "/remote_interaction", 422, func(p *page.Pages, w w, r r) {
			f := elsewhere
			f.Problems = map[string]string{"server": "This server does not answer."}
			p.Elsewhere(w, r, page.Elsewhere{Form: f, Server: hostile, Post: true, Account: owner, SignIn: "/sign-in"})
		}},
		{"interact-account", "/authorize_interaction", 200, func(p *page.Pages, w w, r r) {
			p.Interact(w, r, page.Interact{Form: interact, Account: owner, Meta: page.Meta{Viewer: &owner}})
		}},
		{"interact-requested", "/authorize_interaction?lang=ar", 200, func(p *page.Pages, w w, r r) {
			p.Interact(w, r, page.Interact{Form: interact, Account: ravi(), Requested: true, Meta: page.Meta{Viewer: &owner}})
		}},
		{"interact-post", "/authorize_interaction", 200, func(p *page.Pages, w w, r r) {
			s := statuses()[0]
			p.Interact(w, r, page.Interact{Form: interact, Account: owner, Status: &s, Favourited: true, Boostable: true, Meta: page.Meta{Viewer: &owner}})
		}},
		{"collection", "/collections/7", 200, func(p *page.Pages, w w, r r) {
			p.Collection(w, r, page.Collection{Name: hostile, Description: "Who watches the marsh.", Language: "en", Sensitive: true, Owner: ines(), People: []page.Account{ravi(), ines()}, Meta: page.Meta{Title: "Marsh", NoIndex: true}})
		}},
		{"hashtag", "/tags/birding", 200, func(p *page.Pages, w w, r r) {
			p.Hashtag(w, r, page.Hashtag{Name: "birding", Statuses: statuses()[:1], Meta: page.Meta{Title: "#birding", Feeds: []page.Feed{{Title: "#birding", URL: "/tags/birding.rss"}}}})
		}},
		{"about", "/about", 200, func(p *page.Pages, w w, r r) {
			p.About(w, r, page.About{Owner: &owner, Contact: "ines@larkspur.social", Members: 41, Posts: 12345, Rules: rules(), Version: "0.1.0", Costs: "38 € a month.\nInes pays.", Funded: now.AddDate(0, 6, 0), Meta: page.Meta{Title: "About"}})
		}},
		{"terms", "/terms-of-service", 200, func(p *page.Pages, w w, r r) {
			p.Document(w, r, page.Document{Text: "<p>Be kind.</p>", Day: "From 2026-03-01 on", Others: []page.Link{{URL: "/terms-of-service/2026-05-01", Text: "From 2026-05-01 on"}}, Meta: page.Meta{Title: "Terms of service"}})
		}},
		{"apps", "/settings/apps", 200, func(p *page.Pages, w w, r r) {
			p.Apps(w, r, page.Apps{Action: "/settings/apps", Notice: "Tusky no longer has a key.", Meta: page.Meta{Viewer: &owner}, Apps: []page.App{
				{ID: "7", Name: "Elk", Website: "https://elk.example", Scopes: []string{"read", "write"}, Granted: now.AddDate(0, -2, 0), LastUsed: now.Add(-time.Hour)},
				{ID: "8", Name: hostile, Scopes: []string{"admin:write", "made:up"}, Granted: now},
			}})
		}},
		{"apps-none", "/settings/apps", 200, func(p *page.Pages, w w, r r) { p.Apps(w, r, page.Apps{Action: "/settings/apps"}) }},
		{"error-404", "/nowhere", 404, func(p *page.Pages, w w, r r) { p.ErrorStatus(w, r, 404, "") }},
		{"error-500", "/broken", 500, func(p *page.Pages, w w, r r) {
			w.Header().Set("X-Request-Id", "01HXREQUEST")
			p.ErrorStatus(w, r, 500, "")
		}},
		{"front-ar", "/?lang=ar", 200, func(p *page.Pages, w w, r r) {
			p.Front(w, r, page.Front{Owner: &owner, Members: 41, Statuses: statuses(), SignIn: "/sign-in"})
		}},
		{"signin-de", "/sign-in?lang=de", 200, func(p *page.Pages, w w, r r) {
			p.SignIn(w, r, page.SignIn{Form: page.Form{Action: "/sign-in"}, SignUpURL: "/sign-up"})
		}},
	}
}

func (s sample) render(t *testing.T, p *page.Pages) *http.Response {
	t.Helper()
	rec := httptest.NewRecorder()
	s.write(p, rec, httptest.NewRequest("GET", s.target, nil))
	return rec.Result()
}

var assetHash = regexp.MustCompile(`(/static/[A-Za-z0-9/_-]+)\.[0-9a-f]{10}(\.[a-z0-9]+)`)

// TestPagesMatchTheirGoldens renders every page with sample data. Run with
// -update after a change, and look at what changed.
func TestPagesMatchTheirGoldens(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			res := s.render(t, p)
			if res.StatusCode != s.status {
				t.Errorf("status %d, want %d", res.StatusCode, s.status)
			}
			body := readAll(t, res)
			checkHTML(t, body)
			compare(t, filepath.Join("testdata", s.name+".golden.html"), assetHash.ReplaceAllString(body, "$1$2"))
		})
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs from what is rendered now; run go test ./internal/page -update and read the difference", file)
	}
}

func TestSEC55_HostileStringsAreEscaped(t *testing.T) {
	t.Parallel()
	p := newPages(t, true)
	rec := httptest.NewRecorder()
	a := page.Account{Name: hostile, Handle: hostile, URL: "javascript:alert(1)", Avatar: "javascript:alert(1)", Note: template.HTML("<p>clean</p>")}
	p.Profile(rec, httptest.NewRequest("GET", "/@x", nil), page.Profile{
		Account: a, Statuses: []page.Status{{ID: "1", Account: a, Warning: hostile, Created: now, Poll: &page.Poll{Options: []page.PollOption{{Title: hostile}}}}},
		Meta: page.Meta{Title: hostile, Description: hostile, Canonical: "javascript:alert(1)", ImageAlt: hostile, Image: hostile, RelMe: []string{"javascript:alert(1)"}, Feeds: []page.Feed{{Title: hostile, URL: "javascript:1"}}},
	})
	body := rec.Body.String()
	for _, bad := range []string{"<script", `href="javascript:`, `src="javascript:`} {
		if strings.Contains(body, bad) {
			t.Errorf("page contains %q", bad)
		}
	}
}
