package testkit

import (
	"net/url"
)

// Handle is how others address somebody here.
func (c *Community) Handle(name string) string { return name + "@" + c.Config.Domain }

// FindAccount looks a handle or an address up as somebody here, asking its
// server where it is not known, and returns the account.
func (c *Community) FindAccount(name, query string) Object {
	c.T.Helper()
	return c.find(name, "accounts", query)
}

// FindStatus is FindAccount for a post, by its address.
func (c *Community) FindStatus(name, address string) Object {
	c.T.Helper()
	return c.find(name, "statuses", address)
}

func (c *Community) find(name, kind, query string) Object {
	c.T.Helper()
	found := c.Search(name, kind, query)
	if len(found) == 0 {
		c.T.Fatalf("%s of %s finds nothing for %q", name, c.Config.Domain, query)
	}
	return found[0]
}

// Search looks something up as somebody here, asking other servers.
func (c *Community) Search(name, kind, query string) []Object {
	c.T.Helper()
	var found map[string][]Object
	q := url.Values{"q": {query}, "type": {kind}, "resolve": {"true"}}
	c.As(name).GET("/api/v2/search?" + q.Encode()).OK().Into(&found)
	return found[kind]
}

// Home is the home timeline of somebody here, newest first.
func (c *Community) Home(name string) []Object {
	c.T.Helper()
	return c.As(name).GET("/api/v1/timelines/home").List()
}

// Heard are the notifications of a type that somebody here has, newest first.
func (c *Community) Heard(name, kind string) []Object {
	c.T.Helper()
	return c.As(name).GET("/api/v1/notifications?types[]=" + kind).List()
}

// Relation is how somebody here stands to an account.
func (c *Community) Relation(name, account string) Object {
	c.T.Helper()
	list := c.As(name).GET("/api/v1/accounts/relationships?with_suspended=true&id[]=" + account).List()
	if len(list) != 1 {
		c.T.Fatalf("relationship of %s to %s: %v", name, account, list)
	}
	return list[0]
}

// FollowElsewhere has somebody here follow a handle of another server, works
// off what follows from it on both, and returns the account as known here.
func (c *Community) FollowElsewhere(name, handle string) Object {
	c.T.Helper()
	a := c.FindAccount(name, handle)
	c.As(name).POST("/api/v1/accounts/"+a.Str("id")+"/follow", nil).OK()
	c.Settle()
	return a
}
