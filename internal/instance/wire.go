package instance

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/netip"
	"time"

	"coterie/internal/account"
	"coterie/internal/adminapi"
	"coterie/internal/archive"
	"coterie/internal/deliver"
	"coterie/internal/domain"
	"coterie/internal/fanout"
	"coterie/internal/fedhttp"
	"coterie/internal/fetch"
	"coterie/internal/httpkit"
	"coterie/internal/inbox"
	"coterie/internal/job"
	"coterie/internal/locale"
	"coterie/internal/mastoapi"
	"coterie/internal/media"
	"coterie/internal/moderation"
	"coterie/internal/notify"
	"coterie/internal/oauth"
	"coterie/internal/oidc"
	"coterie/internal/ownapi"
	"coterie/internal/page"
	"coterie/internal/post"
	"coterie/internal/relation"
	"coterie/internal/remote"
	"coterie/internal/render"
	"coterie/internal/stream"
	"coterie/internal/timeline"
	"coterie/internal/webui"
	"coterie/web"
)

// services are the parts that commands and handlers call.
type services struct {
	runner        *job.Runner
	accounts      *account.Service
	posts         *post.Service
	relation      *relation.Service
	notify        *notify.Service
	hub           *stream.Hub
	live          *mastoapi.Live
	fanout        *fanout.Service
	timelines     *timeline.Service
	finder        *timeline.Finder
	filters       *timeline.Filters
	conversations *timeline.Conversations
	index         *timeline.Index
	pages         *page.Pages
	moderation    *moderation.Service
	admin         *adminapi.API
	client        *fetch.Client
	pusher        *fetch.Client // to push services
	deliver       *deliver.Service
	remote        *remote.Service
	peers         *fedhttp.Server
	inbox         *inbox.Service
	media         *media.Service
	archive       *archive.Service
}

