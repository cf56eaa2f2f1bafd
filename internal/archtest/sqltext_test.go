package archtest

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// safe says whether no value of the running program can be in the text.
func (c *sqlCheck) safe(fn *ast.FuncDecl, e ast.Expr) bool {
	tv := c.info.Types[e]
	if tv.Value != nil || tv.Type != nil && !holdsText(tv.Type) {
		return true
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return c.safe(fn, x.X) && c.safe(fn, x.Y)
	case *ast.IndexExpr:
		return c.safe(fn, x.X)
	case *ast.SelectorExpr:
		return c.dialect(x.X) || packageVar(c.source, x) != nil || c.safeField(x)
	case *ast.CompositeLit:
		return !slices.ContainsFunc(x.Elts, func(el ast.Expr) bool {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			return !c.safe(fn, el)
		})
	case *ast.CallExpr:
		return c.safeCall(fn, x)
	case *ast.Ident:
		return c.safeName(fn, x)
	}
	return false
}

// given is what a field gets somewhere, and in which function; no value means
// that somebody has its address.
type given struct {
	fn    *ast.FuncDecl
	value ast.Expr
}

// noteFields notes what the fields of structs are given in a declaration.
func (c *sqlCheck) noteFields(fn *ast.FuncDecl, d ast.Decl) {
	note := func(field types.Object, value ast.Expr) {
		if v, ok := field.(*types.Var); ok && v.IsField() {
			c.fields[v.Origin()] = append(c.fields[v.Origin()], given{fn, value})
		}
	}
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			str, ok := c.info.Types[n].Type.Underlying().(*types.Struct)
			for i, el := range n.Elts {
				if kv, named := el.(*ast.KeyValueExpr); named && ok {
					note(c.info.Uses[kv.Key.(*ast.Ident)], kv.Value)
				} else if ok {
					note(str.Field(i), el)
				}
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if sel, ok := left.(*ast.SelectorExpr); ok {
					note(c.info.Uses[sel.Sel], n.Rhs[min(i, len(n.Rhs)-1)])
				}
			}
		case *ast.UnaryExpr:
			if sel, ok := n.X.(*ast.SelectorExpr); ok && n.Op == token.AND {
				note(c.info.Uses[sel.Sel], nil)
			}
		}
		return true
	})
}

// safeField accepts a field that is only ever given safe texts, in structs
// of this package.
func (c *sqlCheck) safeField(sel *ast.SelectorExpr) bool {
	field, ok := c.info.Uses[sel.Sel].(*types.Var)
	if !ok || field.Pkg() != c.types || len(c.fields[field.Origin()]) == 0 {
		return false
	}
	if c.busy[field] {
		return true
	}
	c.busy[field] = true
	defer delete(c.busy, field)
	return !slices.ContainsFunc(c.fields[field.Origin()], func(g given) bool { return g.value == nil || !c.safe(g.fn, g.value) })
}

// safeCall accepts the dialect's methods, conversions, the string helpers of
// the standard library and functions of this package, all of safe texts.
func (c *sqlCheck) safeCall(fn *ast.FuncDecl, call *ast.CallExpr) bool {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok && c.dialect(sel.X) {
		return c.safeAll(fn, call.Args)
	}
	if callee := c.callee(call); callee != nil {
		if callee.Pkg() == nil {
			return false
		}
		path := callee.Pkg().Path()
		if b := builder(c.source, call.Fun); b != nil {
			return c.safeBuilder(fn, b)
		}
		if path != c.path && !slices.Contains([]string{"fmt", "strings", "strconv"}, path) {
			return false
		}
	}
	return c.safeAll(fn, call.Args)
}

// builder is the strings.Builder variable whose method is called, or nil.
func builder(s *source, fun ast.Expr) types.Object {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok || s.info.Uses[id] == nil {
		return nil
	}
	if t := strings.TrimPrefix(s.info.Uses[id].Type().String(), "*"); t != "strings.Builder" {
		return nil
	}
	return s.info.Uses[id]
}

// safeBuilder looks at all that the function writes to the builder.
func (c *sqlCheck) safeBuilder(fn *ast.FuncDecl, b types.Object) bool {
	safe := true
	ast.Inspect(fn, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		args := call.Args
		if builder(c.source, call.Fun) != b {
			if len(args) < 2 || !c.addressOf(args[0], b) {
				return true
			}
			args = args[1:]
		}
		safe = safe && c.safeAll(fn, args)
		return true
	})
	return safe
}

