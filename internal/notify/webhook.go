package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Bounds of telling webhooks: of one try, and how often there is one.
const (
	hookTimeout  = 10 * time.Second
	HookAttempts = 16
	hookError    = 500 // bytes
)

// hookEvents is what each kind of event is to a webhook.
var hookEvents = map[domain.EventKind]domain.WebhookEvent{
	domain.EventAccountApproved: domain.HookAccountApproved, domain.EventAccountCreated: domain.HookAccountCreated,
	domain.EventAccountUpdated: domain.HookAccountUpdated, domain.EventReported: domain.HookReportCreated,
	domain.EventReportChanged: domain.HookReportUpdated, domain.EventStatusCreated: domain.HookStatusCreated,
	domain.EventStatusEdited: domain.HookStatusUpdated,
}

// TellWebhooks has those webhooks hear of an event that want to.
func (s *Service) TellWebhooks(ctx context.Context, tx *store.Tx, e domain.Event) error {
	event, known := hookEvents[e.Kind]
	if !known || e.Mirrored {
		return nil
	}
	hooks, err := s.webhooks(ctx)
	if err != nil {
		return fmt.Errorf("read the webhooks: %w", err)
	}
	object := e.Target
	switch event.Needs() {
	case domain.MayManageReports:
		object = e.Object
	case domain.MayViewDevops:
		object = e.Status
	}
	for _, h := range hooks {
		if !h.Enabled || !slices.Contains(h.Events, event) {
			continue
		}
		task := domain.WebhookTask{Hook: h.ID, Event: event, Object: object, At: tx.Now()}
		if _, err := job.Enqueue(tx, domain.JobWebhook, task, job.Priority(domain.PriorityLow)); err != nil {
			return err
		}
	}
	return nil
}

// Webhook is the job that tells one address of one event. Should it run again
// after a crash, the address is told twice. What an address refuses is not
// sent again, nor what it does not take in HookAttempts.
func (s *Service) Webhook(ctx context.Context, j *job.Job) error {
	var task domain.WebhookTask
	if err := j.Decode(&task); err != nil {
		return err
	}
	h, err := s.st.Reader().Webhook(ctx, task.Hook)
	if domain.Is(err, domain.NotFound) || err == nil && (!h.Enabled || !slices.Contains(h.Events, task.Event)) {
		return nil
	}
	if err != nil {
		return err
	}
	object, err := s.hookObject(ctx, task.Event, task.Object)
	if domain.Is(err, domain.NotFound) {
		return nil // gone, or nothing for others
	}
	if err != nil {
		return fmt.Errorf("describe what happened: %w", err)
	}
	err = s.tell(ctx, &h, task, object)
	switch {
	case err == nil:
		return j.Write(ctx, func(tx *store.Tx) error { return tx.WebhookTried(h.ID, "") })
	case errors.Is(err, context.Canceled):
		return err
	}
	failure := err.Error()
	failure = strings.ToValidUTF8(failure[:min(len(failure), hookError)], "")
	if dead(err) || j.Attempts >= HookAttempts {
		return j.Write(ctx, func(tx *store.Tx) error { return tx.WebhookTried(h.ID, failure) })
	}
	if terr := j.Part(ctx, func(tx *store.Tx) error { return tx.WebhookTried(h.ID, failure) }); terr != nil {
		return terr
	}
	return err
}

// tell sends it, signed with the webhook's secret (X-Hub-Signature, WebSub 7).
func (s *Service) tell(ctx context.Context, h *domain.Webhook, task domain.WebhookTask, object json.RawMessage) error {
	body, err := json.Marshal(struct {
		Event     domain.WebhookEvent `json:"event"`
		CreatedAt string              `json:"created_at"`
		Object    json.RawMessage     `json:"object"`
	}{task.Event, task.At.UTC().Format("2006-01-02T15:04:05.000Z"), object})
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, []byte(h.Secret))
	mac.Write(body)
	header := http.Header{"X-Hub-Signature": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}}
	return s.peers.Deliver(ctx, h.URL, "application/json", body, fetch.Options{Header: header, Timeout: hookTimeout})
}
