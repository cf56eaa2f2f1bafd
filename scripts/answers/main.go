// Command answers holds JSON answers that a test has noted, one object with
// method, path, status and body a line, against the schema of the client API.
// Only make test runs it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"coterie/internal/testkit/schema"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: answers FILE")
		os.Exit(2)
	}
	n, wrong, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "answers:", err)
		os.Exit(1)
	}
	fmt.Printf("%d answers held against the schema, %d wrong\n", n, wrong)
	if n == 0 || wrong > 0 {
		os.Exit(1)
	}
}

func check(file string) (n, wrong int, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var a struct {
			Method, Path, Body string
			Status             int
		}
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return n, wrong, fmt.Errorf("line %d: %w", n+1, err)
		}
		n++
		if err := schema.Check(a.Method, a.Path, a.Status, []byte(a.Body)); err != nil {
			wrong++
			fmt.Println(err)
		}
	}
	return n, wrong, lines.Err()
}