// wire constructs everything above the store.
func (in *Instance) wire(_ context.Context, sh Shared) error {
	in.relation = relation.New(in.st)
	in.hub = stream.New(in.st, in.log)
	in.conversations = timeline.NewConversations(in.st)
	in.index = timeline.NewIndex(in.st, in.log)
	in.client = fetch.New(fetch.Config{
		UserAgent: in.userAgent(), Dev: in.cfg.Dev, Now: sh.Now, Log: in.log, Dial: sh.Dial, Allows: in.typed,
	})
	var languages []string
	for _, l := range locale.All() {
		languages = append(languages, l.Tag())
	}
	in.moderation = moderation.New(in.st, moderation.Config{Own: []string{in.cfg.Domain, in.cfg.Handles()}, Client: in.client, Languages: languages, Mails: in.cfg.MailURL != ""})
	in.pusher = fetch.New(fetch.Config{
		UserAgent: in.userAgent(), Dev: in.cfg.Dev, Now: sh.Now, Log: in.log, Dial: sh.Dial, Limits: fetch.Limits{PerHost: pushesPerHost},
	})
	mailer, err := in.openMail(sh)
	if err != nil {
		return err
	}
	in.notify = notify.New(notify.Config{
		Store: in.st, Client: in.pusher, Peers: in.client, URLs: in.urls(), Mail: mailer, Log: in.log,
		Webhooks: in.moderation.Webhooks,
		Object: func(ctx context.Context, event domain.WebhookEvent, id domain.ID) (json.RawMessage, error) {
			return in.admin.Object(ctx, event, id)
		},
		Listens: func(account domain.ID) bool { return in.live.Listens(account) },
	})
	in.deliver = deliver.New(deliver.Config{
		Store: in.st, Client: in.client, URLs: in.urls(), Refused: in.refused, NewKey: sh.NewKey, Log: in.log,
	})
	in.remote = remote.New(remote.Config{
		Store: in.st, Client: in.client, URLs: in.urls(), Signer: in.deliver.Key, Prover: in.deliver.ProofKey, Policy: in.policy, Now: sh.Now, Log: in.log,
	})
	in.accounts, err = account.New(in.st, account.Config{
		Hashing: in.cfg.Hashing, Domains: []string{in.cfg.Handles(), in.cfg.Domain}, Origin: in.cfg.BaseURL(), Mail: mailer != nil, Remote: in.remote, Log: in.log,
	})
	if err != nil {
		return err
	}
	in.fanout = fanout.New(fanout.Config{
		Store: in.st, Hub: in.hub, Notify: in.notify, Conversations: in.conversations, Remote: in.remote, Deliver: in.deliver,
		URLs: in.urls(), Settings: in.moderation.Settings,
	})
	in.posts = post.New(in.st, post.Options{
		Hosts: []string{in.cfg.Handles(), in.cfg.Domain}, PollMin: in.cfg.PollMin, ScheduleMin: in.cfg.ScheduleMin, Remote: in.remote,
		Settings: in.moderation.Settings, Log: in.log,
	})
	in.peers = fedhttp.New(fedhttp.Config{
		Store: in.st, URLs: in.urls(), Domains: []string{in.cfg.Handles(), in.cfg.Domain}, Version: in.cfg.Version, Log: in.log,
		Settings: in.moderation.Settings, Refused: in.refused, HostAlive: in.deliver.Alive,
		KeyByID: in.remote.Key, RefreshKey: in.remote.RefreshKey,
		DescribeActor: in.remote.DescribeActor, DescribeInstance: in.remote.DescribeInstance, DescribeStatuses: in.remote.DescribeStatuses,
		DescribeCollection: in.remote.DescribeCollection, DescribeItem: in.remote.DescribeItem,
	})
	in.inbox = inbox.New(inbox.Config{
		Store: in.st, Remote: in.remote, Posts: in.posts, Relation: in.relation, Moderation: in.moderation, URLs: in.urls(),
		Refused: in.refused, Log: in.log,
	})
	in.media = media.New(media.Config{
		Store: in.st, Blobs: in.blobs, TempDir: in.cfg.path(tempDir), Worker: in.cfg.MediaWorker, Tools: in.cfg.MediaTools,
		Client: in.client, Policy: in.policy, Budget: in.mediaBudget, Log: in.log,
	})
	in.timelines = timeline.New(in.st, in.hub, in.log)
	in.finder = timeline.NewFinder(in.remote)
	in.filters = timeline.NewFilters(in.st)
	in.archive = archive.New(archive.Config{
		Store: in.st, Remote: in.remote, Posts: in.posts, Relation: in.relation, Filters: in.filters, Blobs: in.blobs,
		TempDir: in.cfg.path(tempDir), Host: in.cfg.Handles(), Log: in.log,
	})
	in.runner = job.NewRunner(in.st, job.Options{Workers: workers, Log: in.log})
	in.registerJobs()
	in.metrics = in.metricsHandler()
	return in.wireHTTP(sh)
}

func (in *Instance) userAgent() string {
	return "Coterie/" + in.cfg.Version + " (+" + in.cfg.BaseURL() + ")"
}

// urls are the addresses that other servers know.
func (in *Instance) urls() domain.URLs {
	return domain.URLs{Base: in.cfg.BaseURL(), Host: in.cfg.Handles()}
}

// typed reports whether somebody who runs the community typed that host and
// port into its configuration or settings, where nobody else's word leads.
func (in *Instance) typed(hostPort string) bool {
	set, err := in.moderation.Settings(context.Background())
	return hostPort == in.cfg.oidcHost() || err == nil && hostPort == remote.TranslatorHost(&set)
}

// policy is what was decided about a host. When that cannot be found out,
// nothing goes there or comes from it.
func (in *Instance) policy(host string) domain.DomainPolicy {
	p, err := in.moderation.Policy(context.Background(), host)
	if err != nil {
		in.log.Error("the policy of a domain could not be read", "host", host, "err", err)
		return domain.DomainPolicy{Domain: host, Severity: domain.SeveritySuspend}
	}
	return p
}

// barred reports whether nothing is answered to an address.
func (in *Instance) barred(from netip.Addr) bool {
	severity, err := in.moderation.Barred(context.Background(), from)
	if err != nil {
		in.log.Error("the blocked networks could not be read", "err", err)
	}
	return severity == domain.IPNoAccess
}

