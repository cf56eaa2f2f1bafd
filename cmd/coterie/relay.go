package main

import (
	"fmt"

	"coterie/internal/instance"
)

type relayCmd struct {
	Add    relayAddCmd    `cmd:"" help:"Follow a relay: public posts go there, and those of its other followers come here."`
	Remove relayRemoveCmd `cmd:"" help:"Follow a relay no longer."`
	Pause  relayPauseCmd  `cmd:"" help:"Leave a relay for a while."`
	Resume relayResumeCmd `cmd:"" help:"Ask a relay again that was left or did not answer."`
	List   relayListCmd   `cmd:"" help:"List the relays and how they answered."`
}

type relayAddCmd struct {
	Inbox string `arg:"" help:"Address of its inbox, for example https://relay.example/inbox."`
	Actor string `help:"Address of its actor, for a relay that is followed as an actor (LitePub)."`
}

func (c *relayAddCmd) Run(a *app) error {
	var made instance.Relay
	err := a.do("relay add", instance.RelayAdd{Inbox: c.Inbox, Actor: c.Actor}, &made)
	return a.print(err, made, func() { fmt.Printf("Asked %s; coterie relay list tells what it says.\n", made.Inbox) })
}

type relayRemoveCmd struct {
	Address string `arg:"" help:"Its inbox or actor."`
}

func (c *relayRemoveCmd) Run(a *app) error {
	var done struct{}
	err := a.do("relay remove", instance.RelayRemove{Address: c.Address}, &done)
	return a.print(err, done, func() { fmt.Printf("Removed %s.\n", c.Address) })
}

// relayArg is one relay.
type relayArg struct {
	Address string `arg:"" help:"Its inbox or actor."`
}

type (
	relayPauseCmd  struct{ relayArg }
	relayResumeCmd struct{ relayArg }
)

func (c *relayPauseCmd) Run(a *app) error {
	return a.done("relay turn", instance.RelayTurn{Address: c.Address, Off: true}, "Left %s for now.", c.Address)
}

func (c *relayResumeCmd) Run(a *app) error {
	return a.done("relay turn", instance.RelayTurn{Address: c.Address}, "Asked %s again.", c.Address)
}

type relayListCmd struct{}

func (relayListCmd) Run(a *app) error {
	var list []instance.Relay
	err := a.do("relay list", struct{}{}, &list)
	return a.print(err, list, func() {
		for _, r := range list {
			fmt.Printf("%s  %s\n", r.State, r.Inbox)
		}
		if len(list) == 0 {
			fmt.Println("No relay is followed.")
		}
	})
}

type federationCmd struct {
	Secure  string `enum:",on,off" default:"" help:"on: other servers must sign what they ask for, so that blocked ones learn nothing."`
	Limited string `enum:",on,off" default:"" help:"on: only servers named by coterie domain allow are talked to."`
}

func (c *federationCmd) Run(a *app) error {
	var now instance.Federation
	err := a.do("federation", instance.FederationSet{Secure: toggle(c.Secure), Limited: toggle(c.Limited)}, &now)
	return a.print(err, now, func() {
		fmt.Printf("secure %s, limited %s\n", onOff(now.Secure), onOff(now.Limited))
	})
}

// toggle reads on and off; "" is neither.
func toggle(s string) *bool {
	if s == "" {
		return nil
	}
	on := s == "on"
	return &on
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}
