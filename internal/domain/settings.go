package domain

import (
	"cmp"
	"time"
)

// Registrations says how people join.
type Registrations string

const (
	RegistrationsClosed   Registrations = "closed"
	RegistrationsInvite   Registrations = "invite"
	RegistrationsApproval Registrations = "approval"
	RegistrationsOpen     Registrations = "open"
)

// Valid reports whether r is one of the four modes.
func (r Registrations) Valid() bool {
	switch r {
	case RegistrationsClosed, RegistrationsInvite, RegistrationsApproval, RegistrationsOpen:
		return true
	}
	return false
}

// Settings are what the people who run the community decide while it runs.
// They are one JSON document in the store; the zero value of a field means
// its default.
type Settings struct {
	Title            string        `json:"title"`
	ShortDescription string        `json:"short_description"` // plain text
	Description      string        `json:"description"`       // plain text, about page
	ContactEmail     string        `json:"contact_email,omitempty"`
	ContactAccount   ID            `json:"contact_account,omitempty"`
	Registrations    Registrations `json:"registrations"`
	ClosedMessage    string        `json:"closed_message,omitempty"`
	Languages        []string      `json:"languages,omitempty"`
	// SecureMode demands a signature of every server that reads here.
	SecureMode bool `json:"secure_mode,omitempty"`
	// LimitedFederation refuses every server that is not allowed by name.
	LimitedFederation bool `json:"limited_federation,omitempty"`
	// BlockList says who reads which domains are held off.
	BlockList BlockList `json:"block_list,omitempty"`
	// ListQuorum is how many of the subscribed block lists must name a domain;
	// 0: more than half of them.
	ListQuorum int `json:"list_quorum,omitempty"`
	// LiveLocal and LiveRemote say who gets public timelines of posts of here and
	// elsewhere, TopicLocal and TopicRemote those of hashtags and links.
	LiveLocal   FeedAccess `json:"live_local,omitempty"`
	LiveRemote  FeedAccess `json:"live_remote,omitempty"`
	TopicLocal  FeedAccess `json:"topic_local,omitempty"`
	TopicRemote FeedAccess `json:"topic_remote,omitempty"`
	// Trends says what people get to see as trending.
	Trends Trends `json:"trends,omitempty"`
	// StaffPicks are the accounts suggested before all others, in order.
	StaffPicks []ID `json:"staff_picks,omitempty"`
	// Markdown lets people write it, who say so post by post.
	Markdown bool `json:"markdown,omitempty"`
	// LocalOnly lets people post for this community alone.
	LocalOnly bool `json:"local_only,omitempty"`
	// MaxCharacters and MaxMedia bound a post; 0: as Mastodon does.
	MaxCharacters int `json:"max_characters,omitempty"`
	MaxMedia      int `json:"max_media,omitempty"`
	// TranslationURL is the address of a LibreTranslate server, "" for none;
	// TranslationKey is our key there.
	TranslationURL string `json:"translation_url,omitempty"`
	TranslationKey string `json:"translation_key,omitempty"`
	// NoActivity, NoDirectory and NoPeers keep from strangers how busy the
	// community is, who in it wants to be found, and which servers it knows.
	NoActivity  bool `json:"no_activity,omitempty"`
	NoDirectory bool `json:"no_directory,omitempty"`
	NoPeers     bool `json:"no_peers,omitempty"`
	// NoAnnualReports keeps people from having their year summed up.
	NoAnnualReports bool `json:"no_annual_reports,omitempty"`
	// Terms are the versions of the terms of service, by the day they hold from.
	Terms []Terms `json:"terms,omitempty"`

	// Thumbnail is the picture of the community, "" for the usual one; with its
	// blurhash.
	Thumbnail         string `json:"thumbnail,omitempty"`
	ThumbnailBlurhash string `json:"thumbnail_blurhash,omitempty"`
	Icon              Icon   `json:"icon,omitempty"`
	// RunningCosts says what the community costs and who pays, in words; it is
	// paid for until FundedUntil, a day such as 2027-01-31, "" where none is said.
	RunningCosts string `json:"running_costs,omitempty"`
	FundedUntil  string `json:"funded_until,omitempty"`
	// MediaBudget is how many GB the copies of media from elsewhere may take.
	MediaBudget int `json:"media_budget,omitempty"`
	// MediaDays, PostDays and AddressDays are after how many days copies of media
	// from elsewhere that nobody saw, posts from elsewhere that nobody here has
	// to do with, and the addresses that people signed in from go; 0: they stay.
	MediaDays   int `json:"media_days,omitempty"`
	PostDays    int `json:"post_days,omitempty"`
	AddressDays int `json:"address_days,omitempty"`
	// ArchiveDays is for how many days people can fetch the archive they asked
	// for; 0: DefaultArchiveDays.
	ArchiveDays int `json:"archive_days,omitempty"`

	// MinAge is how old people must be to join; 0: any age.
	MinAge int `json:"min_age,omitempty"`
	// ProofOfWork is how hard a browser works before a stranger may sign up, in
	// bits; 0: not at all. ProofOfWorkSparesApps lets apps sign people up
	// without it.
	ProofOfWork           int  `json:"proof_of_work,omitempty"`
	ProofOfWorkSparesApps bool `json:"proof_of_work_spares_apps,omitempty"`
	// MailPerDay is how many mails may go out within 24 hours; 0: any number.
	MailPerDay int `json:"mail_per_day,omitempty"`
	// MailSender is the name that mails come from, "" for that of the community.
	MailSender string    `json:"mail_sender,omitempty"`
	MailTexts  MailTexts `json:"mail_texts,omitempty"`
	// NoSignInNotices keeps from people that somebody signed in from somewhere new.
	NoSignInNotices bool `json:"no_sign_in_notices,omitempty"`

	UpdatedAt time.Time `json:"updated_at,omitzero"` // set when stored
}

