package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// patterns replace formats. Other formats are dropped: "uri" stands on fields
// that are empty strings in practice. Times have exactly three decimals
// (behaviours 2.3).
var patterns = map[string]string{
	"date-time": `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$`,
	"date":      `^\d{4}-\d{2}-\d{2}$`,
}

// presence says which keys are always there, since the description cannot
// tell "there but null" from "absent":
//
//	key?  always there, may be null
//	key!  always there, never null
//	key-  absent unless it applies (or without a token), never null
var presence = map[string]string{
	"Account":                     accountPresence,
	"CredentialAccount":           accountPresence,
	"CredentialAccount.source":    "attribution_domains! discoverable? hide_collections? language? quote_policy!",
	"MutedAccount":                accountPresence + " mute_expires_at?",
	"AccountWarning":              "appeal? status_ids?",
	"AdminAccount":                "domain? invite_request? ip?",
	"AdminDomainBlock":            "private_comment? public_comment?",
	"AdminIpBlock":                "expires_at?",
	"AdminReport":                 "action_taken_at? action_taken_by_account? assigned_account?",
	"Announcement":                "starts_at? ends_at? read-",
	"Application":                 "website?",
	"Conversation":                "last_status?",
	"CredentialApplication":       "website? client_secret_expires_at!",
	"FeaturedTag":                 "last_status_at?",
	"Field":                       "verified_at?",
	"Filter":                      "expires_at? keywords- statuses-",
	"FilterResult":                "keyword_matches? status_matches?",
	"Instance.contact":            "account?",
	"Instance.configuration":      "timelines_access- limited_federation!",
	"Instance.configuration.urls": "streaming! status? about? privacy_policy? terms_of_service?",
	"Instance.registrations":      "message? url? min_age? reason_required?",
	"MediaAttachment":             "url? preview_url? remote_url? meta? description? blurhash?",
	"Notification":                "report- event- moderation_warning- collection- fallback-",
	"NotificationGroup":           "report- event- moderation_warning- fallback-",
	"NotificationRequest":         "last_status?",
	"Poll":                        "expires_at? voters_count? voted- own_votes-",
	"PollOption":                  "votes_count?",
	"Preferences":                 "posting:default:language?",
	"PreviewCard":                 "image? blurhash? published_at?",
	"TrendsLink":                  "image? blurhash? published_at?",
	"PreviewCardAuthor":           "account?",
	"Profile":                     "avatar? avatar_static? header? header_static? discoverable? hide_collections?",
	"Reaction":                    "me- url- static_url-",
	"Relationship":                "languages? muting_expires_at?",
	"Report":                      "action_taken_at? status_ids? rule_ids? collection_ids?",
	"Search":                      "collections!",
	"Status":                      statusPresence,
	"StatusEdit":                  "poll-",
	"Tag":                         "following- featuring-",
	"V1Filter":                    "expires_at?",
	"V1Instance":                  "contact_account? thumbnail?",
	"GroupedNotificationsResults": "partial_accounts-",
}

const (
	accountPresence = "discoverable? hide_collections? last_status_at? url? " +
		"limited- memorial- moved- noindex- roles- suspended-"
	statusPresence = "in_reply_to_id? in_reply_to_account_id? language? url? card? poll? reblog? edited_at? quote? " +
		"quote_approval! quotes_count! tagged_collections! " +
		"favourited- reblogged- muted- bookmarked- filtered- pinned- text-"
)

