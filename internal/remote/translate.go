package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/text"
)

// Of the LibreTranslate server that the operator named.
const (
	translationProvider = "LibreTranslate"
	translateWithin     = 20 * time.Second
	languagesFor        = time.Hour // they are believed
	anyLanguage         = "und"     // where the source is to be guessed
)

var (
	errTranslating = domain.Errorf(domain.Unavailable, "The translation service cannot be reached right now")
	errQuota       = domain.Errorf(domain.Unavailable, "The translation service has had enough requests for now")
)

// tongues are the languages a translator knows, remembered for a while.
type tongues struct {
	mu    sync.Mutex
	from  string // the address that told them
	at    time.Time
	known map[string][]string
}

// Languages are those into which each language can be translated, by its code;
// anyLanguage stands for a source that is not known.
func (s *Service) Languages(ctx context.Context, set *domain.Settings) (map[string][]string, error) {
	if known := s.tongues.recall(set.TranslationURL, s.Now()); known != nil {
		return known, nil
	}
	return fly(ctx, s, "translator languages", func(ctx context.Context) (map[string][]string, error) {
		known, err := s.askLanguages(ctx, set)
		if err != nil {
			return nil, translatorFailed(err)
		}
		s.tongues.keep(set.TranslationURL, s.Now(), known)
		return known, nil
	})
}

func (t *tongues) recall(from string, now time.Time) map[string][]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.from != from || now.Sub(t.at) >= languagesFor {
		return nil
	}
	return t.known
}

func (t *tongues) keep(from string, at time.Time, known map[string][]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.from, t.at, t.known = from, at, known
}

func (s *Service) askLanguages(ctx context.Context, set *domain.Settings) (map[string][]string, error) {
	res, err := s.Client.Get(ctx, translator(set, "languages"), fetch.Options{Accept: "application/json", Operator: true, Timeout: translateWithin})
	if err != nil {
		return nil, err
	}
	var list []struct {
		Code    string   `json:"code"`
		Targets []string `json:"targets"`
	}
	if err := json.Unmarshal(res.Body, &list); err != nil {
		return nil, err
	}
	known := map[string][]string{}
	for _, l := range list {
		if l.Code == "" {
			continue
		}
		known[anyLanguage] = append(known[anyLanguage], l.Targets...)
		known[l.Code] = slices.DeleteFunc(l.Targets, func(t string) bool { return t == l.Code })
	}
	slices.Sort(known[anyLanguage])
	known[anyLanguage] = slices.Compact(known[anyLanguage])
	return known, nil
}

// LanguagePair finds the translator's own words for the language of a text, ""
// where that is not known, and for another. What it cannot translate is
// Forbidden.
func (s *Service) LanguagePair(ctx context.Context, set *domain.Settings, from, to string) (source, target string, err error) {
	known, err := s.Languages(ctx, set)
	if err != nil {
		return "", "", err
	}
	source, target, ok := pair(known, from, to)
	if !ok {
		return "", "", domain.Errorf(domain.Forbidden, "This action is not allowed")
	}
	return source, target, nil
}

// Translate has a wording translated between the languages of a LanguagePair.
// What keeps the translator from answering is Unavailable.
func (s *Service) Translate(ctx context.Context, set *domain.Settings, w domain.Wording, source, target string) (domain.Translation, error) {
	parts, detected, err := s.askTranslator(ctx, set, pieces(&w), source, target)
	if err != nil {
		return domain.Translation{}, translatorFailed(err)
	}
	t := domain.Translation{Language: target, Detected: detected, Provider: translationProvider}
	t.Wording = assemble(&w, parts)
	return t, nil
}

func pair(known map[string][]string, from, to string) (source, target string, ok bool) {
	if from == "" {
		from = anyLanguage
	}
	for _, source := range []string{from, primary(from)} {
		for _, target := range []string{to, primary(to)} {
			if slices.Contains(known[source], target) {
				return source, target, true
			}
		}
	}
	return "", "", false
}

func primary(language string) string {
	p, _, _ := strings.Cut(language, "-")
	return strings.ToLower(p)
}

// pieces are the texts of a wording as HTML, in an order of their own.
func pieces(w *domain.Wording) []string {
	out := []string{w.Content}
	if w.Spoiler != "" {
		out = append(out, html.EscapeString(w.Spoiler))
	}
	for _, list := range [][]string{w.Options, w.Descriptions} {
		for _, s := range list {
			out = append(out, html.EscapeString(s))
		}
	}
	return out
}

// assemble puts translated pieces where they came from. The HTML is a
// stranger's.
func assemble(w *domain.Wording, parts []string) domain.Wording {
	plain := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = text.CleanUTF8(html.UnescapeString(parts[i]))
		}
		parts = parts[n:]
		return out
	}
	t := domain.Wording{Content: text.Sanitize(parts[0])}
	parts = parts[1:]
	if w.Spoiler != "" {
		t.Spoiler = plain(1)[0]
	}
	t.Options = plain(len(w.Options))
	t.Descriptions = plain(len(w.Descriptions))
	return t
}

// askTranslator translates pieces of HTML in their order.
func (s *Service) askTranslator(ctx context.Context, set *domain.Settings, parts []string, from, to string) ([]string, string, error) {
	if from == anyLanguage {
		from = "auto"
	}
	body, err := json.Marshal(map[string]any{"q": parts, "source": from, "target": to, "format": "html", "api_key": set.TranslationKey})
	if err != nil {
		return nil, "", err
	}
	res, err := s.Client.Post(ctx, translator(set, "translate"), "application/json", body, fetch.Options{
		Accept: "application/json", Operator: true, Timeout: translateWithin,
	})
	if err != nil {
		return nil, "", err
	}
	var answer struct {
		Text     []string `json:"translatedText"`
		Detected []struct {
			Language string `json:"language"`
		} `json:"detectedLanguage"`
	}
	if err := json.Unmarshal(res.Body, &answer); err != nil {
		return nil, "", err
	}
	if len(answer.Text) != len(parts) {
		return nil, "", fmt.Errorf("%d texts came back for %d", len(answer.Text), len(parts))
	}
	if from == "auto" && len(answer.Detected) > 0 {
		from = answer.Detected[0].Language
	}
	return answer.Text, from, nil
}

// translator is the address of one of its endpoints.
func translator(set *domain.Settings, endpoint string) string {
	return strings.TrimRight(set.TranslationURL, "/") + "/" + endpoint
}

// TranslatorHost is the host and port of the translator that the operator
// named, "" for none.
func TranslatorHost(set *domain.Settings) string {
	u, err := url.Parse(set.TranslationURL)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return fetch.HostPort(u)
}

// translatorFailed is what keeps a translator from answering, for whoever
// asked; the cause is for the log.
func translatorFailed(err error) error {
	why := *errTranslating
	switch fetch.StatusOf(err) {
	case http.StatusTooManyRequests, http.StatusForbidden, http.StatusPaymentRequired:
		why = *errQuota
	}
	why.Op, why.Err = "translate", err
	if errors.Is(err, context.Canceled) {
		return err
	}
	return &why
}
