//go:build soak

package oauth_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// apart is the Kolmogorov-Smirnov distance of two equally long samples: the
// widest gap between the shares of either that took at most as long.
func apart(a, b []time.Duration) float64 {
	slices.Sort(a)
	slices.Sort(b)
	var i, j int
	var gap float64
	for i < len(a) && j < len(b) {
		at := min(a[i], b[j])
		for i < len(a) && a[i] == at {
			i++
		}
		for j < len(b) && b[j] == at {
			j++
		}
		gap = max(gap, math.Abs(float64(i)-float64(j))/float64(len(a)))
	}
	return gap
}

// TestSoakSEC48_TimesCannotBeToldApart: of a thousand tries each, with names and addresses that are somebody's and
// with such that are nobody's, taken in turn, the times cannot be told apart
// (SEC-48): samples of one kind are this far apart once in a hundred thousand
// times.
func TestSoakSEC48_TimesCannotBeToldApart(t *testing.T) {
	const (
		samples = 1000
		widest  = 2.47 // sqrt(-ln(1e-5 / 2) / 2)
	)
	_, mailed := testkit.Mailed(t)
	in := testkit.NewInstance(t, mailed, joining(domain.RegistrationsOpen), testkit.With(func(cfg *instance.Config) {
		cfg.Hashing = account.DefaultHashing()
	}))
	withOneTime(t, in, in.As("bob").In(t)) // one account has more to look up
	cl := in.Anonymous().In(t).With("Sec-Fetch-Site", "same-origin")
	for _, way := range []struct {
		name, path string
		known      func(i int) testkit.Form
		unknown    func(i int) testkit.Form
	}{
		{
			"signing in by name", "/auth/sign_in",
			func(i int) testkit.Form {
				return testkit.F("login", []string{"alice", "bob"}[i%2], "password", "wrong")
			},
			func(i int) testkit.Form { return testkit.F("login", fmt.Sprint("nobody", i), "password", "wrong") },
		},
		{
			"signing in by address", "/auth/sign_in",
			func(i int) testkit.Form {
				return testkit.F("login", []string{"alice", "bob"}[i%2]+"@example.org", "password", "wrong")
			},
			func(i int) testkit.Form {
				return testkit.F("login", fmt.Sprintf("nobody%d@example.org", i), "password", "wrong")
			},
		},
		{
			"by a recovery code", "/auth/recovery",
			func(i int) testkit.Form {
				return testkit.F("login", []string{"alice", "bob"}[i%2], "code", "abcde-fghij")
			},
			func(i int) testkit.Form { return testkit.F("login", fmt.Sprint("nobody", i), "code", "abcde-fghij") },
		},
		{
			"asking for a new password", "/auth/password/new",
			func(i int) testkit.Form { return testkit.F("email", []string{"alice", "bob"}[i%2]+"@example.org") },
			func(i int) testkit.Form { return testkit.F("email", fmt.Sprintf("nobody%d@example.org", i)) },
		},
		{
			"signing up", "/auth/sign_up",
			func(i int) testkit.Form { return newcomer(fmt.Sprint("taken", i), "alice@example.org") },
			func(i int) testkit.Form {
				return newcomer(fmt.Sprint("fresh", i), fmt.Sprintf("fresh%d@example.org", i))
			},
		},
	} {
		var known, unknown []time.Duration
		timed := func(form testkit.Form) time.Duration {
			begun := time.Now()
			cl.POST(way.path, form)
			return time.Since(begun)
		}
		for i := range samples {
			if i%2 == 0 {
				known, unknown = append(known, timed(way.known(i))), append(unknown, timed(way.unknown(i)))
			} else {
				unknown, known = append(unknown, timed(way.unknown(i))), append(known, timed(way.known(i)))
			}
		}
		got := apart(known, unknown) * math.Sqrt(samples/2.)
		t.Logf("%s: %.2f apart, medians %v and %v", way.name, got, known[samples/2], unknown[samples/2])
		if got > widest {
			t.Errorf("%s: known and unknown can be told apart", way.name)
		}
	}
}