// properties replace or add single properties; a final "!" makes one required.
var properties = map[string]string{
	"AdminAccount.role!":                     `{"type": "object", "nullable": true}`,
	"AdminDomainBlock.severity!":             `{"type": "string", "enum": ["silence", "suspend", "noop"]}`,
	"AdminIpBlock.severity!":                 `{"type": "string", "enum": ["sign_up_requires_approval", "sign_up_block", "no_access"]}`,
	"AdminAccount.created_by_application_id": `{"type": "string", "nullable": true}`,
	"AdminAccount.invited_by_account_id":     `{"type": "string", "nullable": true}`,
	"Account.id!":                            `{"type": "string", "pattern": "^[1-9][0-9]*$"}`,
	"Status.id!":                             `{"type": "string", "pattern": "^[1-9][0-9]*$"}`,
	"Notification.id!":                       `{"type": "string", "pattern": "^[1-9][0-9]*$"}`,
	"Status.quote!":                          `{"$ref": "#/components/schemas/QuoteOrNull"}`,
	"Quote.quoted_status":                    `{"$ref": "#/components/schemas/StatusOrNull"}`,
	"Quote.quoted_status_id":                 `{"type": "string", "nullable": true}`,
	"Account.email_subscriptions":            `{"type": "boolean"}`,
	"Error.details":                          `{"type": "object", "additionalProperties": {"type": "array", "items": {"type": "object", "required": ["error", "description"], "properties": {"error": {"type": "string"}, "description": {"type": "string"}}}}}`,
	"Error.error_description":                `{"type": "string"}`,
	"MediaAttachment.text_url":               `{"type": "string", "nullable": true}`,
	"MediaAttachment.preview_remote_url":     `{"type": "string", "nullable": true}`,
	"NotificationGroup.collection":           `{"$ref": "#/components/schemas/Collection"}`,
	"NotificationGroup.annual_report":        `{"$ref": "#/components/schemas/AnnualReport"}`,
	"Notification.annual_report":             `{"$ref": "#/components/schemas/AnnualReport"}`,
	"NotificationPolicy.for_bots!":           `{"type": "string", "enum": ["accept", "filter", "drop"]}`,
	// The description says integer, upstream sends one; our ids are strings everywhere (behaviours 2.2).
	"ScheduledStatus.params.in_reply_to_id":  `{"nullable": true}`,
	"ScheduledStatus.params.application_id!": `{}`,
	"Suggestion.source!":                     `{"type": "string", "enum": ["staff", "past_interactions", "global"]}`,
	// Staff, friends and providers of the server add values of their own.
	"Suggestion.sources!":     `{"type": "array", "items": {"type": "string"}}`,
	"WebPushSubscription.id!": `{}`,
}

// enumValues are values the enumerations lack, the last two our own.
var enumValues = map[string][]string{
	"NotificationTypeEnum":      {"annual_report", "admin.appeal", "admin.spam_wave"},
	"NotificationGroupTypeEnum": {"added_to_collection", "collection_update", "annual_report", "admin.appeal", "admin.spam_wave"},
}

