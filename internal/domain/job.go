package domain

import "time"

// JobKind names what a job does. Kinds are declared here, their handlers where
// the work is done.
type JobKind string

const (
	// JobFanout carries an event to everything that follows from it.
	JobFanout JobKind = "fanout"
	// JobErasePosts removes the posts of a deleted account, then has the rest
	// erased; the payload is the account's id.
	JobErasePosts JobKind = "account.erase-posts"
	// JobEraseAccount removes what else is left of a deleted account.
	JobEraseAccount JobKind = "account.erase"
	// JobSweepSignIns is the housekeeping of sessions, codes and tokens.
	JobSweepSignIns JobKind = "account.sweep"
	// JobPollEnd announces the end of a poll; the payload is its id.
	JobPollEnd JobKind = "poll.end"
	// JobPublish publishes a scheduled post; the payload is its id.
	JobPublish JobKind = "status.publish"
	// JobRemoveBoosts removes the boosts of a deleted status; the payload is its id.
	JobRemoveBoosts JobKind = "status.remove-boosts"
	// JobForgetBoosts does so without counting them off, where the status is only
	// forgotten here.
	JobForgetBoosts JobKind = "status.forget-boosts"
)

// JobState is where a job stands. A finished job has no row.
type JobState string

const (
	JobReady    JobState = "ready"   // waits for its time and a worker
	JobRunning  JobState = "running" // leased by a worker
	JobSetAside JobState = "aside"   // failed for good: waits for a person
)

// JobPriority orders jobs that are due: higher ones go first.
type JobPriority int

const (
	PriorityLow    JobPriority = -1 // may wait: clean-up, backfill
	PriorityNormal JobPriority = 0
	PriorityHigh   JobPriority = 1 // somebody is looking: fan-out
)

// Job is a durable piece of work.
type Job struct {
	ID      ID
	Kind    JobKind
	Payload string // JSON
	// Priority, RunAt: zero is normal and now.
	Priority JobPriority
	RunAt    time.Time
	// UniqueKey, when not empty, lets one ready job of the kind exist.
	UniqueKey string
	// Attempts counts claims, the one running included.
	Attempts int
	// MaxAttempts is how many attempts there are; 0 leaves it to the handler.
	MaxAttempts int
	State       JobState
	// Token fences: it grows with every claim, and only its holder may finish.
	Token     int64
	LastError string
	CreatedAt time.Time
}

// JobUnmute ends a mute whose time is over.
const JobUnmute JobKind = "relation.unmute"

// JobInbox works off one letter that a peer sent.
const JobInbox JobKind = "inbox"

// JobDeliver takes what waits for one host there.
const JobDeliver JobKind = "deliver"

// JobDeliverAgain is JobDeliver for hosts whose last try failed: those that
// hang take no room from those that do not.
const JobDeliverAgain JobKind = "deliver.again"

// JobTally announces how a poll stands; the payload is its id.
const JobTally JobKind = "poll.tally"

// JobKeys keeps keys in stock for new accounts.
const JobKeys JobKind = "deliver.keys"

// JobSweepDeliveries removes bodies that nobody waits for.
const JobSweepDeliveries JobKind = "deliver.sweep"

// JobPolicy applies what was decided about a domain to the accounts there.
const (
	JobPolicy JobKind = "moderation.policy"
	// JobMovedTo looks up where a remote account has moved; MovedTo is its payload.
	JobMovedTo JobKind = "remote.moved-to"
)

// MovedTo is an account and the actor id that it names as its new one.
type MovedTo struct {
	Account ID     `json:"account"`
	URI     string `json:"uri"`
}

// JobBackfill fetches counts, pinned and latest posts of a remote account,
// whose id is the payload.
const JobBackfill JobKind = "remote.backfill"

// JobRefreshActor fetches a remote account anew; its id is the payload.
const JobRefreshActor JobKind = "remote.refresh"

// JobRefreshStale has old copies of accounts followed from here refreshed.
const JobRefreshStale JobKind = "remote.refresh-stale"

// Of mirrored statuses: what a reply answers is fetched; the replies of one
// are; an authorization to quote is looked at; a poll is fetched anew; the
// followers of one account are compared; what is kept too long goes.
const (
	JobThread        JobKind = "remote.thread"
	JobReplies       JobKind = "remote.replies"
	JobQuoteCheck    JobKind = "remote.quote"
	JobPollRefresh   JobKind = "remote.poll"
	JobSyncFollowers JobKind = "remote.sync-followers"
	JobSweepMirrors  JobKind = "remote.sweep"
)

// JobMove has the followers here of an account that moved follow its new one.
const JobMove JobKind = "relation.move"

// JobTagged fetches a collection elsewhere that a post links to.
const JobTagged JobKind = "remote.tagged"

// JobCard has the page of a link looked at for its card, whose id is the payload.
const JobCard JobKind = "remote.card"

// JobVerifyLinks has the links on a profile looked at that are not yet known to
// lead back to it; the payload is the account's id.
const JobVerifyLinks JobKind = "remote.verify-links"

// JobTrends works out what trends.
const JobTrends JobKind = "timeline.trends"

// Of media: an upload, whose id is the payload, is processed, by programs of
// the system where it moves or sounds; what nobody uses any more goes.
const (
	JobProcessMedia JobKind = "media.process"
	JobProcessFilm  JobKind = "media.film"
	JobFetchMedia   JobKind = "media.fetch" // those of a post that arrived, whose id is the payload
	JobSweepMedia   JobKind = "media.sweep"
)
