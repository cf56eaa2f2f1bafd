package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
)

// pushTimeout bounds one message to a push service.
const pushTimeout = 10 * time.Second

// Push is the job of the kinds domain.JobPush and domain.JobPushAgain: one
// message to one subscription. Should it run again after a crash, the app is
// told twice. An endpoint that does not answer is tried later and less and
// less often, with all that waits for it; what is too old by then is not sent.
func (s *Service) Push(ctx context.Context, j *job.Job) error {
	var task domain.PushTask
	if err := j.Decode(&task); err != nil {
		return err
	}
	to, m, err := s.message(ctx, task)
	if domain.Is(err, domain.NotFound) {
		return nil // nobody is to hear of it any more
	}
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	if to.NextTry.After(s.st.Now()) {
		return s.pushAgain(ctx, j, task, to.NextTry.Add(job.Backoff(1)), nil)
	}
	err = s.post(ctx, &to.PushSubscription, m)
	switch {
	case err == nil && to.Failures == 0:
		return nil
	case err == nil:
		return j.Write(ctx, func(tx *store.Tx) error { return tx.PushWorked(to.ID) })
	case errors.Is(err, context.Canceled):
		return err
	case dead(err):
		s.log.InfoContext(ctx, "a push subscription is removed", "account", to.Account.String(), "error", err)
		return j.Write(ctx, func(tx *store.Tx) error { return tx.DeletePushSubscription(to.ID) })
	}
	s.log.DebugContext(ctx, "a push message was not taken", "account", to.Account.String(), "error", err)
	next := s.st.Now().Add(max(job.Backoff(to.Failures+1), fetch.RetryAfter(err)))
	return s.pushAgain(ctx, j, task, next, func(tx *store.Tx) error { return tx.PushFailed(to.ID, next) })
}

// pushAgain ends the job and puts another in its place.
func (s *Service) pushAgain(ctx context.Context, j *job.Job, task domain.PushTask, at time.Time, also func(tx *store.Tx) error) error {
	return j.Write(ctx, func(tx *store.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		_, err := job.Enqueue(tx, domain.JobPushAgain, task, job.RunAt(at))
		return err
	})
}

// dead reports whether an endpoint will never take anything (behaviours 15.4):
// it says so, or must not be called.
func dead(err error) bool {
	status := fetch.StatusOf(err)
	return errors.Is(err, fetch.ErrRefused) ||
		status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
}

// post encrypts the message and hands it to the push service.
func (s *Service) post(ctx context.Context, to *domain.PushSubscription, m message) error {
	plain, err := m.json()
	if err != nil {
		return err
	}
	key, err := s.key(ctx)
	if err != nil {
		return err
	}
	seal, err := newSealing(to.Key, to.Auth)
	if err != nil {
		return err
	}
	origin, err := fetch.ParseURL(to.Endpoint)
	if err != nil {
		return err
	}
	token, err := key.vapid(origin.Scheme+"://"+origin.Host, m.contact, s.st.Now())
	if err != nil {
		return err
	}
	header := http.Header{}
	header.Set("TTL", strconv.Itoa(int(domain.PushLife/time.Second)))
	header.Set("Urgency", "normal")
	header.Set("Unsubscribe-URL", s.urls.PushUnsubscribe(key.ticket(to.ID)))
	var body []byte
	if to.Standard {
		header.Set("Content-Encoding", "aes128gcm")
		header.Set("Authorization", "vapid t="+token+", k="+raw64(key.public))
		body, err = seal.standard(plain)
	} else {
		header.Set("Content-Encoding", "aesgcm")
		header.Set("Encryption", "salt="+raw64(seal.salt))
		header.Set("Crypto-Key", "dh="+raw64(seal.own.PublicKey().Bytes())+";p256ecdsa="+raw64(key.public))
		header.Set("Authorization", "WebPush "+token)
		body, err = seal.legacy(plain)
	}
	if err != nil {
		return err
	}
	return s.client.Deliver(ctx, to.Endpoint, "application/octet-stream", body, fetch.Options{Header: header, Timeout: pushTimeout})
}
