package render

import "coterie/internal/domain"

// UserList is the entity called List.
type UserList struct {
	ID            domain.ID            `json:"id"`
	Title         string               `json:"title"`
	RepliesPolicy domain.RepliesPolicy `json:"replies_policy"`
	Exclusive     bool                 `json:"exclusive"`
}

// UserLists makes the entities of lists.
func UserLists(lists ...domain.List) []UserList {
	out := make([]UserList, len(lists))
	for i, l := range lists {
		out[i] = UserList{l.ID, l.Title, l.Replies, l.Exclusive}
	}
	return out
}
