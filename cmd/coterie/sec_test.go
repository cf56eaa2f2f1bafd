package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestSEC62SlowAndGreedyClientsAreCutOff sends headers that never end and
// headers that are too long, while an honest client goes on being served.
func TestSEC62SlowAndGreedyClientsAreCutOff(t *testing.T) {
	t.Parallel()
	s := newPlace(t).serve(t)
	at := strings.TrimPrefix(s.base, "http://")
	var slow []net.Conn
	for range 50 {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "GET /api/v1/timelines/public HTTP/1.1\r\nHost: %s\r\nX-Slow: ", at)
		slow = append(slow, c)
	}
	greedy, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer greedy.Close()
	// The server may close before all of it is sent.
	go fmt.Fprintf(greedy, "GET / HTTP/1.1\r\nHost: %s\r\nX-Greedy: %s\r\n\r\n", at, strings.Repeat("x", 1<<20))
	res, err := http.ReadResponse(bufio.NewReader(greedy), nil)
	if err != nil || res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a megabyte of headers: %v, %v", res, err)
	}
	var page []struct{}
	s.get("/api/v1/timelines/public", "", &page)
	for _, c := range slow {
		if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(c); err != nil {
			t.Fatalf("after 20 seconds of unfinished headers: %v", err)
		}
	}
}

// TestSEC62AmbiguousMessagesAreRefused sends what a proxy in front might read
// in another way than we do.
func TestSEC62AmbiguousMessagesAreRefused(t *testing.T) {
	t.Parallel()
	s := newPlace(t).serve(t)
	at := strings.TrimPrefix(s.base, "http://")
	for what, head := range map[string]string{
		"two lengths":            "Content-Length: 5\r\nContent-Length: 6\r\n",
		"a length with a sign":   "Content-Length: +5\r\n",
		"an unknown encoding":    "Transfer-Encoding: chunked, identity\r\n",
		"a blank before a colon": "Content-Length : 5\r\n",
		"two hosts":              "Host: elsewhere.example\r\n",
		"a control character":    "X-Name: a\x00b\r\n",
	} {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST /api/v1/apps HTTP/1.1\r\nHost: %s\r\n%s\r\nhello", at, head)
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || res.StatusCode < 400 || res.StatusCode == http.StatusUnprocessableEntity || !res.Close {
			t.Errorf("%s: %v, %v", what, res, err)
		}
	}
}