// refused reports whether nothing goes to a host or comes from it.
func (in *Instance) refused(host string) bool {
	return in.policy(host).Severity == domain.SeveritySuspend
}

// Many hosts are served at once, and those that failed apart from the others,
// so that those that hang cost the others nothing; a batch of letters to a
// slow one may take its time.
const (
	workers      = 768
	deliveries   = 384
	deliverAgain = 128
	letters      = 128 // they wait for commits, which many share
	fanouts      = 128 // the same
	deliveryTime = 5 * time.Minute
	lookups      = 8 // of one kind that nobody waits for
	lookupTime   = 10 * time.Minute
	cards        = 8 // pages of links, which nobody waits for
	mails        = 4 // a provider wants few connections
	pushes       = 128
	pushAgain    = 64
	// Many apps share one relay: its messages wait only for what hangs.
	pushesPerHost = 64
)

// registerJobs is the one list of what durable work there is.
func (in *Instance) registerJobs() {
	in.runner.Handle(domain.JobFanout, in.fanout.Handle, job.HandlerOptions{Concurrency: fanouts})
	in.runner.Handle(domain.JobPollEnd, in.posts.EndPoll, job.HandlerOptions{})
	in.runner.Handle(domain.JobPublish, in.posts.Publish, job.HandlerOptions{})
	in.runner.Handle(domain.JobRemoveBoosts, in.posts.RemoveBoosts, job.HandlerOptions{})
	in.runner.Handle(domain.JobForgetBoosts, in.posts.ForgetBoosts, job.HandlerOptions{})
	in.runner.Handle(domain.JobErasePosts, in.posts.EraseAll, job.HandlerOptions{})
	in.runner.Handle(domain.JobEraseAccount, in.accounts.Erase, job.HandlerOptions{})
	in.runner.Handle(domain.JobSweepSignIns, in.accounts.Sweep, job.HandlerOptions{Every: account.SweepEvery})
	in.runner.Handle(domain.JobDeliver, in.deliver.Handle, job.HandlerOptions{MaxAttempts: math.MaxInt32, Concurrency: deliveries, Timeout: deliveryTime})
	in.runner.Handle(domain.JobDeliverAgain, in.deliver.Handle, job.HandlerOptions{MaxAttempts: math.MaxInt32, Concurrency: deliverAgain, Timeout: deliveryTime})
	in.runner.Handle(domain.JobTally, in.posts.Tally, job.HandlerOptions{})
	in.runner.Handle(domain.JobKeys, in.deliver.Stock, job.HandlerOptions{Every: deliver.StockEvery})
	in.runner.Handle(domain.JobSweepDeliveries, in.deliver.Sweep, job.HandlerOptions{Every: deliver.SweepEvery})
	in.runner.Handle(domain.JobCleanup, in.posts.CleanUp, job.HandlerOptions{Every: post.CleanupEvery})
	in.runner.Handle(domain.JobAnnual, in.posts.Annual, job.HandlerOptions{MaxAttempts: 4})
	in.registerMirroring()
	in.runner.Handle(domain.JobInbox, in.inbox.Handle, job.HandlerOptions{MaxAttempts: inbox.Attempts, Concurrency: letters, Timeout: inbox.Timeout})
	in.runner.Handle(domain.JobAdmit, in.accounts.Admit, job.HandlerOptions{MaxAttempts: math.MaxInt32})
	in.runner.Handle(domain.JobMove, in.relation.MoveFollowers, job.HandlerOptions{})
	in.registerActors()
	in.runner.Handle(domain.JobTrends, timeline.NewTrends(in.st).Work, job.HandlerOptions{Every: timeline.TrendsEvery})
	in.runner.Handle(domain.JobReindex, in.index.Work, job.HandlerOptions{})
	in.registerNotifications()
	in.registerMedia()
	in.registerArchive()
	in.runner.Handle(domain.JobUnmute, in.relation.EndMute, job.HandlerOptions{})
	in.runner.Handle(domain.JobAnnouncement, in.moderation.Announce, job.HandlerOptions{})
	in.runner.Handle(domain.JobTermsMails, in.moderation.MailTerms, job.HandlerOptions{Concurrency: 1})
	in.runner.Handle(domain.JobPolicy, in.moderation.ApplyPolicy, job.HandlerOptions{})
	in.runner.Handle(domain.JobRestore, in.moderation.RestoreTies, job.HandlerOptions{})
	in.runner.Handle(domain.JobPurge, in.moderation.Purge, job.HandlerOptions{})
	in.runner.Handle(domain.JobMeasure, in.moderation.Measure, job.HandlerOptions{Every: moderation.MeasureEvery})
	in.runner.Handle(domain.JobRefreshLists, in.moderation.RefreshLists, job.HandlerOptions{Every: moderation.ListsEvery})
	in.runner.Handle(domain.JobFetchList, in.moderation.FetchList, job.HandlerOptions{Concurrency: 2, Timeout: lookupTime})
	in.runner.Handle(domain.JobApplyLists, in.moderation.ApplyLists, job.HandlerOptions{Concurrency: 1, Timeout: lookupTime})
}

