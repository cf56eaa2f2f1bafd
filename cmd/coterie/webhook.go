package main

import (
	"fmt"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// webhookCmd are the verbs about addresses that hear of what happens here.
type webhookCmd struct {
	List    webhookListCmd    `cmd:"" help:"List the webhooks."`
	Add     webhookAddCmd     `cmd:"" help:"Tell an address of events, signed with a secret that is printed."`
	Enable  webhookEnableCmd  `cmd:"" help:"Tell a webhook again."`
	Disable webhookDisableCmd `cmd:"" help:"Tell a webhook nothing for now."`
	Rotate  webhookRotateCmd  `cmd:"" help:"Give a webhook another secret, which is printed."`
	Remove  webhookRemoveCmd  `cmd:"" help:"Remove a webhook."`
}

type webhookListCmd struct{}

func (webhookListCmd) Run(a *app) error {
	var list []instance.Webhook
	err := a.do("webhook list", struct{}{}, &list)
	return a.print(err, list, func() {
		for i := range list {
			printWebhook(&list[i])
		}
		if len(list) == 0 {
			fmt.Println("There are no webhooks.")
		}
	})
}

func printWebhook(h *instance.Webhook) {
	state := "off"
	if h.Enabled {
		state = "on"
	}
	var events []string
	for _, e := range h.Events {
		events = append(events, string(e))
	}
	fmt.Printf("%s  %-3s  %s  %s", h.ID, state, h.URL, strings.Join(events, " "))
	if h.Error != "" {
		fmt.Printf("  failed: %s", h.Error)
	}
	fmt.Println()
	if h.Secret != "" {
		fmt.Println("Secret:", h.Secret)
	}
}

type webhookAddCmd struct {
	URL    string   `arg:"" help:"Address that is told."`
	Events []string `arg:"" help:"account.approved, account.created, account.updated, report.created, report.updated, status.created, status.updated."`
}

func (c *webhookAddCmd) Run(a *app) error {
	args := instance.WebhookAdd{URL: c.URL}
	for _, e := range c.Events {
		args.Events = append(args.Events, domain.WebhookEvent(e))
	}
	return a.onWebhook("webhook add", args)
}

func (a *app) onWebhook(verb string, args any) error {
	var h instance.Webhook
	err := a.do(verb, args, &h)
	return a.print(err, h, func() { printWebhook(&h) })
}

// webhookArg is one webhook.
type webhookArg struct {
	ID string `arg:"" help:"Id of the webhook."`
}

func (c *webhookArg) id() (domain.ID, error) {
	id, ok := domain.ParseID(c.ID)
	if !ok {
		return 0, fmt.Errorf("%q is no webhook; coterie webhook list shows them", c.ID)
	}
	return id, nil
}

type (
	webhookEnableCmd  struct{ webhookArg }
	webhookDisableCmd struct{ webhookArg }
	webhookRotateCmd  struct{ webhookArg }
	webhookRemoveCmd  struct{ webhookArg }
)

func (c *webhookEnableCmd) Run(a *app) error  { return c.set(a, true) }
func (c *webhookDisableCmd) Run(a *app) error { return c.set(a, false) }

func (c *webhookArg) set(a *app, on bool) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	return a.onWebhook("webhook change", instance.WebhookChange{ID: id, Enabled: on})
}

func (c *webhookRotateCmd) Run(a *app) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	return a.onWebhook("webhook rotate", instance.WebhookOne{ID: id})
}

func (c *webhookRemoveCmd) Run(a *app) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	var done struct{}
	err = a.do("webhook remove", instance.WebhookOne{ID: id}, &done)
	return a.print(err, done, func() { fmt.Println("Removed.") })
}
