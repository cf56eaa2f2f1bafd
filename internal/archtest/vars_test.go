package archtest

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

const mutableAdvice = "A community is a value and one process can hold many: keep it in a field of a struct that instance constructs"

// mutableTypes are types whose values exist to change. A trailing "." means
// the whole package.
var mutableTypes = []string{
	"sync.", "sync/atomic.", "bytes.Buffer", "strings.Builder", "math/rand.Rand", "math/rand/v2.Rand", "container/list.List",
	"time.Timer", "time.Ticker", "database/sql.", "net/http.Client", "net/http.Transport", "net/http.Server", "net/http.ServeMux",
	"net.Dialer", "log/slog.Logger", "log.Logger", "golang.org/x/time/rate.", "golang.org/x/sync/",
	"github.com/prometheus/client_golang/", "github.com/maypok86/otter/",
}

// checkVars finds package variables that change: assigned after their
// declaration, or of a type that exists to change.
func checkVars(s *source) []string {
	if isOutside(s.name()) {
		return nil
	}
	var broken []string
	for _, name := range s.types.Scope().Names() {
		v, ok := s.types.Scope().Lookup(name).(*types.Var)
		if !ok {
			continue
		}
		if why := mutableType(v.Type(), map[types.Type]bool{}); why != "" {
			pos := &ast.Ident{NamePos: v.Pos()}
			broken = append(broken, s.report(pos, "package variable %s holds a %s, which exists to change. %s", name, why, mutableAdvice))
		}
	}
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			for _, target := range written(s, n) {
				if v := packageVar(s, target); v != nil {
					broken = append(broken, s.report(target, "package variable %s is changed after its declaration. %s", v.Name(), mutableAdvice))
				}
			}
			return true
		})
	}
	return broken
}

// mutableType names the part of a type that exists to change, or "".
func mutableType(t types.Type, seen map[types.Type]bool) string {
	if seen[t] {
		return ""
	}
	seen[t] = true
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		path := named.Obj().Pkg().Path()
		full := path + "." + named.Obj().Name()
		if slices.ContainsFunc(mutableTypes, func(m string) bool {
			return full == m || (strings.HasSuffix(m, ".") || strings.HasSuffix(m, "/")) && strings.HasPrefix(full, m)
		}) {
			return full
		}
		if !ours(path) {
			return ""
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return "channel"
	case *types.Pointer:
		return mutableType(u.Elem(), seen)
	case *types.Slice:
		return mutableType(u.Elem(), seen)
	case *types.Array:
		return mutableType(u.Elem(), seen)
	case *types.Map:
		return mutableType(u.Elem(), seen)
	case *types.Struct:
		for field := range u.Fields() {
			if why := mutableType(field.Type(), seen); why != "" {
				return why
			}
		}
	}
	return ""
}

// written are the expressions that a node changes or lets others change.
func written(s *source, n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return slices.DeleteFunc([]ast.Expr{n.Key, n.Value}, func(e ast.Expr) bool { return e == nil })
		}
	case *ast.UnaryExpr:
		if _, indexed := n.X.(*ast.IndexExpr); n.Op == token.AND && !indexed {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		return writtenByCall(s, n)
	}
	return nil
}

// writtenByCall are the first argument of delete, clear and copy, and a
// variable whose method takes it by pointer.
func writtenByCall(s *source, call *ast.CallExpr) []ast.Expr {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		_, builtin := s.info.Uses[fun].(*types.Builtin)
		if builtin && slices.Contains([]string{"delete", "clear", "copy"}, fun.Name) {
			return call.Args[:1]
		}
	case *ast.SelectorExpr:
		selection := s.info.Selections[fun]
		if selection == nil || selection.Kind() != types.MethodVal {
			return nil
		}
		signature, ok := selection.Obj().Type().(*types.Signature)
		if !ok || signature.Recv() == nil {
			return nil
		}
		_, byPointer := signature.Recv().Type().(*types.Pointer)
		_, isPointer := selection.Recv().Underlying().(*types.Pointer)
		if byPointer && !isPointer {
			return []ast.Expr{fun.X}
		}
	}
	return nil
}

// packageVar is the package variable, of this or another package, that an
// expression is or is a part of; nil if it is none.
func packageVar(s *source, e ast.Expr) *types.Var {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.SelectorExpr:
			if v, ok := s.info.Uses[x.Sel].(*types.Var); ok && !v.IsField() {
				return scopeVar(v)
			}
			e = x.X
		case *ast.Ident:
			v, ok := s.info.Uses[x].(*types.Var)
			if !ok {
				return nil
			}
			return scopeVar(v)
		default:
			return nil
		}
	}
}

func scopeVar(v *types.Var) *types.Var {
	if v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		return v
	}
	return nil
}
