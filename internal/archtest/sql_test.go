package archtest

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// sqlMethods take SQL as their first string.
var sqlMethods = []string{
	"Exec", "ExecContext", "Query", "QueryContext", "QueryRow", "QueryRowContext", "Prepare", "PrepareContext",
}

// embeddedSQL names, by room, the function that runs migrations: their text is
// read from files embedded in the program.
var embeddedSQL = map[string]string{"store": "apply"}

// sqlCheck looks for SQL text with a value of the running program in it
// (SEC-63). Text may be put together from constants, package variables,
// numbers, members of the dialect and functions given only these. A function
// that hands a string parameter on as SQL is checked where it is called.
type sqlCheck struct {
	*source
	bodies map[types.Object]*ast.FuncDecl
	sinks  map[types.Object][]int // function or closure: indexes of the parameters that are SQL
	busy   map[types.Object]bool
	broken []string
	grown  bool
}

// checkSQL runs until no further function turns out to hand SQL on.
func checkSQL(s *source) []string {
	if isOutside(s.name()) {
		return nil
	}
	c := &sqlCheck{source: s, bodies: map[types.Object]*ast.FuncDecl{}, sinks: map[types.Object][]int{}, busy: map[types.Object]bool{}}
	for _, f := range s.files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				c.bodies[s.info.Defs[fn.Name]] = fn
			}
		}
	}
	for c.grown = true; c.grown; {
		c.grown, c.broken = false, nil
		for _, fn := range c.bodies {
			if embeddedSQL[s.name()] == fn.Name.Name {
				continue
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					c.call(fn, call)
				}
				return true
			})
		}
	}
	slices.Sort(c.broken)
	return c.broken
}

func (c *sqlCheck) call(fn *ast.FuncDecl, call *ast.CallExpr) {
	for _, arg := range c.sqlArguments(call) {
		if !c.safe(fn, arg) {
			c.broken = append(c.broken, c.report(arg, "SQL is built from a value of the running program (SEC-63). "+
				"Pass the value as $1, $2, ...; choose between constant texts where the text itself must differ"))
		}
	}
}

// sqlArguments are the SQL texts of a call.
func (c *sqlCheck) sqlArguments(call *ast.CallExpr) []ast.Expr {
	callee := c.callee(call)
	if callee == nil {
		return nil
	}
	var texts []ast.Expr
	for _, i := range c.sinks[callee] {
		if i < len(call.Args) {
			texts = append(texts, call.Args[i])
		}
	}
	signature, ok := callee.Type().(*types.Signature)
	if !ok || signature.Recv() == nil || !slices.Contains(sqlMethods, callee.Name()) {
		return texts
	}
	for i := range min(signature.Params().Len(), len(call.Args)) {
		if isString(signature.Params().At(i).Type()) {
			return append(texts, call.Args[i])
		}
	}
	return texts
}

// callee is the function or method a call names, generic ones by their origin.
func (c *sqlCheck) callee(call *ast.CallExpr) types.Object {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	switch f := c.info.Uses[id].(type) {
	case *types.Func:
		return f.Origin()
	case *types.Var: // a closure in a local variable
		if _, ok := c.sinks[f]; ok {
			return f
		}
	}
	return nil
}

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
		return c.dialect(x.X) || packageVar(c.source, x) != nil
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
	if !ok || scopeVar(v) != nil {
		return ok
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
