// Package archtest holds the laws of the house (docs/ARCHITECTURE.md) as tests
// that fail with the reason and with what to do instead. It has test files
// only, so nothing imports it, and it may look at every package. The tests
// only read, and run in parallel.
package archtest

import (
	"slices"
	"strings"
)

// room is one row of the level table.
type room struct {
	level int
	may   string // packages it may import, separated by spaces; "*" means every lower level
}

const (
	anyBelow = "*"
	services = "account post relation timeline notify moderation media"
)

// house is the level table of docs/ARCHITECTURE.md. A package that is not
// here does not exist: change the plan first, say why in the commit, then
// build. Rows may stand here before their package does.
var house = map[string]room{
	"domain": {0, ""},
	"web":    {0, ""},

	"text":      {1, "domain"},
	"locale":    {1, "domain"},
	"httpkit":   {1, "domain"},
	"fetch":     {1, "domain"},
	"apub":      {1, "domain"},
	"blob":      {1, "domain"},
	"mail":      {1, "domain"},
	"picture":   {1, ""},
	"container": {1, ""},
	"sandbox":   {1, ""},

	"store": {2, "domain"},
	"page":  {2, "domain httpkit locale web"},
	"oidc":  {2, "domain fetch"},

	"stream": {3, "domain store"},
	"job":    {3, "domain store"},

	"remote":  {4, "domain text fetch apub store job"},
	"deliver": {4, "domain fetch store job"},

	"account":    {5, "domain text locale store job remote"},
	"post":       {5, "domain text store job remote"},
	"relation":   {5, "domain text store job remote"},
	"timeline":   {5, "domain text store job remote stream"},
	"notify":     {5, "domain text locale fetch mail store job"},
	"moderation": {5, "domain text fetch store job remote"},
	"media":      {5, "domain fetch blob picture container sandbox store job"},

	"inbox":   {6, "domain apub store job remote account post relation moderation"},
	"fanout":  {6, "domain apub store job stream remote deliver timeline notify post relation"},
	"render":  {6, "domain text locale store timeline"},
	"archive": {6, "domain apub blob store job remote account post relation timeline media"},

	"mastoapi": {7, "domain httpkit store stream render " + services},
	"ownapi":   {7, "domain httpkit store stream render archive " + services},
	"adminapi": {7, "domain httpkit store render account moderation media"},
	"fedhttp":  {7, "domain httpkit fetch apub store job remote"},
	"oauth":    {7, "domain httpkit page locale oidc store account"},
	"webui":    {7, "domain text httpkit page locale web store render account post relation timeline moderation remote media"},

	"instance":    {8, anyBelow},
	"cmd/coterie": {9, "domain instance"},
}

// outside are folders beside the house: tests and tools. They may look at
// anything and nothing of the house may import them.
var outside = []string{"testkit", "archtest", "scripts", "e2e"}

const module = "coterie"

// roomName turns an import path of the module into a name of the table:
// "coterie/internal/store" is "store", "coterie/cmd/coterie" is "cmd/coterie".
func roomName(path string) string {
	name := strings.TrimPrefix(path, module+"/")
	return strings.TrimPrefix(name, "internal/")
}

// ours says whether the import path belongs to the module.
func ours(path string) bool {
	return path == module || strings.HasPrefix(path, module+"/")
}

// isOutside says whether the package is a test or a tool.
func isOutside(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return slices.Contains(outside, first)
}

// may says whether a room of the table may import the other one.
func (r room) allows(other string) bool {
	return r.may == anyBelow || slices.Contains(strings.Fields(r.may), other)
}
