package archtest

import (
	"go/ast"
	"slices"
	"strings"
)

// checkInit finds init functions.
func checkInit(s *source) []string {
	var broken []string
	for _, f := range slices.Concat(s.files, s.untyped) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				broken = append(broken, s.report(fn, "has an init function, which runs for every community before anyone asked. "+
					"Do the work in New and keep the result in a field, or initialise the variable where it is declared"))
			}
		}
	}
	return broken
}

// checkComment asks for a package comment: purpose, who may import it, what
// it promises under concurrency.
func checkComment(s *source) []string {
	all := slices.Concat(s.files, s.untyped)
	want := "Package " + all[0].Name.Name + " "
	if all[0].Name.Name == "main" {
		name := s.name()
		want = "Command " + name[strings.LastIndex(name, "/")+1:] + " "
	}
	for _, f := range all {
		if f.Doc != nil && strings.HasPrefix(f.Doc.Text(), want) {
			return nil
		}
	}
	return []string{s.report(all[0].Name, "has no package comment that begins with %q. Say in it what the package is for, "+
		"who may import it and what it promises under concurrency", want)}
}
