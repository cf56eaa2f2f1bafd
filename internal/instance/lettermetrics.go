package instance

import (
	"github.com/prometheus/client_golang/prometheus"

	"coterie/internal/fedhttp"
	"coterie/internal/inbox"
)

// letterCollector asks what became of the letters of other servers when
// Prometheus asks us.
type letterCollector struct {
	in             *Instance
	received, read *prometheus.Desc
}

func newLetterCollector(in *Instance) *letterCollector {
	return &letterCollector{
		in:       in,
		received: prometheus.NewDesc("coterie_letters_received_total", "Requests to the inboxes by outcome.", []string{"outcome"}, nil),
		read:     prometheus.NewDesc("coterie_letters_read_total", "Letters worked off by outcome.", []string{"outcome"}, nil),
	}
}

func (c *letterCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.received
	ch <- c.read
}

func (c *letterCollector) Collect(ch chan<- prometheus.Metric) {
	c.in.peers.Stats().Each(func(o fedhttp.Outcome, n int64) {
		ch <- prometheus.MustNewConstMetric(c.received, prometheus.CounterValue, float64(n), o.String())
	})
	c.in.inbox.Stats().Each(func(o inbox.Outcome, n int64) {
		ch <- prometheus.MustNewConstMetric(c.read, prometheus.CounterValue, float64(n), o.String())
	})
}
