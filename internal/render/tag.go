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
	ID        domain.ID `json:"id"`
	Name      string    `json:"name"`
	URL       string    `json:"url"`
	History   History   `json:"history"`
	Following *bool     `json:"following,omitempty"`
	Featuring *bool     `json:"featuring,omitempty"`
}

// History is how much a hashtag or a link was used in public on each of the
// last seven days, today first.
type History []DayJSON

// DayJSON is one day; all three are strings (behaviours 2.4).
type DayJSON struct {
	Day      string `json:"day"` // its first second, Unix
	Uses     string `json:"uses"`
	Accounts string `json:"accounts"`
}

// historyDays is how many days a History looks back, today included.
const (
	historyDays   = 7
	secondsPerDay = 24 * 60 * 60
)

// newHistory is one without uses; today is a number of days since the epoch.
func newHistory(today int64) History {
	h := make(History, historyDays)
	for d := range h {
		h[d] = DayJSON{Day: strconv.FormatInt((today-int64(d))*secondsPerDay, 10), Uses: "0", Accounts: "0"}
	}
	return h
}

func (h History) set(ago, uses, accounts int64) {
	if ago >= 0 && ago < historyDays {
		h[ago].Uses, h[ago].Accounts = strconv.FormatInt(uses, 10), strconv.FormatInt(accounts, 10)
	}
}

// historySince is when the first day of a History began.
func historySince(today int64) time.Time { return time.Unix((today-historyDays+1)*secondsPerDay, 0) }

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
		out[i] = TagJSON{ID: t.ID, Name: name, URL: r.URLs.Tag(t.Name), History: newHistory(today)}
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
	days, err := r.st.TagDays(ctx, ids, historySince(today))
	if err != nil {
		return nil, err
	}
	for _, d := range days {
		at[d.Tag].History.set(today-d.Day, d.Uses, d.Accounts)
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
