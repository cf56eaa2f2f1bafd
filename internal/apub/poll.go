package apub

import (
	"strings"
	"time"
)

// Poll is the question part of a Question.
type Poll struct {
	Options  []Option
	Multiple bool
	Voters   int64 // -1 unknown
	// EndTime is when it ends or ended; zero: never, or unknown for a closed
	// one.
	EndTime time.Time
	Closed  bool // by what the document says; compare EndTime with the clock too
}

// Option is one answer. Votes is 0 when not told.
type Option struct {
	Title string
	Votes int64
}

// readPoll reads anyOf, else oneOf. Options without a title and repeated ones
// are left out; nil when none is left.
func readPoll(n *node) *Poll {
	options := n.get("anyOf").list(MaxOptions)
	p := &Poll{Multiple: len(options) > 0, Voters: n.get("votersCount").count(), EndTime: n.get("endTime").moment()}
	if !p.Multiple {
		options = n.get("oneOf").list(MaxOptions)
	}
	seen := map[string]bool{}
	for _, o := range options {
		title := o.str()
		if o.kind == kindObject {
			title = firstText(o, "name")
		}
		title = cut(strings.TrimSpace(title), MaxOptionText)
		if title == "" || seen[title] {
			continue
		}
		seen[title] = true
		replies := o.get("replies")
		votes := max(replies.count(), replies.get("totalItems").count(), 0)
		p.Options = append(p.Options, Option{Title: title, Votes: votes})
	}
	if len(p.Options) == 0 {
		return nil
	}
	if closed := n.get("closed"); closed.bool() {
		p.Closed = true
	} else if t := closed.moment(); !t.IsZero() {
		p.Closed = true
		if p.EndTime.IsZero() {
			p.EndTime = t
		}
	}
	return p
}
