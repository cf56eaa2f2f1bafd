package archtest

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
)

// ban is a set of names of other packages that only a few rooms may use.
type ban struct {
	names   []string // "path.Name", or "path.*" for every name
	allowed []string // rooms that may
	reason  string
}

var bans = []ban{
	{
		names:   []string{"time.Now", "time.Since", "time.Until"},
		allowed: []string{"instance", "cmd/coterie"},
		reason: "reads the clock. Only cmd and instance do: take a now func() time.Time as a field, or use the frozen now of the Tx, " +
			"so that tests can step time (socket deadlines may use real time)",
	},
	{
		names:   []string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv", "os.Setenv", "os.Unsetenv", "os.Clearenv"},
		allowed: []string{"instance", "cmd/coterie"},
		reason: "reads the environment. Only cmd and instance do: take the value as a field of the Config, " +
			"so that one process can hold many communities",
	},
	{
		names: []string{
			"net/http.DefaultClient", "net/http.DefaultTransport", "net/http.DefaultServeMux",
			"net/http.Get", "net/http.Head", "net/http.Post", "net/http.PostForm",
			"net/http.Handle", "net/http.HandleFunc", "net/http.ListenAndServe", "net/http.ListenAndServeTLS",
		},
		reason: "uses a default client, mux or server that the whole process shares. Use fetch for requests, " +
			"and a mux and a server that instance or cmd made",
	},
	{
		names: []string{
			"github.com/prometheus/client_golang/prometheus.DefaultRegisterer",
			"github.com/prometheus/client_golang/prometheus.DefaultGatherer",
			"github.com/prometheus/client_golang/prometheus.MustRegister",
			"github.com/prometheus/client_golang/prometheus.Register",
			"github.com/prometheus/client_golang/prometheus.Unregister",
			"github.com/prometheus/client_golang/prometheus/promhttp.Handler",
			"github.com/prometheus/client_golang/prometheus/promauto.NewCounter",
			"github.com/prometheus/client_golang/prometheus/promauto.NewCounterVec",
			"github.com/prometheus/client_golang/prometheus/promauto.NewCounterFunc",
			"github.com/prometheus/client_golang/prometheus/promauto.NewGauge",
			"github.com/prometheus/client_golang/prometheus/promauto.NewGaugeVec",
			"github.com/prometheus/client_golang/prometheus/promauto.NewGaugeFunc",
			"github.com/prometheus/client_golang/prometheus/promauto.NewHistogram",
			"github.com/prometheus/client_golang/prometheus/promauto.NewHistogramVec",
			"github.com/prometheus/client_golang/prometheus/promauto.NewSummary",
			"github.com/prometheus/client_golang/prometheus/promauto.NewSummaryVec",
		},
		reason: "uses the default registry, which two communities in one process would share. " +
			"Take the registry that instance made and register there",
	},
	{
		names: []string{
			"log/slog.Default", "log/slog.SetDefault", "log/slog.Debug", "log/slog.Info", "log/slog.Warn", "log/slog.Error",
			"log/slog.DebugContext", "log/slog.InfoContext", "log/slog.WarnContext", "log/slog.ErrorContext", "log/slog.Log",
			"log.Print", "log.Printf", "log.Println", "log.Fatal", "log.Fatalf", "log.Fatalln", "log.SetOutput", "log.Default",
		},
		allowed: []string{"cmd/coterie"},
		reason:  "uses the logger of the process. Take a *slog.Logger as a field",
	},
	{
		names: []string{
			"net/http.Client", "net/http.Transport", "net/http.NewRequest", "net/http.NewRequestWithContext", "net/http.RoundTripper",
			"net/http/httputil.ReverseProxy", "net/http/httputil.NewSingleHostReverseProxy",
			"net.Dial", "net.DialTimeout", "net.Dialer", "crypto/tls.Dial", "crypto/tls.DialWithDialer", "crypto/tls.Dialer",
		},
		allowed: []string{"fetch"},
		reason: "makes a connection of its own (SEC-25). Everything that goes out goes through fetch, the one client with the SSRF guard " +
			"and the limits; only the control socket may be dialled with net.Dial(\"unix\", ...)",
	},
}

// checkUses finds names that a room may not use.
func checkUses(s *source) []string {
	if isOutside(s.name()) {
		return nil
	}
	var broken []string
	for _, f := range s.files {
		excused := excusedNodes(s, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil || excused[n] {
				return false
			}
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			for _, b := range bans {
				if name := qualified(s, sel); slices.Contains(b.names, name) && !slices.Contains(b.allowed, s.name()) {
					broken = append(broken, s.report(sel, "%s %s", name, b.reason))
				}
			}
			return true
		})
	}
	return broken
}

// qualified is "path.Name" of a selector on a package, else "".
func qualified(s *source, sel *ast.SelectorExpr) string {
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	pkg, ok := s.info.Uses[id].(*types.PkgName)
	if !ok {
		return ""
	}
	return pkg.Imported().Path() + "." + sel.Sel.Name
}

// excusedNodes are the arguments of SetDeadline and its kin, and calls that
// dial a Unix socket.
func excusedNodes(s *source, f *ast.File) map[ast.Node]bool {
	excused := map[ast.Node]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if strings.HasPrefix(sel.Sel.Name, "Set") && strings.HasSuffix(sel.Sel.Name, "Deadline") {
			for _, arg := range call.Args {
				excused[arg] = true
			}
		}
		if strings.HasPrefix(qualified(s, sel), "net.Dial") && len(call.Args) > 0 {
			v := s.info.Types[call.Args[0]].Value
			excused[sel] = v != nil && v.Kind() == constant.String && constant.StringVal(v) == "unix"
		}
		return true
	})
	return excused
}
