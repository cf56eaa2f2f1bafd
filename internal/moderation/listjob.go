package moderation

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
)

// ListsEvery is how often the subscribed lists are read anew.
const ListsEvery = 12 * time.Hour

// Bounds of reading a list.
const (
	listTime  = 30 * time.Second
	listRows  = 500 // that one transaction writes
	listError = 500 // characters
)

// byLists is who decides where subscribed lists agree.
const byLists = "block lists"

// RefreshLists is the periodic job that has all subscriptions read anew.
func (s *Service) RefreshLists(ctx context.Context, j *job.Job) error {
	return j.Write(ctx, func(tx *store.Tx) error { return fetchAll(ctx, tx) })
}

// FetchList is the job that reads one list and keeps what it says; where that
// fails it goes on saying what it said last, and why is kept. Of a removed
// subscription it drops the entries. Run again it finds less to do.
func (s *Service) FetchList(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	d, err := s.st.Reader().DomainList(ctx, id)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !d.RemovedAt.IsZero() {
		return dropList(ctx, j, id)
	}
	list, etag, err := s.readList(ctx, &d)
	now := s.st.Now()
	d.TriedAt, d.Error = now, ""
	switch {
	case err == nil:
		if err := s.keepList(ctx, j, id, list); err != nil {
			return err
		}
		d.ETag, d.FetchedAt, d.Entries = etag, now, int64(len(list))
	case fetch.StatusOf(err) == http.StatusNotModified:
		d.FetchedAt = now
	default:
		d.Error = firstRunes(err.Error(), listError)
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveFetch(&d); err != nil {
			return err
		}
		return agreeLater(tx)
	})
}

func firstRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

func dropList(ctx context.Context, j *job.Job, id domain.ID) error {
	for more := true; more; {
		err := j.Part(ctx, func(tx *store.Tx) (err error) {
			more, err = tx.DropDomainList(id, listRows)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readList asks the list's server for it. What names no domain at all is no
// block list, whatever its server says.
func (s *Service) readList(ctx context.Context, d *domain.DomainList) ([]domain.DomainPolicy, string, error) {
	o := fetch.Options{Accept: "text/csv, text/plain;q=0.9", MaxBytes: MaxBlockList, Timeout: listTime, Types: isList, Header: http.Header{}}
	if d.ETag != "" {
		o.Header.Set("If-None-Match", d.ETag)
	}
	res, err := s.client.Get(ctx, d.URL, o)
	if err != nil {
		return nil, "", err
	}
	list, _, err := s.ParseBlockList(res.Body)
	if err == nil && len(list) == 0 {
		err = domain.Errorf(domain.Invalid, "It names no domains.")
	}
	return list, strings.ToValidUTF8(res.Header.Get("ETag"), ""), err
}

// isList reports whether something may be a list, by its type: pages are not.
func isList(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return contentType == "" || err == nil && t != "text/html" && t != "application/xhtml+xml"
}

// keepList writes what differs from what the list said before.
func (s *Service) keepList(ctx context.Context, j *job.Job, id domain.ID, list []domain.DomainPolicy) error {
	known, err := s.st.Reader().ListEntries(ctx, id)
	if err != nil {
		return err
	}
	before := make(map[string]domain.DomainPolicy, len(known))
	for i := range known {
		before[known[i].Policy.Domain] = known[i].Policy
	}
	var steps []func(*store.Tx) error
	for _, p := range list {
		p.Obfuscate = false
		old, there := before[p.Domain]
		delete(before, p.Domain)
		if !there || old != p {
			steps = append(steps, func(tx *store.Tx) error { return tx.SaveListEntry(&domain.ListEntry{List: id, Policy: p}) })
		}
	}
	for host := range before {
		steps = append(steps, func(tx *store.Tx) error { return tx.DropListEntry(id, host) })
	}
	for part := range slices.Chunk(steps, listRows) {
		err := j.Part(ctx, func(tx *store.Tx) error {
			for _, step := range part {
				if err := step(tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("keep the list: %w", err)
		}
	}
	return nil
}

// ApplyLists is the job that puts into force what the lists agree on, and
// lifts what they do not any more, batch by batch; run again it finds what is
// left. What a person decided meanwhile stays.
func (s *Service) ApplyLists(ctx context.Context, j *job.Job) error {
	r := s.st.Reader()
	v, err := s.view(ctx, r, nil, 0)
	if err != nil {
		return err
	}
	changes, err := v.changes(ctx, r)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(changes, listBatch) {
		reasons, err := v.reasons(ctx, r, part)
		if err != nil {
			return err
		}
		for i := range part {
			why := reasons[part[i].Domain]
			part[i].Comment, part[i].Private = why.comment, firstRunes(strings.Join(why.lists, ", "), maxComment)
		}
		if err := j.Part(ctx, func(tx *store.Tx) error { return agree(ctx, tx, v, part) }); err != nil {
			return fmt.Errorf("apply the lists: %w", err)
		}
	}
	return nil
}

// agree puts changes into force whose domains stand as they did.
func agree(ctx context.Context, tx *store.Tx, v *listView, part []domain.DomainPolicy) error {
	var still []domain.DomainPolicy
	for _, p := range part {
		now, err := tx.DomainPolicyOf(ctx, p.Domain)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return err
		}
		if now == v.policies[p.Domain] {
			still = append(still, p)
		}
	}
	return staff{name: byLists}.keepPolicies(ctx, tx, still, func(p *domain.DomainPolicy) string { return p.Private })
}
