package moderation

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Setting is one of the settings as people read and write it.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Help  string `json:"help"`
}

// setting is how a setting is read and written as text.
type setting struct {
	name, help string
	get        func(*domain.Settings) string
	set        func(*domain.Settings, string) error
}

// The settings that people write as names.
const (
	contactAccount = "contact_account"
	staffPicks     = "staff_picks"
)

// settings are those that a name and a text can change, by name.
var settings = []setting{
	unless("activity", "Whether anybody may read how busy the community is", func(s *domain.Settings) *bool { return &s.NoActivity }),
	number("address_days", "After how many days the addresses go that people signed in from; 0: with the sign-in, which is kept for 90 days.", 0, func(s *domain.Settings) *int { return &s.AddressDays }),
	unless("annual_reports", "Whether people can have their year summed up in December", func(s *domain.Settings) *bool { return &s.NoAnnualReports }),
	number("archive_days", "For how many days people can fetch the archive they asked for.", domain.DefaultArchiveDays, func(s *domain.Settings) *int { return &s.ArchiveDays }),
	{
		"block_list", "Who reads which domains are held off: everyone, members or nobody.",
		func(s *domain.Settings) string {
			if s.BlockList == "" {
				return string(domain.BlockListOpen)
			}
			return string(s.BlockList)
		},
		func(s *domain.Settings, v string) error { s.BlockList = domain.BlockList(v); return nil },
	},
	words("closed_message", "What people read where registrations are closed.", func(s *domain.Settings) *string { return &s.ClosedMessage }),
	{
		contactAccount, "Whom people may ask: the name of somebody here; empty: who owns the community.",
		func(s *domain.Settings) string {
			if s.ContactAccount == 0 {
				return ""
			}
			return s.ContactAccount.String()
		},
		func(s *domain.Settings, v string) error {
			s.ContactAccount, _ = domain.ParseID(v)
			return nil
		},
	},
	words("contact_email", "Where people reach those who run the community.", func(s *domain.Settings) *string { return &s.ContactEmail }),
	words("description", "What the community is about, on its about page.", func(s *domain.Settings) *string { return &s.Description }),
	unless("directory", "Whether there is a list of people who want to be found", func(s *domain.Settings) *bool { return &s.NoDirectory }),
	words("funded_until", "The day until which the community is paid for, such as 2027-01-31, on its about page.", func(s *domain.Settings) *string { return &s.FundedUntil }),
	{
		"languages", "Languages spoken here, with commas between.",
		func(s *domain.Settings) string { return strings.Join(s.Languages, ",") },
		func(s *domain.Settings, v string) error {
			s.Languages = listed(v)
			return nil
		},
	},
	toggle("limited_federation", "Whether only servers that are allowed by name are dealt with", func(s *domain.Settings) *bool { return &s.LimitedFederation }),
	number("list_quorum", "How many of the subscribed block lists must name a domain; 0: more than half of them.", 0, func(s *domain.Settings) *int { return &s.ListQuorum }),
	feed("live_local", "Who gets public timelines of posts of here: everyone, members or nobody.", func(s *domain.Settings) *domain.FeedAccess { return &s.LiveLocal }),
	feed("live_remote", "Who gets public timelines of posts of other servers: everyone, members or nobody.", func(s *domain.Settings) *domain.FeedAccess { return &s.LiveRemote }),
	toggle("local_only", "Whether people may post for this community alone", func(s *domain.Settings) *bool { return &s.LocalOnly }),
	number("mail_per_day", "How many mails the provider takes within 24 hours; 0: any number.", 0, func(s *domain.Settings) *int { return &s.MailPerDay }),
	words("mail_sender", "The name that mails come from; empty: that of the community.", func(s *domain.Settings) *string { return &s.MailSender }),
	toggle("markdown", "Whether posts may be written in Markdown", func(s *domain.Settings) *bool { return &s.Markdown }),
	number("max_characters", "How long a post may be.", domain.MaxCharacters, func(s *domain.Settings) *int { return &s.MaxCharacters }),
	number("max_media", "How many attachments a post may have.", domain.MaxMedia, func(s *domain.Settings) *int { return &s.MaxMedia }),
	number("media_budget", "How many GB copies of media from elsewhere may take; the oldest go first.", domain.DefaultMediaBudget, func(s *domain.Settings) *int { return &s.MediaBudget }),
	number("media_days", "After how many days copies of media from elsewhere go that nobody saw; 0: when there is no more room.", 0, func(s *domain.Settings) *int { return &s.MediaDays }),
	number("min_age", "How old people must be to join; 0: any age.", 0, func(s *domain.Settings) *int { return &s.MinAge }),
	unless("peers", "Whether anybody may read which servers are known here", func(s *domain.Settings) *bool { return &s.NoPeers }),
	number("post_days", "After how many days posts from elsewhere go that nobody here has to do with; 0: they stay.", 0, func(s *domain.Settings) *int { return &s.PostDays }),
	number("proof_of_work", "How hard a stranger's browser works before it may sign up, in bits, 18 for about a second; 0: not at all.", 0, func(s *domain.Settings) *int { return &s.ProofOfWork }),
	toggle("proof_of_work_spares_apps", "Whether apps may sign strangers up without it", func(s *domain.Settings) *bool { return &s.ProofOfWorkSparesApps }),
	{
		"registrations", "How people join: closed, invite, approval or open.",
		func(s *domain.Settings) string { return string(s.Registrations) },
		func(s *domain.Settings, v string) error { s.Registrations = domain.Registrations(v); return nil },
	},
	words("running_costs", "What the community costs and who pays, on its about page.", func(s *domain.Settings) *string { return &s.RunningCosts }),
	toggle("secure_mode", "Whether servers must sign what they ask for", func(s *domain.Settings) *bool { return &s.SecureMode }),
	words("short_description", "One sentence about the community.", func(s *domain.Settings) *string { return &s.ShortDescription }),
	unless("sign_in_notices", "Whether people get a mail when somebody signs in to their account from a browser and a network not seen before", func(s *domain.Settings) *bool { return &s.NoSignInNotices }),
	{
		staffPicks, "Accounts suggested before all others, as far as they want to be found: handles of people known here, with commas between.",
		func(s *domain.Settings) string {
			ids := make([]string, len(s.StaffPicks))
			for i, id := range s.StaffPicks {
				ids[i] = id.String()
			}
			return strings.Join(ids, ",")
		},
		func(s *domain.Settings, v string) error {
			s.StaffPicks = nil
			for _, v := range listed(v) {
				if id, ok := domain.ParseID(v); ok && !slices.Contains(s.StaffPicks, id) {
					s.StaffPicks = append(s.StaffPicks, id)
				}
			}
			return nil
		},
	},
	words("title", "The name of the community.", func(s *domain.Settings) *string { return &s.Title }),
	feed("topic_local", "Who gets posts of here by hashtag or link: everyone or members.", func(s *domain.Settings) *domain.FeedAccess { return &s.TopicLocal }),
	feed("topic_remote", "Who gets posts of other servers by hashtag or link: everyone, members or nobody.", func(s *domain.Settings) *domain.FeedAccess { return &s.TopicRemote }),
	secret("translation_key", "Our key for the translation server, if it wants one.", func(s *domain.Settings) *string { return &s.TranslationKey }),
	words("translation_url", "Address of a LibreTranslate server; empty: nothing is translated.", func(s *domain.Settings) *string { return &s.TranslationURL }),
	{
		"trends", "What may trend: open (what no staff refused), review (what staff approved) or off.",
		func(s *domain.Settings) string {
			if s.Trends == "" {
				return string(domain.TrendsOpen)
			}
			return string(s.Trends)
		},
		func(s *domain.Settings, v string) error { s.Trends = domain.Trends(v); return nil },
	},
}

