package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/sync/errgroup"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// shutdownGrace is how long running requests may take to end after SIGTERM;
// the jobs get what is left of 15 seconds.
const shutdownGrace = 10 * time.Second

type serveCmd struct{}

func (serveCmd) Run(a *app) error {
	in, err := instance.New(a.ctx, a.cfg, a.shared)
	if err != nil {
		return err
	}
	defer in.Close()
	servers, err := a.servers(in)
	if err != nil {
		return err
	}
	listeners, err := listenAll(servers)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(a.ctx)
	g.Go(func() error { return in.Run(ctx, listeners[0].Addr().String()) })
	for i, s := range servers {
		g.Go(func() error { return serve(s, listeners[i]) })
		g.Go(func() error {
			<-ctx.Done()
			grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
			defer cancel()
			if err := s.Shutdown(grace); err != nil {
				return s.Close()
			}
			return nil
		})
	}
	err = g.Wait()
	a.shared.Log.Info("stopped")
	return err
}

// servers are the listeners to be: the community first.
func (a *app) servers(in *instance.Instance) ([]*http.Server, error) {
	main := newServer(a.flags.listen(), in.Handler())
	all := []*http.Server{main}
	if a.cfg.TLS {
		host, _, err := net.SplitHostPort(a.cfg.Domain)
		if err != nil {
			host = a.cfg.Domain
		}
		certs := &autocert.Manager{
			Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(host),
			Cache: autocert.DirCache(filepath.Join(a.cfg.DataDir, "certificates")),
		}
		main.TLSConfig = certs.TLSConfig()
		all = append(all, newServer(":80", certs.HTTPHandler(nil)))
	}
	if a.flags.MetricsListen != "" {
		all = append(all, newServer(a.flags.MetricsListen, in.Metrics()))
	}
	return all, nil
}

// newServer limits what a slow or greedy client can hold on to (SEC-62).
func newServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    64 << 10,
	}
}

func listenAll(servers []*http.Server) ([]net.Listener, error) {
	var all []net.Listener
	for _, s := range servers {
		ln, err := net.Listen("tcp", s.Addr)
		if err != nil {
			for _, l := range all {
				l.Close()
			}
			return nil, domain.Errorf(domain.Invalid, "Cannot listen on %s (%v); set COTERIE_LISTEN to a free address.", s.Addr, err)
		}
		all = append(all, ln)
	}
	return all, nil
}

func serve(s *http.Server, ln net.Listener) error {
	var err error
	if s.TLSConfig != nil {
		err = s.ServeTLS(ln, "", "")
	} else {
		err = s.Serve(ln)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve %s: %w", s.Addr, err)
}