// uploads is how many are taken in hand at once; the workers are fewer.
const uploads = 4

// registerMedia is the durable work of package media.
func (in *Instance) registerMedia() {
	in.runner.Handle(domain.JobProcessMedia, in.media.Process, job.HandlerOptions{MaxAttempts: media.ProcessAttempts, Concurrency: uploads, Timeout: media.ProcessTime})
	in.runner.Handle(domain.JobProcessFilm, in.media.ProcessFilm, job.HandlerOptions{MaxAttempts: media.ProcessAttempts, Concurrency: 1, Timeout: media.ProcessTime})
	in.runner.Handle(domain.JobFetchMedia, in.media.FetchAhead, job.HandlerOptions{MaxAttempts: 2, Concurrency: 2, Timeout: media.ProcessTime})
	in.runner.Handle(domain.JobSweepMedia, in.media.Sweep, job.HandlerOptions{Every: media.SweepEvery})
}

// imports is how many are worked off at once; importTime is more than one run
// of the job takes, archiveTime more than the largest archive does.
const (
	imports     = 4
	importTime  = 5 * time.Minute
	archiveTime = 4 * time.Hour
)

// registerArchive is the durable work of package archive.
func (in *Instance) registerArchive() {
	in.runner.Handle(domain.JobImport, in.archive.Work, job.HandlerOptions{Concurrency: imports, Timeout: importTime})
	in.runner.Handle(domain.JobArchive, in.archive.Make, job.HandlerOptions{MaxAttempts: 3, Concurrency: 1, Timeout: archiveTime})
	in.runner.Handle(domain.JobSweepImports, in.archive.Sweep, job.HandlerOptions{Every: archive.SweepEvery})
}

// registerNotifications is the durable work of package notify. A message to a
// push service is given up by its age alone.
func (in *Instance) registerNotifications() {
	in.runner.Handle(domain.JobMail, in.notify.SendMail, job.HandlerOptions{MaxAttempts: notify.MailAttempts, Concurrency: mails})
	in.runner.Handle(domain.JobWebhook, in.notify.Webhook, job.HandlerOptions{MaxAttempts: notify.HookAttempts, Concurrency: lookups, Timeout: time.Minute})
	in.runner.Handle(domain.JobUnfilter, in.notify.Unfilter, job.HandlerOptions{})
	in.runner.Handle(domain.JobPush, in.notify.Push, job.HandlerOptions{MaxAttempts: math.MaxInt32, Concurrency: pushes, Timeout: time.Minute})
	in.runner.Handle(domain.JobPushAgain, in.notify.Push, job.HandlerOptions{MaxAttempts: math.MaxInt32, Concurrency: pushAgain, Timeout: time.Minute})
}

// registerActors is the durable work of package remote for accounts.
func (in *Instance) registerActors() {
	in.runner.Handle(domain.JobMovedTo, in.remote.FollowMove, job.HandlerOptions{MaxAttempts: 4, Concurrency: lookups})
	in.runner.Handle(domain.JobBackfill, in.remote.Backfill, job.HandlerOptions{MaxAttempts: 2, Concurrency: lookups, Timeout: lookupTime})
	in.runner.Handle(domain.JobRefreshActor, in.remote.RefreshOne, job.HandlerOptions{Concurrency: lookups})
	in.runner.Handle(domain.JobRefreshStale, in.remote.RefreshStale, job.HandlerOptions{Every: remote.RefreshEvery})
}

