package render

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"coterie/internal/domain"
)

// activityWeek is one week of the activity of the server: all strings
// (behaviours 2.4).
type activityWeek struct {
	Week          string `json:"week"`
	Statuses      string `json:"statuses"`
	Logins        string `json:"logins"`
	Registrations string `json:"registrations"`
}

// Activity is the entity of some weeks, in their order.
func Activity(weeks []domain.Week) []activityWeek {
	out := make([]activityWeek, len(weeks))
	for i, w := range weeks {
		out[i] = activityWeek{
			Week: strconv.FormatInt(w.Begins.Unix(), 10), Statuses: strconv.FormatInt(w.Statuses, 10),
			Logins: strconv.FormatInt(w.Logins, 10), Registrations: strconv.FormatInt(w.Registrations, 10),
		}
	}
	return out
}

// DomainBlockPreview counts the follows that a block of a domain would end.
type DomainBlockPreview struct {
	Following int64 `json:"following_count"`
	Followers int64 `json:"followers_count"`
}

// languageCodes are those of ISO 639-1, and others that people write in.
const languageCodes = "aa ab ae af ak am an ar as ast av ay az ba be bg bi bm bn bo br bs ca ce ch ckb co cr cs cu cv cy da de dv dz ee el en eo es " +
	"et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jbo jv ka kab kg ki kj kk kl km " +
	"kn ko kr ks ku kv kw ky la lb lfn lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd nds ne ng nl nn no nr nv ny oc oj om or os pa " +
	"pi pl ps pt qu rm rn ro ru rw sa sc sco sd se sg si sk sl sm sma smj sn so sq sr ss st su sv sw szl ta te tg th ti tk tl tn to tok tr ts tt " +
	"tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zgh zh zh-CN zh-HK zh-TW zu"

// Language is a language a post may be in.
type Language struct {
	Code string `json:"code"`
	Name string `json:"name"` // in English
}

// Languages are those a post may be in, by code.
func Languages() []Language {
	names := display.English.Tags()
	var out []Language
	for code := range strings.FieldsSeq(languageCodes) {
		name := names.Name(language.Make(code))
		if name == "" {
			name = code
		}
		out = append(out, Language{code, name})
	}
	return out
}

// TermsOfService is the entity.
type TermsOfService struct {
	EffectiveDate string  `json:"effective_date"`
	Effective     bool    `json:"effective"`
	Content       string  `json:"content"`
	SucceededBy   *string `json:"succeeded_by"`
}

// Terms are those of a date, or, for "", those that hold now, or the first
// to come; ok is false where there are none.
func (r *Renderer) Terms(all []domain.Terms, date string, now time.Time) (t TermsOfService, ok bool) {
	today := now.UTC().Format(time.DateOnly)
	found := -1
	for i := range all {
		switch {
		case date != "" && all[i].Effective == date, date == "" && (found < 0 || all[i].Effective <= today):
			found = i
		}
	}
	if found < 0 {
		return t, false
	}
	t = TermsOfService{EffectiveDate: all[found].Effective, Effective: all[found].Effective <= today, Content: r.paragraphs(all[found].Text)}
	if found+1 < len(all) {
		t.SucceededBy = &all[found+1].Effective
	}
	return t, true
}
