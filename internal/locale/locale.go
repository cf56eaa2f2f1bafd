// Package locale speaks people's languages: message catalogues, the choice of
// one by Accept-Language, plural, number and date forms. Packages of level 2
// and above may import it. The catalogues are embedded and never change, so
// everything here is safe for concurrent use.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed catalogues/*.json
var files embed.FS

// catalogues by tag, in the order of tags.
var catalogues = mustLoad()

// catalogue is one file: flat keys to texts with {placeholders}.
type catalogue map[string]string

// Locale is one language with its texts. The zero value is English.
type Locale struct {
	tag string
	cat catalogue
}

// tags are the languages there is a catalogue for; English is the first and
// the source of keys.
var tags = []string{"en", "ar", "de", "es", "fr", "ja"}

func mustLoad() map[string]catalogue {
	all := make(map[string]catalogue, len(tags))
	for _, tag := range tags {
		b, err := files.ReadFile("catalogues/" + tag + ".json")
		if err != nil {
			panic(fmt.Sprintf("locale: %v", err))
		}
		var c catalogue
		if err := json.Unmarshal(b, &c); err != nil {
			panic(fmt.Sprintf("locale: read catalogue %s: %v", tag, err))
		}
		all[tag] = c
	}
	return all
}

// All is every locale there is, English first.
func All() []Locale {
	out := make([]Locale, len(tags))
	for i, tag := range tags {
		out[i] = Locale{tag, catalogues[tag]}
	}
	return out
}

// Tag is the BCP 47 tag, such as "de".
func (l Locale) Tag() string {
	if l.tag == "" {
		return "en"
	}
	return l.tag
}

// Dir is the direction of text, "ltr" or "rtl".
func (l Locale) Dir() string { return l.T("language.dir") }

// Name is the language's name in itself, such as "Deutsch".
func (l Locale) Name() string { return l.T("language.name") }

// Has reports whether key is a text of this locale.
func (l Locale) Has(key string) bool {
	_, ok := l.texts()[key]
	return ok
}

func (l Locale) texts() catalogue {
	if l.cat == nil {
		return catalogues["en"]
	}
	return l.cat
}

// T is the text of key with its {placeholders} filled from args, which are
// name and value by turns. An unknown key is its own text.
func (l Locale) T(key string, args ...any) string {
	s, ok := l.texts()[key]
	if !ok {
		if s, ok = catalogues["en"][key]; !ok {
			return key
		}
	}
	return fill(s, args)
}

// N is the text of key in the plural form for n; {n} is n written the
// locale's way. Forms are keys of their own: key.one, key.other ...
func (l Locale) N(key string, n int64, args ...any) string {
	form := key + "." + pluralForm(l.Tag(), n)
	if !l.Has(form) {
		form = key + ".other"
	}
	return l.T(form, append([]any{"n", l.Number(n)}, args...)...)
}

func fill(s string, args []any) string {
	if len(args) < 2 || !strings.Contains(s, "{") {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), fmt.Sprint(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// pluralForm is the CLDR cardinal category of the integer n.
func pluralForm(tag string, n int64) string {
	if n < 0 {
		n = -n
	}
	switch tag {
	case "ja":
		return "other"
	case "fr":
		if n < 2 {
			return "one"
		}
	case "ar":
		return arabicForm(n)
	default:
		if n == 1 {
			return "one"
		}
	}
	return "other"
}

func arabicForm(n int64) string {
	switch {
	case n == 0:
		return "zero"
	case n == 1:
		return "one"
	case n == 2:
		return "two"
	case n%100 >= 3 && n%100 <= 10:
		return "few"
	case n%100 >= 11:
		return "many"
	}
	return "other"
}

// Number writes n with the locale's grouping of thousands.
func (l Locale) Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	group := l.T("number.group")
	if len(s) <= 4 && l.Tag() == "es" { // Spanish groups from five digits on
		return sign + s
	}
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(c)
	}
	return sign + b.String()
}

// Date is the day of t in UTC, such as "4 March 2026".
func (l Locale) Date(t time.Time) string {
	t = t.UTC()
	return l.T("date.day", "day", t.Day(), "month", l.T("month."+strconv.Itoa(int(t.Month()))), "year", t.Year())
}

// DateTime is the minute of t in UTC, with the zone named.
func (l Locale) DateTime(t time.Time) string {
	t = t.UTC()
	return l.T("date.minute", "date", l.Date(t), "time", t.Format("15:04"))
}

// Ago is how long before now t was, short ("12 min"), and from a week on the
// date. A time to come counts as now.
func (l Locale) Ago(now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return l.T("ago.now")
	case d < time.Hour:
		return l.T("ago.minutes", "n", l.Number(int64(d/time.Minute)))
	case d < 24*time.Hour:
		return l.T("ago.hours", "n", l.Number(int64(d/time.Hour)))
	case d < 7*24*time.Hour:
		return l.T("ago.days", "n", l.Number(int64(d/(24*time.Hour))))
	}
	return l.Date(t)
}

// Error translates an English sentence the API answers with (behaviours 2.7);
// a sentence without a translation stays as it is.
func (l Locale) Error(sentence string) string {
	if s, ok := l.texts()["error: "+sentence]; ok {
		return s
	}
	return sentence
}