// walkTime bounds a walk through the replies of a thread, one after the other.
const walkTime = 10 * time.Minute

// registerMirroring is the durable work of package remote for posts. What
// cannot be had in a few tries is left alone: somebody will ask again.
func (in *Instance) registerMirroring() {
	fetching := job.HandlerOptions{MaxAttempts: 4, Concurrency: 16, Timeout: 2 * time.Minute}
	walking := job.HandlerOptions{MaxAttempts: 2, Concurrency: 4, Timeout: walkTime}
	in.runner.Handle(domain.JobThread, in.remote.Thread, fetching)
	in.runner.Handle(domain.JobReplies, in.remote.Replies, walking)
	in.runner.Handle(domain.JobQuoteCheck, in.remote.CheckQuote, job.HandlerOptions{MaxAttempts: 8, Concurrency: 8, Timeout: time.Minute})
	in.runner.Handle(domain.JobPollRefresh, in.remote.RefreshPoll, fetching)
	in.runner.Handle(domain.JobTagged, in.remote.Tagged, fetching)
	in.runner.Handle(domain.JobSyncFollowers, in.remote.SyncFollowers, fetching)
	in.runner.Handle(domain.JobCard, in.remote.FetchCard, job.HandlerOptions{MaxAttempts: remote.CardAttempts, Concurrency: cards, Timeout: time.Minute})
	in.runner.Handle(domain.JobVerifyLinks, in.remote.VerifyLinks, job.HandlerOptions{MaxAttempts: 3, Concurrency: cards, Timeout: 2 * time.Minute})
	in.runner.Handle(domain.JobRelease, in.remote.Release, job.HandlerOptions{MaxAttempts: 8, Concurrency: 4, Timeout: lookupTime})
	in.runner.Handle(domain.JobSweepMirrors, in.remote.Sweep, job.HandlerOptions{Every: remote.SweepEvery})
}

func (in *Instance) wireHTTP(sh Shared) error {
	var err error
	if sh.Client == nil {
		if sh.Client, err = web.Client(); err != nil {
			return fmt.Errorf("open the web client: %w", err)
		}
	}
	in.pages, err = page.New(page.Options{
		Origin: in.cfg.BaseURL(), Secure: !in.cfg.Dev, Site: in.site, Client: sh.Client, Now: sh.Now, Log: in.log,
	})
	if err != nil {
		return fmt.Errorf("set up the pages: %w", err)
	}
	kit, err := in.kit(sh)
	if err != nil {
		return fmt.Errorf("set up http: %w", err)
	}
	entities := render.New(in.st.Reader(), in.filters, render.URLs{URLs: in.urls()}, in.st.Now)
	in.live = mastoapi.NewLive(in.hub, mastoapi.LiveConfig{
		Store: in.st.Reader(), Timeline: in.timelines, Render: entities, Settings: in.moderation.Settings, Log: in.log,
	})
	api := &mastoapi.API{
		Domain: in.cfg.Handles(), Now: in.st.Now,

		Store:         in.st.Reader(),
		Account:       in.accounts,
		Post:          in.posts,
		Relation:      in.relation,
		Notify:        in.notify,
		Render:        entities,
		Timeline:      in.timelines,
		Finder:        in.finder,
		Filters:       in.filters,
		Conversations: in.conversations,
		Moderation:    in.moderation,
		Media:         in.media,
		Live:          in.live,
		Server:        mastoapi.Server{Version: in.cfg.Version, PollMin: in.cfg.PollMin},
	}
	admin := &adminapi.API{Domain: in.cfg.Handles(), Version: in.cfg.Version, Now: in.st.Now, Store: in.st.Reader(), Render: entities, Moderation: in.moderation, Media: in.media, Disk: in.disk}
	provider := in.provider()
	own := &ownapi.API{Account: in.accounts, Notify: in.notify, Archive: in.archive, Post: in.posts, Now: in.st.Now}
	if provider != nil {
		own.Provider = provider.Name()
	}
	signIn := oauth.New(oauth.Config{
		Accounts: in.accounts, Pages: in.pages, Store: in.st.Reader(), BaseURL: in.cfg.BaseURL(), RefuseMail: in.notify.RefuseMail, Provider: provider,
	})
	in.admin = admin
	mux := http.NewServeMux()
	in.pages.RegisterAssets(mux)
	if err := httpkit.Mount(mux, kit, api.Routes(), own.Routes(), admin.Routes(), signIn.Routes(), in.peers.Routes()); err != nil {
		return fmt.Errorf("mount the routes: %w", err)
	}
	if err := in.wireWeb(mux, kit, entities); err != nil {
		return err
	}
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", in.readyz)
	mux.HandleFunc("GET /health", health)
	in.handler = kit.Wrap(mux)
	return nil
}

