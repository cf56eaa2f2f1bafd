package main

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkStart measures how long a server of an existing community takes to
// its first answer, and what memory it holds then, in bytes.
func BenchmarkStart(b *testing.B) {
	p := newPlace(b)
	p.person(b, "alice", "owner")
	var resident int64
	for b.Loop() {
		s := p.serve(b)
		var in struct{ Version string }
		s.get("/api/v2/instance", "", &in)
		b.StopTimer()
		resident += s.resident()
		s.kill()
		b.StartTimer()
	}
	b.ReportMetric(float64(resident)/float64(b.N), "resident-B")
}

// resident is the memory of the process a moment after its last answer.
func (s *process) resident() int64 {
	time.Sleep(500 * time.Millisecond)
	status, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		s.t.Skip("this system does not tell the memory of a process")
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return kib << 10
}
