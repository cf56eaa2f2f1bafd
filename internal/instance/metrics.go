package instance

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// observations are what is counted while the community runs.
type observations struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newObservations() *observations {
	o := &observations{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "coterie_request_seconds", Help: "Time to answer a request, by route and class of status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}, []string{"route", "status"}),
	}
	o.registry.MustRegister(o.requests)
	return o
}

// request notes an answer. Routes are few, since they are patterns.
func (o *observations) request(route string, status int, took time.Duration) {
	if route == "" {
		route = "other"
	}
	o.requests.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// storeCollector asks the store for its figures when Prometheus asks us.
type storeCollector struct {
	in                           *Instance
	depth, oldest, writes, group *prometheus.Desc
}

func (in *Instance) metricsHandler() http.Handler {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	in.observed.registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&storeCollector{
			in:     in,
			depth:  desc("coterie_jobs", "Durable jobs by kind and state.", "kind", "state"),
			oldest: desc("coterie_jobs_oldest_seconds", "How long the first job of a kind and state has been due.", "kind", "state"),
			writes: desc("coterie_writes_total", "Writes to the SQLite file."),
			group:  desc("coterie_write_groups_total", "Transactions those writes were grouped into."),
		},
		newLetterCollector(in),
	)
	return promhttp.HandlerFor(in.observed.registry, promhttp.HandlerOpts{})
}

func (c *storeCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.depth
	ch <- c.oldest
	ch <- c.writes
	ch <- c.group
}

func (c *storeCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	stats, err := c.in.st.Stats(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(c.depth, err)
		return
	}
	ch <- prometheus.MustNewConstMetric(c.writes, prometheus.CounterValue, float64(stats.Writes))
	ch <- prometheus.MustNewConstMetric(c.group, prometheus.CounterValue, float64(stats.Groups))
	for _, d := range stats.Jobs {
		kind, state := string(d.Kind), string(d.State)
		ch <- prometheus.MustNewConstMetric(c.depth, prometheus.GaugeValue, float64(d.Count), kind, state)
		ch <- prometheus.MustNewConstMetric(c.oldest, prometheus.GaugeValue, max(0, c.in.st.Now().Sub(d.Oldest).Seconds()), kind, state)
	}
}
