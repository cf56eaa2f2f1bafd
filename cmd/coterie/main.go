// Command coterie runs a community and gives it orders from a shell. It
// reads the configuration, listens, and calls methods of instance.Instance;
// everything else is in packages below.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// version is stamped by the build.
var version = "dev"

type cli struct {
	Config configFlags `embed:""`
	JSON   bool        `help:"Print results as JSON." name:"json"`

	Serve        serveCmd        `cmd:"" help:"Run the community."`
	Account      accountCmd      `cmd:"" help:"Accounts of people here."`
	Role         roleCmd         `cmd:"" help:"Roles, and what they may do."`
	Report       reportCmd       `cmd:"" help:"What people report."`
	Appeal       appealCmd       `cmd:"" help:"What people say against decisions about them."`
	Text         textCmd         `cmd:"" help:"Texts that the staff uses again and again."`
	Email        emailCmd        `cmd:"" help:"E-mail domains and addresses that nobody signs up with."`
	Network      networkCmd      `cmd:"" help:"Networks from which nobody signs up, or comes at all."`
	Invite       inviteCmd       `cmd:"" help:"Invitations."`
	Tag          tagCmd          `cmd:"" help:"Hashtags."`
	Figures      figuresCmd      `cmd:"" help:"What was counted."`
	Spam         spamCmd         `cmd:"" help:"Posts that are held because they look like a wave of spam."`
	Audit        auditCmd        `cmd:"" help:"List what the people who run the community did."`
	Domain       domainCmd       `cmd:"" help:"How the community stands to other domains."`
	Name         nameCmd         `cmd:"" help:"Names that nobody gets by signing up."`
	Webhook      webhookCmd      `cmd:"" help:"Addresses that hear of what happens here."`
	Relay        relayCmd        `cmd:"" help:"Relays, which pass public posts on."`
	Rule         ruleCmd         `cmd:"" help:"Rules of the community."`
	Emoji        emojiCmd        `cmd:"" help:"Custom emoji."`
	Media        mediaCmd        `cmd:"" help:"Files of pictures, video and sound."`
	Mail         mailCmd         `cmd:"" help:"Mail that this server sends."`
	Announcement announcementCmd `cmd:"" help:"What everybody here is told."`

	Settings settingsCmd `cmd:"" help:"Settings of the community."`

	Terms termsCmd `cmd:"" help:"Terms of service."`

	Trends trendsCmd `cmd:"" help:"What trends here, and what does not."`

	Search searchCmd `cmd:"" help:"How posts are found."`

	Federation federationCmd `cmd:"" help:"Show or change how strict the community is with other servers."`

	Backup  backupCmd  `cmd:"" help:"Write a complete copy of the database to a file."`
	Jobs    jobsCmd    `cmd:"" help:"Background work that failed for good."`
	Status  statusCmd  `cmd:"" help:"Say how the community is doing."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// app is what every command gets.
type app struct {
	ctx    context.Context
	cfg    instance.Config
	shared instance.Shared
	flags  configFlags
	json   bool
}

// mediaWorker is the first argument of the processes that serve starts to look
// at files of strangers.
const mediaWorker = "media-worker"

func main() {
	if len(os.Args) == 3 && os.Args[1] == mediaWorker {
		if err := instance.MediaWork(os.Args[2], os.Stdout); err != nil {
			fail(err)
		}
		return
	}
	var c cli
	options := []kong.Option{
		kong.Name("coterie"),
		kong.Description("A community server for the fediverse."),
		kong.ShortUsageOnError(),
	}
	if file := os.Getenv("COTERIE_CONFIG"); file != "" {
		options = append(options, kong.Configuration(envFile, file))
	}
	parser, err := kong.New(&c, options...)
	if err != nil {
		fail(err)
	}
	k, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, k, &c); err != nil {
		stop()
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "coterie: "+sentence(err))
	os.Exit(1)
}

func run(ctx context.Context, k *kong.Context, c *cli) error {
	log, err := newLogger(c.Config.Log, os.Stderr)
	if err != nil {
		return err
	}
	cfg, err := c.Config.instance()
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program, to run its media workers: %w", err)
	}
	cfg.MediaWorker, cfg.MediaTools = []string{self, mediaWorker}, instance.FindMediaTools()
	return k.Run(&app{
		ctx: ctx, cfg: cfg, flags: c.Config, json: c.JSON,
		shared: instance.Shared{Now: time.Now, Log: log},
	})
}

// sentence is what a person at the shell should read of err.
func sentence(err error) string {
	var e *domain.Error
	if errors.As(err, &e) && e.Kind != domain.Internal {
		return e.Msg
	}
	return err.Error()
}

// newLogger reads COTERIE_LOG: a level, a format (text, json), or both with a
// comma between.
func newLogger(spec string, out *os.File) (*slog.Logger, error) {
	level, format := slog.LevelInfo, "json"
	if fi, err := out.Stat(); err == nil && fi.Mode()&os.ModeCharDevice != 0 {
		format = "text"
	}
	for _, word := range splitList(spec) {
		switch word {
		case "text", "json":
			format = word
		default:
			if err := level.UnmarshalText([]byte(word)); err != nil {
				return nil, domain.Errorf(domain.Invalid, "COTERIE_LOG must be debug, info, warn or error, with text or json after a comma if you like, not %q.", spec)
			}
		}
	}
	opts := &slog.HandlerOptions{Level: level}
	if format == "text" {
		return slog.New(slog.NewTextHandler(out, opts)), nil
	}
	return slog.New(slog.NewJSONHandler(out, opts)), nil
}

func absolute(path string) string {
	if p, err := filepath.Abs(path); err == nil {
		return p
	}
	return path
}
