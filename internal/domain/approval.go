package domain

// ReplyApproval is what the author of a post elsewhere said of an answer of
// ours to it, or of a boost (GoToSocial's interaction policies, facts 13). One
// of which nothing was said is as good as any. A boost that is not wanted is
// withdrawn, so that nothing is kept of it.
type ReplyApproval struct {
	Status   ID     // the answer or boost
	By       ID     // the author of what it answers or boosts
	URI      string // the approval, as others may look at it; "" where Rejected
	Rejected bool
}
