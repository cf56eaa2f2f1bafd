package schema

import (
	"encoding/json"
	"strings"
	"testing"
)

const account = `{"id":"115","username":"alice","acct":"alice","display_name":"","locked":false,"bot":false,"discoverable":null,"group":false,
"indexable":false,"created_at":"2026-11-22T00:00:00.000Z","note":"","url":"http://localhost/@alice","uri":"http://localhost/users/alice",
"avatar":"http://localhost/missing.png","avatar_static":"http://localhost/missing.png","header":"http://localhost/missing.png",
"header_static":"http://localhost/missing.png","followers_count":0,"following_count":0,"statuses_count":1,"last_status_at":"2026-11-22",
"hide_collections":null,"emojis":[],"fields":[{"name":"a","value":"b","verified_at":null}],"roles":[]}`

const status = `{"id":"116","uri":"http://localhost/users/alice/statuses/116","url":"http://localhost/@alice/116","created_at":"2026-11-22T10:00:00.000Z",
"edited_at":null,"account":` + account + `,"content":"<p>Hello</p>","visibility":"public","sensitive":false,"spoiler_text":"","media_attachments":[],
"mentions":[],"tags":[],"emojis":[],"reblogs_count":0,"favourites_count":0,"replies_count":0,"quotes_count":0,"in_reply_to_id":null,
"in_reply_to_account_id":null,"reblog":null,"poll":null,"card":null,"language":"en","quote":null,"tagged_collections":[],
"quote_approval":{"automatic":["public"],"manual":[],"current_user":"automatic"}}`

const scheduled = `{"id":"1","scheduled_at":"2026-11-23T10:00:00.000Z","media_attachments":[],
"params":{"text":"later","visibility":"public","application_id":1,"with_rate_limit":false,"in_reply_to_id":"3","poll":null}}`

// with changes one key of a JSON object; nil removes it.
func with(t *testing.T, body, key string, value any) string {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		t.Fatal(err)
	}
	if o[key] = value; value == nil {
		delete(o, key)
	}
	changed, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	null := json.RawMessage("null")
	for name, c := range map[string]struct {
		method, path string
		status       int
		body         string
		wants        []string // parts of the failure; none: no failure
	}{
		"account":            {"GET", "/api/v1/accounts/115", 200, account, nil},
		"static path wins":   {"GET", "/api/v1/accounts/search?q=a", 200, "[" + account + "]", nil},
		"status":             {"GET", "/api/v1/statuses/116", 200, status, nil},
		"boost":              {"POST", "/api/v1/statuses/116/reblog", 200, with(t, status, "reblog", json.RawMessage(status)), nil},
		"timeline":           {"GET", "/api/v1/timelines/home?limit=2", 200, "[" + status + "," + status + "]", nil},
		"empty":              {"POST", "/oauth/revoke", 200, "{}", nil},
		"new status":         {"POST", "/api/v1/statuses", 200, status, nil},
		"scheduled status":   {"POST", "/api/v1/statuses", 200, scheduled, nil},
		"deleted status":     {"DELETE", "/api/v1/statuses/116", 200, with(t, with(t, status, "text", "Hello"), "content", nil), nil},
		"markers":            {"GET", "/api/v1/markers", 200, `{"home":{"last_read_id":"1","version":1,"updated_at":"2026-11-22T10:00:00.000Z"}}`, nil},
		"error":              {"GET", "/api/v1/statuses/1", 404, `{"error":"Record not found"}`, nil},
		"error with details": {"POST", "/api/v1/accounts", 422, `{"error":"x","details":{"username":[{"error":"ERR_TAKEN","description":"y"}]}}`, nil},
		"unknown 404":        {"GET", "/api/v1/nothing", 404, `{"error":"Not found"}`, nil},
		"a page":             {"GET", "/oauth/authorize?x=y", 200, `<html>`, nil},
		"head":               {"HEAD", "/api/v1/statuses/116", 200, ``, nil},
		"stream":             {"GET", "/api/v1/streaming/health", 200, `OK`, nil},
		"our own":            {"GET", "/api/coterie/v1/x", 200, `1`, nil},
		"redirect":           {"GET", "/api/v1/whatever", 302, ``, nil},

		"key missing":            {"GET", "/api/v1/statuses/116", 200, with(t, status, "card", nil), []string{"/card", "missing"}},
		"key missing deeper":     {"GET", "/api/v1/statuses/116", 200, with(t, status, "reblog", json.RawMessage(with(t, status, "poll", nil))), []string{"/reblog/poll", "missing"}},
		"null array":             {"GET", "/api/v1/statuses/116", 200, with(t, status, "tags", null), []string{"/tags", "expected array, never null", "got null"}},
		"null flag":              {"GET", "/api/v1/statuses/116", 200, with(t, status, "favourited", null), []string{"/favourited", "never null"}},
		"half the viewer's keys": {"GET", "/api/v1/timelines/home", 200, "[" + with(t, status, "muted", true) + "]", []string{"/0: favourited, reblogged, bookmarked, filtered missing"}},
		"number id":              {"GET", "/api/v1/timelines/home", 200, "[" + with(t, status, "id", 5) + "]", []string{"/0/id", "expected string, got 5"}},
		"letters in an id":       {"GET", "/api/v1/statuses/116", 200, with(t, status, "id", "x"), []string{"/id", "matches"}},
		"time without millis":    {"GET", "/api/v1/statuses/116", 200, with(t, status, "created_at", "2026-11-22T10:00:00Z"), []string{"/created_at", "matches"}},
		"bad enum":               {"GET", "/api/v1/statuses/116", 200, with(t, status, "visibility", "secret"), []string{"/visibility", "one of [public unlisted private direct]", "secret"}},
		"object for array":       {"GET", "/api/v1/timelines/home", 200, `{}`, []string{"/: expected array"}},
		"not empty":              {"POST", "/api/v1/notifications/clear", 200, `{"a":1}`, []string{"POST /api/v1/notifications/clear"}},
		"deleted, no text":       {"DELETE", "/api/v1/statuses/116", 200, status, []string{"/text", "missing"}},
		"two things":             {"GET", "/api/v1/accounts/115", 200, with(t, with(t, account, "note", null), "acct", nil), []string{"/note", "/acct"}},
		"not JSON":               {"GET", "/api/v1/statuses/116", 200, `<html>`, []string{"not JSON", "<html>"}},
		"error without text":     {"GET", "/api/v1/statuses/116", 404, `{"message":"no"}`, []string{"/error", "missing"}},
		"unknown operation":      {"GET", "/api/v1/nothing", 200, `{}`, []string{"no such operation", "corrections.go"}},
		"unknown status":         {"GET", "/api/v1/statuses/116", 202, status, []string{"no such status"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Check(c.method, c.path, c.status, []byte(c.body))
			if err == nil {
				if c.wants != nil {
					t.Fatalf("nothing refused, want %q", c.wants)
				}
				return
			}
			if c.wants == nil {
				t.Fatal(err)
			}
			for _, want := range c.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("want %q in:\n%v", want, err)
				}
			}
		})
	}
}
