package mastoapi_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

const pushPath = "/api/v1/push/subscription"

// phone is an app with its push service, which answers with status.
type phone struct {
	t    *testing.T
	host string
	key  *ecdh.PrivateKey
	auth []byte

	mu     sync.Mutex
	status int
	got    []pushed
}

// pushed is one message as it came.
type pushed struct {
	header http.Header
	body   []byte
}

func newPhone(t *testing.T, n *testkit.Network, host string) *phone {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, host: host, key: key, auth: []byte("sixteen bytes ok"), status: http.StatusCreated}
	n.Serve(host, p)
	return p
}

func (p *phone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, pushed{r.Header, body})
	w.WriteHeader(p.status)
}

// answers sets what the service says from now on.
func (p *phone) answers(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

// take are the messages that came since the last time.
func (p *phone) take() []pushed {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	return got
}

// form is what the app subscribes with; pairs are more of it.
func (p *phone) form(pairs ...string) testkit.Form {
	f := testkit.F(
		"subscription[endpoint]", "http://"+p.host+"/for/bob",
		"subscription[keys][p256dh]", base64.URLEncoding.EncodeToString(p.key.PublicKey().Bytes()),
		"subscription[keys][auth]", base64.StdEncoding.EncodeToString(p.auth),
		"data[alerts][mention]", "true")
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// read is what a message says.
func (p *phone) read(m pushed) testkit.Object {
	p.t.Helper()
	var o testkit.Object
	if err := json.Unmarshal(p.plain(m), &o); err != nil {
		p.t.Fatal(err)
	}
	return o
}

// plain decrypts a message as the app would.
func (p *phone) plain(m pushed) []byte {
	p.t.Helper()
	var plain []byte
	switch m.header.Get("Content-Encoding") {
	case "aes128gcm":
		salt, point, sealed := m.body[:16], m.body[21:86], m.body[86:]
		info := "WebPush: info\x00" + string(p.key.PublicKey().Bytes()) + string(point)
		plain = p.open(salt, p.derive(p.auth, p.secret(point), info, 32), "aes128gcm", "", sealed)
		plain = plain[:len(plain)-1]
	case "aesgcm":
		salt := p.decode(strings.TrimPrefix(m.header.Get("Encryption"), "salt="))
		dh, _, _ := strings.Cut(strings.TrimPrefix(m.header.Get("Crypto-Key"), "dh="), ";")
		point := p.decode(dh)
		info := "P-256\x00\x00\x41" + string(p.key.PublicKey().Bytes()) + "\x00\x41" + string(point)
		plain = p.open(salt, p.derive(p.auth, p.secret(point), "Content-Encoding: auth\x00", 32), "aesgcm", info, m.body)[2:]
	default:
		p.t.Fatalf("encoding %q", m.header.Get("Content-Encoding"))
	}
	return plain
}

func (p *phone) secret(point []byte) []byte {
	p.t.Helper()
	public, err := ecdh.P256().NewPublicKey(point)
	if err != nil {
		p.t.Fatal(err)
	}
	secret, err := p.key.ECDH(public)
	if err != nil {
		p.t.Fatal(err)
	}
	return secret
}

func (p *phone) derive(salt, secret []byte, info string, n int) []byte {
	p.t.Helper()
	b, err := hkdf.Key(sha256.New, secret, salt, info, n)
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

func (p *phone) open(salt, ikm []byte, encoding, info string, sealed []byte) []byte {
	p.t.Helper()
	block, err := aes.NewCipher(p.derive(salt, ikm, "Content-Encoding: "+encoding+"\x00"+info, 16))
	if err != nil {
		p.t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		p.t.Fatal(err)
	}
	plain, err := gcm.Open(nil, p.derive(salt, ikm, "Content-Encoding: nonce\x00"+info, 12), sealed, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return plain
}

func (p *phone) decode(s string) []byte {
	p.t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

// checkVAPID verifies the token by which the server names itself (RFC 8292).
func (p *phone) checkVAPID(m pushed, serverKey string, now time.Time) {
	p.t.Helper()
	var token, key string
	auth := m.header.Get("Authorization")
	if rest, ok := strings.CutPrefix(auth, "vapid t="); ok {
		token, key, _ = strings.Cut(rest, ", k=")
	} else {
		token = strings.TrimPrefix(auth, "WebPush ")
		_, key, _ = strings.Cut(m.header.Get("Crypto-Key"), ";p256ecdsa=")
	}
	if key != strings.TrimRight(serverKey, "=") {
		p.t.Errorf("key %q is not the server's, %q", key, serverKey)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), p.decode(key))
	if err != nil {
		p.t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		p.t.Fatalf("token %q", token)
	}
	sum, sig := sha256.Sum256([]byte(parts[0]+"."+parts[1])), p.decode(parts[2])
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		p.t.Error("the signature is bad")
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(p.decode(parts[1]), &claims); err != nil {
		p.t.Fatal(err)
	}
	if left := time.Unix(claims.Exp, 0).Sub(now); claims.Aud != "http://"+p.host || claims.Sub == "" || left <= 0 || left > 24*time.Hour {
		p.t.Errorf("claims %+v", claims)
	}
}

func TestPushReachesTheApp(t *testing.T) {
	t.Parallel()
	for standard, encoding := range map[string]string{"true": "aes128gcm", "false": "aesgcm"} {
		t.Run(encoding, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test")
			p := newPhone(t, n, "push.test")
			bob := c.As("bob").In(t)
			sub := bob.POST(pushPath, p.form("subscription[standard]", standard)).Object()
			c.As("carol").PATCH("/api/v1/accounts/update_credentials", testkit.F("display_name", "Carol  C.")).OK()
			c.As("carol").POST(status(c.Post("bob", "Hello"), "favourite"), nil).OK()
			c.Post("carol", "Well, @bob,\n\n"+strings.Repeat("this goes on and on, ", 20))
			c.Settle()
			got := p.take()
			if len(got) != 1 {
				t.Fatalf("%d messages", len(got))
			}
			if e := got[0].header.Get("Content-Encoding"); e != encoding {
				t.Errorf("encoding %s", e)
			}
			if h := got[0].header; h.Get("TTL") != "172800" || h.Get("Urgency") != "normal" {
				t.Errorf("headers %v", h)
			}
			p.checkVAPID(got[0], sub.Str("server_key"), c.Clock.Now())
			m := p.read(got[0])
			if m.Str("access_token") != c.Person("bob").Token || m.Str("preferred_locale") != "en" || m.Str("notification_type") != "mention" ||
				m.Str("title") != "Carol C. mentioned you" || m.Str("icon") == "" {
				t.Errorf("message: %v", m)
			}
			if body := m.Str("body"); !strings.HasPrefix(body, "Well, @bob, this goes on") || len([]rune(body)) != 140 {
				t.Errorf("body: %q", body)
			}
			mention := bob.GET("/api/v1/notifications?types[]=mention").List()[0].Str("id")
			if plain := string(p.plain(got[0])); !strings.Contains(plain, `"notification_id":`+mention+`,`) {
				t.Errorf("the notification is %s, the message %s", mention, plain)
			}
			// The service may end it by itself, but nothing else.
			leave := strings.TrimPrefix(got[0].header.Get("Unsubscribe-Url"), c.Config.BaseURL())
			c.Anonymous().In(t).DELETE(leave+"x", nil).Want(http.StatusNotFound)
			bob.GET(pushPath).OK()
			c.Anonymous().In(t).DELETE(leave, nil).OK()
			bob.GET(pushPath).Want(http.StatusNotFound)
		})
	}
}

func TestPushSubscription(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		p := newPhone(t, testkit.NewNetwork(t), "push.test")
		bob := c.As("bob").In(t)
		bob.GET(pushPath).Want(http.StatusNotFound)
		bob.PUT(pushPath, testkit.F("data[alerts][follow]", "true")).Want(http.StatusNotFound)
		bob.DELETE(pushPath, nil).OK()

		wanted := func(o testkit.Object) []string {
			var on []string
			for name, v := range o.Obj("alerts") {
				if v == true {
					on = append(on, name)
				}
			}
			slices.Sort(on)
			return on
		}
		made := bob.POST(pushPath, p.form("data[alerts][admin.report]", "1", "data[alerts][poll]", "false", "data[alerts][dance]", "true", "data[policy]", "followed")).Object()
		if got := wanted(made); !slices.Equal(got, []string{"admin.report", "mention"}) || made["standard"] != false || made.Str("policy") != "followed" {
			t.Errorf("made: %v", made)
		}
		if n := made.Num("id"); n != float64(int32(n)) {
			t.Errorf("the id %v is no 32-bit number", made["id"])
		}
		if key := bob.GET("/api/v2/instance").Object().Obj("configuration").Obj("vapid").Str("public_key"); key != made.Str("server_key") {
			t.Errorf("server_key %q, vapid key %q", made.Str("server_key"), key)
		}
		if got := bob.GET(pushPath).Object(); fmt.Sprint(got) != fmt.Sprint(made) {
			t.Errorf("read again: %v", got)
		}
		changed := bob.PUT(pushPath, map[string]any{"data": map[string]any{"alerts": map[string]any{"follow": true, "reblog": "false"}}, "policy": "follower"}).Object()
		if got := wanted(changed); !slices.Equal(got, []string{"follow"}) || changed.Str("policy") != "follower" {
			t.Errorf("changed: %v", changed)
		}
		bob.PUT(pushPath, testkit.F("data[policy]", "some")).Want(http.StatusUnprocessableEntity)
		again := bob.POST(pushPath, p.form("subscription[standard]", "true", "subscription[endpoint]", "http://push.test/new")).Object()
		if got := bob.GET(pushPath).Object(); again.Str("endpoint") != "http://push.test/new" || fmt.Sprint(got) != fmt.Sprint(again) || again["standard"] != true {
			t.Errorf("replaced: %v", got)
		}

		// SEC-31: each token has its own, another of the same person too.
		other, err := c.AccountToken(t.Context(), instance.AccountToken{Name: "bob", Scopes: "push"})
		if err != nil {
			t.Fatal(err)
		}
		for _, stranger := range []*testkit.Client{c.As("carol").In(t), c.WithToken(other.Token).In(t)} {
			stranger.GET(pushPath).Want(http.StatusNotFound)
			stranger.DELETE(pushPath, nil).OK()
		}
		bob.GET(pushPath).OK()

		bob.POST(pushPath, nil).Want(http.StatusBadRequest)
		for name, value := range map[string]string{
			"subscription[endpoint]":     "",
			"subscription[keys][p256dh]": "BCVxsr7N",
			"subscription[keys][auth]":   "c2hvcnQ=",
			"data[policy]":               "everybody",
		} {
			bob.POST(pushPath, p.form(name, value)).Want(http.StatusUnprocessableEntity)
		}
		bob.DELETE(pushPath, nil).OK()
		bob.GET(pushPath).Want(http.StatusNotFound)
	})
}

// TestPushPolicies lets a stranger, somebody followed and a follower speak.
func TestPushPolicies(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]string{
		"":         "[carol dave erin]",
		"all":      "[carol dave erin]",
		"followed": "[dave]",
		"follower": "[erin]",
		"none":     "[]",
	} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test")
			p := newPhone(t, n, "push.test")
			c.Follow("bob", "dave")
			c.Follow("erin", "bob")
			c.As("bob").POST(pushPath, p.form("data[policy]", policy)).OK()
			for _, name := range []string{"carol", "dave", "erin"} {
				c.Post(name, "@bob hello")
			}
			c.Settle()
			got := []string{}
			for _, m := range p.take() {
				name, _, _ := strings.Cut(p.read(m).Str("title"), " ")
				got = append(got, name)
			}
			slices.Sort(got)
			if fmt.Sprint(got) != want {
				t.Errorf("pushed of %v, want %s", got, want)
			}
		})
	}
}

