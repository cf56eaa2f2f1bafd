package render

import "coterie/internal/domain"

// PushSubscription is the entity WebPushSubscription (behaviours 15.1).
type PushSubscription struct {
	ID        int32                            `json:"id"`
	Endpoint  string                           `json:"endpoint"`
	Standard  bool                             `json:"standard"`
	Alerts    map[domain.NotificationType]bool `json:"alerts"`
	Policy    domain.PushPolicy                `json:"policy"`
	ServerKey string                           `json:"server_key"`
}

// Push makes the entity; every type is there, wanted or not.
func Push(p *domain.PushSubscription, serverKey string) PushSubscription {
	e := PushSubscription{
		ID: p.Number(), Endpoint: p.Endpoint, Standard: p.Standard, Alerts: map[domain.NotificationType]bool{},
		Policy: p.Policy, ServerKey: serverKey,
	}
	for _, t := range domain.NotificationTypes() {
		e.Alerts[t] = p.Wants(t)
	}
	return e
}
