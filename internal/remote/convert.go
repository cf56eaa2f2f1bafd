package remote

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// attachments are the media of a post: its own, else the picture, film or
// sound that stands for it (facts 11). What the staff wants no media from is
// left out.
func (s *Service) attachments(n *apub.Note) []domain.Attachment {
	list := n.Attachments
	if s.Policy(apub.Host(n.ID)).RejectMedia {
		return nil
	}
	if n.Converted() {
		// Lemmy attaches the picture that stands for the post, too.
		twice := func(a apub.Attachment) bool {
			return slices.ContainsFunc(list, func(b apub.Attachment) bool { return a.URL == b.URL && b.Kind != apub.MediaLink })
		}
		list = append(slices.DeleteFunc(mediaOf(n), twice), list...)
	}
	var out []domain.Attachment
	for i := range list {
		if list[i].Kind == apub.MediaLink || !s.takesMedia(list[i].URL) || inward(list[i].URL, n.ID) {
			continue
		}
		if len(out) < apub.MaxAttachments {
			out = append(out, attachment(&list[i]))
		}
	}
	return out
}

// inward reports whether an address that a stranger names, in what came from
// another address, leads into the network of whoever follows it. Servers in
// such a network may name themselves.
func inward(address, from string) bool {
	host := apub.Host(address)
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	if err != nil || host == apub.Host(from) {
		return false
	}
	ip = ip.Unmap()
	return !ip.IsGlobalUnicast() || ip.IsPrivate()
}

// takesMedia reports whether pictures and the like may come from an address,
// whoever shows them.
func (s *Service) takesMedia(address string) bool {
	host := apub.Host(address)
	return !s.refused(host) && !s.Policy(host).RejectMedia
}

func attachment(a *apub.Attachment) domain.Attachment {
	out := domain.Attachment{
		Kind: attachmentKind(a.Kind), MediaType: a.MediaType, RemoteURL: a.URL, PreviewURL: a.Preview, Description: a.Description,
		Blurhash: a.Blurhash, Width: a.Width, Height: a.Height, Duration: a.Duration,
	}
	if a.Focus != nil {
		out.Focus = domain.Focus{X: a.Focus[0], Y: a.Focus[1]}
	}
	return out
}

func attachmentKind(k apub.MediaKind) domain.AttachmentKind {
	switch k {
	case apub.MediaImage:
		return domain.AttachmentImage
	case apub.MediaVideo:
		return domain.AttachmentVideo
	case apub.MediaAudio:
		return domain.AttachmentAudio
	}
	return domain.AttachmentUnknown
}

// mediaOf is the medium that a converted object is: the largest of its files
// that a browser plays or shows and that is not too large to be shown from
// here, with its picture; else its picture alone.
func mediaOf(n *apub.Note) []apub.Attachment {
	var picture string
	if t := n.Thumbnail(); t != nil {
		picture = t.URL
	}
	kinds := map[string]apub.MediaKind{"Video": apub.MediaVideo, "Audio": apub.MediaAudio, "Image": apub.MediaImage}
	if kind, ok := kinds[n.Type]; ok {
		if l := playable(n.Links, strings.ToLower(n.Type)+"/"); l != nil {
			return []apub.Attachment{{
				Kind: kind, URL: l.Href, MediaType: l.MediaType, Description: n.Name, Duration: n.Duration, Preview: picture,
				Width: l.Width, Height: l.Height,
			}}
		}
	}
	if picture == "" || len(n.Attachments) > 0 && n.Type == "Image" {
		return nil
	}
	t := n.Thumbnail()
	return []apub.Attachment{{
		Kind: apub.MediaImage, URL: t.URL, MediaType: t.MediaType, Description: t.Description, Width: t.Width, Height: t.Height,
	}}
}

// playable is the best of the files of a kind, nil for none.
func playable(links []apub.Link, kind string) (best *apub.Link) {
	for i := range links {
		l := &links[i]
		if !strings.HasPrefix(l.MediaType, kind) || l.Bytes > domain.MaxVideoBytes {
			continue
		}
		if best == nil || l.Height > best.Height {
			best = l
		}
	}
	return best
}

// quotePolicy is who may quote without asking, as far as we tell people apart;
// where the post says nothing, nobody (facts 13).
func quotePolicy(n *apub.Note, actor *domain.Actor) domain.QuotePolicy {
	if n.Policy == nil || n.Policy.Quote == nil {
		return domain.QuoteNobody
	}
	switch g := apub.Grants(n.Policy.Quote.Automatic, n.Author, actor.Followers, actor.Following); {
	case g.Public:
		return domain.QuotePublic
	case g.Followers:
		return domain.QuoteFollowers
	}
	return domain.QuoteNobody
}

// poll is the question part with its tally, nil for none.
func (s *Service) poll(n *apub.Note, st *domain.Status) *domain.Poll {
	if n.Poll == nil {
		return nil
	}
	p := &domain.Poll{Account: st.Account, Multiple: n.Poll.Multiple, ExpiresAt: pollEnd(n.Poll, st.CreatedAt, s.Now())}
	most := int64(0)
	for _, o := range n.Poll.Options {
		p.Options = append(p.Options, domain.PollOption{Title: o.Title, Votes: min(o.Votes, maxVotes)})
		p.VotesCount += min(o.Votes, maxVotes)
		most = max(most, min(o.Votes, maxVotes))
	}
	switch {
	case n.Poll.Voters >= 0:
		p.VotersCount = max(min(n.Poll.Voters, maxVotes), most)
	case p.Multiple:
		p.VotersCount = -1
	default:
		p.VotersCount = p.VotesCount
	}
	return p
}

// maxVotes keeps the sums of what strangers count within bounds.
const maxVotes = 1 << 40

// pollEnd is when the poll ends: the zero time for never. A closed one whose
// end is unknown or ahead is over now.
func pollEnd(p *apub.Poll, made, now time.Time) time.Time {
	switch {
	case !p.Closed:
		return p.EndTime
	case p.EndTime.IsZero():
		return made
	case p.EndTime.After(now):
		return now
	}
	return p.EndTime
}

// tallied stores the votes that were told, and has the poll's end announced to
// those here who vote.
func tallied(tx *store.Tx, p *domain.Poll) error {
	if err := tx.TallyPoll(p); err != nil {
		return err
	}
	if p.ExpiresAt.IsZero() || !p.EndedAt.IsZero() {
		return nil
	}
	if p.Expired(tx.Now()) {
		return nil
	}
	_, err := job.Enqueue(tx, domain.JobPollEnd, p.ID, job.RunAt(p.ExpiresAt), job.Unique(p.ID.String()))
	return err
}
