package archive

import (
	"context"
	"iter"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// kind is how one kind of data is written, read and done.
type kind struct {
	// header names the columns as Mastodon does; headed says that it is written.
	header []string
	headed bool
	// read checks the cells of a line and puts them in order; key tells two
	// lines apart.
	read func(cells []string) (clean []string, key string, ok bool)
	// entries are what somebody has.
	entries func(s *Service, ctx context.Context, owner domain.ID) iter.Seq2[entry, error]
	// add does what a row says, remove undoes an entry.
	add    func(s *Service, ctx context.Context, i *domain.Import, cells []string) error
	remove func(s *Service, ctx context.Context, owner domain.ID, e entry) error
}

// entry is one thing that somebody has.
type entry struct {
	cells []string
	key   string
	at    store.Portable
}

const (
	columnAddress   = "Account address"
	columnBoosts    = "Show boosts"
	columnNotify    = "Notify on new posts"
	columnLanguages = "Languages"
	columnHide      = "Hide notifications"
	columnDomain    = "#domain"
	columnList      = "List name"
	columnURI       = "#uri"
)

var kinds = map[domain.DataKind]kind{
	domain.DataFollowing: {
		header: []string{columnAddress, columnBoosts, columnNotify, columnLanguages}, headed: true,
		read: readFollow, entries: (*Service).follows, add: (*Service).addFollow, remove: (*Service).removeFollow,
	},
	domain.DataBlocks: {
		header: []string{columnAddress},
		read:   readAddress, entries: (*Service).blocks, add: (*Service).addBlock, remove: (*Service).removeBlock,
	},
	domain.DataMutes: {
		header: []string{columnAddress, columnHide}, headed: true,
		read: readMute, entries: (*Service).mutes, add: (*Service).addMute, remove: (*Service).removeMute,
	},
	domain.DataDomainBlocks: {
		header: []string{columnDomain},
		read:   readDomain, entries: (*Service).domainBlocks, add: (*Service).addDomainBlock, remove: (*Service).removeDomainBlock,
	},
	domain.DataLists: {
		header: []string{columnList, columnAddress},
		read:   readMember, entries: (*Service).members, add: (*Service).addMember, remove: (*Service).removeMember,
	},
	domain.DataBookmarks: {
		header: []string{columnURI},
		read:   readURI, entries: (*Service).bookmarks, add: (*Service).addBookmark, remove: (*Service).removeBookmark,
	},
	domain.DataFilters: {
		read: readFilter, entries: (*Service).filters, add: (*Service).addFilter, remove: (*Service).removeFilter,
	},
}

// Kinds are all kinds of data, in the order in which they are best brought in.
func Kinds() []domain.DataKind {
	return []domain.DataKind{
		domain.DataFollowing, domain.DataLists, domain.DataMutes, domain.DataBlocks, domain.DataDomainBlocks, domain.DataBookmarks, domain.DataFilters,
	}
}

// FileName is what an export of the kind is called.
func FileName(k domain.DataKind) string {
	if k == domain.DataFilters {
		return string(k) + ".json"
	}
	return string(k) + ".csv"
}
