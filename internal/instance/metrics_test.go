package instance_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

func TestMetricsCountRequestsJobsAndWrites(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Anonymous().GET("/api/v1/timelines/public?access_token=nobodys").Want(401)
	c.As("bob").GET("/api/v1/timelines/home?limit=3").OK()
	w := httptest.NewRecorder()
	c.Metrics().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`coterie_request_seconds_count{route="/api/v1/timelines/home",status="2xx"} 1`,
		`coterie_jobs{kind=`, `coterie_writes_total `, `coterie_write_groups_total `, `coterie_letters_received_total{outcome="accepted"} 0`, `coterie_letters_read_total{outcome="applied"} 0`, `go_goroutines `,
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(w.Body.String(), "limit=3") {
		t.Error("the metrics hold a query")
	}
}
