package render

import (
	"context"
	"strconv"
	"time"

	"coterie/internal/domain"
)

// TagJSON is the entity Tag. Following and Featuring are there for a viewer
// with a token only (behaviours 2.5).
type TagJSON struct {
	ID        domain.ID    `json:"id"`
	Name      string       `json:"name"`
	URL       string       `json:"url"`
	History   []TagDayJSON `json:"history"`
	Following *bool        `json:"following,omitempty"`
	Featuring *bool        `json:"featuring,omitempty"`
}

// TagDayJSON is one day of a hashtag; all three are strings (behaviours 2.4).
type TagDayJSON struct {
	Day      string `json:"day"` // its first second, Unix
	Uses     string `json:"uses"`
	Accounts string `json:"accounts"`
}

// tagDays is how many days a Tag looks back, today included.
const (
	tagDays       = 7
	secondsPerDay = 24 * 60 * 60
)

// Tags makes the entities: two statements at most. One that nobody has used
// has the id 0.
func (r *Renderer) Tags(ctx context.Context, viewer domain.ID, list ...domain.Tag) ([]TagJSON, error) {
	today := r.now().Unix() / secondsPerDay
	out, at, ids := make([]TagJSON, len(list)), map[domain.ID]*TagJSON{}, []domain.ID{}
	for i, t := range list {
		name := t.Display
		if name == "" {
			name = t.Name
		}
		out[i] = TagJSON{ID: t.ID, Name: name, URL: r.URLs.Tag(t.Name), History: make([]TagDayJSON, tagDays)}
		for d := range out[i].History {
			out[i].History[d] = TagDayJSON{Day: strconv.FormatInt((today-int64(d))*secondsPerDay, 10), Uses: "0", Accounts: "0"}
		}
		if viewer != 0 {
			out[i].Following, out[i].Featuring = new(bool), new(bool)
		}
		if t.ID != 0 {
			at[t.ID], ids = &out[i], append(ids, t.ID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	days, err := r.st.TagDays(ctx, ids, time.Unix((today-tagDays+1)*secondsPerDay, 0))
	if err != nil {
		return nil, err
	}
	for _, d := range days {
		if ago := today - d.Day; ago >= 0 && ago < tagDays {
			h := &at[d.Tag].History[ago]
			h.Uses, h.Accounts = strconv.FormatInt(d.Uses, 10), strconv.FormatInt(d.Accounts, 10)
		}
	}
	if viewer == 0 {
		return out, nil
	}
	marks, err := r.st.TagMarks(ctx, viewer, ids)
	for _, m := range marks {
		*at[m.Tag].Following, *at[m.Tag].Featuring = m.Following, m.Featuring
	}
	return out, err
}

// FeaturedTagJSON is the entity FeaturedTag.
type FeaturedTagJSON struct {
	ID            domain.ID `json:"id"`
	Name          string    `json:"name"`
	URL           string    `json:"url"`
	StatusesCount string    `json:"statuses_count"`
	LastStatusAt  *string   `json:"last_status_at"`
}

// FeaturedTags makes the entities of the hashtags on the profile of owner.
func (r *Renderer) FeaturedTags(owner *domain.Account, list ...domain.FeaturedTag) []FeaturedTagJSON {
	out := make([]FeaturedTagJSON, len(list))
	for i, f := range list {
		out[i] = FeaturedTagJSON{
			ID: f.ID, Name: f.Tag.Display, URL: r.URLs.Tagged(owner, f.Tag.Name), StatusesCount: strconv.FormatInt(f.StatusesCount, 10),
		}
		if !f.LastStatusAt.IsZero() {
			day := f.LastStatusAt.Format(time.DateOnly)
			out[i].LastStatusAt = &day
		}
	}
	return out
}
