package mastoapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/notify"
	"coterie/internal/render"
)

// pushWish is what an app wants to hear: all that it does not name it does not
// (behaviours 15.1). The policy stands beside the data in some apps.
func pushWish(r *httpkit.Request) notify.PushWish {
	var w notify.PushWish
	data, _ := r.Params.Hash("data")
	w.Policy = domain.PushPolicy(data.StringOr("policy", r.Params.StringOr("policy", "")))
	alerts, _ := data.Hash("alerts")
	for _, t := range domain.NotificationTypes() {
		if alerts.BoolOr(string(t), false) {
			w.Alerts = append(w.Alerts, t)
		}
	}
	return w
}

func (a *API) showPush(r *httpkit.Request, p domain.PushSubscription, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	key, err := a.Notify.PushKey(r.Context())
	return render.Push(&p, key), err
}

func (a *API) subscribePush(r *httpkit.Request) (any, error) {
	s, ok := r.Params.Hash("subscription")
	if !ok {
		return nil, domain.Errorf(domain.BadRequest, "param is missing or the value is empty: subscription")
	}
	keys, _ := s.Hash("keys")
	p, err := a.Notify.Subscribe(r.Context(), r.Viewer.Account, r.Viewer.Token, r.Bearer(), notify.NewPush{
		Endpoint: s.StringOr("endpoint", ""), Key: keys.StringOr("p256dh", ""), Auth: keys.StringOr("auth", ""),
		Standard: s.BoolOr("standard", r.Params.BoolOr("standard", false)), PushWish: pushWish(r),
	})
	return a.showPush(r, p, err)
}

func (a *API) pushSubscription(r *httpkit.Request) (any, error) {
	p, err := a.Notify.PushSubscription(r.Context(), r.Viewer.Token)
	return a.showPush(r, p, err)
}

func (a *API) changePush(r *httpkit.Request) (any, error) {
	p, err := a.Notify.ChangePush(r.Context(), r.Viewer.Token, pushWish(r))
	return a.showPush(r, p, err)
}

func (a *API) unsubscribePush(r *httpkit.Request) (any, error) {
	return nil, a.Notify.Unsubscribe(r.Context(), r.Viewer.Token)
}

// unsubscribePushByTicket is for push services, which were told the address.
func (a *API) unsubscribePushByTicket(r *httpkit.Request) (any, error) {
	return nil, a.Notify.UnsubscribeByTicket(r.Context(), r.Path("id"))
}
