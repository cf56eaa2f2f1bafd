package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

// source is one type-checked package without its tests.
type source struct {
	path  string
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
	types *types.Package
	// untyped are files that the default build leaves out (other build tags).
	untyped []*ast.File
}

func (s *source) name() string { return roomName(s.path) }

// report is one broken law, with its place, the reason and the way out.
func (s *source) report(n ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s: %s: %s", s.fset.Position(n.Pos()), s.name(), fmt.Sprintf(format, args...))
}

const loadMode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo

// asBuilt is the environment in which make build compiles, so that what it
// compiled is not compiled again for these tests.
func asBuilt() []string { return append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath") }

// load type-checks every package of the module against the compiled form of
// what it imports, so the standard library is not read again.
func load() ([]*source, error) {
	fset := token.NewFileSet()
	pkgs, err := packages.Load(&packages.Config{Mode: loadMode, Fset: fset, Dir: "../..", Env: asBuilt()}, "./...")
	if err != nil {
		return nil, fmt.Errorf("load the module: %w", err)
	}
	var all []*source
	for _, p := range pkgs {
		for _, e := range p.Errors {
			if !strings.Contains(e.Msg, "no non-test Go files") && !strings.Contains(e.Msg, "build constraints exclude") {
				return nil, fmt.Errorf("load %s: %w", p.PkgPath, e)
			}
		}
		s := &source{path: p.PkgPath, fset: fset, files: p.Syntax, info: p.TypesInfo, types: p.Types}
		for _, name := range p.IgnoredFiles {
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
			if err != nil {
				return nil, fmt.Errorf("parse %s: %w", name, err)
			}
			s.untyped = append(s.untyped, f)
		}
		if len(s.files)+len(s.untyped) > 0 {
			all = append(all, s)
		}
	}
	return all, nil
}

// libraries are what the snippets of the negative tests import.
var libraries = sync.OnceValues(func() (map[string]*types.Package, error) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports, Dir: "../..", Env: asBuilt()},
		"time", "os", "sync", "sync/atomic", "net", "net/http", "fmt", "strings", "strconv", "regexp", "errors", "context",
		"database/sql", "log/slog", "embed", "html/template",
		"github.com/prometheus/client_golang/prometheus", "github.com/prometheus/client_golang/prometheus/promauto",
		"github.com/prometheus/client_golang/prometheus/promhttp")
	if err != nil {
		return nil, fmt.Errorf("load libraries: %w", err)
	}
	byPath := map[string]*types.Package{}
	for _, p := range pkgs {
		byPath[p.PkgPath] = p.Types
	}
	return byPath, nil
})

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// snippet type-checks one file as if it were the named package of the house.
// Packages of the house it imports are empty.
func snippet(t *testing.T, name, code string) *source {
	t.Helper()
	known, err := libraries()
	if err != nil {
		t.Fatal(err)
	}
	s := &source{path: module + "/internal/" + name, fset: token.NewFileSet()}
	if strings.HasPrefix(name, "cmd/") {
		s.path = module + "/" + name
	}
	file, err := parser.ParseFile(s.fset, "snippet.go", code, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	s.files = []*ast.File{file}
	s.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{Importer: importerFunc(func(path string) (*types.Package, error) {
		if p := known[path]; p != nil {
			return p, nil
		}
		p := types.NewPackage(path, path[strings.LastIndex(path, "/")+1:])
		p.MarkComplete()
		return p, nil
	})}
	if s.types, err = conf.Check(s.path, s.fset, s.files, s.info); err != nil {
		t.Fatal(err)
	}
	return s
}
