package mastoapi

import (
	"context"
	"errors"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/post"
	"coterie/internal/render"
)

// createStatus publishes or schedules a post.
func (a *API) createStatus(r *httpkit.Request) (any, error) {
	c, err := compose(r)
	if err != nil {
		return nil, err
	}
	at, err := scheduledAt(r)
	if err != nil {
		return nil, err
	}
	made, err := a.Post.Create(r.Context(), r.Viewer.Account, c, at)
	if err != nil {
		return nil, a.unexpected(r, err)
	}
	if made.Scheduled != 0 {
		return a.scheduled(r.Context(), r.Viewer.Account, made.Scheduled)
	}
	a.Timeline.Own(r.Context(), r.Viewer.Account, made.Status)
	return a.Render.Status(r.Context(), r.Viewer.Account, made.Status)
}

// compose reads what was written and chosen.
func compose(r *httpkit.Request) (domain.Compose, error) {
	p := r.Params
	c := domain.Compose{
		Text: p.StringOr("status", ""), Spoiler: p.StringOr("spoiler_text", ""), Sensitive: p.Bool("sensitive"),
		Language: p.StringOr("language", ""), App: r.Viewer.App,
		Idempotency: r.Header("Idempotency-Key"), LocalOnly: p.BoolOr("local_only", false),
	}
	if p.Has("media_ids") {
		c.MediaIDs = []string{}
	}
	for _, id := range p.Strings("media_ids") {
		if id != "" {
			c.MediaIDs = append(c.MediaIDs, id)
		}
	}
	var err error
	if c.Visibility, err = visibility(r); err != nil {
		return c, err
	}
	if c.QuotePolicy, err = quotePolicy(r); err != nil {
		return c, err
	}
	if c.ContentType, err = contentType(p); err != nil {
		return c, err
	}
	if c.Media, err = mediaAttributes(p); err != nil {
		return c, err
	}
	c.InReplyTo, c.Quote = postNamed(p, "in_reply_to_id"), postNamed(p, "quoted_status_id")
	if p.Has("allowed_mentions") {
		c.AllowedMention = append([]domain.ID{}, p.IDs("allowed_mentions")...)
	}
	if poll, ok := p.Hash("poll"); ok && len(poll.Keys()) > 0 {
		c.Poll = &domain.ComposePoll{
			Options:    poll.Strings("options"),
			Multiple:   poll.BoolOr("multiple", false),
			HideTotals: poll.BoolOr("hide_totals", false),
		}
		c.Poll.ExpiresIn, _ = poll.Int("expires_in")
	}
	return c, nil
}

// contentType is how the text is written, nil where that is not said.
func contentType(p httpkit.Params) (*string, error) {
	s := p.StringOr("content_type", "")
	if s == "" {
		return nil, nil
	}
	stored, ok := domain.ParseContentType(s)
	if !ok {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Content type is not included in the list")
	}
	return &stored, nil
}

// postNamed is the id of a post in a parameter, 0 for none; what cannot be an
// id is one that no post has.
func postNamed(p httpkit.Params, key string) domain.ID {
	s := p.StringOr(key, "")
	if s == "" {
		return 0
	}
	id, ok := domain.ParseID(s)
	if !ok {
		return domain.MaxID
	}
	return id
}

// visibility is the one asked for, nil for none.
func visibility(r *httpkit.Request) (*domain.Visibility, error) {
	s := r.Params.StringOr("visibility", "")
	if s == "" {
		return nil, nil
	}
	var v domain.Visibility
	if err := v.UnmarshalText([]byte(s)); err != nil {
		return nil, err
	}
	return &v, nil
}

// timeForms are those of ISO 8601 that clients send.
var timeForms = [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04"}

// scheduledAt is the time asked for, zero for none.
func scheduledAt(r *httpkit.Request) (time.Time, error) {
	s := r.Params.StringOr("scheduled_at", "")
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, domain.Errorf(domain.Invalid, "Validation failed: Scheduled at is invalid")
}

// unexpected adds the accounts to the error about unexpected mentions.
func (a *API) unexpected(r *httpkit.Request, err error) error {
	var odd *post.UnexpectedMentions
	if !errors.As(err, &odd) {
		return err
	}
	list, rerr := a.Render.Accounts(r.Context(), r.Viewer.Account, odd.Accounts)
	if rerr != nil {
		return rerr
	}
	return httpkit.WithBody(err, map[string]any{"unexpected_accounts": render.List(list)})
}

// editStatus replaces what one's own post says.
func (a *API) editStatus(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	c, err := compose(r)
	if err != nil {
		return nil, err
	}
	if err := a.Post.Edit(r.Context(), r.Viewer.Account, id, c); err != nil {
		return nil, err
	}
	if c.QuotePolicy != nil {
		if err := a.Post.SetQuotePolicy(r.Context(), r.Viewer.Account, id, *c.QuotePolicy); err != nil {
			return nil, err
		}
	}
	return a.Render.Status(r.Context(), r.Viewer.Account, id)
}

// deleteStatus answers with what was typed, so that it can be drafted anew.
func (a *API) deleteStatus(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	was, err := a.Render.Redraft(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	remove := a.Post.Delete
	if r.Params.BoolOr("delete_media", false) {
		remove = a.Post.DeleteWithMedia
	}
	if err := remove(r.Context(), r.Viewer.Account, id); err != nil {
		return nil, err
	}
	a.Timeline.Forget(r.Viewer.Account)
	return was, nil
}

func (a *API) statusSource(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return a.Render.Source(r.Context(), r.Viewer.Account, id)
}

func (a *API) statusHistory(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return a.Render.History(r.Context(), r.Viewer.Account, id)
}

// onStatus runs a verb on the status in the path and answers with the status
// that the verb names.
func (a *API) onStatus(verb func(ctx context.Context, actor, id domain.ID) (domain.ID, error)) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		if id, err = verb(r.Context(), r.Viewer.Account, id); err != nil {
			return nil, err
		}
		return a.Render.Status(r.Context(), r.Viewer.Account, id)
	}
}

// reblog answers with the boost (behaviours 8.7).
func (a *API) reblog(r *httpkit.Request) (any, error) {
	wanted, err := visibility(r)
	if err != nil {
		return nil, err
	}
	return a.onStatus(func(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
		made, err := a.Post.Reblog(ctx, actor, id, wanted, r.Viewer.App)
		if err == nil {
			a.Timeline.Own(ctx, actor, made)
		}
		return made, err
	})(r)
}

// unreblog answers with the original (behaviours 8.7).
func (a *API) unreblog(r *httpkit.Request) (any, error) {
	defer a.Timeline.Forget(r.Viewer.Account)
	return a.onStatus(a.Post.Unreblog)(r)
}
