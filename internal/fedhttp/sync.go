package fedhttp

import (
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/remote"
	"coterie/internal/store"
)

// syncHeader says whom the sender believes to follow it from here (FEP-8fcf).
const syncHeader = "Collection-Synchronization"

// maxSync is the longest such header; three addresses go into it.
const maxSync = 8 << 10

// syncLater has the followers of the sender compared, if its letter says who
// they are: in its own name, and signed along with it (facts 16).
func (d *delivery) syncLater(tx *store.Tx) error {
	values := d.r.HTTP.Header.Values(syncHeader)
	a := d.doc.Activity
	if len(values) != 1 || len(values[0]) > maxSync || a == nil || a.Actor != d.signer.URI || !d.signature.Covers("collection-synchronization") {
		return nil
	}
	_, err := job.Enqueue(tx, domain.JobSyncFollowers, remote.SyncJob{Actor: d.signer.ID, Header: values[0]},
		job.Unique(d.signer.ID.String()), job.Priority(domain.PriorityLow))
	return err
}