// KeepsArchives is for how many days archives can be fetched.
func (s *Settings) KeepsArchives() int { return cmp.Or(s.ArchiveDays, DefaultArchiveDays) }

// Funded is the day until which the community is paid for, zero where none is
// said.
func (s *Settings) Funded() time.Time {
	day, _ := time.Parse(time.DateOnly, s.FundedUntil)
	return day
}

// BlockList says who reads which domains are held off.
type BlockList string

const (
	BlockListOpen    BlockList = "everyone" // "" is the same
	BlockListMembers BlockList = "members"
	BlockListClosed  BlockList = "nobody"
)

// Valid reports whether b is one of the three, or empty.
func (b BlockList) Valid() bool {
	return b == "" || b == BlockListOpen || b == BlockListMembers || b == BlockListClosed
}

// OldestMinAge is the highest minimum age.
const OldestMinAge = 120

// Bounds of what the settings allow a post.
const (
	LeastCharacters = 100
	MostCharacters  = 20_000
	MostMedia       = 32
)

// CharacterLimit is how long a post may be.
func (s *Settings) CharacterLimit() int {
	if s.MaxCharacters == 0 {
		return MaxCharacters
	}
	return s.MaxCharacters
}

// MediaLimit is how many attachments a post may have.
func (s *Settings) MediaLimit() int {
	if s.MaxMedia == 0 {
		return MaxMedia
	}
	return s.MaxMedia
}

// Bounds of how long things are kept, in days.
const (
	LeastPostDays = 7
	MostDays      = 3650
)

// Days is a span of so many days.
func Days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// MediaBudgetBytes is how much the copies of media from elsewhere may take.
func (s *Settings) MediaBudgetBytes() int64 {
	gb := s.MediaBudget
	if gb == 0 {
		gb = DefaultMediaBudget
	}
	return int64(gb) * 1_000_000_000
}
