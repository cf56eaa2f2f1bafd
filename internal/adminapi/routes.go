package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// Routes are all routes of the admin API, with scope and permission.
func (a *API) Routes() []httpkit.Route {
	const get, post, put, del = "GET", "POST", "PUT", "DELETE"
	route := func(method, path, scope string, needs domain.Permissions, h httpkit.Handler) httpkit.Route {
		return httpkit.Route{
			Method: method, Pattern: path, Auth: httpkit.User, Scopes: []string{scope}, Needs: needs,
			Limit: httpkit.LimitGeneral, Cache: httpkit.CacheNever, Handle: h,
		}
	}
	upload := func(path string, needs domain.Permissions, body httpkit.BodyClass, h httpkit.Handler) httpkit.Route {
		u := route(post, path, "admin:write", needs, h)
		u.Limit, u.Body = httpkit.LimitMedia, body
		return u
	}
	const (
		v1      = "/api/v1/admin/"
		own     = "/api/coterie/v1/"
		people  = domain.MayManageUsers
		taxa    = domain.MayManageTaxonomies
		blocks  = domain.MayManageBlocks
		cases   = domain.MayManageReports
		domains = domain.MayManageFederation
	)
	return []httpkit.Route{
		// accounts
		route(get, v1+"accounts", "admin:read:accounts", people, a.accountsV1),
		route(get, "/api/v2/admin/accounts", "admin:read:accounts", people, a.accountsV2),
		route(get, v1+"accounts/{id}", "admin:read:accounts", people, a.account),
		route(del, v1+"accounts/{id}", "admin:write:accounts", domain.MayDeleteUserData, a.deleteAccount),
		route(post, v1+"accounts/{id}/action", "admin:write:accounts", people|domain.MayManageReports, a.act),
		route(post, v1+"accounts/{id}/approve", "admin:write:accounts", people, a.approve),
		route(post, v1+"accounts/{id}/reject", "admin:write:accounts", people, a.reject),
		route(post, v1+"accounts/{id}/enable", "admin:write:accounts", people, a.undo(domain.ActionDisable)),
		route(post, v1+"accounts/{id}/unsilence", "admin:write:accounts", people, a.undo(domain.ActionSilence)),
		route(post, v1+"accounts/{id}/unsuspend", "admin:write:accounts", people, a.undo(domain.ActionSuspend)),
		route(post, v1+"accounts/{id}/unsensitive", "admin:write:accounts", people, a.undo(domain.ActionSensitive)),

		// reports
		route(get, v1+"reports", "admin:read:reports", cases, a.reports),
		route(get, v1+"reports/{id}", "admin:read:reports", cases, a.report),
		route(put, v1+"reports/{id}", "admin:write:reports", cases, a.changeReport),
		route(post, v1+"reports/{id}/assign_to_self", "admin:write:reports", cases, a.assign),
		route(post, v1+"reports/{id}/unassign", "admin:write:reports", cases, a.unassign),
		route(post, v1+"reports/{id}/resolve", "admin:write:reports", cases, a.resolve),
		route(post, v1+"reports/{id}/reopen", "admin:write:reports", cases, a.reopen),

		// domains
		route(get, v1+"domain_allows", "admin:read:domain_allows", domains, a.domains(true)),
		route(get, v1+"domain_allows/{id}", "admin:read:domain_allows", domains, a.domain(true)),
		route(post, v1+"domain_allows", "admin:write:domain_allows", domains, a.allowDomain),
		route(del, v1+"domain_allows/{id}", "admin:write:domain_allows", domains, a.clearDomain(true)),
		route(get, v1+"domain_blocks", "admin:read:domain_blocks", domains, a.domains(false)),
		route(get, v1+"domain_blocks/{id}", "admin:read:domain_blocks", domains, a.domain(false)),
		route(post, v1+"domain_blocks", "admin:write:domain_blocks", domains, a.blockDomain),
		route(put, v1+"domain_blocks/{id}", "admin:write:domain_blocks", domains, a.changeBlock),
		route(del, v1+"domain_blocks/{id}", "admin:write:domain_blocks", domains, a.clearDomain(false)),
		route(get, own+"admin/domain_blocks/preview", "admin:read:domain_blocks", domains, a.impact),
		route(get, own+"admin/domain_blocks/export", "admin:read:domain_blocks", domains, a.exportBlocks),
		route(post, own+"admin/domain_blocks/import", "admin:write:domain_blocks", domains, a.importBlocks),

		// block lists of others, for which Mastodon has no API
		route(get, own+"admin/domain_lists", "admin:read:domain_blocks", domains, a.domainLists),
		route(post, own+"admin/domain_lists", "admin:write:domain_blocks", domains, a.subscribe),
		route(put, own+"admin/domain_lists/{id}", "admin:write:domain_blocks", domains, a.changeList),
		route(del, own+"admin/domain_lists/{id}", "admin:write:domain_blocks", domains, remove(a.Moderation.Unsubscribe)),
		route(post, own+"admin/domain_lists/refresh", "admin:write:domain_blocks", domains, a.refreshLists),
		route(get, own+"admin/domain_lists/preview", "admin:read:domain_blocks", domains, a.planLists),
		route(get, own+"admin/domain_lists/exceptions", "admin:read:domain_blocks", domains, a.listExceptions),
		route(post, own+"admin/domain_lists/exceptions", "admin:write:domain_blocks", domains, a.exceptFromLists(false)),
		route(del, own+"admin/domain_lists/exceptions", "admin:write:domain_blocks", domains, a.exceptFromLists(true)),

		// relays, for which Mastodon has no API
		route(get, own+"admin/relays", "admin:read", domains, a.relays),
		route(post, own+"admin/relays", "admin:write", domains, a.addRelay),
		route(post, own+"admin/relays/{id}/enable", "admin:write", domains, a.turnRelay(domain.RelayPending)),
		route(post, own+"admin/relays/{id}/disable", "admin:write", domains, a.turnRelay(domain.RelayDisabled)),
		route(del, own+"admin/relays/{id}", "admin:write", domains, a.turnRelay(domain.RelayRemoved)),

		// who may not sign up
		route(get, v1+"email_domain_blocks", "admin:read:email_domain_blocks", blocks, a.emailDomains),
		route(get, v1+"email_domain_blocks/{id}", "admin:read:email_domain_blocks", blocks, a.emailDomain),
		route(post, v1+"email_domain_blocks", "admin:write:email_domain_blocks", blocks, a.blockEmailDomain),
		route(del, v1+"email_domain_blocks/{id}", "admin:write:email_domain_blocks", blocks, remove(a.Moderation.UnblockEmailDomain)),
		route(get, v1+"canonical_email_blocks", "admin:read:canonical_email_blocks", blocks, a.emails),
		route(get, v1+"canonical_email_blocks/{id}", "admin:read:canonical_email_blocks", blocks, a.email),
		route(post, v1+"canonical_email_blocks/test", "admin:read:canonical_email_blocks", blocks, a.testEmail),
		route(post, v1+"canonical_email_blocks", "admin:write:canonical_email_blocks", blocks, a.blockEmail),
		route(del, v1+"canonical_email_blocks/{id}", "admin:write:canonical_email_blocks", blocks, remove(a.Moderation.UnblockEmail)),
		route(get, v1+"ip_blocks", "admin:read:ip_blocks", blocks, a.networks),
		route(get, v1+"ip_blocks/{id}", "admin:read:ip_blocks", blocks, a.network),
		route(post, v1+"ip_blocks", "admin:write:ip_blocks", blocks, a.blockNetwork),
		route(put, v1+"ip_blocks/{id}", "admin:write:ip_blocks", blocks, a.changeNetwork),
		route(del, v1+"ip_blocks/{id}", "admin:write:ip_blocks", blocks, remove(a.Moderation.DeleteIPBlock)),

		// names that nobody gets, for which Mastodon has no API
		route(get, own+"admin/username_blocks", "admin:read", blocks, a.usernames),
		route(get, own+"admin/username_blocks/{id}", "admin:read", blocks, a.username),
		route(post, own+"admin/username_blocks", "admin:write", blocks, a.blockUsername),
		route(del, own+"admin/username_blocks/{id}", "admin:write", blocks, remove(a.Moderation.UnblockUsername)),

		// texts of the staff, and addresses that hear of what happens, for which
		// Mastodon has no API
		route(get, own+"admin/texts", "admin:read", people|cases, a.cannedTexts),
		route(post, own+"admin/texts", "admin:write", people|cases, a.saveCanned),
		route(put, own+"admin/texts/{id}", "admin:write", people|cases, a.saveCanned),
		route(del, own+"admin/texts/{id}", "admin:write", people|cases, remove(a.Moderation.RemoveCannedText)),
		route(get, own+"admin/webhooks", "admin:read", domain.MayManageWebhooks, a.webhooks),
		route(post, own+"admin/webhooks", "admin:write", domain.MayManageWebhooks, a.addWebhook),
		route(put, own+"admin/webhooks/{id}", "admin:write", domain.MayManageWebhooks, a.changeWebhook),
		route(post, own+"admin/webhooks/{id}/rotate_secret", "admin:write", domain.MayManageWebhooks, a.rotateSecret),
		route(del, own+"admin/webhooks/{id}", "admin:write", domain.MayManageWebhooks, remove(a.Moderation.RemoveWebhook)),

		// what trends
		route(get, v1+"trends/tags", "admin:read", taxa, a.trends(domain.TrendTag, trendsPerPage)),
		route(post, v1+"trends/tags/{id}/approve", "admin:write", taxa, a.review(domain.TrendTag, true)),
		route(post, v1+"trends/tags/{id}/reject", "admin:write", taxa, a.review(domain.TrendTag, false)),
		route(get, v1+"trends/statuses", "admin:read", taxa, a.trends(domain.TrendStatus, trendPostsPerPage)),
		route(post, v1+"trends/statuses/{id}/approve", "admin:write", taxa, a.review(domain.TrendStatus, true)),
		route(post, v1+"trends/statuses/{id}/reject", "admin:write", taxa, a.review(domain.TrendStatus, false)),
		route(get, v1+"trends/links", "admin:read", taxa, a.trends(domain.TrendLink, trendsPerPage)),
		route(post, v1+"trends/links/{id}/approve", "admin:write", taxa, a.review(domain.TrendLink, true)),
		route(post, v1+"trends/links/{id}/reject", "admin:write", taxa, a.review(domain.TrendLink, false)),
		route(get, v1+"trends/links/publishers", "admin:read", taxa, a.publishers),
		route(post, v1+"trends/links/publishers/{id}/approve", "admin:write", taxa, a.reviewPublisher(true)),
		route(post, v1+"trends/links/publishers/{id}/reject", "admin:write", taxa, a.reviewPublisher(false)),
		route(get, v1+"tags", "admin:read", taxa, a.tags),
		route(get, v1+"tags/{id}", "admin:read", taxa, a.tag),
		route(put, v1+"tags/{id}", "admin:write", taxa, a.changeTag),

		// figures, which a POST reads
		route(post, v1+"measures", "admin:read", domain.MayViewDashboard, a.measures),
		route(post, v1+"dimensions", "admin:read", domain.MayViewDashboard, a.dimensions),
		route(post, v1+"retention", "admin:read", domain.MayViewDashboard, a.retention),

		// people whom no mail reaches
		route(post, own+"admin/accounts/{id}/confirm", "admin:write:accounts", people, a.confirm),

		// several at once, for which Mastodon has no API
		route(post, own+"admin/accounts/batch", "admin:write:accounts", people, several(a.accountVerb)),
		route(post, own+"admin/reports/batch", "admin:write:reports", cases, several(a.reportVerb)),

		// waves of spam, for which Mastodon has no API
		route(get, own+"admin/spam_waves", "admin:read:reports", cases, a.waves),
		route(post, own+"admin/spam_waves/release", "admin:write:reports", cases, a.releaseWaves),
		route(post, own+"admin/spam_waves/confirm", "admin:write:reports", cases, a.confirmWaves),
		route(get, own+"admin/spam_waves/{id}/posts", "admin:read:reports", cases, a.heldPosts),
		route(post, own+"admin/spam_waves/{id}/posts/{post}/release", "admin:write:reports", cases, a.releasePost),

		// remarks of the staff for each other, for which Mastodon has no API
		route(get, own+"admin/reports/{id}/notes", "admin:read:reports", cases, a.notes(ofReport)),
		route(post, own+"admin/reports/{id}/notes", "admin:write:reports", cases, a.addNote(ofReport)),
		route(get, own+"admin/accounts/{id}/notes", "admin:read:accounts", people, a.notes(ofAccount)),
		route(post, own+"admin/accounts/{id}/notes", "admin:write:accounts", people, a.addNote(ofAccount)),

		// what the people who run the community decide beside people
		route(get, own+"admin/dashboard", "admin:read", domain.MayViewDashboard, a.dashboard),
		route(get, own+"admin/settings", "admin:read", domain.MayManageSettings, a.settings),
		route(put, own+"admin/settings/{name}", "admin:write", domain.MayManageSettings, a.changeSetting),
		upload(own+"admin/thumbnail", domain.MayManageSettings, httpkit.BodyProfile, a.setThumbnail),
		upload(own+"admin/icon", domain.MayManageSettings, httpkit.BodyProfile, a.setIcon),
		route(get, own+"admin/upkeep", "admin:read", domain.MayManageSettings, a.upkeep),
		route(get, own+"admin/mail_texts", "admin:read", domain.MayManageSettings, a.mailTexts),
		route(put, own+"admin/mail_texts/{kind}/{language}", "admin:write", domain.MayManageSettings, a.setMailText),
		route(get, own+"admin/terms", "admin:read", domain.MayManageSettings, a.terms),
		route(post, own+"admin/terms", "admin:write", domain.MayManageSettings, a.publishTerms),
		route(post, own+"admin/terms/{day}/notify", "admin:write", domain.MayManageSettings, a.tellTerms),
		route(get, own+"admin/rules", "admin:read", domain.MayManageRules, a.rules),
		route(post, own+"admin/rules", "admin:write", domain.MayManageRules, a.addRule),
		route(post, own+"admin/rules/order", "admin:write", domain.MayManageRules, a.orderRules),
		route(put, own+"admin/rules/{id}", "admin:write", domain.MayManageRules, a.changeRule),
		route(del, own+"admin/rules/{id}", "admin:write", domain.MayManageRules, remove(a.Moderation.RemoveRule)),
		route(get, own+"admin/announcements", "admin:read", domain.MayManageAnnouncements, a.announcements),
		route(post, own+"admin/announcements", "admin:write", domain.MayManageAnnouncements, a.announce),
		route(del, own+"admin/announcements/{id}", "admin:write", domain.MayManageAnnouncements, remove(a.Moderation.RemoveAnnouncement)),
		route(get, own+"admin/custom_emojis", "admin:read", domain.MayManageEmojis, a.emojis),
		upload(own+"admin/custom_emojis", domain.MayManageEmojis, httpkit.BodySmall, a.addEmoji),
		upload(own+"admin/custom_emojis/import", domain.MayManageEmojis, httpkit.BodyMedia, a.importEmojis),
		route(put, own+"admin/custom_emojis/{id}", "admin:write", domain.MayManageEmojis, a.changeEmoji),
		route(del, own+"admin/custom_emojis/{id}", "admin:write", domain.MayManageEmojis, remove(a.Moderation.DeleteEmoji)),
		route(post, own+"admin/custom_emojis/{id}/copy", "admin:write", domain.MayManageEmojis, a.copyEmoji),
		route(get, own+"admin/roles", "admin:read", domain.MayManageRoles, a.roles),
		route(post, own+"admin/roles", "admin:write", domain.MayManageRoles, a.saveRole),
		route(put, own+"admin/roles/{key}", "admin:write", domain.MayManageRoles, a.saveRole),
		route(del, own+"admin/roles/{key}", "admin:write", domain.MayManageRoles, a.deleteRole),
		route(post, own+"admin/accounts/{id}/role", "admin:write:accounts", domain.MayManageRoles, a.giveRole),

		// strikes, appeals and the audit log, for which Mastodon has no API
		route(get, own+"strikes", "read:accounts", 0, a.ownStrikes),
		route(get, own+"strikes/{id}", "read:accounts", 0, a.ownStrike),
		route(post, own+"strikes/{id}/appeal", "write:accounts", 0, a.appeal),
		route(get, own+"admin/accounts/{id}/strikes", "admin:read:accounts", people, a.accountStrikes),
		route(get, own+"admin/appeals", "admin:read:accounts", domain.MayManageAppeals, a.appeals),
		route(post, own+"admin/strikes/{id}/appeal/approve", "admin:write:accounts", domain.MayManageAppeals, a.decideAppeal(true)),
		route(post, own+"admin/strikes/{id}/appeal/reject", "admin:write:accounts", domain.MayManageAppeals, a.decideAppeal(false)),
		route(get, own+"admin/audit_log", "admin:read", domain.MayViewAuditLog, a.auditLog),
	}
}
