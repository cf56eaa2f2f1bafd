package domain

import "time"

// DataKind is a kind of what somebody takes along from one server to another.
type DataKind string

const (
	DataFollowing    DataKind = "following"
	DataBlocks       DataKind = "blocks"
	DataMutes        DataKind = "mutes"
	DataDomainBlocks DataKind = "domain_blocks"
	DataLists        DataKind = "lists"
	DataBookmarks    DataKind = "bookmarks"
	DataFilters      DataKind = "filters"
)

// Limits of files that are brought in.
const (
	MaxImportRows  = 20_000
	MaxImportCell  = 2048 // bytes
	MaxImports     = 3    // of one account that are not done
	ImportKept     = 7 * 24 * time.Hour
	ImportProposed = 24 * time.Hour // one that was not started goes
)

// ImportState is where an import stands.
type ImportState string

const (
	ImportIsProposed ImportState = "proposed" // read, and waits for its owner's word
	ImportIsWorking  ImportState = "working"
	ImportIsDone     ImportState = "done"
	ImportHasFailed  ImportState = "failed" // its job was set aside; it can be started again
)

// Import is a file that somebody brought, and how far it has been worked off.
type Import struct {
	ID        ID
	Account   ID
	Kind      DataKind
	Overwrite bool // what is not in the file goes
	State     ImportState
	FileName  string // as the browser named it; for its owner only
	Rows      []ImportRow
	Total     int // rows that can be read
	Done      int // of them, worked off
	Removed   int // entries that went since the file lacks them
	Failures  int // lines that cannot be read, and rows that failed
	// Fresh, Known and Leaving are what was foreseen: rows that are new, rows
	// that are so already, and entries that the file lacks.
	Fresh, Known, Leaving int
	CreatedAt             time.Time
	FinishedAt            time.Time
}

// ImportRow is one line of a file, its cells in the order in which they are
// exported.
type ImportRow struct {
	Line  int      `json:"l"`
	Cells []string `json:"c"`
}

// ImportReason says why a line was not taken.
type ImportReason string

const (
	ReasonForm        ImportReason = "form"        // the line cannot be read
	ReasonMissing     ImportReason = "missing"     // there is no such account, post or server
	ReasonUnreachable ImportReason = "unreachable" // its server does not answer
	ReasonRefused     ImportReason = "refused"     // it is not allowed
	ReasonLimit       ImportReason = "limit"       // there are too many
	ReasonTrouble     ImportReason = "trouble"     // something of ours broke
)

// ImportFailure is a line that was not taken.
type ImportFailure struct {
	ImportRow
	Reason ImportReason
}

// ImportTask is the payload of JobImport: the next rows of an import, after so
// many waits for the same row.
type ImportTask struct {
	Import ID  `json:"import"`
	Waits  int `json:"waits,omitempty"`
}

// Of what people bring and take along: rows are worked off; what is old goes.
const (
	JobImport       JobKind = "archive.import"
	JobSweepImports JobKind = "archive.sweep"
)

// Archive is everything that somebody wrote, as one file.
type Archive struct {
	Account    ID
	Ready      bool
	Failed     bool   // its job was set aside
	File       string // its name among the files of media
	Size       int64  // bytes
	Done       int64  // posts and files that are in it
	Total      int64  // about how many there will be
	CreatedAt  time.Time
	FinishedAt time.Time
	ExpiresAt  time.Time // when the file goes
}

const (
	// ArchiveEvery is how often somebody may ask for one, DefaultArchiveDays how
	// many days it can be fetched unless set otherwise, and ArchiveGivenUp after how long one that is not ready may
	// be asked for again.
	ArchiveEvery       = 7 * 24 * time.Hour
	DefaultArchiveDays = 7
	ArchiveGivenUp     = 24 * time.Hour
)

// NextAt is when another may be asked for.
func (a *Archive) NextAt() time.Time {
	switch {
	case a.Ready:
		return a.CreatedAt.Add(ArchiveEvery)
	case a.Failed:
		return a.CreatedAt
	}
	return a.CreatedAt.Add(ArchiveGivenUp)
}

// JobArchive makes the archive of an account, whose id is the payload.
const JobArchive JobKind = "archive.make"