func (c *sqlCheck) addressOf(e ast.Expr, b types.Object) bool {
	if u, ok := e.(*ast.UnaryExpr); ok {
		e = u.X
	}
	id, ok := e.(*ast.Ident)
	return ok && c.info.Uses[id] == b
}

func (c *sqlCheck) safeAll(fn *ast.FuncDecl, list []ast.Expr) bool {
	return !slices.ContainsFunc(list, func(e ast.Expr) bool { return !c.safe(fn, e) })
}

// dialect says whether the expression is of the small type that keeps what
// is not portable between the engines.
func (c *sqlCheck) dialect(e ast.Expr) bool {
	t := c.info.Types[e].Type
	if t == nil {
		return false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := t.(*types.Named)
	return ok && slices.Contains([]string{"dialect", "Engine"}, named.Obj().Name())
}

// safeName follows a variable to what it was given. A parameter makes its
// function one whose calls are checked.
func (c *sqlCheck) safeName(fn *ast.FuncDecl, id *ast.Ident) bool {
	v, ok := c.info.Uses[id].(*types.Var)
	if !ok || fn == nil || scopeVar(v) != nil {
		return ok && scopeVar(v) != nil
	}
	if c.busy[v] {
		return true
	}
	c.busy[v] = true
	defer delete(c.busy, v)
	owner, i, isParameter := c.parameter(fn, v)
	if isParameter {
		if owner == nil || owner == c.info.Defs[fn.Name] && calledFromOutside(fn) {
			return false
		}
		if !slices.Contains(c.sinks[owner], i) {
			c.sinks[owner], c.grown = append(c.sinks[owner], i), true
		}
	}
	safe, declared := true, isParameter
	ast.Inspect(fn, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && slices.ContainsFunc(spec.Names, func(name *ast.Ident) bool { return c.info.Defs[name] == v }) {
			declared = true
		}
		for _, given := range c.givenTo(n, v) {
			safe, declared = safe && c.safe(fn, given), true
		}
		return true
	})
	return safe && declared
}

// calledFromOutside says whether other packages may call the function, whose
// calls are then not seen. Methods named as the driver's are known by name.
func calledFromOutside(fn *ast.FuncDecl) bool {
	if !fn.Name.IsExported() || fn.Recv != nil && slices.Contains(sqlMethods, fn.Name.Name) {
		return false
	}
	if fn.Recv == nil {
		return true
	}
	receiver := types.ExprString(fn.Recv.List[0].Type)
	return ast.IsExported(strings.TrimPrefix(receiver, "*"))
}

// parameter says whose parameter the variable is, and which: of the function
// itself, or of a closure that a local variable holds. A closure that no
// variable holds has no owner.
func (c *sqlCheck) parameter(fn *ast.FuncDecl, v *types.Var) (owner types.Object, index int, ok bool) {
	if i, ok := c.parameterOf(fn.Type, v); ok {
		return c.info.Defs[fn.Name], i, true
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			if i, found := c.parameterOf(n.Type, v); found {
				index, ok = i, true
			}
		case *ast.AssignStmt:
			for i, right := range n.Rhs {
				id, isName := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident)
				lit, isClosure := right.(*ast.FuncLit)
				if !isName || !isClosure {
					continue
				}
				if _, found := c.parameterOf(lit.Type, v); found {
					owner = c.info.Defs[id]
				}
			}
		}
		return true
	})
	return owner, index, ok
}

func (c *sqlCheck) parameterOf(f *ast.FuncType, v *types.Var) (int, bool) {
	i := 0
	for _, field := range f.Params.List {
		for _, name := range field.Names {
			if c.info.Defs[name] == v {
				return i, true
			}
			i++
		}
	}
	return 0, false
}

// givenTo are the values that a statement gives to the variable.
func (c *sqlCheck) givenTo(n ast.Node, v *types.Var) []ast.Expr {
	is := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && (c.info.Defs[id] == v || c.info.Uses[id] == v)
	}
	var given []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if is(left) {
				given = append(given, n.Rhs[min(i, len(n.Rhs)-1)])
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if is(name) && i < len(n.Values) {
				given = append(given, n.Values[i])
			}
		}
	case *ast.RangeStmt:
		if n.Value != nil && is(n.Value) {
			given = append(given, n.X)
		}
	}
	return given
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// holdsText says whether a value can carry text into a query: numbers and
// booleans cannot.
func holdsText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return !ok || b.Info()&types.IsString != 0 || b.Kind() == types.Invalid
}
