package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"
)

// floodWait is how long after the flood newcomers may take to come in.
const floodWait = 2 * time.Hour

// guest is somebody who signs up in a flood.
type guest struct {
	token string
	at    time.Time     // when they signed up
	told  time.Duration // how long they were told to wait
	took  time.Duration // how long it was
}

// BenchmarkSignUpFlood lets five strangers sign up every second, for as many
// seconds as -benchtime has x, while others' letters come in and somebody
// posts. It reports how long a post takes at the 99th percentile, and how far
// what newcomers were told is from the truth. Whoever does not have the name
// that they chose in the end fails it. They come in one a second, so it goes on
// for four times as long after the flood.
func BenchmarkSignUpFlood(b *testing.B) {
	p := newPlace(b, "COTERIE_REGISTRATIONS=open")
	alice := p.person(b, "alice", "owner")
	s := p.serve(b)
	app := floodApp(s)
	z := newStranger(b)
	z.send(b, s, z.activity("Follow", `"http://coterie.test/users/alice"`))

	over := make(chan struct{})
	var all sync.WaitGroup
	var posts []time.Duration
	all.Go(func() { posts = everyWhile(over, 200*time.Millisecond, func(i int) { post(s, alice, i) }) })
	var letters []time.Duration
	all.Go(func() { letters = everyWhile(over, 50*time.Millisecond, func(int) { z.write(s) }) })

	b.ResetTimer()
	var guests []guest
	everyFor(time.Duration(b.N)*time.Second, time.Second/5, func(i int) { guests = append(guests, signUp(s, app, i)) })
	close(over)
	all.Wait()
	waited := followIn(s, guests)
	b.StopTimer()

	for i, g := range guests {
		var me struct{ Username string }
		s.get("/api/v1/accounts/verify_credentials", g.token, &me)
		if me.Username != floodName(i) {
			b.Errorf("%s is called %s", floodName(i), me.Username)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(percentile(posts, 99).Seconds()*1000, "ms/post-p99")
	b.ReportMetric(float64(len(letters))/float64(b.N), "letters/s")
	b.ReportMetric(float64(len(guests)), "signups")
	b.ReportMetric(float64(len(waited)), "waited")
	b.ReportMetric(percentile(waited, 95), "%-untrue-p95")
}

func floodName(i int) string { return fmt.Sprintf("guest_%d", i) }

// everyWhile does something every so often until over is closed, and returns
// how long each took.
func everyWhile(over <-chan struct{}, every time.Duration, do func(i int)) (took []time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-over:
			return took
		case <-tick.C:
			start := time.Now()
			do(i)
			took = append(took, time.Since(start))
		}
	}
}

// everyFor does something every so often for as long as that.
func everyFor(long, every time.Duration, do func(i int)) {
	over := make(chan struct{})
	time.AfterFunc(long, func() { close(over) })
	everyWhile(over, every, do)
}

// floodApp is the token of an app, for signing people up.
func floodApp(s *process) string {
	app := s.form("/api/v1/apps", "", url.Values{"client_name": {"flood"}, "redirect_uris": {"urn:ietf:wg:oauth:2.0:oob"}, "scopes": {"read write"}})
	return s.form("/oauth/token", "", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {app["client_id"]}, "client_secret": {app["client_secret"]}, "scope": {"read write"},
	})["access_token"]
}

// form posts a form, which must succeed, and returns the texts of its answer.
func (s *process) form(path, token string, form url.Values) map[string]string {
	s.t.Helper()
	status, body, err := s.call("POST", path, token, form)
	if err != nil || status != http.StatusOK {
		s.t.Errorf("POST %s: %d %s, %v", path, status, body, err)
	}
	var all map[string]any
	_ = json.Unmarshal(body, &all)
	texts := map[string]string{}
	for name, value := range all {
		if text, ok := value.(string); ok {
			texts[name] = text
		}
	}
	return texts
}

func post(s *process, token string, i int) {
	s.form("/api/v1/statuses", token, url.Values{"status": {fmt.Sprintf("Post %d in a flood", i)}})
}

func signUp(s *process, app string, i int) guest {
	name := floodName(i)
	g := guest{at: time.Now()}
	g.token = s.form("/api/v1/accounts", app, url.Values{
		"username": {name}, "email": {name + "@example.org"}, "password": {"prairie dogs at dusk"}, "agreement": {"true"}, "locale": {"en"},
	})["access_token"]
	g.told, _ = waits(s, g.token)
	return g
}

// waits is how long somebody still waits, or when they came in.
func waits(s *process, token string) (in time.Duration, admitted time.Time) {
	var w struct {
		Number   int
		Seconds  float64
		Admitted time.Time `json:"admitted_at"`
	}
	s.get("/api/coterie/v1/waiting", token, &w)
	return time.Duration(w.Seconds * float64(time.Second)), w.Admitted
}

// followIn waits until all guests are in, and returns by how many hundredths
// of their wait each who waited was told wrongly.
func followIn(s *process, guests []guest) (untrue []float64) {
	for i := range guests {
		g := &guests[i]
		if g.told == 0 {
			continue
		}
		for deadline := time.Now().Add(floodWait); ; time.Sleep(time.Second) {
			if _, admitted := waits(s, g.token); !admitted.IsZero() {
				g.took = admitted.Sub(g.at)
				break
			}
			if time.Now().After(deadline) {
				s.t.Fatalf("%s never came in", floodName(i))
			}
		}
		untrue = append(untrue, 100*(g.took-g.told).Abs().Seconds()/max(g.took, time.Second).Seconds())
	}
	return untrue
}

// percentile is the value below which p of a hundred are.
func percentile[T cmp.Ordered](list []T, p int) (v T) {
	if len(list) == 0 {
		return v
	}
	slices.Sort(list)
	return list[min(len(list)*p/100, len(list)-1)]
}
