package post_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/post"
	"coterie/internal/store"
)

func TestCreateChecksTheWords(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		family := strings.Repeat("👨‍👩‍👧‍👦", 500)
		link := "https://example.org/" + strings.Repeat("x", 600)
		tests := []struct {
			name, text, spoiler string
			fault               string
		}{
			{"five hundred characters", strings.Repeat("a", 500), "", ""},
			{"one more", strings.Repeat("a", 501), "", "limit of 500 exceeded"},
			{"the warning counts", strings.Repeat("a", 400), strings.Repeat("b", 101), "limit of 500 exceeded"},
			{"grapheme clusters count one", family, "", ""},
			{"an address counts 23", link + " " + strings.Repeat("a", 476), "", ""},
			{"and no less", link + " " + strings.Repeat("a", 477), "", "limit of 500 exceeded"},
			{"far too many bytes", "a" + strings.Repeat("\u0301", 1<<16), "", "limit of 500 exceeded"},
			{"blank", " \n\t ", "", "Text can't be blank"},
		}
		for _, tt := range tests {
			_, err := w.try("alice", tt.text, func(c *domain.Compose) { c.Spoiler = tt.spoiler })
			if tt.fault == "" && err != nil {
				w.t.Errorf("%s: %v", tt.name, err)
			}
			if tt.fault != "" {
				fails(w.t, tt.name, err, domain.Invalid, tt.fault)
			}
		}
		s := w.post("alice", "  ", func(c *domain.Compose) { c.Spoiler = "only a warning" })
		if s.Text != "only a warning" || s.Spoiler != "" || !s.Sensitive {
			w.t.Errorf("a warning without text became %q, %q, sensitive %t", s.Text, s.Spoiler, s.Sensitive)
		}
		s = w.post("alice", "text", func(c *domain.Compose) { c.Spoiler, c.Sensitive = "eek", ptr(false) })
		if s.Spoiler != "eek" || !s.Sensitive {
			w.t.Errorf("with a warning: %q, sensitive %t", s.Spoiler, s.Sensitive)
		}
		_, err := w.try("alice", "a picture", func(c *domain.Compose) { c.MediaIDs = []string{"7", "8"} })
		fails(w.t, "media", err, domain.Invalid, "Media 7, 8 not found")
	})
}

func TestCreateFillsInDefaults(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.join("locked", func(a *domain.Account, _ *domain.User) { a.Locked = true })
		w.join("choosy", func(_ *domain.Account, u *domain.User) {
			u.Prefs = domain.Prefs{Visibility: ptr(domain.Unlisted), Sensitive: true, Language: "de"}
			u.Locale = "fr"
		})
		if s := w.post("alice", "hello"); s.Visibility != domain.Public || s.Sensitive || s.Language != "" || s.Conversation != s.ID {
			w.t.Errorf("alice posts %+v", s)
		}
		if s := w.post("locked", "hello"); s.Visibility != domain.Private {
			w.t.Errorf("a locked account posts %s", s.Visibility)
		}
		if s := w.post("locked", "hello", with(domain.Public)); s.Visibility != domain.Public {
			w.t.Errorf("a locked account that asks for public posts %s", s.Visibility)
		}
		if s := w.post("choosy", "hello"); s.Visibility != domain.Unlisted || !s.Sensitive || s.Language != "de" {
			w.t.Errorf("choosy posts %+v", s)
		}
		s := w.post("choosy", "hello", func(c *domain.Compose) { c.Sensitive, c.Language = ptr(false), "pt-BR" })
		if s.Sensitive || s.Language != "pt" {
			w.t.Errorf("choosy insists and posts %+v", s)
		}
		if s := w.post("choosy", "hello", func(c *domain.Compose) { c.Language = "klingon" }); s.Language != "de" {
			w.t.Errorf("an unknown language became %q", s.Language)
		}
		a := w.account("alice")
		if a.StatusesCount != 1 || !a.LastStatusAt.Equal(w.st.Now()) {
			w.t.Errorf("alice has %d posts, the last at %s", a.StatusesCount, a.LastStatusAt)
		}
	})
}

func TestCreateMentions(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.write(func(tx *store.Tx) error {
			far := domain.Account{Username: "Zoe", Domain: "far.example"}
			idn := domain.Account{Username: "ida", Domain: "xn--mller-kva.example"}
			for _, a := range []*domain.Account{&far, &idn} {
				if err := tx.InsertAccount(a); err != nil {
					return err
				}
			}
			w.ids["zoe"], w.ids["ida"] = far.ID, idn.ID
			_, _, err := tx.InsertBlock(w.ids["alice"], w.ids["dave"], "")
			return err
		})
		s := w.post("alice", "@carol @BOB@Coterie.test @dave @zoe@FAR.example @ida@müller.example @bob@bücher.test @nobody @x@y.example")
		if want := "@carol @bob @dave @Zoe@far.example @ida@müller.example @bob @nobody @x@y.example"; s.Text != want {
			w.t.Errorf("the text became %q, want %q", s.Text, want)
		}
		list, err := w.r.Mentions(w.ctx, []domain.ID{s.ID})
		w.must(err)
		var got []domain.ID
		for _, m := range list {
			got = append(got, m.Account)
		}
		if want := []domain.ID{w.id("carol"), w.id("bob"), w.id("zoe"), w.id("ida")}; !slices.Equal(got, want) {
			w.t.Errorf("mentions are %v, want %v without dave, whom alice blocks", got, want)
		}
		_, err = w.try("alice", "@bob and @carol", func(c *domain.Compose) { c.AllowedMention = []domain.ID{w.id("bob")} })
		fails(w.t, "an unexpected mention", err, domain.Invalid, "unexpected accounts")
		var odd *post.UnexpectedMentions
		if !errors.As(err, &odd) || !slices.Equal(odd.Accounts, []domain.ID{w.id("carol")}) {
			w.t.Errorf("unexpected accounts are %+v, want carol", odd)
		}
		_, err = w.try("alice", "@bob", func(c *domain.Compose) { c.AllowedMention = []domain.ID{} })
		fails(w.t, "nobody expected", err, domain.Invalid, "unexpected accounts")
	})
}