// ours are schemas the description lacks.
var ours = map[string]string{
	"Empty":         `{"type": "object", "maxProperties": 0}`,
	"Anything":      `{}`,
	"Strings":       `{"type": "array", "items": {"type": "string"}}`,
	"LanguageLists": `{"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}`,
	"UserInfo": `{"type": "object", "required": ["iss", "sub", "name", "preferred_username", "profile", "picture"], "properties": {
		"iss": {"type": "string"}, "sub": {"type": "string"}, "name": {"type": "string"},
		"preferred_username": {"type": "string"}, "profile": {"type": "string"}, "picture": {"type": "string"}}}`,
	"Markers": `{"type": "object", "additionalProperties": false, "properties": {
		"home": {"$ref": "#/components/schemas/Marker"}, "notifications": {"$ref": "#/components/schemas/Marker"}}}`,
	"Languages": `{"type": "array", "items": {"type": "object", "required": ["code", "name"], "properties": {
		"code": {"type": "string"}, "name": {"type": "string"}}}}`,
	"OldSearch": `{"type": "object", "required": ["accounts", "statuses", "hashtags"], "properties": {
		"accounts": {"type": "array", "items": {"$ref": "#/components/schemas/Account"}},
		"statuses": {"type": "array", "items": {"$ref": "#/components/schemas/Status"}},
		"hashtags": {"type": "array", "items": {"type": "string"}}}}`,
	"OldNotificationPolicy": `{"type": "object", "required": ["filter_not_following", "filter_not_followers", "filter_new_accounts",
		"filter_private_mentions", "summary"], "properties": {
		"filter_not_following": {"type": "boolean"}, "filter_not_followers": {"type": "boolean"},
		"filter_new_accounts": {"type": "boolean"}, "filter_private_mentions": {"type": "boolean"},
		"summary": {"type": "object", "required": ["pending_requests_count", "pending_notifications_count"], "properties": {
			"pending_requests_count": {"type": "integer"}, "pending_notifications_count": {"type": "integer"}}}}}`,
	"WrappedCollection":  `{"type": "object", "required": ["collection"], "properties": {"collection": {"$ref": "#/components/schemas/Collection"}}}`,
	"WrappedCollections": `{"type": "object", "required": ["collections"], "properties": {"collections": {"type": "array", "items": {"$ref": "#/components/schemas/Collection"}}}}`,
	"WrappedItem":        `{"type": "object", "required": ["collection_item"], "properties": {"collection_item": {"$ref": "#/components/schemas/CollectionItem"}}}`,
	"AdminTagWhole": `{"allOf": [{"$ref": "#/components/schemas/Tag"}, {"type": "object", "required": ["id", "trendable", "usable", "listable", "requires_review"], "properties": {
		"id": {"type": "string"}, "trendable": {"type": "boolean"}, "usable": {"type": "boolean"}, "listable": {"type": "boolean"}, "requires_review": {"type": "boolean"}}}]}`,
	"AdminTrendStatus": `{"allOf": [{"$ref": "#/components/schemas/Status"}, {"type": "object", "required": ["requires_review"], "properties": {"requires_review": {"type": "boolean"}}}]}`,
	"AdminTrendLink": `{"allOf": [{"$ref": "#/components/schemas/TrendsLink"}, {"type": "object", "required": ["id", "requires_review"], "properties": {
		"id": {"type": "string"}, "requires_review": {"type": "boolean"}}}]}`,
	"AdminPublisher": `{"type": "object", "required": ["id", "domain", "requires_review"], "properties": {"id": {"type": "string"}, "domain": {"type": "string"},
		"trendable": {"type": "boolean", "nullable": true}, "requires_review": {"type": "boolean"}}}`,
}

