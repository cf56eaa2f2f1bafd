package webui

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// accountEntity is what pages read of Account.
type accountEntity struct {
	ID             domain.ID      `json:"id"`
	Username       string         `json:"username"`
	Acct           string         `json:"acct"`
	DisplayName    string         `json:"display_name"`
	Locked         bool           `json:"locked"`
	Bot            bool           `json:"bot"`
	HideLists      bool           `json:"hide_collections"`
	CreatedAt      time.Time      `json:"created_at"`
	Note           template.HTML  `json:"note"` // sanitised or made by package text, as all HTML of entities
	URL            string         `json:"url"`
	Avatar         string         `json:"avatar"`
	Header         string         `json:"header"`
	Fields         []fieldEntity  `json:"fields"`
	Roles          []roleEntity   `json:"roles"`
	Moved          *accountEntity `json:"moved"`
	StatusesCount  int64          `json:"statuses_count"`
	FollowersCount int64          `json:"followers_count"`
	FollowingCount int64          `json:"following_count"`
}

type fieldEntity struct {
	Name       string        `json:"name"`
	Value      template.HTML `json:"value"`
	VerifiedAt *time.Time    `json:"verified_at"`
}

type roleEntity struct {
	Name string `json:"name"`
}

// statusEntity is what pages read of Status.
type statusEntity struct {
	ID              domain.ID     `json:"id"`
	CreatedAt       time.Time     `json:"created_at"`
	EditedAt        time.Time     `json:"edited_at"`
	ReplyTo         domain.ID     `json:"in_reply_to_id"`
	ReplyToAccount  domain.ID     `json:"in_reply_to_account_id"`
	Sensitive       bool          `json:"sensitive"`
	Spoiler         string        `json:"spoiler_text"`
	Visibility      string        `json:"visibility"`
	Language        string        `json:"language"`
	URL             string        `json:"url"`
	Content         template.HTML `json:"content"`
	Account         accountEntity `json:"account"`
	Reblog          *statusEntity `json:"reblog"`
	Mentions        []mention     `json:"mentions"`
	Tags            []tagEntity   `json:"tags"`
	Poll            *pollEntity   `json:"poll"`
	Media           []mediaEntity `json:"media_attachments"`
	RepliesCount    int64         `json:"replies_count"`
	ReblogsCount    int64         `json:"reblogs_count"`
	FavouritesCount int64         `json:"favourites_count"`
	Favourited      bool          `json:"favourited"` // by the viewer, as the next
	Reblogged       bool          `json:"reblogged"`
	replyToHandle   string
}

type mention struct {
	ID   domain.ID `json:"id"`
	Acct string    `json:"acct"`
}

type mediaEntity struct {
	Type        string `json:"type"`
	URL         string `json:"url"`
	Preview     string `json:"preview_url"`
	Description string `json:"description"`
	Meta        struct {
		Original mediaSize `json:"original"`
		Small    mediaSize `json:"small"`
	} `json:"meta"`
}

type mediaSize struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

type tagEntity struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type pollEntity struct {
	ExpiresAt   time.Time `json:"expires_at"`
	Expired     bool      `json:"expired"`
	Multiple    bool      `json:"multiple"`
	VotesCount  int64     `json:"votes_count"`
	VotersCount int64     `json:"voters_count"`
	Options     []struct {
		Title      string `json:"title"`
		VotesCount *int64 `json:"votes_count"`
	} `json:"options"`
}

