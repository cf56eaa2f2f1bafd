package mastoapi

import (
	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// Routes are all routes of the client API, by resource.
func (a *API) Routes() []httpkit.Route {
	const (
		get, post, put, patch, del = "GET", "POST", "PUT", "PATCH", "DELETE"

		public, app, user  = httpkit.Public, httpkit.App, httpkit.User
		general            = httpkit.LimitGeneral
		posting, deleting  = httpkit.LimitPosting, httpkit.LimitDelete
		never, short, long = httpkit.CacheNever, httpkit.CacheAnonymous, httpkit.CacheInstance
	)
	const core = httpkit.LoadCore
	scope := func(names ...string) []string { return names }
	none := httpkit.NoScope
	return a.guard(append(append(a.streamRoutes(), a.collectionRoutes()...), []httpkit.Route{
		// apps
		{Method: post, Pattern: "/api/v1/apps", Auth: public, Scopes: httpkit.NoScope, Limit: httpkit.LimitAppRegistration, Cache: never, Handle: a.createApp},
		{Method: get, Pattern: "/api/v1/apps/verify_credentials", Auth: app, Scopes: httpkit.NoScope, Limit: general, Cache: never, Handle: a.verifyApp},
		{Method: get, Pattern: "/oauth/userinfo", Auth: user, Scopes: scope("profile"), Limit: general, Cache: never, Handle: a.userinfo},
		{Method: post, Pattern: "/oauth/userinfo", Auth: user, Scopes: scope("profile"), Limit: general, Cache: never, Handle: a.userinfo},

		// accounts
		{Method: post, Pattern: "/api/v1/accounts", Auth: httpkit.AppOnly, Scopes: scope("write:accounts"), Limit: httpkit.LimitSignUp, Cache: never, Handle: a.signUp},
		{Method: get, Pattern: "/api/v1/accounts", Auth: public, Scopes: scope("read:accounts"), Limit: general, Cache: short, Handle: a.accounts},
		{Method: get, Pattern: "/api/v1/accounts/verify_credentials", Auth: user, Scopes: scope("profile", "read:accounts"), Limit: general, Cache: never, Load: core, Handle: a.verifyCredentials},
		{Method: patch, Pattern: "/api/v1/accounts/update_credentials", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Body: httpkit.BodyProfile, Handle: a.updateCredentials},
		{Method: get, Pattern: "/api/v1/accounts/lookup", Auth: public, Scopes: scope("read:accounts"), Limit: general, Cache: short, Handle: a.lookupAccount},
		{Method: get, Pattern: "/api/v1/accounts/search", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.searchAccounts},
		{Method: get, Pattern: "/api/v1/accounts/{id}/identity_proofs", Auth: user, Scopes: none, Limit: general, Cache: never, Deprecated: 1648598400, Handle: a.identityProofs},
		{Method: post, Pattern: "/api/v1/emails/confirmations", Auth: httpkit.Newcomer, Scopes: scope("write:accounts"), Limit: httpkit.LimitConfirmation, Cache: never, Handle: a.confirmAgain},
		{Method: get, Pattern: "/api/v1/emails/check_confirmation", Auth: httpkit.Newcomer, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.confirmed},
		{Method: get, Pattern: "/api/v1/accounts/{id}", Auth: public, Scopes: scope("read:accounts"), Limit: general, Cache: short, Handle: a.account},

		// profile, preferences, markers
		{Method: get, Pattern: "/api/v1/profile", Auth: user, Scopes: scope("profile", "read:accounts"), Limit: general, Cache: never, Handle: a.profile},
		{Method: patch, Pattern: "/api/v1/profile", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Body: httpkit.BodyProfile, Handle: a.updateProfile},
		{Method: del, Pattern: "/api/v1/profile/avatar", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.deletePicture(account.Update{Avatar: &domain.Picture{}})},
		{Method: del, Pattern: "/api/v1/profile/header", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.deletePicture(account.Update{Header: &domain.Picture{}})},
		{Method: get, Pattern: "/api/v1/preferences", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.preferences},
		{Method: get, Pattern: "/api/v1/markers", Auth: user, Scopes: scope("read:statuses"), Limit: general, Cache: never, Handle: a.markers},
		{Method: post, Pattern: "/api/v1/markers", Auth: user, Scopes: scope("write:statuses"), Limit: general, Cache: never, Handle: a.saveMarkers},

		// relationships: follows, blocks, mutes, notes
		{Method: get, Pattern: "/api/v1/accounts/relationships", Auth: user, Scopes: scope("read:follows"), Limit: general, Cache: never, Handle: a.relationships},
		{Method: get, Pattern: "/api/v1/accounts/familiar_followers", Auth: user, Scopes: scope("read:follows"), Limit: general, Cache: never, Handle: a.familiarFollowers},
		{Method: get, Pattern: "/api/v1/accounts/{id}/followers", Auth: public, Scopes: scope("read:accounts"), Limit: general, Cache: short, Handle: a.people(a.Store.Followers)},
		{Method: get, Pattern: "/api/v1/accounts/{id}/following", Auth: public, Scopes: scope("read:accounts"), Limit: general, Cache: short, Handle: a.people(a.Store.Following)},
		{Method: get, Pattern: "/api/v1/accounts/{id}/lists", Auth: user, Scopes: scope("read:lists"), Limit: general, Cache: never, Handle: a.listsWith},
		{Method: post, Pattern: "/api/v1/accounts/{id}/follow", Auth: user, Scopes: scope("write:follows"), Limit: httpkit.LimitFollow, Cache: never, Handle: a.follow},
		{Method: post, Pattern: "/api/v1/accounts/{id}/unfollow", Auth: user, Scopes: scope("write:follows"), Limit: general, Cache: never, Handle: a.relate(a.Relation.Unfollow)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/remove_from_followers", Auth: user, Scopes: scope("write:follows"), Limit: general, Cache: never, Handle: a.relate(a.Relation.RemoveFollower)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/block", Auth: user, Scopes: scope("write:blocks"), Limit: general, Cache: never, Handle: a.relate(a.Relation.Block)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/unblock", Auth: user, Scopes: scope("write:blocks"), Limit: general, Cache: never, Handle: a.relate(a.Relation.Unblock)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/mute", Auth: user, Scopes: scope("write:mutes"), Limit: general, Cache: never, Handle: a.mute},
		{Method: post, Pattern: "/api/v1/accounts/{id}/unmute", Auth: user, Scopes: scope("write:mutes"), Limit: general, Cache: never, Handle: a.relate(a.Relation.Unmute)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/note", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.note},

		// featured accounts
		{Method: get, Pattern: "/api/v1/accounts/{id}/endorsements", Auth: public, Scopes: scope("read:accounts"), Limit: general, Cache: short, Handle: a.people(a.Store.Endorsements)},
		{Method: get, Pattern: "/api/v1/endorsements", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.ownPeople(a.ownEndorsements)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/endorse", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.relate(a.Relation.Endorse)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/unendorse", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.relate(a.Relation.Unendorse)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/pin", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.relate(a.Relation.Endorse)},
		{Method: post, Pattern: "/api/v1/accounts/{id}/unpin", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.relate(a.Relation.Unendorse)},

		// follow requests
		{Method: get, Pattern: "/api/v1/follow_requests", Auth: user, Scopes: scope("read:follows"), Limit: general, Cache: never, Handle: a.ownPeople(a.Store.FollowRequests)},
		{Method: post, Pattern: "/api/v1/follow_requests/{id}/authorize", Auth: user, Scopes: scope("write:follows"), Limit: general, Cache: never, Handle: a.relate(a.Relation.AcceptRequest)},
		{Method: post, Pattern: "/api/v1/follow_requests/{id}/reject", Auth: user, Scopes: scope("write:follows"), Limit: general, Cache: never, Handle: a.relate(a.Relation.RejectRequest)},

		// blocks, mutes, domain blocks
		{Method: get, Pattern: "/api/v1/blocks", Auth: user, Scopes: scope("read:blocks"), Limit: general, Cache: never, Handle: a.ownPeople(a.Store.BlockedList)},
		{Method: get, Pattern: "/api/v1/mutes", Auth: user, Scopes: scope("read:mutes"), Limit: general, Cache: never, Handle: a.mutes},
		{Method: get, Pattern: "/api/v1/domain_blocks", Auth: user, Scopes: scope("read:blocks"), Limit: general, Cache: never, Handle: a.domainBlocks},
		{Method: get, Pattern: "/api/v1/domain_blocks/preview", Auth: user, Scopes: scope("write:blocks"), Limit: general, Cache: never, Handle: a.previewDomainBlock},
		{Method: post, Pattern: "/api/v1/domain_blocks", Auth: user, Scopes: scope("write:blocks"), Limit: general, Cache: never, Handle: a.blockDomain},
		{Method: del, Pattern: "/api/v1/domain_blocks", Auth: user, Scopes: scope("write:blocks"), Limit: general, Cache: never, Handle: a.unblockDomain},

		// lists
		{Method: get, Pattern: "/api/v1/lists", Auth: user, Scopes: scope("read:lists"), Limit: general, Cache: never, Handle: a.lists},
		{Method: post, Pattern: "/api/v1/lists", Auth: user, Scopes: scope("write:lists"), Limit: general, Cache: never, Handle: a.createList},
		{Method: get, Pattern: "/api/v1/lists/{id}", Auth: user, Scopes: scope("read:lists"), Limit: general, Cache: never, Handle: a.list},
		{Method: put, Pattern: "/api/v1/lists/{id}", Auth: user, Scopes: scope("write:lists"), Limit: general, Cache: never, Handle: a.changeList},
		{Method: del, Pattern: "/api/v1/lists/{id}", Auth: user, Scopes: scope("write:lists"), Limit: general, Cache: never, Handle: a.deleteList},
		{Method: get, Pattern: "/api/v1/lists/{id}/accounts", Auth: user, Scopes: scope("read:lists"), Limit: general, Cache: never, Handle: a.listMembers},
		{Method: post, Pattern: "/api/v1/lists/{id}/accounts", Auth: user, Scopes: scope("write:lists"), Limit: general, Cache: never, Handle: a.addToList},
		{Method: del, Pattern: "/api/v1/lists/{id}/accounts", Auth: user, Scopes: scope("write:lists"), Limit: general, Cache: never, Handle: a.removeFromList},

		// tags
		{Method: get, Pattern: "/api/v1/tags/{name}", Auth: public, Scopes: none, Limit: general, Cache: short, Handle: a.tag},
		{Method: post, Pattern: "/api/v1/tags/{name}/follow", Auth: user, Scopes: scope("write:follows"), Limit: httpkit.LimitFollow, Cache: never, Handle: a.onTag(a.Relation.FollowTag)},
		{Method: post, Pattern: "/api/v1/tags/{name}/unfollow", Auth: user, Scopes: scope("write:follows"), Limit: general, Cache: never, Handle: a.onTag(a.Relation.UnfollowTag)},
		{Method: post, Pattern: "/api/v1/tags/{name}/feature", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.onTag(a.featureNamedTag)},
		{Method: post, Pattern: "/api/v1/tags/{name}/unfeature", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.onTag(a.Relation.UnfeatureTag)},
		{Method: get, Pattern: "/api/v1/followed_tags", Auth: user, Scopes: scope("read:follows"), Limit: general, Cache: never, Handle: a.followedTags},
		{Method: get, Pattern: "/api/v1/featured_tags", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.featuredTags},
		{Method: post, Pattern: "/api/v1/featured_tags", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.featureTag},
		{Method: get, Pattern: "/api/v1/featured_tags/suggestions", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.suggestedTags},
		{Method: del, Pattern: "/api/v1/featured_tags/{id}", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.unfeatureTag},
		{Method: get, Pattern: "/api/v1/accounts/{id}/featured_tags", Auth: public, Scopes: none, Limit: general, Cache: short, Handle: a.accountFeaturedTags},

		// statuses
		{Method: get, Pattern: "/api/v1/statuses", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Handle: a.statuses},
		{Method: get, Pattern: "/api/v1/statuses/{id}", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Load: core, Handle: a.status},
		{Method: post, Pattern: "/api/v1/statuses", Auth: user, Scopes: scope("write:statuses"), Limit: posting, Cache: never, Load: core, Handle: a.createStatus},
		{Method: put, Pattern: "/api/v1/statuses/{id}", Auth: user, Scopes: scope("write:statuses"), Limit: posting, Cache: never, Handle: a.editStatus},
		{Method: del, Pattern: "/api/v1/statuses/{id}", Auth: user, Scopes: scope("write:statuses"), Limit: deleting, Cache: never, Handle: a.deleteStatus},
		{Method: get, Pattern: "/api/v1/statuses/{id}/source", Auth: user, Scopes: scope("read:statuses"), Limit: general, Cache: never, Handle: a.statusSource},
		{Method: get, Pattern: "/api/v1/statuses/{id}/history", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Handle: a.statusHistory},
		{Method: post, Pattern: "/api/v1/statuses/{id}/favourite", Auth: user, Scopes: scope("write:favourites"), Limit: general, Cache: never, Handle: a.onStatus(a.Post.Favourite)},
		{Method: post, Pattern: "/api/v1/statuses/{id}/unfavourite", Auth: user, Scopes: scope("write:favourites"), Limit: general, Cache: never, Handle: a.onStatus(a.Post.Unfavourite)},
		{Method: post, Pattern: "/api/v1/statuses/{id}/reblog", Auth: user, Scopes: scope("write:statuses"), Limit: posting, Cache: never, Handle: a.reblog},
		{Method: post, Pattern: "/api/v1/statuses/{id}/unreblog", Auth: user, Scopes: scope("write:statuses"), Limit: deleting, Cache: never, Handle: a.unreblog},
		{Method: post, Pattern: "/api/v1/statuses/{id}/bookmark", Auth: user, Scopes: scope("write:bookmarks"), Limit: general, Cache: never, Handle: a.onStatus(a.Post.Bookmark)},
		{Method: post, Pattern: "/api/v1/statuses/{id}/unbookmark", Auth: user, Scopes: scope("write:bookmarks"), Limit: general, Cache: never, Handle: a.onStatus(a.Post.Unbookmark)},
		{Method: post, Pattern: "/api/v1/statuses/{id}/mute", Auth: user, Scopes: scope("write:mutes"), Limit: general, Cache: never, Handle: a.onStatus(a.Post.MuteThread)},
		{Method: post, Pattern: "/api/v1/statuses/{id}/unmute", Auth: user, Scopes: scope("write:mutes"), Limit: general, Cache: never, Handle: a.onStatus(a.Post.UnmuteThread)},
		{Method: post, Pattern: "/api/v1/statuses/{id}/pin", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.onStatus(a.Post.Pin)},
		{Method: post, Pattern: "/api/v1/statuses/{id}/unpin", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.onStatus(a.Post.Unpin)},
		{Method: post, Pattern: "/api/v1/statuses/{id}/translate", Auth: user, Scopes: scope("read:statuses"), Limit: httpkit.LimitTranslation, Cache: never, Handle: a.translate},
		{Method: get, Pattern: "/api/v1/statuses/{id}/context", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Load: core, Handle: a.context},
		{Method: get, Pattern: "/api/v1/statuses/{id}/favourited_by", Auth: public, Scopes: scope("read:accounts"), Limit: general, Cache: short, Handle: a.favouritedBy},
		{Method: get, Pattern: "/api/v1/statuses/{id}/reblogged_by", Auth: public, Scopes: scope("read:accounts"), Limit: general, Cache: short, Handle: a.rebloggedBy},
		{Method: get, Pattern: "/api/v1/statuses/{id}/quotes", Auth: user, Scopes: scope("read:statuses"), Limit: general, Cache: never, Handle: a.quotes},
		{Method: post, Pattern: "/api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke", Auth: user, Scopes: scope("write:statuses"), Limit: general, Cache: never, Handle: a.revokeQuote},
		{Method: put, Pattern: "/api/v1/statuses/{id}/interaction_policy", Auth: user, Scopes: scope("write:statuses"), Limit: general, Cache: never, Handle: a.setQuotePolicy},

		// polls
		{Method: get, Pattern: "/api/v1/polls/{id}", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Handle: a.poll},
		{Method: post, Pattern: "/api/v1/polls/{id}/votes", Auth: user, Scopes: scope("write:statuses"), Limit: general, Cache: never, Handle: a.vote},

		// scheduled statuses
		{Method: get, Pattern: "/api/v1/scheduled_statuses", Auth: user, Scopes: scope("read:statuses"), Limit: general, Cache: never, Handle: a.scheduledStatuses},
		{Method: get, Pattern: "/api/v1/scheduled_statuses/{id}", Auth: user, Scopes: scope("read:statuses"), Limit: general, Cache: never, Handle: a.scheduledStatus},
		{Method: put, Pattern: "/api/v1/scheduled_statuses/{id}", Auth: user, Scopes: scope("write:statuses"), Limit: general, Cache: never, Handle: a.reschedule},
		{Method: del, Pattern: "/api/v1/scheduled_statuses/{id}", Auth: user, Scopes: scope("write:statuses"), Limit: general, Cache: never, Handle: a.unschedule},

		// timelines, favourites, bookmarks
		{Method: get, Pattern: "/api/v1/timelines/home", Auth: user, Scopes: scope("read:statuses"), Limit: general, Cache: never, Load: core, Handle: a.home},
		{Method: get, Pattern: "/api/v1/timelines/public", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Load: core, Handle: a.publicTimeline},
		{Method: get, Pattern: "/api/v1/timelines/tag/{hashtag}", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Load: core, Handle: a.tagTimeline},
		{Method: get, Pattern: "/api/v1/timelines/list/{id}", Auth: user, Scopes: scope("read:lists"), Limit: general, Cache: never, Load: core, Handle: a.listTimeline},
		{Method: get, Pattern: "/api/v1/accounts/{id}/statuses", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Load: core, Handle: a.accountStatuses},
		{Method: get, Pattern: "/api/v1/favourites", Auth: user, Scopes: scope("read:favourites"), Limit: general, Cache: never, Handle: a.favourites},
		{Method: get, Pattern: "/api/v1/bookmarks", Auth: user, Scopes: scope("read:bookmarks"), Limit: general, Cache: never, Handle: a.bookmarks},

		// media
		{Method: post, Pattern: "/api/v2/media", Auth: user, Scopes: scope("write:media"), Limit: httpkit.LimitMedia, Cache: never, Body: httpkit.BodyMedia, Handle: a.uploadMedia(false)},
		{Method: post, Pattern: "/api/v1/media", Auth: user, Scopes: scope("write:media"), Limit: httpkit.LimitMedia, Cache: never, Body: httpkit.BodyMedia, Handle: a.uploadMedia(true)},
		{Method: get, Pattern: "/api/v1/media/{id}", Auth: user, Scopes: scope("write:media"), Limit: general, Cache: never, Handle: a.mediaState},
		{Method: put, Pattern: "/api/v1/media/{id}", Auth: user, Scopes: scope("write:media"), Limit: general, Cache: never, Body: httpkit.BodyProfile, Handle: a.updateMedia},
		{Method: del, Pattern: "/api/v1/media/{id}", Auth: user, Scopes: scope("write:media"), Limit: general, Cache: never, Handle: a.deleteMedia},

		// conversations
		{Method: get, Pattern: "/api/v1/conversations", Auth: user, Scopes: scope("read:statuses"), Limit: general, Cache: never, Handle: a.conversations},
		{Method: post, Pattern: "/api/v1/conversations/{id}/read", Auth: user, Scopes: scope("write:conversations"), Limit: general, Cache: never, Handle: a.markConversation(false)},
		{Method: post, Pattern: "/api/v1/conversations/{id}/unread", Auth: user, Scopes: scope("write:conversations"), Limit: general, Cache: never, Handle: a.markConversation(true)},
		{Method: del, Pattern: "/api/v1/conversations/{id}", Auth: user, Scopes: scope("write:conversations"), Limit: general, Cache: never, Handle: a.hideConversation},

		// filters
		{Method: get, Pattern: "/api/v2/filters", Auth: user, Scopes: scope("read:filters"), Limit: general, Cache: never, Handle: a.filters},
		{Method: post, Pattern: "/api/v2/filters", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Handle: a.createFilter},
		{Method: get, Pattern: "/api/v2/filters/{id}", Auth: user, Scopes: scope("read:filters"), Limit: general, Cache: never, Handle: a.filter},
		{Method: put, Pattern: "/api/v2/filters/{id}", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Handle: a.changeFilter},
		{Method: del, Pattern: "/api/v2/filters/{id}", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Handle: a.deleteFilter},
		{Method: get, Pattern: "/api/v2/filters/{first}/{second}", Auth: user, Scopes: scope("read:filters"), Limit: general, Cache: never, Handle: a.getFilterPart},
		{Method: post, Pattern: "/api/v2/filters/{first}/{second}", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Handle: a.addFilterPart},
		{Method: put, Pattern: "/api/v2/filters/{first}/{second}", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Handle: a.changeFilterPart},
		{Method: del, Pattern: "/api/v2/filters/{first}/{second}", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Handle: a.deleteFilterPart},
		{Method: get, Pattern: "/api/v1/filters", Auth: user, Scopes: scope("read:filters"), Limit: general, Cache: never, Deprecated: 1668384000, Handle: a.filtersV1},
		{Method: post, Pattern: "/api/v1/filters", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Deprecated: 1668384000, Handle: a.createFilterV1},
		{Method: get, Pattern: "/api/v1/filters/{id}", Auth: user, Scopes: scope("read:filters"), Limit: general, Cache: never, Deprecated: 1668384000, Handle: a.filterV1},
		{Method: put, Pattern: "/api/v1/filters/{id}", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Deprecated: 1668384000, Handle: a.changeFilterV1},
		{Method: del, Pattern: "/api/v1/filters/{id}", Auth: user, Scopes: scope("write:filters"), Limit: general, Cache: never, Deprecated: 1668384000, Handle: a.deleteFilterV1},

		// search
		{Method: get, Pattern: "/api/v2/search", Auth: public, Scopes: scope("read:search"), Limit: general, Cache: short, Handle: a.search},

		// notifications
		{Method: get, Pattern: "/api/v1/notifications", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Load: core, Handle: a.notifications},
		{Method: get, Pattern: "/api/v1/notifications/unread_count", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.unreadNotifications},
		{Method: get, Pattern: "/api/v1/notifications/{id}", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.notification},
		{Method: post, Pattern: "/api/v1/notifications/clear", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: a.clearNotifications},
		{Method: post, Pattern: "/api/v1/notifications/{id}/dismiss", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: a.dismissNotification},
		{Method: del, Pattern: "/api/v1/notifications/{id}", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: a.dismissNotification},
		{Method: del, Pattern: "/api/v1/notifications/destroy_multiple", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: a.dismissNotifications},
		{Method: get, Pattern: "/api/v2/notifications", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Load: core, Handle: a.notificationGroups},
		{Method: get, Pattern: "/api/v2/notifications/unread_count", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.unreadNotificationGroups},
		{Method: post, Pattern: "/api/v2/notifications/clear", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: a.clearNotifications},
		{Method: get, Pattern: "/api/v2/notifications/{group_key}", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.notificationGroup},
		{Method: get, Pattern: "/api/v2/notifications/{group_key}/accounts", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.notificationGroupAccounts},
		{Method: post, Pattern: "/api/v2/notifications/{group_key}/dismiss", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: a.dismissNotificationGroup},

		// notification policy and requests
		{Method: get, Pattern: "/api/v2/notifications/policy", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.notificationPolicy},
		{Method: patch, Pattern: "/api/v2/notifications/policy", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: a.changeNotificationPolicy},
		{Method: get, Pattern: "/api/v1/notifications/policy", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.notificationPolicyV1},
		{Method: put, Pattern: "/api/v1/notifications/policy", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: a.changeNotificationPolicyV1},
		{Method: get, Pattern: "/api/v1/notifications/requests", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.notificationRequests},
		{Method: get, Pattern: "/api/v1/notifications/requests/merged", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.requestsMerged},
		{Method: post, Pattern: "/api/v1/notifications/requests/accept", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: endRequests(a.Notify.AcceptRequests)},
		{Method: post, Pattern: "/api/v1/notifications/requests/dismiss", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: endRequests(a.Notify.DismissRequests)},
		{Method: get, Pattern: "/api/v1/notifications/requests/{id}", Auth: user, Scopes: scope("read:notifications"), Limit: general, Cache: never, Handle: a.notificationRequest},
		{Method: post, Pattern: "/api/v1/notifications/requests/{id}/accept", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: endRequest(a.Notify.AcceptRequests)},
		{Method: post, Pattern: "/api/v1/notifications/requests/{id}/dismiss", Auth: user, Scopes: scope("write:notifications"), Limit: general, Cache: never, Handle: endRequest(a.Notify.DismissRequests)},

		// push
		{Method: post, Pattern: "/api/v1/push/subscription", Auth: user, Scopes: scope("push"), Limit: general, Cache: never, Handle: a.subscribePush},
		{Method: get, Pattern: "/api/v1/push/subscription", Auth: user, Scopes: scope("push"), Limit: general, Cache: never, Handle: a.pushSubscription},
		{Method: put, Pattern: "/api/v1/push/subscription", Auth: user, Scopes: scope("push"), Limit: general, Cache: never, Handle: a.changePush},
		{Method: del, Pattern: "/api/v1/push/subscription", Auth: user, Scopes: scope("push"), Limit: general, Cache: never, Handle: a.unsubscribePush},
		{Method: del, Pattern: "/api/web/push_subscriptions/{id}", Auth: public, Scopes: none, Limit: general, Cache: never, Handle: a.unsubscribePushByTicket},

		// reports
		{Method: post, Pattern: "/api/v1/reports", Auth: user, Scopes: scope("write:reports"), Limit: httpkit.LimitReport, Cache: never, Handle: a.report},

		// instance
		{Method: get, Pattern: "/api/v2/instance", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.instance},
		{Method: get, Pattern: "/api/v1/instance", Auth: public, Scopes: none, Limit: general, Cache: long, Deprecated: 1668384000, Handle: a.instanceV1},
		{Method: get, Pattern: "/api/v1/instance/peers", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.unless(func(s *domain.Settings) bool { return s.NoPeers }, a.peers)},
		{Method: get, Pattern: "/api/v1/instance/rules", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.rules},
		{Method: get, Pattern: "/api/v1/instance/domain_blocks", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.moderatedDomains},
		{Method: get, Pattern: "/api/v1/instance/activity", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.unless(func(s *domain.Settings) bool { return s.NoActivity }, a.activity)},
		{Method: get, Pattern: "/api/v1/instance/languages", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.languages},
		{Method: get, Pattern: "/api/v1/instance/terms_of_service", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.terms},
		{Method: get, Pattern: "/api/v1/instance/terms_of_service/{date}", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.terms},
		{Method: get, Pattern: "/api/v1/peers/search", Auth: public, Scopes: none, Limit: general, Cache: short, Handle: a.unless(func(s *domain.Settings) bool { return s.NoPeers }, a.searchPeers)},
		{Method: get, Pattern: "/api/v1/donation_campaigns", Auth: user, Scopes: none, Limit: general, Cache: never, Handle: a.noCampaign},
		{Method: get, Pattern: "/api/v1/instance/extended_description", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.extendedDescription},
		{Method: get, Pattern: "/api/v1/instance/privacy_policy", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.privacyPolicy},
		{Method: get, Pattern: "/api/v1/instance/translation_languages", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.translationLanguages},
		{Method: get, Pattern: "/api/v1/custom_emojis", Auth: public, Scopes: none, Limit: general, Cache: long, Handle: a.customEmojis},

		// announcements
		{Method: get, Pattern: "/api/v1/announcements", Auth: user, Scopes: none, Limit: general, Cache: never, Handle: a.announcements},
		{Method: post, Pattern: "/api/v1/announcements/{id}/dismiss", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.dismissAnnouncement},
		{Method: put, Pattern: "/api/v1/announcements/{id}/reactions/{name}", Auth: user, Scopes: scope("write:favourites"), Limit: general, Cache: never, Handle: onReaction(a.Moderation.React)},
		{Method: del, Pattern: "/api/v1/announcements/{id}/reactions/{name}", Auth: user, Scopes: scope("write:favourites"), Limit: general, Cache: never, Handle: onReaction(a.Moderation.Unreact)},

		// annual reports, and what is still being worked at
		{Method: get, Pattern: "/api/v1/annual_reports", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.annualReports},
		{Method: get, Pattern: "/api/v1/annual_reports/{year}", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.annualReport},
		{Method: get, Pattern: "/api/v1/annual_reports/{year}/state", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.annualState},
		{Method: post, Pattern: "/api/v1/annual_reports/{year}/generate", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.makeAnnualReport},
		{Method: post, Pattern: "/api/v1/annual_reports/{year}/read", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.readAnnualReport},
		{Method: get, Pattern: "/api/v1_alpha/async_refreshes/{id}", Auth: user, Scopes: scope("read"), Limit: general, Cache: never, Handle: a.asyncRefresh},

		// trends
		{Method: get, Pattern: "/api/v1/trends", Auth: public, Scopes: none, Limit: general, Cache: short, Deprecated: 1648598400, Handle: a.trendingTags},
		{Method: get, Pattern: "/api/v1/trends/tags", Auth: public, Scopes: none, Limit: general, Cache: short, Handle: a.trendingTags},
		{Method: get, Pattern: "/api/v1/trends/statuses", Auth: public, Scopes: none, Limit: general, Cache: short, Handle: a.trendingStatuses},
		{Method: get, Pattern: "/api/v1/trends/links", Auth: public, Scopes: none, Limit: general, Cache: short, Handle: a.trendingLinks},
		{Method: get, Pattern: "/api/v1/timelines/link", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Handle: a.linkTimeline},

		// suggestions, directory, oEmbed
		{Method: get, Pattern: "/api/v2/suggestions", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Handle: a.suggestions},
		{Method: get, Pattern: "/api/v1/suggestions", Auth: user, Scopes: scope("read:accounts"), Limit: general, Cache: never, Deprecated: 1621123200, Handle: a.suggestionsV1},
		{Method: del, Pattern: "/api/v1/suggestions/{account_id}", Auth: user, Scopes: scope("write:accounts"), Limit: general, Cache: never, Handle: a.dismissSuggestion},
		{Method: get, Pattern: "/api/v1/directory", Auth: public, Scopes: none, Limit: general, Cache: short, Handle: a.unless(func(s *domain.Settings) bool { return s.NoDirectory }, a.directory)},
		{Method: get, Pattern: "/api/oembed", Auth: public, Scopes: none, Limit: general, Cache: short, Handle: a.oembed},

		// streaming
		{Method: get, Pattern: "/api/v1/streaming", Auth: public, Scopes: none, Limit: general, Cache: never, Load: httpkit.LoadFree, Handle: a.streaming},
		{Method: get, Pattern: "/api/v1/streaming/health", Auth: public, Scopes: none, Limit: httpkit.LimitNone, Cache: never, Handle: a.streamingHealth},
	}...))
}
