package apub

import (
	"bytes"
	"encoding/xml"
)

// FingerDoc is a WebFinger answer of ours (facts 1). Empty links are left
// out.
type FingerDoc struct {
	Subject   string // user@host
	Aliases   []string
	Actor     string
	Profile   string
	Subscribe string // template with {uri}
	Avatar    *Image
	// Intents are address templates by type of activity (FEP-3b86): where the
	// account's owner acts on an {object}, or writes {content}.
	Intents []Intent
}

// Intent is one of them.
type Intent struct{ Activity, Template string }

// Encode writes the JRD.
func (f FingerDoc) Encode() []byte {
	w := &writer{}
	w.open('{')
	w.str("subject", "acct:"+f.Subject)
	w.listIf("aliases", f.Aliases)
	w.key("links")
	w.open('[')
	w.link("http://webfinger.net/rel/profile-page", "text/html", f.Profile)
	w.link("self", "application/activity+json", f.Actor)
	if f.Subscribe != "" {
		w.open('{')
		w.str("rel", "http://ostatus.org/schema/1.0/subscribe")
		w.str("template", f.Subscribe)
		w.close('}')
	}
	if f.Avatar != nil {
		w.link("http://webfinger.net/rel/avatar", f.Avatar.MediaType, f.Avatar.URL)
	}
	for _, i := range f.Intents {
		w.open('{')
		w.str("rel", "https://w3id.org/fep/3b86/"+i.Activity)
		w.str("template", i.Template)
		w.close('}')
	}
	w.close(']')
	w.close('}')
	return w.b
}

func (w *writer) link(rel, mediaType, addr string) {
	if addr == "" {
		return
	}
	w.open('{')
	w.str("rel", rel)
	w.opt("type", mediaType)
	w.str("href", addr)
	w.close('}')
}

// HostMeta writes host-meta XML with the WebFinger address template.
func HostMeta(template string) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="`)
	_ = xml.EscapeText(&b, []byte(template)) // a bytes.Buffer takes everything
	b.WriteString(`"/></XRD>` + "\n")
	return b.Bytes()
}

// HostMetaJSON is the same as JSON.
func HostMetaJSON(template string) []byte {
	w := &writer{}
	w.open('{')
	w.key("links")
	w.open('[')
	w.open('{')
	w.str("rel", "lrdd")
	w.str("template", template)
	w.close('}')
	w.close(']')
	w.close('}')
	return w.b
}

// NodeLinksDoc is the NodeInfo discovery document.
type NodeLinksDoc struct{ NodeInfo20, NodeInfo21, InstanceActor string }

// Encode writes it.
func (n NodeLinksDoc) Encode() []byte {
	w := &writer{}
	w.open('{')
	w.key("links")
	w.open('[')
	w.link(schemaNodeInfo+"2.0", "", n.NodeInfo20)
	w.link(schemaNodeInfo+"2.1", "", n.NodeInfo21)
	w.link(nsAS+"#Application", "", n.InstanceActor)
	w.close(']')
	w.close('}')
	return w.b
}

// NodeInfoDoc is what we say about ourselves.
type NodeInfoDoc struct {
	Software, Version      string
	Repository, Homepage   string // 2.1 only
	Users, Month, HalfYear int64
	Posts                  int64
	Open                   bool
	Name, Description      string
	// Upstream is the software whose API we speak: clients that do not know
	// Software go by it (behaviours 20.3).
	Upstream string
}

// Encode writes version "2.0" or "2.1".
func (n NodeInfoDoc) Encode(version string) []byte {
	w := &writer{}
	w.open('{')
	w.str("version", version)
	w.key("software")
	w.open('{')
	w.str("name", n.Software)
	w.str("version", n.Version)
	if version != "2.0" {
		w.opt("repository", n.Repository)
		w.opt("homepage", n.Homepage)
	}
	w.close('}')
	w.list("protocols", []string{"activitypub"})
	w.key("services")
	w.raw(`{"outbound":[],"inbound":[]}`)
	w.key("usage")
	w.open('{')
	w.key("users")
	w.open('{')
	w.int("total", n.Users)
	w.int("activeMonth", n.Month)
	w.int("activeHalfyear", n.HalfYear)
	w.close('}')
	w.int("localPosts", n.Posts)
	w.close('}')
	w.bool("openRegistrations", n.Open)
	w.key("metadata")
	w.open('{')
	w.opt("nodeName", n.Name)
	w.opt("nodeDescription", n.Description)
	if n.Upstream != "" {
		w.key("upstream")
		w.open('{')
		w.str("name", n.Upstream)
		w.close('}')
	}
	w.close('}')
	w.close('}')
	return w.b
}

// ContentTypeNodeInfo names the schema of a version, "2.0" or "2.1".
func ContentTypeNodeInfo(version string) string {
	return `application/json; profile="` + schemaNodeInfo + version + `#"`
}
