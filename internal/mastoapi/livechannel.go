package mastoapi

import (
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/timeline"
)

// The names of streams and events (behaviours 14).
const (
	streamUser             = "user"
	streamUserNotification = "user:notification"
	streamPublic           = "public"
	streamHashtag          = "hashtag"
	streamList             = "list"
	streamDirect           = "direct"

	eventUpdate       = "update"
	eventStatusUpdate = "status.update"
	eventDelete       = "delete"
	eventNotification = "notification"
	eventConversation = "conversation"
	eventFilters      = "filters_changed"
	eventMerged       = "notifications_merged"

	eventAnnouncement         = "announcement"
	eventAnnouncementReaction = "announcement.reaction"
	eventAnnouncementDelete   = "announcement.delete"
)

// channel is what a socket can be on.
type channel struct {
	kind  string // streamUser and so on
	where string // "", "local" or "remote": public and hashtag streams
	media bool   // public streams
	tag   string // as looked up
	list  domain.ID
}

// scope is what a token must cover for the channel.
func (c channel) scope() string {
	if c.kind == streamUserNotification {
		return readNotifications
	}
	return "read:statuses"
}

// readNotifications is also what the notifications on streamUser need.
const readNotifications = "read:notifications"

// name is the channel's stream name.
func (c channel) name() string {
	name := c.kind
	if c.where != "" {
		name += ":" + c.where
	}
	if c.media {
		name += ":media"
	}
	return name
}

// stream is how an event names the channel to a client that calls it arg.
func (c channel) stream(arg string) []string {
	if arg == "" {
		return []string{c.name()}
	}
	return []string{c.name(), arg}
}

// parseChannel reads a stream name, without its hashtag or list.
func parseChannel(name string) (channel, bool) {
	if name == streamUser || name == streamUserNotification || name == streamList || name == streamDirect {
		return channel{kind: name}, true
	}
	words := strings.Split(name, ":")
	c := channel{kind: words[0]}
	words = words[1:]
	if c.kind != streamPublic && c.kind != streamHashtag {
		return channel{}, false
	}
	if len(words) > 0 && (words[0] == "local" || words[0] == "remote" && c.kind == streamPublic) {
		c.where, words = words[0], words[1:]
	}
	if len(words) > 0 && words[0] == "media" && c.kind == streamPublic {
		c.media, words = true, words[1:]
	}
	return c, len(words) == 0
}

// takes reports whether a status stands on the public channel, or on that of a
// hashtag which it has. Of a deleted one it is not known where it was.
func (c channel) takes(ref domain.Ref, r timeline.Reach) bool {
	if ref.Event == domain.EventStatusDeleted {
		return true
	}
	if c.kind == streamPublic && r.Reply {
		return false
	}
	return (!c.media || r.Media) && (c.where == "" || (c.where == "local") == r.Local)
}

// crowd are the sockets that a status may concern, by channel.
type crowd map[channel]map[*socket]string

// gather copies what of the channels a status may concern.
func (l *Live) gather(ref domain.Ref) crowd {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := crowd{}
	for ch, sockets := range l.channels {
		switch {
		case ch.kind == streamDirect,
			ch.kind == streamUserNotification && ref.Event != domain.EventStatusEdited,
			ch.kind == streamHashtag && !slices.Contains(ref.Tags, ch.tag),
			(ch.kind == streamHashtag || ch.kind == streamPublic) && (ref.Visibility != domain.Public || ref.ReblogOf != 0):
			continue
		}
		out[ch] = make(map[*socket]string, len(sockets))
		for s, arg := range sockets {
			out[ch][s] = arg
		}
	}
	return out
}

func (c crowd) empty() bool { return len(c) == 0 }

// listeners are who they are, each once.
func (c crowd) listeners() timeline.Listeners {
	home, public := map[domain.ID]bool{}, map[domain.ID]bool{}
	var out timeline.Listeners
	once := func(seen map[domain.ID]bool, list *[]domain.ID, id domain.ID) {
		if !seen[id] {
			seen[id] = true
			*list = append(*list, id)
		}
	}
	for ch, sockets := range c {
		switch ch.kind {
		case streamList:
			out.Lists = append(out.Lists, ch.list)
			continue
		case streamUserNotification:
			continue
		}
		for s := range sockets {
			if ch.kind == streamUser {
				once(home, &out.Home, s.viewer.Account)
			} else {
				once(public, &out.Public, s.viewer.Account)
			}
		}
	}
	return out
}

// pick are those of the crowd whom the status concerns. Who gets the feeds of
// the public is asked anew for each status.
func (c crowd) pick(ref domain.Ref, r timeline.Reach, set *domain.Settings) []target {
	home, public, lists := setOf(r.Home), setOf(r.Public), setOf(r.Lists)
	var out []target
	for ch, sockets := range c {
		for s, arg := range sockets {
			var yes bool
			switch ch.kind {
			case streamUser:
				yes = home[s.viewer.Account]
			case streamUserNotification: // of edits, those that name the viewer
				yes = slices.Contains(ref.Mentions, s.viewer.Account)
			case streamList:
				yes = lists[ch.list]
			case streamPublic:
				yes = public[s.viewer.Account] && ch.takes(ref, r) && r.InLanguage(s.languages) && gets(set, false, s.viewer, r.Local)
			case streamHashtag:
				yes = public[s.viewer.Account] && ch.takes(ref, r) && gets(set, true, s.viewer, r.Local)
			}
			if yes {
				out = append(out, target{s, ch.stream(arg)})
			}
		}
	}
	return out
}

// gets reports whether the viewer gets the posts of here, or those of
// elsewhere, in the feed of the public or those of topics (behaviours 11.6).
func gets(set *domain.Settings, topic bool, v httpkit.Viewer, ofHere bool) bool {
	local, remote, err := set.Feed(topic, feedReader(v), ofHere, !ofHere)
	return err == nil && (local || remote)
}

func setOf(ids []domain.ID) map[domain.ID]bool {
	out := make(map[domain.ID]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out
}
