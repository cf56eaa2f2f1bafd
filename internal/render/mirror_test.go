package render_test

import (
	"encoding/json"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/render"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/timeline"
)

func TestMirroredStatusShowsMediaEmojisAndQuote(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		ann := domain.Account{Username: "ann", Domain: "far.test", URI: "https://far.test/u/ann"}
		eve := domain.Account{Username: "eve"}
		quoted := domain.Status{URI: "https://far.test/1", Content: "<p>one</p>"}
		quoting := domain.Status{URI: "https://far.test/2", Content: "<p>two :blob:</p>", QuotePolicy: domain.QuoteNobody}
		err := st.Write(t.Context(), func(tx *store.Tx) error {
			for _, a := range []*domain.Account{&ann, &eve} {
				if err := tx.InsertAccount(a); err != nil {
					return err
				}
			}
			quoted.Account, quoting.Account = ann.ID, ann.ID
			if err := tx.InsertStatus(&quoted, ""); err != nil {
				return err
			}
			quoting.Quote = quoted.ID
			if err := tx.InsertStatus(&quoting, ""); err != nil {
				return err
			}
			if err := tx.SaveEmojis([]domain.Emoji{{Shortcode: "blob", Domain: "far.test", URL: "https://far.test/blob.png"}, {Shortcode: "blob", URL: "/no.png"}}); err != nil {
				return err
			}
			if err := tx.Attach(ann.ID, quoting.ID, []domain.Attachment{{Kind: domain.AttachmentImage, RemoteURL: "https://far.test/a.png", Description: "alt", Width: 4, Height: 2, Focus: domain.Focus{X: 0.5}}}); err != nil {
				return err
			}
			return tx.SaveQuote(domain.Quote{Status: quoting.ID, Account: ann.ID, Quoted: quoted.ID, QuotedAccount: ann.ID, State: domain.QuoteAccepted})
		})
		if err != nil {
			t.Fatal(err)
		}
		r := render.New(st.Reader(), timeline.NewFilters(st), render.URLs{URLs: domain.URLs{Base: "https://coterie.test", Host: "coterie.test"}}, st.Now)
		raw, err := r.Status(t.Context(), eve.ID, quoting.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Media []struct {
				URL       string `json:"url"`
				RemoteURL string `json:"remote_url"`
				Meta      struct {
					Original struct{ Size string }
					Focus    struct{ X float64 }
				}
			} `json:"media_attachments"`
			Emojis []struct{ URL string }
			Quote  struct {
				State  string
				Status struct{ Content string } `json:"quoted_status"`
			}
			Approval struct {
				CurrentUser string `json:"current_user"`
			} `json:"quote_approval"`
		}
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		if len(got.Media) != 1 || got.Media[0].RemoteURL != "https://far.test/a.png" || got.Media[0].Meta.Original.Size != "4x2" || got.Media[0].Meta.Focus.X != 0.5 {
			t.Errorf("%s", raw)
		}
		if len(got.Emojis) != 1 || !strings.HasPrefix(got.Emojis[0].URL, "https://coterie.test/media_proxy/") || got.Quote.State != "accepted" ||
			got.Quote.Status.Content != "<p>one</p>" || got.Approval.CurrentUser != "denied" {
			t.Errorf("%s", raw)
		}
	})
}
