package timeline_test

import (
	"slices"
	"strings"

	"coterie/internal/domain"
)

// standing is how a reader stands to everybody, as the store's relationships
// say, which know nothing of timelines.
type standing map[domain.ID]domain.Relationship

func (w *world) standing(reader domain.ID) standing {
	ids := make([]domain.ID, len(w.people))
	for i, a := range w.people {
		ids[i] = a.ID
	}
	list, err := w.st.Reader().Relationships(w.ctx, reader, ids, w.clock.Now())
	w.check(err)
	out := standing{}
	for _, k := range list {
		out[k.Target] = k
	}
	return out
}

func (w *world) byID(id domain.ID) *domain.Status {
	for _, s := range w.posts {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// sees is domain.CanSee, of a boost and what it boosts.
func (w *world) sees(reader domain.ID, k standing, s *domain.Status) bool {
	author := k[s.Account]
	if !domain.CanSee(s, domain.Sight{
		Viewer: reader, Local: true, Follows: author.Following, Blocked: author.BlockedBy,
		Mentioned: slices.Contains(w.mentions[s.ID], reader),
	}) {
		return false
	}
	if s.ReblogOf == 0 {
		return true
	}
	o := w.byID(s.ReblogOf)
	return o != nil && w.sees(reader, k, o)
}

// exclusive are the members of the reader's exclusive lists.
func (w *world) exclusive(reader domain.ID) map[domain.ID]bool {
	lists, err := w.st.Reader().Lists(w.ctx, reader)
	w.check(err)
	out := map[domain.ID]bool{}
	for _, l := range lists {
		members, err := w.st.Reader().ListMembers(w.ctx, l.ID, domain.Page{Limit: 80})
		w.check(err)
		for _, m := range members {
			out[m.Account] = out[m.Account] || l.Exclusive
		}
	}
	return out
}

func apart(k domain.Relationship) bool { return k.Blocking || k.BlockedBy || k.Muting }

func (w *world) entry(reader domain.ID, k standing, exclusive map[domain.ID]bool, s *domain.Status) domain.HomeEntry {
	author, shown := k[s.Account], s
	e := domain.HomeEntry{
		Own: s.Account == reader, Follows: author.Following, Reblogs: author.ShowingReblogs,
		Tagged: w.tagged[s.ID] && w.byTag[reader], Listed: exclusive[s.Account],
		Hidden:        apart(author) || author.DomainBlocking && !author.Following,
		Mentions:      slices.Contains(w.mentions[s.ID], reader),
		ReplyKnown:    s.InReplyTo != 0 && w.byID(s.InReplyTo) != nil,
		ReplyOwn:      s.InReplyToAccount == reader,
		ReplyFollowed: k[s.InReplyToAccount].Following,
	}
	if s.ReblogOf != 0 {
		shown = w.byID(s.ReblogOf)
		e.Hidden = e.Hidden || apart(k[shown.Account]) || k[shown.Account].DomainBlocking
	}
	for _, id := range w.mentions[shown.ID] {
		e.MentionsHidden = e.MentionsHidden || k[id].Blocking || k[id].Muting
	}
	base, _, _ := strings.Cut(s.Language, "-")
	e.WrongLanguage = author.Following && len(author.Languages) > 0 && base != "" && !slices.Contains(author.Languages, base)
	return e
}

// home is the whole home timeline by the rules alone, newest first.
func (w *world) home(reader domain.ID, gap int) []domain.ID {
	k, exclusive := w.standing(reader), w.exclusive(reader)
	var belongs []*domain.Status
	for _, s := range slices.Backward(w.posts) {
		if w.sees(reader, k, s) && domain.OnHome(s, w.entry(reader, k, exclusive, s)) {
			belongs = append(belongs, s)
		}
	}
	shown := func(s *domain.Status) domain.ID { return max(s.ReblogOf, s.ID*domain.ID(b2i(s.ReblogOf == 0))) }
	var out []domain.ID
	for i, s := range belongs {
		again := s.ReblogOf != 0 && slices.ContainsFunc(belongs[i+1:min(i+1+gap, len(belongs))], func(o *domain.Status) bool {
			return shown(o) == s.ReblogOf
		})
		if !again {
			out = append(out, s.ID)
		}
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
