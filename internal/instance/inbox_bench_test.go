package instance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"coterie/internal/fetch"
	"coterie/internal/testkit"
)

// BenchmarkInbox has 50 cached actors of one server, all followed here, post
// signed Creates to the shared inbox, 64 at a time, to a server at work on a
// file that is durable as in production. It reports how many are answered 202
// and how many have taken effect in each second, the time of processors that
// one takes from its arrival to its effect, the memory in use at the end, and
// beside them the raw rate at which the cores verify such requests. Run it with
// -benchtime=5000x.
func BenchmarkInbox(b *testing.B) {
	n := testkit.NewNetwork(b)
	c := n.Found("one.test")
	zoo := newZoo(b, n, 50)
	alice := c.As("alice")
	for i := range zoo.names {
		a := c.FindAccount("alice", zoo.names[i]+"@zoo.test")
		alice.POST("/api/v1/accounts/"+a.Str("id")+"/follow", nil).OK()
		c.Settle()
		zoo.send(b, c, fmt.Sprintf(`{"@context":"https://www.w3.org/ns/activitystreams","id":"http://zoo.test/accepts/%d","type":"Accept","actor":%q,
			"object":{"type":"Follow","actor":"http://one.test/users/alice","object":%q}}`, i, zoo.id(i), zoo.id(i)), i)
	}
	c.Settle()
	before, err := c.Status(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	letters := make([]*http.Request, b.N)
	for i := range letters {
		letters[i] = zoo.request(b, c, zoo.note(c, i), i%len(zoo.names))
	}
	verify := zoo.verifyRate(b, c)

	ctx, stop := context.WithCancel(b.Context())
	var ended sync.WaitGroup
	ended.Go(func() { _ = c.Run(ctx, "nowhere") })
	b.ResetTimer()
	busy := processors(b)
	var next, refused atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(letters)); i = next.Add(1) - 1 {
				w := httptest.NewRecorder()
				c.Handler().ServeHTTP(w, letters[i])
				if w.Code != http.StatusAccepted {
					refused.Add(1)
				}
			}
		})
	}
	all.Wait()
	accepted := b.Elapsed()
	for {
		now, err := c.Status(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if now.Jobs.Running == 0 && now.Jobs.Ready <= before.Jobs.Ready {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	applied := b.Elapsed()
	b.StopTimer()
	busy = processors(b) - busy
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	stop()
	ended.Wait()
	if there := zoo.posts(c); refused.Load() > 0 || there != b.N {
		b.Errorf("%d of %d letters were refused, %d posts are there", refused.Load(), b.N, there)
	}
	b.ReportMetric(float64(b.N)/accepted.Seconds(), "accepted/s")
	b.ReportMetric(float64(b.N)/applied.Seconds(), "applied/s")
	b.ReportMetric(float64(busy.Microseconds())/float64(b.N), "cpu-µs/letter")
	b.ReportMetric(verify, "verified/s")
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "heap-MB")
}

// processors is the time of processors that this process has had.
func processors(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// zoo is a server with several accounts, which share a key.
type zoo struct {
	names  []string
	key    fetch.Key
	public string
}

func newZoo(b *testing.B, n *testkit.Network, size int) *zoo {
	b.Helper()
	private, err := fetch.GenerateRSA()
	if err != nil {
		b.Fatal(err)
	}
	public, err := fetch.EncodePublicPEM(private.Public())
	if err != nil {
		b.Fatal(err)
	}
	z := &zoo{key: fetch.Key{Private: private}, public: public}
	for i := range size {
		z.names = append(z.names, fmt.Sprintf("dog%d", i))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/webfinger", z.finger)
	mux.HandleFunc("GET /users/{name}", z.actor)
	n.Serve("zoo.test", mux)
	return z
}

func (z *zoo) id(i int) string { return "http://zoo.test/users/" + z.names[i] }

func (z *zoo) finger(w http.ResponseWriter, r *http.Request) {
	var name string
	if _, err := fmt.Sscanf(r.URL.Query().Get("resource"), "acct:%s", &name); err != nil {
		http.NotFound(w, r)
		return
	}
	name = name[:len(name)-len("@zoo.test")]
	w.Header().Set("Content-Type", "application/jrd+json")
	fmt.Fprintf(w, `{"subject":"acct:%s@zoo.test","links":[{"rel":"self","type":"application/activity+json","href":"http://zoo.test/users/%s"}]}`, name, name)
}

func (z *zoo) actor(w http.ResponseWriter, r *http.Request) {
	id := "http://zoo.test/users/" + r.PathValue("name")
	w.Header().Set("Content-Type", "application/activity+json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": r.PathValue("name"),
		"inbox": id + "/inbox", "followers": id + "/followers",
		"publicKey": map[string]string{"id": id + "#main-key", "owner": id, "publicKeyPem": z.public},
	})
}

// note is a Create such as Mastodon sends.
func (z *zoo) note(c *testkit.Community, i int) string {
	who := z.id(i % len(z.names))
	return fmt.Sprintf(`{"@context":["https://www.w3.org/ns/activitystreams",{"sensitive":"as:sensitive"}],"id":"http://zoo.test/n/%d/activity","type":"Create",
		"actor":%q,"published":%q,"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["%s/followers"],
		"object":{"id":"http://zoo.test/n/%d","type":"Note","summary":null,"inReplyTo":null,"published":%q,"url":"http://zoo.test/@n/%d","attributedTo":%q,
		"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["%s/followers"],"sensitive":false,"content":"<p>Number %d: words that somebody wrote in the evening.</p>",
		"contentMap":{"en":"<p>Number %d: words that somebody wrote in the evening.</p>"},"attachment":[],"tag":[]}}`,
		i, who, c.Clock.Now().Format(time.RFC3339), who, i, c.Clock.Now().Format(time.RFC3339), i, who, who, i, i)
}

// request is a signed letter to the shared inbox.
func (z *zoo) request(b *testing.B, c *testkit.Community, body string, as int) *http.Request {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://one.test/inbox", bytes.NewReader([]byte(body)))
	r.Header.Set("Content-Type", "application/activity+json")
	r.RemoteAddr = "127.0.0.1:40000"
	key := z.key
	key.ID = z.id(as) + "#main-key"
	if err := fetch.Sign(r, []byte(body), key, fetch.Cavage, c.Clock.Now()); err != nil {
		b.Fatal(err)
	}
	return r
}

func (z *zoo) send(b *testing.B, c *testkit.Community, body string, as int) {
	b.Helper()
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, z.request(b, c, body, as))
	if w.Code != http.StatusAccepted {
		b.Fatalf("%d %s", w.Code, w.Body)
	}
}

// posts is how many posts of the zoo are known.
func (z *zoo) posts(c *testkit.Community) int {
	sum := 0
	for _, name := range z.names {
		sum += int(c.Anonymous().GET("/api/v1/accounts/lookup?acct=" + name + "@zoo.test").Object().Num("statuses_count"))
	}
	return sum
}

// verifyRate is how many requests the cores verify in a second and do nothing
// else.
func (z *zoo) verifyRate(b *testing.B, c *testkit.Community) float64 {
	b.Helper()
	body := z.note(c, 0)
	r := z.request(b, c, body, 0)
	rules := fetch.Rules{Hosts: []string{"one.test"}, Scheme: "http", Now: c.Clock.Now()}
	var done atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for time.Since(start) < time.Second {
				s, err := fetch.ParseSignature(r, []byte(body), rules)
				if err == nil {
					err = s.Check(z.key.Private.Public())
				}
				if err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(start).Seconds()
}