// Whatever ends the right to hear of something ends its push, also of what
// waits already.
func TestSEC34_NothingIsPushedThatMayNotBeHeard(t *testing.T) {
	t.Parallel()
	revoke := func(c *testkit.Community) {
		st := storeFor(t, c)
		err := st.Write(context.Background(), func(tx *store.Tx) error { return tx.Revoke(c.Person("bob").ID, store.Revocation{}) })
		if err != nil {
			t.Error(err)
		}
	}
	as := func(name, method, path string) func(*testkit.Community) {
		return func(c *testkit.Community) {
			c.As(name).Do(method, strings.ReplaceAll(path, "CAROL", c.Person("carol").ID.String()), nil).OK()
		}
	}
	for name, first := range map[string]func(*testkit.Community){
		"token revoked":  revoke,
		"sender muted":   as("bob", "POST", "/api/v1/accounts/CAROL/mute"),
		"sender blocked": as("bob", "POST", "/api/v1/accounts/CAROL/block"),
		"blocked by her": func(c *testkit.Community) { c.As("carol").POST(account(c, "bob", "block"), nil).OK() },
		"not subscribed": as("bob", "DELETE", pushPath),
		"policy filters": func(c *testkit.Community) {
			c.As("bob").PATCH(policyPath, testkit.F("for_not_following", "filter")).OK()
		},
		"policy drops":       func(c *testkit.Community) { c.As("bob").PATCH(policyPath, testkit.F("for_new_accounts", "drop")).OK() },
		"nothing in the way": func(*testkit.Community) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test")
			p := newPhone(t, n, "push.test")
			c.As("bob").POST(pushPath, p.form()).OK()
			first(c)
			c.Post("carol", "@bob hello")
			c.Settle()
			want := 0
			if name == "nothing in the way" {
				want = 1
			}
			if got := p.take(); len(got) != want {
				t.Errorf("%d messages were pushed, not %d", len(got), want)
			}
		})
	}
	for name, then := range map[string]func(*testkit.Community){
		"token revoked":  revoke,
		"sender muted":   as("bob", "POST", "/api/v1/accounts/CAROL/mute"),
		"sender blocked": as("bob", "POST", "/api/v1/accounts/CAROL/block"),
		"cleared":        as("bob", "POST", "/api/v1/notifications/clear"),
	} {
		t.Run("while it waits: "+name, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test")
			p := newPhone(t, n, "push.test")
			c.As("bob").POST(pushPath, p.form()).OK()
			p.answers(http.StatusServiceUnavailable)
			c.Post("carol", "@bob hello")
			c.Settle()
			if got := p.take(); len(got) != 1 {
				t.Fatalf("%d tries", len(got))
			}
			p.answers(http.StatusCreated)
			then(c)
			c.After(time.Hour)
			if got := p.take(); len(got) != 0 {
				t.Errorf("%d messages were pushed afterwards", len(got))
			}
		})
	}
}

