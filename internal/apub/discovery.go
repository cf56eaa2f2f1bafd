package apub

import (
	"encoding/xml"
	"errors"
	"mime"
	"slices"
	"strings"
)

// isActivityType reports the media types an ActivityPub document may have:
// activity+json, or ld+json with the ActivityStreams profile. Plain JSON is
// none (SEC-03).
func isActivityType(s string) bool {
	if len(s) > 500 {
		return false
	}
	mt, params, err := mime.ParseMediaType(s)
	if err != nil {
		return false
	}
	return mt == "application/activity+json" ||
		mt == "application/ld+json" && slices.Contains(strings.Fields(params["profile"]), nsAS)
}

// IsActivityType reports whether a response with this Content-Type may be
// read as an ActivityPub document.
func IsActivityType(contentType string) bool { return isActivityType(contentType) }

// Finger is a WebFinger answer.
type Finger struct {
	Subject   string // user@host, without acct:
	Aliases   []string
	Self      string // the actor id
	Profile   string // page for people
	Subscribe string // template with {uri}
}

// ErrNoSelf is the answer of a server that names no actor.
var ErrNoSelf = errors.New("the answer names no ActivityPub actor")

// ParseFinger reads a JRD. The self link must have an ActivityPub type
// (facts 1).
func ParseFinger(body []byte) (*Finger, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	f := &Finger{Subject: readHandle(t.root.get("subject").str()), Aliases: t.root.get("aliases").ids(MaxLinks)}
	for _, l := range t.root.get("links").list(MaxLinks) {
		switch l.get("rel").str() {
		case "self":
			if f.Self == "" && isActivityType(l.get("type").str()) {
				f.Self = uri(l.get("href").str())
			}
		case "http://webfinger.net/rel/profile-page":
			f.Profile = href(l.get("href").str())
		case "http://ostatus.org/schema/1.0/subscribe":
			if s := l.get("template").str(); strings.Contains(s, "{uri}") && href(strings.ReplaceAll(s, "{uri}", "")) != "" {
				f.Subscribe = s
			}
		}
	}
	if f.Subject == "" || f.Self == "" || f.Self == Public {
		return nil, ErrNoSelf
	}
	return f, nil
}

// ParseHostMeta reads host-meta XML: the address template of lrdd, with
// {uri}.
func ParseHostMeta(body []byte) (template string, err error) {
	if len(body) > 1<<16 {
		return "", ErrTooLarge
	}
	var doc struct {
		Links []struct {
			Rel      string `xml:"rel,attr"`
			Template string `xml:"template,attr"`
		} `xml:"Link"`
	}
	if err := xml.Unmarshal(body, &doc); err != nil {
		return "", errors.Join(ErrSyntax, err)
	}
	for _, l := range doc.Links {
		if l.Rel == "lrdd" && strings.Contains(l.Template, "{uri}") && href(strings.ReplaceAll(l.Template, "{uri}", "")) != "" {
			return l.Template, nil
		}
	}
	return "", ErrNoSelf
}

// NodeLinks is the NodeInfo discovery document: the highest schema we read,
// and the instance actor (FEP-2677).
type NodeLinks struct{ NodeInfo, Application string }

const schemaNodeInfo = "http://nodeinfo.diaspora.software/ns/schema/"

// ParseNodeLinks reads /.well-known/nodeinfo.
func ParseNodeLinks(body []byte) (*NodeLinks, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	out, best := &NodeLinks{}, ""
	for _, l := range t.root.get("links").list(MaxLinks) {
		rel, addr := l.get("rel").str(), href(l.get("href").str())
		if rel == nsAS+"#Application" {
			out.Application = addr
		}
		version, ok := strings.CutPrefix(rel, schemaNodeInfo)
		if ok && addr != "" && slices.Contains([]string{"1.0", "1.1", "2.0", "2.1"}, version) && version > best {
			out.NodeInfo, best = addr, version
		}
	}
	return out, nil
}

// NodeInfo is what a server says about itself. Nothing of it is to be
// trusted.
type NodeInfo struct {
	Software, Version string
	Name              string
	Users, Posts      int64 // -1 unknown
	Open              bool
}

// ParseNodeInfo reads NodeInfo of any version.
func ParseNodeInfo(body []byte) (*NodeInfo, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	n := &t.root
	if n.kind != kindObject {
		return nil, ErrShape
	}
	return &NodeInfo{
		Software: cut(line(n.get("software").get("name").str()), 100),
		Version:  cut(line(n.get("software").get("version").str()), 200),
		Name:     cut(line(n.get("metadata").get("nodeName").str()), MaxName),
		Users:    n.get("usage").get("users").get("total").count(), Posts: n.get("usage").get("localPosts").count(),
		Open: n.get("openRegistrations").bool(),
	}, nil
}
