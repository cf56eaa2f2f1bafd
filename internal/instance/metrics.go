package instance

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// queueCollector asks the store for queue depths when Prometheus asks us.
type queueCollector struct {
	in     *Instance
	depth  *prometheus.Desc
	oldest *prometheus.Desc
}

func (in *Instance) metricsHandler() http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&queueCollector{
			in:     in,
			depth:  prometheus.NewDesc("coterie_jobs", "Durable jobs by kind and state.", []string{"kind", "state"}, nil),
			oldest: prometheus.NewDesc("coterie_jobs_oldest_seconds", "How long the first job of a kind and state has been due.", []string{"kind", "state"}, nil),
		},
	)
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

func (c *queueCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.depth
	ch <- c.oldest
}

func (c *queueCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	stats, err := c.in.st.Stats(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(c.depth, err)
		return
	}
	for _, d := range stats.Jobs {
		kind, state := string(d.Kind), string(d.State)
		ch <- prometheus.MustNewConstMetric(c.depth, prometheus.GaugeValue, float64(d.Count), kind, state)
		ch <- prometheus.MustNewConstMetric(c.oldest, prometheus.GaugeValue, max(0, c.in.st.Now().Sub(d.Oldest).Seconds()), kind, state)
	}
}
