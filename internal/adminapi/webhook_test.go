package adminapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// ear is an address that is told things.
type ear struct {
	mu     sync.Mutex
	secret string
	status int
	heard  []string // events
	forged int
	last   testkit.Object
}

func (e *ear) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	mac := hmac.New(sha256.New, []byte(e.secret))
	mac.Write(body)
	if r.Header.Get("X-Hub-Signature") != "sha256="+hex.EncodeToString(mac.Sum(nil)) || r.Header.Get("Content-Type") != "application/json" {
		e.forged++
	}
	var told testkit.Object
	_ = json.Unmarshal(body, &told)
	if e.last = told; e.status != 0 {
		w.WriteHeader(e.status)
		return
	}
	e.heard = append(e.heard, told.Str("event"))
}

// take is what was heard since, in order of the name.
func (e *ear) take() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := e.heard
	e.heard = nil
	slices.Sort(list)
	return strings.Join(list, " ")
}

func (e *ear) answer(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status = status
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	for engine, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test", options...)
			staffed(c)
			c.Settle()
			hook := &ear{}
			n.Serve("hook.test", hook)
			const path = "/api/coterie/v1/admin/webhooks"
			form := testkit.F("url", "http://hook.test/in")
			for _, e := range []string{"account.approved", "account.created", "account.updated", "report.created", "report.updated", "status.created", "status.updated"} {
				form.Add("events[]", e)
			}
			admin := c.As("admin")
			made := admin.POST(path, form).Object()
			if hook.secret = made.Str("secret"); len(hook.secret) != 40 || !made.Bool("enabled") {
				t.Fatalf("made: %v", made)
			}
			one := path + "/" + made.Str("id")
			admin.POST(path, form).Error(409)
			admin.POST(path, testkit.F("url", "http://hook.test/b")).Error(422)
			admin.POST(path, testkit.F("url", "http://hook.test/b", "events[]", "account.eaten")).Error(422)
			admin.POST(path, testkit.F("url", "file:///etc/passwd", "events[]", "report.created")).Error(422)

			post := c.Post("bob", "Hello").Str("id")
			c.Post("bob", "Psst", "visibility", "private")
			c.Post("bob", "@carol psst", "visibility", "direct")
			c.As("bob").PUT("/api/v1/statuses/"+post, testkit.F("status", "Hello there")).OK()
			c.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("note", "Digger")).OK()
			report := c.As("carol").POST("/api/v1/reports", testkit.F("account_id", c.Person("bob").ID.String())).Object().Str("id")
			c.Settle()
			if got := hook.take(); got != "account.updated report.created status.created status.updated" {
				t.Errorf("heard: %s", got)
			}
			admin.POST("/api/v1/admin/reports/"+report+"/resolve", nil).OK()
			c.Settle()
			object := hook.last.Obj("object")
			if got := hook.take(); got != "report.updated" || !object.Bool("action_taken") || object.Obj("account").Str("email") != "carol@example.org" || hook.last.Str("created_at") == "" {
				t.Errorf("resolved: %s, %v", got, hook.last)
			}

			// What does not get through is tried again; what is refused is not.
			hook.answer(503)
			c.Post("bob", "Again")
			c.Settle()
			if got := admin.GET(path).List()[0]; got["error"] == nil || got["secret"] != nil {
				t.Errorf("while it fails: %v", got)
			}
			hook.answer(0)
			c.After(time.Minute)
			if got := hook.take(); got != "status.created" || admin.GET(path).List()[0]["error"] != nil {
				t.Errorf("later: %s", got)
			}
			hook.answer(410)
			c.Post("bob", "Once more")
			c.Settle()
			hook.answer(0)
			c.After(24 * time.Hour)
			if got := hook.take(); got != "" {
				t.Errorf("refused: %s", got)
			}

			rotated := admin.POST(one+"/rotate_secret", nil).Object().Str("secret")
			if rotated == hook.secret || len(rotated) != 40 || hook.forged != 0 {
				t.Errorf("rotated: %s, %d forged", rotated, hook.forged)
			}
			hook.secret = rotated
			admin.PUT(one, testkit.F("events[]", "status.created")).OK()
			c.Post("bob", "And again")
			c.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("note", "Runner")).OK()
			c.Settle()
			if got := hook.take(); got != "status.created" || hook.forged != 0 {
				t.Errorf("one event: %s, %d forged", got, hook.forged)
			}
			admin.PUT(one, testkit.F("enabled", "false")).OK()
			c.Post("bob", "Nobody hears")
			c.Settle()
			if got := hook.take(); got != "" {
				t.Errorf("disabled: %s", got)
			}

			// Nobody has told what they may not know themselves.
			c.Join("wirer", domain.RoleUser)
			if _, err := c.RoleSet(t.Context(), instance.RoleSet{Name: "Wirer", Permissions: "manage_webhooks manage_reports", Position: 5}); err != nil {
				t.Fatal(err)
			}
			if _, err := c.AccountRole(t.Context(), instance.AccountRole{Name: "wirer", Role: "Wirer"}); err != nil {
				t.Fatal(err)
			}
			c.As("wirer").POST(path, testkit.F("url", "http://hook.test/c", "events[]", "status.created")).Error(403)
			c.As("wirer").POST(path, testkit.F("url", "http://hook.test/c", "events[]", "report.created")).OK()
			c.As("wirer").POST(one+"/rotate_secret", nil).Error(403)
			admin.DELETE(one, nil).OK()
			if list, err := c.WebhookList(t.Context()); err != nil || len(list) != 1 || list[0].Secret != "" {
				t.Errorf("left: %+v, %v", list, err)
			}
		})
	}
}