// operations are answers the description lacks or has wrong, by method and
// path. "Empty" is {}.
var operations = map[string]string{
	"GET /api/v1/accounts/{account_id}/collections":                    "WrappedCollections",
	"GET /api/v1/accounts/{account_id}/in_collections":                 "WrappedCollections",
	"POST /api/v1/announcements/{id}/dismiss":                          "Empty",
	"PUT /api/v1/announcements/{id}/reactions/{name}":                  "Empty",
	"DELETE /api/v1/announcements/{id}/reactions/{name}":               "Empty",
	"POST /api/v1/collections":                                         "WrappedCollection",
	"PATCH /api/v1/collections/{id}":                                   "WrappedCollection",
	"DELETE /api/v1/collections/{id}":                                  "Empty",
	"POST /api/v1/collections/{collection_id}/items":                   "WrappedItem",
	"DELETE /api/v1/collections/{collection_id}/items/{id}":            "Empty",
	"POST /api/v1/collections/{collection_id}/items/{id}/revoke":       "Empty",
	"GET /api/v1_alpha/accounts/{account_id}/collections":              "WrappedCollections",
	"GET /api/v1_alpha/accounts/{account_id}/in_collections":           "WrappedCollections",
	"POST /api/v1_alpha/collections":                                   "WrappedCollection",
	"GET /api/v1_alpha/collections/{id}":                               "CollectionWithAccounts",
	"PATCH /api/v1_alpha/collections/{id}":                             "WrappedCollection",
	"DELETE /api/v1_alpha/collections/{id}":                            "Empty",
	"POST /api/v1_alpha/collections/{collection_id}/items":             "WrappedItem",
	"DELETE /api/v1_alpha/collections/{collection_id}/items/{id}":      "Empty",
	"POST /api/v1_alpha/collections/{collection_id}/items/{id}/revoke": "Empty",
	"DELETE /api/v1/conversations/{id}":                                "Empty",
	"POST /api/v1/conversations/{id}/unread":                           "Conversation",
	"POST /api/v1/domain_blocks":                                       "Empty",
	"DELETE /api/v1/domain_blocks":                                     "Empty",
	"POST /api/v1/emails/confirmations":                                "Empty",
	"DELETE /api/v1/featured_tags/{id}":                                "Empty",
	"GET /api/v1/filters":                                              "[V1Filter]",
	"DELETE /api/v1/filters/{id}":                                      "Empty",
	"DELETE /api/v2/filters/{id}":                                      "Empty",
	"DELETE /api/v2/filters/keywords/{id}":                             "Empty",
	"GET /api/v1/instance/translation_languages":                       "LanguageLists",
	"GET /api/v1/instance/languages":                                   "Languages",
	"DELETE /api/v1/lists/{id}":                                        "Empty",
	"POST /api/v1/lists/{id}/accounts":                                 "Empty",
	"DELETE /api/v1/lists/{id}/accounts":                               "Empty",
	"GET /api/v1/markers":                                              "Markers",
	"POST /api/v1/markers":                                             "Markers",
	"DELETE /api/v1/media/{id}":                                        "Empty",
	"DELETE /api/v1/notifications/{id}":                                "Empty",
	"DELETE /api/v1/notifications/destroy_multiple":                    "Empty",
	"POST /api/v1/notifications/{id}/dismiss":                          "Empty",
	"POST /api/v1/notifications/dismiss":                               "Empty",
	"POST /api/v1/notifications/clear":                                 "Empty",
	"POST /api/v2/notifications/clear":                                 "Empty",
	"POST /api/v1/notifications/requests/{id}/accept":                  "Empty",
	"POST /api/v1/notifications/requests/{id}/dismiss":                 "Empty",
	"POST /api/v1/notifications/requests/accept":                       "Empty",
	"POST /api/v1/notifications/requests/dismiss":                      "Empty",
	"POST /api/v2/notifications/{group_key}/dismiss":                   "Empty",
	"PUT /api/v2/notifications/policy":                                 "NotificationPolicy",
	"GET /api/v1/notifications/policy":                                 "OldNotificationPolicy",
	"PUT /api/v1/notifications/policy":                                 "OldNotificationPolicy",
	"POST /oauth/revoke":                                               "Empty",
	"GET /oauth/userinfo":                                              "UserInfo",
	"POST /oauth/userinfo":                                             "UserInfo",
	"GET /api/v1/peers/search":                                         "Strings",
	"GET /api/v1/preferences":                                          "Preferences",
	"PUT /api/v1/profile":                                              "Profile",
	"DELETE /api/v1/push/subscription":                                 "Empty",
	"DELETE /api/web/push_subscriptions/{id}":                          "Empty",
	"DELETE /api/v1/scheduled_statuses/{id}":                           "Empty",
	"GET /api/v1/search":                                               "OldSearch",
	"DELETE /api/v1/statuses/{id}":                                     "DeletedStatus",
	"DELETE /api/v1/suggestions/{account_id}":                          "Empty",
	"GET /api/v1/trends":                                               "[Tag]",
	"GET /api/v1/accounts/{id}/identity_proofs":                        "[IdentityProof]",
	// The description has the entities of the admin API, not its operations.
	"GET /api/v1/admin/accounts":                              "[AdminAccount]",
	"GET /api/v2/admin/accounts":                              "[AdminAccount]",
	"GET /api/v1/admin/accounts/{id}":                         "AdminAccount",
	"DELETE /api/v1/admin/accounts/{id}":                      "AdminAccount",
	"POST /api/v1/admin/accounts/{id}/action":                 "Empty",
	"POST /api/v1/admin/accounts/{id}/approve":                "AdminAccount",
	"POST /api/v1/admin/accounts/{id}/reject":                 "AdminAccount",
	"POST /api/v1/admin/accounts/{id}/enable":                 "AdminAccount",
	"POST /api/v1/admin/accounts/{id}/unsilence":              "AdminAccount",
	"POST /api/v1/admin/accounts/{id}/unsuspend":              "AdminAccount",
	"POST /api/v1/admin/accounts/{id}/unsensitive":            "AdminAccount",
	"GET /api/v1/admin/reports":                               "[AdminReport]",
	"GET /api/v1/admin/reports/{id}":                          "AdminReport",
	"PUT /api/v1/admin/reports/{id}":                          "AdminReport",
	"POST /api/v1/admin/reports/{id}/assign_to_self":          "AdminReport",
	"POST /api/v1/admin/reports/{id}/unassign":                "AdminReport",
	"POST /api/v1/admin/reports/{id}/resolve":                 "AdminReport",
	"POST /api/v1/admin/reports/{id}/reopen":                  "AdminReport",
	"GET /api/v1/admin/domain_allows":                         "[AdminDomainAllow]",
	"GET /api/v1/admin/domain_allows/{id}":                    "AdminDomainAllow",
	"POST /api/v1/admin/domain_allows":                        "AdminDomainAllow",
	"DELETE /api/v1/admin/domain_allows/{id}":                 "Empty",
	"GET /api/v1/admin/domain_blocks":                         "[AdminDomainBlock]",
	"GET /api/v1/admin/domain_blocks/{id}":                    "AdminDomainBlock",
	"POST /api/v1/admin/domain_blocks":                        "AdminDomainBlock",
	"PUT /api/v1/admin/domain_blocks/{id}":                    "AdminDomainBlock",
	"DELETE /api/v1/admin/domain_blocks/{id}":                 "Empty",
	"GET /api/v1/admin/email_domain_blocks":                   "[AdminEmailDomainBlock]",
	"GET /api/v1/admin/email_domain_blocks/{id}":              "AdminEmailDomainBlock",
	"POST /api/v1/admin/email_domain_blocks":                  "AdminEmailDomainBlock",
	"DELETE /api/v1/admin/email_domain_blocks/{id}":           "Empty",
	"GET /api/v1/admin/ip_blocks":                             "[AdminIpBlock]",
	"GET /api/v1/admin/ip_blocks/{id}":                        "AdminIpBlock",
	"POST /api/v1/admin/ip_blocks":                            "AdminIpBlock",
	"PUT /api/v1/admin/ip_blocks/{id}":                        "AdminIpBlock",
	"DELETE /api/v1/admin/ip_blocks/{id}":                     "Empty",
	"GET /api/v1/admin/canonical_email_blocks":                "[AdminCanonicalEmailBlock]",
	"GET /api/v1/admin/canonical_email_blocks/{id}":           "AdminCanonicalEmailBlock",
	"POST /api/v1/admin/canonical_email_blocks/test":          "[AdminCanonicalEmailBlock]",
	"POST /api/v1/admin/canonical_email_blocks":               "AdminCanonicalEmailBlock",
	"DELETE /api/v1/admin/canonical_email_blocks/{id}":        "Empty",
	"POST /api/v1/admin/measures":                             "[AdminMeasure]",
	"POST /api/v1/admin/dimensions":                           "[AdminDimension]",
	"POST /api/v1/admin/retention":                            "[AdminCohort]",
	"GET /api/v1/admin/tags":                                  "[AdminTagWhole]",
	"GET /api/v1/admin/tags/{id}":                             "AdminTagWhole",
	"PUT /api/v1/admin/tags/{id}":                             "AdminTagWhole",
	"GET /api/v1/admin/trends/tags":                           "[AdminTagWhole]",
	"POST /api/v1/admin/trends/tags/{id}/approve":             "AdminTagWhole",
	"POST /api/v1/admin/trends/tags/{id}/reject":              "AdminTagWhole",
	"GET /api/v1/admin/trends/statuses":                       "[AdminTrendStatus]",
	"POST /api/v1/admin/trends/statuses/{id}/approve":         "AdminTrendStatus",
	"POST /api/v1/admin/trends/statuses/{id}/reject":          "AdminTrendStatus",
	"GET /api/v1/admin/trends/links":                          "[AdminTrendLink]",
	"POST /api/v1/admin/trends/links/{id}/approve":            "AdminTrendLink",
	"POST /api/v1/admin/trends/links/{id}/reject":             "AdminTrendLink",
	"GET /api/v1/admin/trends/links/publishers":               "[AdminPublisher]",
	"POST /api/v1/admin/trends/links/publishers/{id}/approve": "AdminPublisher",
	"POST /api/v1/admin/trends/links/publishers/{id}/reject":  "AdminPublisher",
}