func TestCreateReplies(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		root := w.post("alice", "root")
		one := w.post("bob", "one", replyTo(root.ID))
		two := w.post("bob", "two", replyTo(one.ID))
		own := w.post("alice", "own", replyTo(root.ID))
		if one.InReplyToAccount != w.id("alice") || two.InReplyToAccount != w.id("alice") || own.InReplyToAccount != w.id("alice") {
			w.t.Errorf("replies answer %d, %d and %d, want alice each time", one.InReplyToAccount, two.InReplyToAccount, own.InReplyToAccount)
		}
		for _, s := range []domain.Status{one, two, own} {
			if s.Conversation != root.ID {
				w.t.Errorf("%q is in conversation %d, want %d", s.Text, s.Conversation, root.ID)
			}
		}
		boost, err := w.Reblog(w.ctx, w.id("carol"), root.ID, nil, 0)
		w.must(err)
		if s := w.post("dave", "to a boost", replyTo(boost)); s.InReplyTo != root.ID {
			w.t.Errorf("a reply to a boost answers %d, want the original %d", s.InReplyTo, root.ID)
		}
		w.post("dave", "quietly", replyTo(root.ID), with(domain.Private))
		if n := w.status(root.ID).RepliesCount; n != 3 {
			w.t.Errorf("the root counts %d replies, want the 3 that all can see", n)
		}
		secret := w.post("alice", "secret", with(domain.Direct))
		_, hidden := w.try("bob", "what?", replyTo(secret.ID))
		_, absent := w.try("bob", "what?", replyTo(12345))
		fails(w.t, "a reply to a hidden post", hidden, domain.NotFound, "does not appear to exist")
		if absent == nil || hidden.Error() != absent.Error() {
			w.t.Errorf("hidden: %v; absent: %v", hidden, absent)
		}
	})
}

func TestCreateTagsAndEvents(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.post("alice", "#Prairie #dogs #PRAIRIE and #1")
		tags, err := w.r.StatusTags(w.ctx, []domain.ID{s.ID})
		w.must(err)
		if len(tags) != 2 || tags[0].Tag.Name != "dogs" || tags[1].Tag.Display != "Prairie" {
			w.t.Errorf("tags are %+v", tags)
		}
		if got := w.events(); !slices.Equal(got, []domain.EventKind{domain.EventStatusCreated}) {
			w.t.Errorf("events are %v", got)
		}
	})
}

func TestPollRules(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		long := strings.Repeat("x", 51)
		tests := []struct {
			name    string
			seconds int64
			options []string
			fault   string
		}{
			{"two options", 300, []string{"yes", "no"}, ""},
			{"a month", 2629746, []string{"yes", "no"}, ""},
			{"one option", 300, []string{"yes", " "}, "more than one item"},
			{"five options", 300, []string{"1", "2", "3", "4", "5"}, "more than 4 items"},
			{"a long option", 300, []string{"yes", long}, "longer than 50"},
			{"twice the same", 300, []string{"yes", "yes "}, "duplicate"},
			{"too short", 299, []string{"yes", "no"}, "too soon"},
			{"in the past", -1 << 62, []string{"yes", "no"}, "too soon"},
			{"too long", 2629747, []string{"yes", "no"}, "too far"},
			{"for ages", 1 << 62, []string{"yes", "no"}, "too far"},
			{"for ever", 0, []string{"yes", "no"}, "can't be blank"},
		}
		for _, tt := range tests {
			_, err := w.try("alice", "poll", poll(tt.seconds, tt.options...))
			if tt.fault == "" && err != nil {
				w.t.Errorf("%s: %v", tt.name, err)
			}
			if tt.fault != "" {
				fails(w.t, tt.name, err, domain.Invalid, tt.fault)
			}
		}
		_, err := w.try("alice", "", poll(300, "yes", "no"))
		fails(w.t, "a poll without a question", err, domain.Invalid, "Text can't be blank")
		s := w.post("alice", "poll", poll(300, " yes", "no"))
		p, err := w.r.AnyPoll(w.ctx, s.Poll)
		w.must(err)
		if p.Status != s.ID || len(p.Options) != 2 || p.Options[0].Title != "yes" || !p.ExpiresAt.Equal(w.st.Now().Add(5*time.Minute)) {
			w.t.Errorf("the poll is %+v", p)
		}
	})
}
