package render

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// speaksLike is the Mastodon release whose client API this server follows.
// Apps read the leading numbers and gate features on them (behaviours 20.2).
const speaksLike = "4.6.5"

// APIVersion is announced as api_versions.mastodon. One number stands for all
// below it, with no holes (behaviours 20.1); a test derives it from the table
// of endpoints.
const APIVersion = 11

// OwnAPIVersion is announced as api_versions.coterie; it rises with every
// addition to our own API (docs/ownapi.md).
const OwnAPIVersion = 1

// Community is what the answers about the server are made of.
type Community struct {
	Version  string // of this program
	Settings domain.Settings
	Rules    []domain.Rule
	Counts   store.Counts
	Contact  json.RawMessage // Account of who runs it, nil before the first run
	PushKey  string          // public key for push services
	PollMin  time.Duration   // shortest life of a poll
	// Invites says that everybody here may invite others; in InstanceV1 alone.
	Invites bool
	// MediaTypes are those of the files that are taken here.
	MediaTypes []string
}

type (
	// Instance is the server as apps see it first (behaviours 19).
	Instance struct {
		Domain        string                `json:"domain"`
		Title         string                `json:"title"`
		Version       string                `json:"version"`
		SourceURL     string                `json:"source_url"`
		Description   string                `json:"description"`
		Usage         instanceUsage         `json:"usage"`
		Thumbnail     instanceThumbnail     `json:"thumbnail"`
		Icon          []instanceIcon        `json:"icon"`
		Languages     []string              `json:"languages"`
		Configuration instanceConfiguration `json:"configuration"`
		Registrations instanceRegistrations `json:"registrations"`
		APIVersions   map[string]int        `json:"api_versions"`
		Wrapstodon    *string               `json:"wrapstodon"`
		Contact       instanceContact       `json:"contact"`
		Rules         []Rule                `json:"rules"`
	}
	instanceUsage struct {
		Users struct {
			ActiveMonth int64 `json:"active_month"`
		} `json:"users"`
	}
	instanceThumbnail struct {
		URL         string            `json:"url"`
		Blurhash    *string           `json:"blurhash"`
		Versions    map[string]string `json:"versions"`
		Description string            `json:"description"`
	}
	instanceIcon struct {
		Src  string `json:"src"`
		Size string `json:"size"`
	}
	instanceRegistrations struct {
		Enabled          bool    `json:"enabled"`
		ApprovalRequired bool    `json:"approval_required"`
		ReasonRequired   bool    `json:"reason_required"`
		Message          *string `json:"message"`
		MinAge           *int    `json:"min_age"`
		URL              *string `json:"url"`
	}
	instanceContact struct {
		Email   string          `json:"email"`
		Account json.RawMessage `json:"account"`
	}
	// Rule is one rule of the community.
	Rule struct {
		ID           domain.ID                   `json:"id"`
		Text         string                      `json:"text"`
		Hint         string                      `json:"hint"`
		Translations map[string]domain.RuleWords `json:"translations"`
	}
	// InstanceV1 is the older form, which many apps still probe.
	InstanceV1 struct {
		URI              string                `json:"uri"`
		Title            string                `json:"title"`
		ShortDescription string                `json:"short_description"`
		Description      string                `json:"description"`
		Email            string                `json:"email"`
		Version          string                `json:"version"`
		URLs             map[string]string     `json:"urls"`
		Stats            instanceStats         `json:"stats"`
		Thumbnail        string                `json:"thumbnail"`
		Languages        []string              `json:"languages"`
		Registrations    bool                  `json:"registrations"`
		ApprovalRequired bool                  `json:"approval_required"`
		InvitesEnabled   bool                  `json:"invites_enabled"`
		MaxTootChars     int                   `json:"max_toot_chars"`
		Configuration    instanceConfiguration `json:"configuration"`
		ContactAccount   json.RawMessage       `json:"contact_account"`
		Rules            []Rule                `json:"rules"`
	}
	instanceStats struct {
		Users    int64 `json:"user_count"`
		Statuses int64 `json:"status_count"`
		Domains  int64 `json:"domain_count"`
	}
	// Document is a text about the server, in HTML.
	Document struct {
		UpdatedAt string `json:"updated_at"`
		Content   string `json:"content"`
	}
)

func (c *Community) version() string { return speaksLike + " (compatible; Coterie " + c.Version + ")" }

func (c *Community) languages() []string {
	if len(c.Settings.Languages) == 0 {
		return []string{"en"}
	}
	return c.Settings.Languages
}

// contact is JSON null before there is anybody.
func (c *Community) contact() json.RawMessage {
	if c.Contact == nil {
		return json.RawMessage("null")
	}
	return c.Contact
}

// open says whether anybody may sign up, at once or by asking.
func (c *Community) open() bool {
	return c.Settings.Registrations == domain.RegistrationsOpen || c.approval()
}

func (c *Community) approval() bool {
	return c.Settings.Registrations == domain.RegistrationsApproval
}