func TestPushServicesThatFail(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		http.StatusBadRequest:          "removed",
		http.StatusForbidden:           "removed",
		http.StatusNotFound:            "removed",
		http.StatusGone:                "removed",
		http.StatusRequestTimeout:      "tried again",
		http.StatusTooManyRequests:     "tried again",
		http.StatusInternalServerError: "tried again",
		http.StatusServiceUnavailable:  "tried again",
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test")
			p := newPhone(t, n, "push.test")
			c.As("bob").POST(pushPath, p.form()).OK()
			p.answers(status)
			c.Post("carol", "@bob hello")
			c.Settle()
			p.answers(http.StatusCreated)
			tried := len(p.take())
			c.After(time.Minute)
			there := c.As("bob").GET(pushPath).Status == http.StatusOK
			got := "kept"
			switch again := len(p.take()); {
			case !there && again == 0:
				got = "removed"
			case there && again == 1:
				got = "tried again"
			}
			if tried != 1 || got != want {
				t.Errorf("after %d tries it is %s, should be %s", tried, got, want)
			}
			if want == "removed" {
				return
			}
			c.Post("carol", "@bob still there?")
			c.Settle()
			if got := p.take(); len(got) != 1 {
				t.Errorf("once it works again %d messages come", len(got))
			}
		})
	}
}

