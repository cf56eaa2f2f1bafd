package mastoapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"coterie/internal/testkit"
)

// translator is a LibreTranslate server that knows English and German and
// translates by shouting.
type translator struct {
	*httptest.Server
	asked  atomic.Int32
	status atomic.Int32 // to answer with, 0 for 200
}

func newTranslator(t *testing.T) *translator {
	t.Helper()
	tr := &translator{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /languages", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`[{"code":"en","name":"English","targets":["de","en"]},{"code":"de","name":"German","targets":["en"]}]`))
	})
	mux.HandleFunc("POST /translate", func(w http.ResponseWriter, r *http.Request) {
		tr.asked.Add(1)
		if s := int(tr.status.Load()); s != 0 {
			w.WriteHeader(s)
			return
		}
		var q struct {
			Q      []string `json:"q"`
			Source string   `json:"source"`
			Format string   `json:"format"`
			Key    string   `json:"api_key"`
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Format != "html" || q.Key != "secret" {
			t.Errorf("asked %+v, %v", q, err)
		}
		var out struct {
			Text     []string            `json:"translatedText"`
			Detected []map[string]string `json:"detectedLanguage,omitempty"`
		}
		for _, s := range q.Q {
			out.Text = append(out.Text, strings.NewReplacer("hello", "HALLO", "cats", "KATZEN", "<p>", `<p onclick="x()">`).Replace(s))
			if q.Source == "auto" {
				out.Detected = append(out.Detected, map[string]string{"language": "en"})
			}
		}
		_ = json.NewEncoder(w).Encode(out)
	})
	tr.Server = httptest.NewServer(mux)
	t.Cleanup(tr.Close)
	return tr
}

func TestTranslation(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		bob := c.As("bob")
		p := c.Post("alice", "hello", "language", "en", "spoiler_text", "cats & <dogs>", "visibility", "unlisted",
			"poll[options][]", "cats", "poll[options][]", "neither", "poll[expires_in]", "3600")
		path := status(p, "translate")
		enabled := func() bool {
			o := c.Anonymous().GET("/api/v2/instance").Object().Obj("configuration").Obj("translation")
			return o.Bool("enabled")
		}
		if enabled() {
			t.Error("it is said to translate")
		}
		bob.POST(path, testkit.F("lang", "de")).Error(404)
		if langs := c.Anonymous().GET("/api/v1/instance/translation_languages").Object(); len(langs) != 0 {
			t.Errorf("switched off it knows %v", langs)
		}

		tr := newTranslator(t)
		c.Configure(func(s *testkit.Settings) { s.TranslationURL, s.TranslationKey = tr.URL+"/", "secret" })
		if !enabled() {
			t.Error("it is not said to translate")
		}
		langs := c.Anonymous().GET("/api/v1/instance/translation_languages").Object()
		if got := langs["und"].([]any); !slices.Equal(got, []any{"de", "en"}) || len(langs["en"].([]any)) != 1 {
			t.Errorf("it knows %v", langs)
		}
		got := bob.POST(path, testkit.F("lang", "de")).Object()
		if got.Str("content") != "<p>HALLO</p>" || got.Str("spoiler_text") != "KATZEN & <dogs>" || got.Str("language") != "de" ||
			got.Str("detected_source_language") != "en" || got.Str("provider") != "LibreTranslate" {
			t.Errorf("it reads %v", got)
		}
		options := got.Obj("poll")["options"].([]any)
		if len(options) != 2 || options[0].(map[string]any)["title"] != "KATZEN" {
			t.Errorf("its poll reads %v", options)
		}
		// Asked again nothing is asked, until it is edited.
		c.As("carol").POST(path, testkit.F("lang", "de")).OK()
		if n := tr.asked.Load(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		c.As("alice").PUT("/api/v1/statuses/"+p.Str("id"), testkit.F("status", "hello cats", "language", "en")).OK()
		if got := bob.POST(path, testkit.F("lang", "de-AT")).Object(); got.Str("content") != "<p>HALLO KATZEN</p>" {
			t.Errorf("edited it reads %v", got)
		}
		// What is in no known language is guessed; the viewer's own is the usual target.
		c.As("bob").With("Accept-Language", "de").POST(path, nil).OK()
	})
}

func TestTranslationRefused(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	tr := newTranslator(t)
	c.Configure(func(s *testkit.Settings) { s.TranslationURL, s.TranslationKey, s.LocalOnly = tr.URL, "secret", true })
	bob, de := c.As("bob"), testkit.F("lang", "de")
	p := c.Post("alice", "hello", "language", "en")
	c.As("bob").POST("/api/v1/statuses/1/translate", de).Error(404)
	c.Anonymous().POST(status(p, "translate"), de).Error(401)
	hidden := c.Post("alice", "hello", "language", "en", "visibility", "private")
	bob.POST(status(hidden, "translate"), de).Error(404)
	c.As("alice").POST(status(hidden, "translate"), de).Error(403)
	among := c.Post("alice", "hello", "language", "en", "local_only", "true")
	bob.POST(status(among, "translate"), de).Error(403)
	bob.POST(status(p, "translate"), testkit.F("lang", "fr")).Error(403)
	bob.POST(status(p, "translate"), testkit.F("lang", "en")).Error(403)
	if n := tr.asked.Load(); n != 0 {
		t.Errorf("asked %d times", n)
	}
	for code, want := range map[int]string{
		http.StatusTooManyRequests:     "The translation service has had enough requests for now",
		http.StatusForbidden:           "The translation service has had enough requests for now",
		http.StatusInternalServerError: "The translation service cannot be reached right now",
		http.StatusBadRequest:          "The translation service cannot be reached right now",
	} {
		tr.status.Store(int32(code))
		if msg := bob.POST(status(p, "translate"), de).Error(503); msg != want {
			t.Errorf("where it answers %d: %s", code, msg)
		}
	}
	tr.status.Store(0)
	tr.Close()
	bob.POST(status(p, "translate"), de).Error(503)
	c.Clock.Add(2 * time.Hour)
	c.Anonymous().GET("/api/v1/instance/translation_languages").Error(503)
}

// TestTranslationKept drops translations that are old.
func TestTranslationKept(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		tr := newTranslator(t)
		c.Configure(func(s *testkit.Settings) { s.TranslationURL, s.TranslationKey = tr.URL, "secret" })
		p := c.Post("alice", "hello", "language", "en")
		translate := func() { c.As("bob").POST(status(p, "translate"), testkit.F("lang", "de")).OK() }
		translate()
		c.After(29 * 24 * time.Hour)
		translate()
		if n := tr.asked.Load(); n != 1 {
			t.Errorf("asked %d times within a month", n)
		}
		c.After(2 * 24 * time.Hour)
		c.After(24 * time.Hour)
		translate()
		if n := tr.asked.Load(); n != 2 {
			t.Errorf("asked %d times", n)
		}
		c.As("alice").DELETE("/api/v1/statuses/"+p.Str("id"), nil).OK()
	})
}

func TestTranslationLimit(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Limited())
	p := c.Post("alice", "hello")
	for range 60 {
		c.As("bob").POST(status(p, "translate"), nil).Error(404)
	}
	c.As("bob").POST(status(p, "translate"), nil).Error(429)
}