// Instance makes the answer of /api/v2/instance.
func (r *Renderer) Instance(c *Community) Instance {
	in := Instance{
		Domain: r.URLs.Host, Title: c.Settings.Title, Version: c.version(), SourceURL: r.URLs.About(),
		Description: c.Settings.ShortDescription,
		Thumbnail: instanceThumbnail{
			URL: r.thumbnail(c), Versions: map[string]string{"@1x": r.thumbnail(c), "@2x": r.thumbnail(c)}, Blurhash: textOrNull(c.Settings.ThumbnailBlurhash),
		},
		Icon:          r.icon(c),
		Languages:     c.languages(),
		Configuration: r.configuration(c),
		Registrations: instanceRegistrations{Enabled: c.open(), ApprovalRequired: c.approval(), ReasonRequired: c.approval(), Message: r.closedMessage(c)},
		APIVersions:   map[string]int{"mastodon": APIVersion, "coterie": OwnAPIVersion},
		Contact:       instanceContact{Email: c.Settings.ContactEmail, Account: c.contact()},
		Rules:         Rules(c.Rules),
	}
	if c.Settings.MinAge > 0 {
		in.Registrations.MinAge = &c.Settings.MinAge
	}
	if set := &c.Settings; set.Registrations == domain.RegistrationsOpen && set.ProofOfWork > 0 && !set.ProofOfWorkSparesApps {
		page := r.URLs.absolute("/auth/sign_up")
		in.Registrations.URL = &page
	}
	in.Usage.Users.ActiveMonth = c.Counts.Recent
	return in
}

// InstanceV1 makes the answer of /api/v1/instance.
func (r *Renderer) InstanceV1(c *Community) InstanceV1 {
	return InstanceV1{
		URI: r.URLs.Host, Title: c.Settings.Title, Version: c.version(),
		ShortDescription: c.Settings.ShortDescription, Description: c.Settings.ShortDescription,
		Email: c.Settings.ContactEmail, Thumbnail: r.thumbnail(c), Languages: c.languages(),
		URLs:          map[string]string{"streaming_api": r.URLs.Streaming()},
		Stats:         instanceStats{Users: c.Counts.Users, Statuses: c.Counts.Statuses, Domains: c.Counts.Domains},
		Registrations: c.open(), ApprovalRequired: c.approval(), InvitesEnabled: c.Invites, MaxTootChars: c.Settings.CharacterLimit(),
		Configuration: r.configuration(c), ContactAccount: c.contact(), Rules: Rules(c.Rules),
	}
}

// thumbnail is the picture of the community.
func (r *Renderer) thumbnail(c *Community) string {
	if name := c.Settings.Thumbnail; name != "" {
		return r.URLs.absolute(domain.MediaPath(name))
	}
	return r.URLs.Thumbnail()
}

// icon is the icon of the community in the sizes there are.
func (r *Renderer) icon(c *Community) []instanceIcon {
	if len(c.Settings.Icon) == 0 {
		return []instanceIcon{{Src: r.URLs.Icon(), Size: "180x180"}}
	}
	var out []instanceIcon
	for _, side := range domain.IconSides {
		out = append(out, instanceIcon{Src: r.URLs.absolute(c.Settings.Icon.Path(side)), Size: fmt.Sprintf("%dx%d", side, side)})
	}
	return out
}

// closedMessage is why nobody can join, nil when there is nothing to say.
func (r *Renderer) closedMessage(c *Community) *string {
	if c.open() || c.Settings.ClosedMessage == "" {
		return nil
	}
	s := r.paragraphs(c.Settings.ClosedMessage)
	return &s
}

// paragraphs is a plain text of the settings in HTML.
func (r *Renderer) paragraphs(s string) string {
	return text.HTML(s, text.Resolver{BaseURL: r.URLs.Base})
}

// Rules are the rules as apps see them.
func Rules(list []domain.Rule) []Rule {
	out := make([]Rule, 0, len(list))
	for _, r := range list {
		if r.Translations == nil {
			r.Translations = map[string]domain.RuleWords{}
		}
		out = append(out, Rule{ID: r.ID, Text: r.Text, Hint: r.Hint, Translations: r.Translations})
	}
	return out
}

// ExtendedDescription is the long text about the community.
func (r *Renderer) ExtendedDescription(set domain.Settings) Document {
	return Document{UpdatedAt: timestamp(set.UpdatedAt), Content: r.paragraphs(set.Description)}
}

// privacy says what this program does with what people give it; it is
// written anew when that changes.
var privacy = []string{
	"This server keeps what you give it: your name, e-mail address and profile, your posts, and whom you follow, block or mute. Passwords are kept only in a form that cannot be read back.",
	"Public posts and profiles can be seen and copied by anyone. Posts for followers and for those mentioned are shown to them only; they are not encrypted, so those who run this server could read them.",
	"For each of your sign-ins it keeps the address and the browser they came from, until you sign out. It shows no advertising and gives no data to third parties.",
	"When you delete a post or your account, it is removed here.",
}

// privacyChanged is the day of the newest change to the text.
var privacyChanged = time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)

// PrivacyPolicy is what this server does with what people give it.
func (r *Renderer) PrivacyPolicy(set domain.Settings) Document {
	p := slices.Clone(privacy)
	if set.ContactEmail != "" {
		p = append(p, "Questions are answered at "+set.ContactEmail+".")
	}
	return Document{UpdatedAt: timestamp(privacyChanged), Content: r.paragraphs(strings.Join(p, "\n\n"))}
}