// TestPushOfOldNewsIsNotSent: an endpoint that is down for days hears nothing
// of what happened meanwhile (behaviours 15.4).
func TestPushOfOldNewsIsNotSent(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c := n.Found("one.test")
	p := newPhone(t, n, "push.test")
	c.As("bob").POST(pushPath, p.form()).OK()
	n.Down("push.test", true)
	c.Post("carol", "@bob hello")
	c.Settle()
	for range 100 {
		c.After(30 * time.Minute)
	}
	n.Down("push.test", false)
	c.After(24 * time.Hour)
	if got := p.take(); len(got) != 0 {
		t.Errorf("%d messages after days", len(got))
	}
	c.Post("carol", "@bob news")
	c.Settle()
	c.After(12 * time.Hour)
	if got := p.take(); len(got) != 1 {
		t.Errorf("%d messages of what is new", len(got))
	}
}

// TestSEC23_PushEndpointsArePublic refuses what a stranger's address may never
// be.
func TestSEC23_PushEndpointsArePublic(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.With(func(cfg *instance.Config) { cfg.Dev, cfg.NoRateLimits = false, false }))
	p := newPhone(t, testkit.NewNetwork(t), "push.test")
	for _, endpoint := range []string{
		"http://push.example/a", "https://127.0.0.1/a", "https://[::1]/a", "https://10.0.0.1/a", "https://192.168.1.1/a",
		"https://169.254.169.254/latest/meta-data", "https://0x7f000001/a", "https://2130706433/a", "https://localhost/a",
		"https://push.example:8080/a", "https://push.example:22/a", "https://user@push.example/a", "ftp://push.example/a",
		"javascript:alert(1)", "//push.example/a", "push.example", "https://push.example\\@127.0.0.1/a", "https://" + strings.Repeat("a", 3000) + ".example/",
	} {
		if a := c.As("bob").POST(pushPath, p.form("subscription[endpoint]", endpoint)); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%.60s: %d %s", endpoint, a.Status, a.Body)
		}
	}
	c.As("bob").POST(pushPath, p.form("subscription[endpoint]", "https://push.example/a?b=c")).OK()
}

// TestPushSubscriptionsAreBounded: one person's are too few to flood anybody.
func TestPushSubscriptionsAreBounded(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c := n.Found("one.test")
	p := newPhone(t, n, "push.test")
	var tokens []string
	for range 35 {
		made, err := c.AccountToken(t.Context(), instance.AccountToken{Name: "bob", Scopes: "push"})
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, made.Token)
		c.WithToken(made.Token).POST(pushPath, p.form()).OK()
	}
	c.Post("carol", "@bob hello")
	c.Settle()
	if got := p.take(); len(got) != 30 {
		t.Errorf("%d messages", len(got))
	}
	c.WithToken(tokens[0]).GET(pushPath).Want(http.StatusNotFound)
	c.WithToken(tokens[34]).GET(pushPath).OK()
}
