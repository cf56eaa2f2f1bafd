package domain

// Rule is one sentence of what is expected here.
type Rule struct {
	ID   ID
	Text string
	Hint string
}
