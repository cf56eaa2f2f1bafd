package instance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"coterie/internal/domain"
)

// The control socket carries commands from a shell to the running server:
// one request per connection, answered by lines of JSON: progress, then the result.

type controlRequest struct {
	Verb string          `json:"verb"`
	Args json.RawMessage `json:"args"`
}

type controlLine struct {
	Progress string          `json:"progress,omitempty"`
	Result   json.RawMessage `json:"result,omitempty"`
	Error    string          `json:"error,omitempty"`
	Kind     domain.Kind     `json:"kind,omitempty"`
}

const (
	maxControlBody = 1 << 20
	// maxSocketPath is how long the address of a socket may be (unix(7)).
	maxSocketPath = 107
)

// atSocket hands use the address of the control socket. One that is too long
// goes through the directory, held open meanwhile.
func atSocket(cfg Config, use func(address string) error) error {
	path := cfg.path(socketFile)
	if len(path) <= maxSocketPath {
		return use(path)
	}
	dir, err := os.Open(cfg.DataDir)
	if err != nil {
		return err
	}
	defer dir.Close()
	return use(fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), socketFile))
}

// listenControl opens the socket on which commands reach this process.
func (in *Instance) listenControl() (net.Listener, error) {
	path := in.cfg.path(socketFile)
	// We hold the lock, so a socket that is there belongs to nobody.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove the old control socket: %w", err)
	}
	var ln *net.UnixListener
	err := atSocket(in.cfg, func(address string) (err error) {
		ln, err = net.ListenUnix("unix", &net.UnixAddr{Net: "unix", Name: address})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listen on the control socket: %w", err)
	}
	ln.SetUnlinkOnClose(false) // the address may be gone by then
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect the control socket: %w", err), ln.Close())
	}
	return ln, nil
}

// serveControl answers the commands that come until ctx ends.
func (in *Instance) serveControl(ctx context.Context, ln net.Listener) error {
	defer os.Remove(in.cfg.path(socketFile))
	defer ln.Close()
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	for {
		conn, err := ln.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept on the control socket: %w", err)
		}
		go func() {
			defer conn.Close()
			in.control(ctx, conn)
		}()
	}
}

// control reads one command from conn and answers it.
func (in *Instance) control(ctx context.Context, conn io.ReadWriter) {
	enc := json.NewEncoder(conn)
	send := func(l controlLine) {
		// A shell that has gone away no longer listens; its command goes on.
		_ = enc.Encode(l)
	}
	var req controlRequest
	if err := json.NewDecoder(io.LimitReader(conn, maxControlBody)).Decode(&req); err != nil {
		send(controlLine{Error: "The command could not be read: " + err.Error(), Kind: domain.BadRequest})
		return
	}
	result, err := in.Command(ctx, req.Verb, req.Args, func(s string) { send(controlLine{Progress: s}) })
	if err != nil {
		send(in.controlError(req.Verb, err))
		return
	}
	b, err := json.Marshal(result)
	if err != nil {
		send(in.controlError(req.Verb, err))
		return
	}
	send(controlLine{Result: b})
}

func (in *Instance) controlError(verb string, err error) controlLine {
	var e *domain.Error
	if errors.As(err, &e) && e.Kind != domain.Internal {
		return controlLine{Error: e.Msg, Kind: e.Kind}
	}
	in.log.Error("command failed", "verb", verb, "err", err)
	return controlLine{Error: err.Error()}
}

// Do runs one command: in the running server if there is one, else here, with
// the data directory locked and the jobs that follow worked off. progress
// hears how far it is.
func Do(ctx context.Context, cfg Config, sh Shared, verb string, args any, progress func(string)) (json.RawMessage, error) {
	b, err := json.Marshal(args)
	if err != nil {
		return nil, fmt.Errorf("encode the command: %w", err)
	}
	var conn net.Conn
	if err := atSocket(cfg, func(address string) (err error) {
		conn, err = net.DialTimeout("unix", address, time.Second)
		return err
	}); err == nil {
		defer conn.Close()
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		defer stop()
		return callServer(conn, controlRequest{verb, b}, progress)
	}
	in, err := New(ctx, cfg, sh)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	result, err := in.Command(ctx, verb, b, progress)
	if err != nil {
		return nil, err
	}
	if err := in.Settle(ctx); err != nil {
		// The command itself is done; the job waits for its next try.
		in.log.Warn("a job that followed did not succeed", "err", err)
	}
	return json.Marshal(result)
}

func callServer(conn io.ReadWriter, cmd controlRequest, progress func(string)) (json.RawMessage, error) {
	if err := json.NewEncoder(conn).Encode(cmd); err != nil {
		return nil, fmt.Errorf("send the command to the running server: %w", err)
	}
	answers := json.NewDecoder(conn)
	for {
		var l controlLine
		err := answers.Decode(&l)
		switch {
		case err != nil:
			return nil, domain.Errorf(domain.Unavailable, "The running server went away before it had answered; look at its log and try again.")
		case l.Progress != "":
			progress(l.Progress)
		case l.Error != "":
			return nil, &domain.Error{Kind: l.Kind, Msg: l.Error}
		default:
			return l.Result, nil
		}
	}
}
