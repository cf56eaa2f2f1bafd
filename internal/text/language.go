package text

import (
	"slices"
	"strings"
)

// languages are the codes a post can be tagged with: ISO 639-1, and those of
// ISO 639-3 and the regional forms that Mastodon offers, sorted.
var languages = strings.Fields(`
aa ab ae af ak am an ar as ast av ay az ba be bg bh bi bm bn bo br bs ca ce ch chr ckb cnr co cr cs csb cu cv cy da de dv dz
ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gsw gu gv ha he hi ho hr hsb ht hu hy hz ia id ie ig ii ik io is it iu ja jbo jv
ka kab kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb ldn lfn lg li ln lo lt lu lv mg mh mi mk ml mn moh mr ms mt my
na nb nd nds ne ng nl nn no nr nv ny oc oj om or os pa pdc pi pl ps pt qu rm rn ro ru rw sa sc sco sd se sg si sk sl sm sma smj sn so sq
sr ss st su sv sw szl ta te tg th ti tk tl tn to tok tr ts tt tw ty ug uk ur uz vai ve vi vo wa wo xal xh yi yo za zba zgh zh
zh-CN zh-HK zh-TW zh-YUE zu`)

// Languages lists the codes that LanguageTag may return, sorted.
func Languages() []string { return slices.Clone(languages) }

// LanguageTag is the code under which a post's language is kept. The region or
// script of a BCP 47 tag is dropped unless it is one of the regional forms;
// case and underscores do not matter. ok is false for a language nobody offers.
func LanguageTag(s string) (code string, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 35 {
		return "", false
	}
	base, rest, regional := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	base = strings.ToLower(base)
	if regional {
		if tag := base + "-" + strings.ToUpper(rest); isLanguage(tag) {
			return tag, true
		}
		if base == "zh" {
			return chinese(rest), true
		}
	}
	return base, isLanguage(base)
}

// chinese is the regional form of a Chinese tag with a script or several parts.
func chinese(rest string) string {
	parts := strings.Split(strings.ToUpper(rest), "-")
	for _, p := range parts {
		if tag := "zh-" + p; isLanguage(tag) {
			return tag
		}
	}
	switch parts[0] {
	case "HANS":
		return "zh-CN"
	case "HANT":
		return "zh-TW"
	}
	return "zh"
}

func isLanguage(code string) bool {
	_, found := slices.BinarySearch(languages, code)
	return found
}
