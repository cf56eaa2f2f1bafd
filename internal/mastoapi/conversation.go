package mastoapi

import (
	"coterie/internal/httpkit"
)

const conversationsPerPage = 20 // behaviours 4.6

// conversations pages by the ids of the last statuses (behaviours 4.5).
func (a *API) conversations(r *httpkit.Request) (any, error) {
	p := r.Page(conversationsPerPage)
	list, err := a.Store.Conversations(r.Context(), r.Viewer.Account, p)
	if err != nil {
		return nil, err
	}
	items, err := a.Render.Conversations(r.Context(), r.Viewer.Account, list...)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{Items: items}
	if len(list) > 0 {
		page.Prev = list[0].LastStatus
	}
	if len(list) == p.Limit {
		page.Next = list[len(list)-1].LastStatus
	}
	return page, nil
}

// markConversation makes a conversation read or unread.
func (a *API) markConversation(unread bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		c, err := a.Conversations.Mark(r.Context(), r.Viewer.Account, id, unread)
		if err != nil {
			return nil, err
		}
		items, err := a.Render.Conversations(r.Context(), r.Viewer.Account, c)
		if err != nil {
			return nil, err
		}
		return items[0], nil
	}
}

func (a *API) hideConversation(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Conversations.Hide(r.Context(), r.Viewer.Account, id)
}