// correct applies the tables above.
func (c *converter) correct() error {
	for name, text := range ours {
		var schema object
		if err := json.Unmarshal([]byte(text), &schema); err != nil {
			return fmt.Errorf("our schema %s: %w", name, err)
		}
		c.schemas[name] = schema
	}
	for name, keys := range presence {
		if err := c.correctPresence(name, strings.Fields(keys)); err != nil {
			return err
		}
	}
	for path, text := range properties {
		if err := c.correctProperty(path, text); err != nil {
			return err
		}
	}
	for name, values := range enumValues {
		enum, ok := c.schemas[name].(object)
		if !ok {
			return fmt.Errorf("there is no enumeration %s", name)
		}
		list := enum["enum"].([]any)
		for _, v := range values {
			if !slices.Contains(list, any(v)) {
				list = append(list, v)
			}
		}
		enum["enum"] = list
	}
	return c.addDeletedStatus()
}

// find is the schema at "Name.property.property".
func (c *converter) find(path string) (object, error) {
	names := strings.Split(path, ".")
	keys := []string{names[0]}
	for _, name := range names[1:] {
		keys = append(keys, "properties", name)
	}
	schema, ok := at(c.schemas, keys...).(object)
	if !ok {
		return nil, fmt.Errorf("there is no schema %s", path)
	}
	return schema, nil
}

