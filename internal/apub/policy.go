package apub

import "slices"

// Rule says who may do something without being asked (Automatic) and who may
// ask (Manual): Public, a followers or following collection, or actors.
type Rule struct{ Automatic, Manual []string }

// Policy is what an author asks of others; a nil Rule was not given
// (facts 13).
type Policy struct{ Quote, Reply, Like, Announce *Rule }

func readPolicy(n *node) *Policy {
	if n.kind != kindObject {
		return nil
	}
	return &Policy{
		Quote: readRule(n.get("canQuote")), Reply: readRule(n.get("canReply")),
		Like: readRule(n.get("canLike")), Announce: readRule(n.get("canAnnounce")),
	}
}

// readRule reads the present names and those before GoToSocial 0.20.
func readRule(n *node) *Rule {
	if n.kind != kindObject {
		return nil
	}
	r := &Rule{Automatic: n.get("automaticApproval").ids(MaxAliases), Manual: n.get("manualApproval").ids(MaxAliases)}
	if !n.has("automaticApproval") {
		r.Automatic = n.get("always").ids(MaxAliases)
	}
	if !n.has("manualApproval") {
		r.Manual = n.get("approvalRequired").ids(MaxAliases)
	}
	return r
}

// Grant is the kinds of people one list of a Rule names.
type Grant struct {
	Public, Followers, Following bool
	Author                       bool // the author itself: the way to say nobody
	Others                       bool // single actors
}

// Grants sorts a list of a Rule by the addresses of its author.
func Grants(list []string, author, followers, following string) Grant {
	var g Grant
	for _, s := range list {
		switch {
		case s == Public:
			g.Public = true
		case s == author:
			g.Author = true
		case s == followers && s != "":
			g.Followers = true
		case s == following && s != "":
			g.Following = true
		default:
			g.Others = true
		}
	}
	return g
}

// Permits reports whether the actor is named in the list itself or through
// Public; collections are for the caller to look up.
func Permits(list []string, actor string) bool {
	return slices.Contains(list, Public) || slices.Contains(list, actor)
}