// listed are the parts of a text with commas or spaces between.
func listed(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
}

// secret is a text that is not shown again.
func secret(name, help string, field func(*domain.Settings) *string) setting {
	x := words(name, help, field)
	x.get = func(s *domain.Settings) string {
		if *field(s) == "" {
			return ""
		}
		return "(set)"
	}
	return x
}

func feed(name, help string, field func(*domain.Settings) *domain.FeedAccess) setting {
	return setting{
		name, help,
		func(s *domain.Settings) string {
			if *field(s) == "" {
				return string(domain.FeedEveryone)
			}
			return string(*field(s))
		},
		func(s *domain.Settings, v string) error { *field(s) = domain.FeedAccess(v); return nil },
	}
}

func words(name, help string, field func(*domain.Settings) *string) setting {
	return setting{
		name, help, func(s *domain.Settings) string { return *field(s) },
		func(s *domain.Settings, v string) error { *field(s) = v; return nil },
	}
}

func toggle(name, help string, field func(*domain.Settings) *bool) setting {
	return setting{
		name, help + ": on or off.",
		func(s *domain.Settings) string { return onOff(*field(s)) },
		func(s *domain.Settings, v string) (err error) {
			*field(s), err = readOnOff(name, v)
			return err
		},
	}
}

// unless is a toggle that is on as long as the field is not set.
func unless(name, help string, field func(*domain.Settings) *bool) setting {
	x := toggle(name, help, field)
	x.get = func(s *domain.Settings) string { return onOff(!*field(s)) }
	x.set = func(s *domain.Settings, v string) error {
		on, err := readOnOff(name, v)
		*field(s) = !on
		return err
	}
	return x
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func readOnOff(name, v string) (bool, error) {
	if v != "on" && v != "off" {
		return false, domain.Errorf(domain.Invalid, "%s is on or off, not %q.", name, v)
	}
	return v == "on", nil
}

// number is a setting that is usual where it is 0 or empty.
func number(name, help string, usual int, field func(*domain.Settings) *int) setting {
	return setting{
		name, help,
		func(s *domain.Settings) string {
			if *field(s) == 0 {
				return strconv.Itoa(usual)
			}
			return strconv.Itoa(*field(s))
		},
		func(s *domain.Settings, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil && v != "" {
				return domain.Errorf(domain.Invalid, "%s is a number, not %q.", name, v)
			}
			if n == usual {
				n = 0
			}
			*field(s) = n
			return nil
		},
	}
}

// ListSettings are the settings that SetSetting changes, by name.
func (s *Service) ListSettings(ctx context.Context) ([]Setting, error) {
	set, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Setting, len(settings))
	for i, x := range settings {
		if out[i], err = s.shown(ctx, x, &set); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// shown is how a setting stands.
func (s *Service) shown(ctx context.Context, x setting, set *domain.Settings) (Setting, error) {
	out := Setting{Name: x.name, Value: x.get(set), Help: x.help}
	switch {
	case out.Value == "":
	case x.name == contactAccount:
		a, err := s.st.Reader().Account(ctx, set.ContactAccount)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return out, err
		}
		out.Value = a.Username
	case x.name == staffPicks:
		found, err := s.st.Reader().Accounts(ctx, set.StaffPicks)
		if err != nil {
			return out, err
		}
		slices.SortFunc(found, func(a, b domain.Account) int {
			return slices.Index(set.StaffPicks, a.ID) - slices.Index(set.StaffPicks, b.ID)
		})
		handles := make([]string, len(found))
		for i := range found {
			handles[i] = found[i].Acct()
		}
		out.Value = strings.Join(handles, ",")
	}
	return out, nil
}

// contact is the id of somebody here, as text.
func (s *Service) contact(ctx context.Context, name string) (string, error) {
	a, err := s.st.Reader().AccountByName(ctx, strings.TrimPrefix(name, "@"), "")
	if domain.Is(err, domain.NotFound) {
		return "", domain.Errorf(domain.Invalid, "There is nobody called %q here.", name)
	}
	return a.ID.String(), err
}

// picks are the ids of people known here, as text.
func (s *Service) picks(ctx context.Context, value string) (string, error) {
	handles := listed(value)
	if len(handles) > domain.MaxStaffPicks {
		return "", domain.Errorf(domain.Invalid, "%s are at most %d accounts.", staffPicks, domain.MaxStaffPicks)
	}
	ids := make([]string, len(handles))
	for i, handle := range handles {
		a, err := s.accountNamed(ctx, s.st.Reader(), handle)
		if domain.Is(err, domain.NotFound) {
			return "", domain.Errorf(domain.Invalid, "Nobody called %q is known here.", handle)
		}
		if err != nil {
			return "", err
		}
		ids[i] = a.ID.String()
	}
	return strings.Join(ids, ","), nil
}

// accountNamed is the account known here by a handle.
func (s *Service) accountNamed(ctx context.Context, r store.Reader, handle string) (domain.Account, error) {
	user, host, _ := strings.Cut(strings.TrimPrefix(handle, "@"), "@")
	if host != "" {
		var err error
		if host, err = text.HostName(host); err != nil {
			return domain.Account{}, domain.ErrNotFound
		}
		if slices.Contains(s.own, host) {
			host = ""
		}
	}
	return r.AccountByName(ctx, user, host)
}

// SetSetting changes the setting of that name, and says how it stands then.
func (s *Service) SetSetting(ctx context.Context, by domain.ID, name, value string) (Setting, error) {
	i := slices.IndexFunc(settings, func(x setting) bool { return x.name == name })
	if i < 0 {
		return Setting{}, domain.Errorf(domain.NotFound, "There is no setting called %q; coterie settings show lists them.", name)
	}
	x := settings[i]
	var err error
	value = strings.TrimSpace(value)
	switch {
	case value == "":
	case name == contactAccount:
		value, err = s.contact(ctx, value)
	case name == staffPicks:
		value, err = s.picks(ctx, value)
	}
	if err != nil {
		return Setting{}, err
	}
	var now domain.Settings
	err = s.changeSettings(ctx, by, name, func(_ *store.Tx, set *domain.Settings) error {
		if err := x.set(set, value); err != nil {
			return err
		}
		now = *set
		return checkSettings(set)
	})
	if err != nil {
		return Setting{}, err
	}
	return s.shown(ctx, x, &now)
}