// entities are the statuses with these ids in their order, as viewer gets them
// from the client API; 0 is an anonymous visitor.
func (s *Server) entities(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]statusEntity, error) {
	raw, err := s.render.Statuses(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	list := make([]statusEntity, len(raw))
	for i, b := range raw {
		if err := json.Unmarshal(b, &list[i]); err != nil {
			return nil, fmt.Errorf("read a rendered status: %w", err)
		}
	}
	return list, s.nameReplies(ctx, list)
}

// nameReplies finds the handles of those who are answered: in the status
// itself where it can, the rest in one question.
func (s *Server) nameReplies(ctx context.Context, list []statusEntity) error {
	var unknown []domain.ID
	for i := range list {
		st := list[i].shown()
		if st.replyToHandle = st.knownReplyTo(); st.replyToHandle == "" && st.ReplyToAccount != 0 {
			unknown = append(unknown, st.ReplyToAccount)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	raw, err := s.render.Accounts(ctx, 0, unknown)
	if err != nil {
		return err
	}
	handles := map[domain.ID]string{}
	for _, b := range raw {
		var a accountEntity
		if err := json.Unmarshal(b, &a); err != nil {
			return fmt.Errorf("read a rendered account: %w", err)
		}
		handles[a.ID] = a.Acct
	}
	for i := range list {
		if st := list[i].shown(); st.replyToHandle == "" {
			st.replyToHandle = handles[st.ReplyToAccount]
		}
	}
	return nil
}

// shown is the status itself or what it boosts.
func (e *statusEntity) shown() *statusEntity {
	if e.Reblog != nil {
		return e.Reblog
	}
	return e
}

func (e *statusEntity) knownReplyTo() string {
	if e.ReplyToAccount == 0 {
		return ""
	}
	if e.ReplyToAccount == e.Account.ID {
		return e.Account.Acct
	}
	for _, m := range e.Mentions {
		if m.ID == e.ReplyToAccount {
			return m.Acct
		}
	}
	return ""
}

// statuses are the posts of a page.
func (s *Server) statuses(r *httpkit.Request, ids []domain.ID) ([]page.Status, error) {
	list, err := s.entities(r.Context(), 0, ids)
	if err != nil {
		return nil, err
	}
	role := s.roleNames(r)
	out := make([]page.Status, len(list))
	for i := range list {
		out[i] = list[i].page(role)
	}
	return out, nil
}

// page is the post as pages show it. A boost has an id of its own, since the
// boosted post may be on the same page.
func (e *statusEntity) page(role func([]roleEntity) string) page.Status {
	st := e.shown()
	p := page.Status{
		ID: e.ID.String(), URL: st.URL, Account: st.Account.page(role),
		Created: st.CreatedAt, Edited: st.EditedAt, Visibility: st.Visibility,
		Warning: st.Spoiler, Content: st.Content, Language: st.Language, Sensitive: st.Sensitive,
		ReplyTo: st.replyToHandle,
		Replies: st.RepliesCount, Boosts: st.ReblogsCount, Favourites: st.FavouritesCount,
	}
	if e.Reblog != nil {
		by := e.Account.page(role)
		p.BoostedBy = &by
	}
	if st.Poll != nil {
		p.Poll = st.Poll.page()
	}
	for i := range st.Media {
		p.Media = append(p.Media, st.Media[i].page())
	}
	return p
}

func (e *mediaEntity) page() page.Media {
	size := e.Meta.Small
	if size.Width == 0 {
		size = e.Meta.Original
	}
	return page.Media{Kind: e.Type, URL: e.URL, Preview: e.Preview, Alt: e.Description, Width: size.Width, Height: size.Height}
}

func (e *pollEntity) page() *page.Poll {
	p := &page.Poll{Multiple: e.Multiple, Votes: e.VotesCount, Voters: e.VotersCount, Ends: e.ExpiresAt, Expired: e.Expired}
	for _, o := range e.Options {
		shown := page.PollOption{Title: o.Title}
		if o.VotesCount == nil {
			p.Hidden = true
		} else {
			shown.Votes = *o.VotesCount
		}
		p.Options = append(p.Options, shown)
	}
	return p
}

// account is one person as an anonymous visitor gets them from the client API.
func (s *Server) account(r *httpkit.Request, id domain.ID) (page.Account, error) {
	b, err := s.render.Account(r.Context(), 0, id)
	if err != nil {
		return page.Account{}, err
	}
	var e accountEntity
	if err := json.Unmarshal(b, &e); err != nil {
		return page.Account{}, fmt.Errorf("read a rendered account: %w", err)
	}
	return e.page(s.roleNames(r)), nil
}

func (e *accountEntity) page(role func([]roleEntity) string) page.Account {
	a := page.Account{
		Name: displayName(e.DisplayName, e.Username), Handle: e.Acct, URL: e.URL, Avatar: e.Avatar, Header: e.Header,
		Note: e.Note, Posts: e.StatusesCount, Following: e.FollowingCount, Followers: e.FollowersCount,
		HideLists: e.HideLists, Joined: e.CreatedAt, Bot: e.Bot, Locked: e.Locked, Role: role(e.Roles),
	}
	for _, f := range e.Fields {
		a.Fields = append(a.Fields, page.AccountField{Name: f.Name, Value: f.Value, Verified: f.VerifiedAt != nil})
	}
	if e.Moved != nil {
		to := e.Moved.page(role)
		a.MovedTo = &to
	}
	return a
}

// roleNames says the highlighted role of an account in the language of the page.
func (s *Server) roleNames(r *httpkit.Request) func([]roleEntity) string {
	l := s.pages.Locale(r.HTTP)
	return func(roles []roleEntity) string {
		if len(roles) == 0 {
			return ""
		}
		if key := "role." + strings.ToLower(roles[0].Name); l.Has(key) {
			return l.T(key)
		}
		return roles[0].Name
	}
}

// displayName is never empty.
func displayName(name, username string) string {
	if strings.TrimSpace(name) == "" {
		return username
	}
	return name
}