// kit is what all routes have in common.
func (in *Instance) kit(sh Shared) (*httpkit.Kit, error) {
	return httpkit.New(httpkit.Config{
		BaseURL:         in.cfg.BaseURL(),
		Authenticate:    oauth.Authenticator(in.accounts),
		Session:         oauth.SessionAuthenticator(in.accounts, in.pages),
		Log:             in.log,
		Now:             sh.Now,
		TrustedProxies:  in.cfg.TrustedProxies,
		NoRateLimits:    in.cfg.NoRateLimits,
		Locale:          func(accept string) string { return locale.Match(accept, "").Tag() },
		Translate:       func(tag, sentence string) string { return locale.Match("", tag).Error(sentence) },
		SecurityHeaders: in.pages.SecurityHeaders,
		AccessLevel:     slog.LevelDebug,
		Observe:         in.observed.request,
		Gates:           gates,
		Barred:          in.barred,
		TempDir:         in.cfg.path(tempDir),
		ErrorPage: func(w http.ResponseWriter, r *http.Request, status int, sentence string) {
			in.pages.ErrorStatus(w, r, status, in.pages.Locale(r).Error(sentence))
		},
	})
}

// gates is how many requests of each class run at once before more are told
// to come again: what keeps posting and reading fast is shed last.
var gates = map[httpkit.Load]int{httpkit.LoadCore: 2048, httpkit.LoadOrdinary: 512, httpkit.LoadBackground: 32}

// wireWeb mounts the pages behind everything else, on a mux of their own:
// "/{handle}/{rest}" would clash with other first segments.
func (in *Instance) wireWeb(mux *http.ServeMux, kit *httpkit.Kit, entities *render.Renderer) error {
	ui := webui.New(webui.Config{
		Store: in.st.Reader(), Accounts: in.accounts, Moderation: in.moderation, Posts: in.posts, Relation: in.relation,
		Timeline: in.timelines, Finder: in.finder, Remote: in.remote, Media: in.media, Render: entities, Pages: in.pages, Version: in.cfg.Version, Now: in.st.Now,
	})
	if err := httpkit.Mount(mux, kit, ui.FileRoutes()); err != nil {
		return fmt.Errorf("mount the files: %w", err)
	}
	pages := http.NewServeMux()
	if err := httpkit.Mount(pages, kit, ui.Routes()); err != nil {
		return fmt.Errorf("mount the pages: %w", err)
	}
	pages.HandleFunc("/", ui.NotFound)
	servers := http.NewServeMux()
	if err := httpkit.Mount(servers, kit, in.peers.SharedRoutes()); err != nil {
		return fmt.Errorf("mount the documents: %w", err)
	}
	mux.Handle("/", fedhttp.Negotiate(servers, pages))
	return nil
}

// provider is the OpenID Connect provider of the configuration, nil for none.
func (in *Instance) provider() *oidc.Provider {
	c := in.cfg.OIDC
	if c.Issuer == "" {
		return nil
	}
	return oidc.New(oidc.Config{
		Issuer: c.Issuer, ClientID: c.ClientID, Secret: c.Secret, Name: c.Name,
		Redirect: in.cfg.BaseURL() + "/auth/provider/callback", Client: in.client, Now: in.st.Now,
	})
}
