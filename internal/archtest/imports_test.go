package archtest

import (
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// databaseDrivers may be imported by store alone.
var databaseDrivers = []string{
	"database/sql", "github.com/jackc/pgx", "modernc.org/sqlite", "github.com/mattn/go-sqlite3",
}

// checkImports holds laws 1 and 2: an import goes to a strictly lower level
// and only to a package the table lists; and one package knows the database.
func checkImports(s *source) []string {
	name := s.name()
	if isOutside(name) {
		return nil
	}
	all := slices.Concat(s.files, s.untyped)
	here, known := house[name]
	if !known {
		return []string{s.report(all[0].Name, "the level table has no such package. Put the code in the package of the table "+
			"that it belongs to; or, if the plan is wrong, add a row to docs/ARCHITECTURE.md and to internal/archtest/house_test.go "+
			"and say why in the commit")}
	}
	var broken []string
	for _, f := range all {
		for _, imp := range f.Imports {
			if msg := checkImport(name, here, imp); msg != "" {
				broken = append(broken, s.report(imp, "%s", msg))
			}
		}
	}
	return broken
}

func checkImport(name string, here room, imp *ast.ImportSpec) string {
	path, _ := strconv.Unquote(imp.Path.Value)
	if !ours(path) {
		return checkDriver(name, path)
	}
	other := roomName(path)
	if isOutside(other) {
		return "imports " + other + ", which is for tests and tools. Move what is needed into the package that owns it"
	}
	there, known := house[other]
	levels := " (level " + strconv.Itoa(here.level) + " to level " + strconv.Itoa(there.level) + ")"
	switch {
	case !known:
		return "imports " + other + ", which the level table does not have"
	case there.level > here.level:
		return "imports " + other + ", which goes up" + levels + ". What must go up goes as a row (a job or an event) " +
			"or as a reference (stream), never as a call"
	case there.level == here.level:
		return "imports " + other + ", which goes sideways" + levels + ". Emit an event and let a level-6 switchboard call the other, " +
			"move the shared rule down to domain or store, or merge the two packages if they keep wanting each other"
	case !here.allows(other):
		return "imports " + other + ", which its row of the level table does not list (" + here.may + "). Use the door the table names; " +
			"if the plan is wrong, change docs/ARCHITECTURE.md and internal/archtest/house_test.go together and say why in the commit"
	}
	return ""
}

func checkDriver(name, path string) string {
	if name == "store" {
		return ""
	}
	for _, driver := range databaseDrivers {
		if path == driver || strings.HasPrefix(path, driver+"/") {
			return "imports " + path + ". Only store knows the database: add a method to store.Reader or *store.Tx"
		}
	}
	return ""
}
