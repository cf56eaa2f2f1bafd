package archtest

import (
	"go/ast"
	"go/constant"
	"regexp"
	"slices"
	"strconv"
)

var placeholder = regexp.MustCompile(`\$(\d+)`)

// checkOrder demands that the placeholders of a statement are numbered in the
// order in which they first appear: one of the SQLite drivers binds arguments
// so, whatever the numbers say. A text that is partly put together elsewhere
// may begin with any number; one that cannot be read is passed over.
func (c *sqlCheck) checkOrder(e ast.Expr) {
	numbers, ok := c.placeholders(e)
	if !ok {
		return
	}
	var seen []int
	for _, n := range numbers {
		if slices.Contains(seen, n) {
			continue
		}
		if len(seen) > 0 && n != slices.Max(seen)+1 {
			c.broken = append(c.broken, c.report(e, "$%d first appears after $%d; "+
				"number the placeholders of a statement in the order in which they first appear", n, seen[len(seen)-1]))
			return
		}
		seen = append(seen, n)
	}
}

// placeholders are the numbers in a text put together from constants and
// calls, which are given the numbers or whole placeholders they write.
func (c *sqlCheck) placeholders(e ast.Expr) ([]int, bool) {
	if v := c.info.Types[e].Value; v != nil {
		if n, ok := constant.Int64Val(constant.ToInt(v)); ok && v.Kind() == constant.Int {
			return []int{int(n)}, true
		}
		if v.Kind() != constant.String {
			return nil, true
		}
		var out []int
		for _, m := range placeholder.FindAllStringSubmatch(constant.StringVal(v), -1) {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				return nil, false
			}
			out = append(out, n)
		}
		return out, true
	}
	var parts []ast.Expr
	switch x := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		parts = []ast.Expr{x.X, x.Y}
	case *ast.CallExpr:
		if len(x.Args) > 1 && c.packageOf(x) != c.path {
			return nil, false // formats and the like
		}
		parts = x.Args
	default:
		return nil, false
	}
	var out []int
	for _, p := range parts {
		list, ok := c.placeholders(p)
		if !ok {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// packageOf is the path of the package of what a call names, "" if none.
func (c *sqlCheck) packageOf(call *ast.CallExpr) string {
	if callee := c.callee(call); callee != nil && callee.Pkg() != nil {
		return callee.Pkg().Path()
	}
	return ""
}
