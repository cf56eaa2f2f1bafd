package archtest

import (
	"go/ast"
	"go/types"
	"slices"
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
	sinks  map[types.Object][]int   // function or closure: indexes of the parameters that are SQL
	fields map[types.Object][]given // field of a struct: what it is given
	busy   map[types.Object]bool
	broken []string
	grown  bool
}

// checkSQL runs until no further function turns out to hand SQL on.
func checkSQL(s *source) []string {
	if isOutside(s.name()) {
		return nil
	}
	c := &sqlCheck{source: s, bodies: map[types.Object]*ast.FuncDecl{}, sinks: map[types.Object][]int{}, fields: map[types.Object][]given{}, busy: map[types.Object]bool{}}
	for _, f := range s.files {
		for _, d := range f.Decls {
			fn, _ := d.(*ast.FuncDecl)
			if fn != nil && fn.Body != nil {
				c.bodies[s.info.Defs[fn.Name]] = fn
			}
			c.noteFields(fn, d)
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
		c.checkOrder(arg)
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
