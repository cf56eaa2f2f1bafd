package render

import (
	"time"

	"coterie/internal/domain"
)

type (
	// instanceConfiguration holds the limits apps keep to. All keys are always
	// there: strict apps fail on a missing one (behaviours 19).
	instanceConfiguration struct {
		URLs              configurationURLs      `json:"urls"`
		VAPID             configurationVAPID     `json:"vapid"`
		Accounts          configurationAccounts  `json:"accounts"`
		Statuses          configurationStatuses  `json:"statuses"`
		MediaAttachments  configurationMedia     `json:"media_attachments"`
		Polls             configurationPolls     `json:"polls"`
		Translation       configurationSwitch    `json:"translation"`
		TimelinesAccess   map[string]feedsAccess `json:"timelines_access"`
		LimitedFederation bool                   `json:"limited_federation"`
	}
	configurationURLs struct {
		Streaming      string  `json:"streaming"`
		Status         *string `json:"status"`
		About          string  `json:"about"`
		PrivacyPolicy  *string `json:"privacy_policy"`
		TermsOfService *string `json:"terms_of_service"`
	}
	configurationVAPID struct {
		PublicKey string `json:"public_key"`
	}
	configurationSwitch struct {
		Enabled bool `json:"enabled"`
	}
	configurationAccounts struct {
		MaxFeaturedTags            int `json:"max_featured_tags"`
		MaxPinnedStatuses          int `json:"max_pinned_statuses"`
		MaxDisplayNameLength       int `json:"max_display_name_length"`
		MaxNoteLength              int `json:"max_note_length"`
		MaxAvatarDescriptionLength int `json:"max_avatar_description_length"`
		MaxHeaderDescriptionLength int `json:"max_header_description_length"`
		MaxProfileFields           int `json:"max_profile_fields"`
		ProfileFieldNameLimit      int `json:"profile_field_name_limit"`
		ProfileFieldValueLimit     int `json:"profile_field_value_limit"`
	}
	configurationStatuses struct {
		MaxCharacters            int      `json:"max_characters"`
		MaxMediaAttachments      int      `json:"max_media_attachments"`
		CharactersReservedPerURL int      `json:"characters_reserved_per_url"`
		SupportedMimeTypes       []string `json:"supported_mime_types"` // of what is typed
		LocalOnly                bool     `json:"local_only"`           // whether it may be asked for
	}
	configurationMedia struct {
		SupportedMimeTypes  []string `json:"supported_mime_types"`
		DescriptionLimit    int      `json:"description_limit"`
		ImageSizeLimit      int      `json:"image_size_limit"`
		ImageMatrixLimit    int      `json:"image_matrix_limit"`
		VideoSizeLimit      int      `json:"video_size_limit"`
		VideoFrameRateLimit int      `json:"video_frame_rate_limit"`
		VideoMatrixLimit    int      `json:"video_matrix_limit"`
	}
	configurationPolls struct {
		MaxOptions             int   `json:"max_options"`
		MaxCharactersPerOption int   `json:"max_characters_per_option"`
		MinExpiration          int64 `json:"min_expiration"`
		MaxExpiration          int64 `json:"max_expiration"`
	}
	feedsAccess struct {
		Local  string `json:"local"`
		Remote string `json:"remote"`
	}
)

const (
	maxFeaturedTags    = 10
	maxDescriptionText = 150 // of avatar and header
)

func (r *Renderer) configuration(c *Community) instanceConfiguration {
	privacy := r.URLs.absolute("/privacy-policy")
	urls := configurationURLs{Streaming: r.URLs.Streaming(), About: r.URLs.About(), PrivacyPolicy: &privacy}
	if len(c.Settings.Terms) > 0 {
		terms := r.URLs.absolute("/terms-of-service")
		urls.TermsOfService = &terms
	}
	topic := accessOf(c.Settings.FeedAccess(true))
	return instanceConfiguration{
		URLs:  urls,
		VAPID: configurationVAPID{c.PushKey},
		Accounts: configurationAccounts{
			MaxFeaturedTags: maxFeaturedTags, MaxPinnedStatuses: domain.MaxPins,
			MaxDisplayNameLength: domain.MaxDisplayName, MaxNoteLength: domain.MaxNote,
			MaxAvatarDescriptionLength: maxDescriptionText, MaxHeaderDescriptionLength: maxDescriptionText,
			MaxProfileFields: domain.MaxFields, ProfileFieldNameLimit: domain.MaxFieldText, ProfileFieldValueLimit: domain.MaxFieldText,
		},
		Statuses: configurationStatuses{
			c.Settings.CharacterLimit(), c.Settings.MediaLimit(), domain.CharactersPerURL, contentTypes(&c.Settings), c.Settings.LocalOnly,
		},
		MediaAttachments: configurationMedia{
			SupportedMimeTypes: c.MediaTypes, DescriptionLimit: domain.MaxDescription,
			ImageSizeLimit: domain.MaxImageBytes, ImageMatrixLimit: domain.MaxImagePixels,
			VideoSizeLimit: domain.MaxVideoBytes, VideoFrameRateLimit: domain.MaxFrameRate, VideoMatrixLimit: domain.MaxVideoPixels,
		},
		Polls: configurationPolls{
			MaxOptions: domain.MaxPollOptions, MaxCharactersPerOption: domain.MaxPollOptionText,
			MinExpiration: seconds(c.PollMin), MaxExpiration: seconds(domain.MaxPollLife),
		},
		Translation:       configurationSwitch{c.Settings.TranslationURL != ""},
		LimitedFederation: c.Settings.LimitedFederation,

		TimelinesAccess: map[string]feedsAccess{
			"live_feeds": accessOf(c.Settings.FeedAccess(false)), "hashtag_feeds": topic, "trending_link_feeds": topic,
		},
	}
}

func accessOf(here, elsewhere domain.FeedAccess) feedsAccess {
	return feedsAccess{accessWord(here), accessWord(elsewhere)}
}

// accessWord is who gets a timeline in the API's words.
func accessWord(f domain.FeedAccess) string {
	switch f {
	case domain.FeedMembers:
		return "authenticated"
	case domain.FeedNobody:
		return "disabled"
	}
	return "public"
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// contentTypes are the ways in which a post may be written.
func contentTypes(set *domain.Settings) []string {
	types := []string{domain.ContentTypeName(domain.TypePlain)}
	if set.Markdown {
		types = append(types, domain.TypeMarkdown)
	}
	return types
}