func (c *converter) correctPresence(name string, keys []string) error {
	schema, err := c.find(name)
	if err != nil {
		return err
	}
	for _, key := range keys {
		mark := key[len(key)-1]
		key = key[:len(key)-1]
		property, ok := at(schema, "properties", key).(object)
		if !ok {
			return fmt.Errorf("%s has no property %s", name, key)
		}
		if mark == '?' || mark == '!' {
			require(schema, key)
		}
		if mark == '!' || mark == '-' {
			delete(property, "nullable")
			if ref, ok := property["$ref"].(string); ok {
				property["$ref"] = strings.TrimSuffix(ref, nullSuffix)
			}
		}
	}
	return nil
}

func require(schema object, key string) {
	required, _ := schema["required"].([]any)
	if !slices.Contains(required, any(key)) {
		schema["required"] = append(required, key)
	}
}

func (c *converter) correctProperty(path, text string) error {
	path, needed := strings.CutSuffix(path, "!")
	dot := strings.LastIndex(path, ".")
	schema, err := c.find(path[:dot])
	if err != nil {
		return err
	}
	var property object
	if err := json.Unmarshal([]byte(text), &property); err != nil {
		return fmt.Errorf("our property %s: %w", path, err)
	}
	kept, _ := schema["properties"].(object)
	kept[path[dot+1:]] = property
	if needed {
		require(schema, path[dot+1:])
	}
	return nil
}

// addDeletedStatus makes the answer to a deletion: a status with the text as
// typed (behaviours 8.11), which then stands in place of the content (2.5).
func (c *converter) addDeletedStatus() error {
	status, err := c.find("Status")
	if err != nil {
		return err
	}
	deleted := object{}
	for k, v := range status {
		deleted[k] = v
	}
	required := slices.Clone(status["required"].([]any))
	deleted["required"] = append(slices.DeleteFunc(required, func(key any) bool { return key == "content" }), "text")
	c.schemas["DeletedStatus"] = deleted
	return nil
}
