// Package ownapi is /api/coterie/v1, for what Mastodon has no API for:
// signing in safely, sessions, apps, mail, invitations, what one takes along,
// aliases, moving and leaving. It takes the same tokens and scopes, and answers with the same
// errors; docs/ownapi.md describes it. What changes who may sign in wants the password again. Level
// 7: only instance imports it. An API is safe for concurrent use.
package ownapi

import (
	"net/http"
	"time"

	"coterie/internal/account"
	"coterie/internal/archive"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/notify"
	"coterie/internal/post"
)

// API holds what the handlers call.
type API struct {
	Account *account.Service
	Notify  *notify.Service
	Archive *archive.Service
	Post    *post.Service
	Now     func() time.Time
	// Provider is what people know the OpenID Connect provider by, "" for none.
	Provider string
}

// Routes are all routes of the API.
func (a *API) Routes() []httpkit.Route {
	route := func(method, path, scope string, limit httpkit.LimitClass, h httpkit.Handler) httpkit.Route {
		return httpkit.Route{
			Method: method, Pattern: "/api/coterie/v1" + path, Auth: httpkit.User, Scopes: []string{scope},
			Limit: limit, Cache: httpkit.CacheNever, Handle: h,
		}
	}
	read := func(path string, h httpkit.Handler) httpkit.Route {
		return route(http.MethodGet, path, "read:accounts", httpkit.LimitGeneral, h)
	}
	change := func(method, path string, h httpkit.Handler) httpkit.Route {
		return route(method, path, "write:accounts", httpkit.LimitGeneral, h)
	}
	// guarded routes want to know that the owner acts.
	guarded := func(method, path string, h httpkit.Handler) httpkit.Route {
		return route(method, path, "write:accounts", httpkit.LimitLogin, a.guard(h))
	}
	waiting := read("/waiting", a.waiting)
	waiting.Auth = httpkit.Newcomer // who waits is not let in yet
	work := read("/proof_of_work", a.challenge)
	work.Auth = httpkit.App // who asks has no account yet
	const post, patch, del = http.MethodPost, http.MethodPatch, http.MethodDelete
	bring := route(post, "/imports", "write", httpkit.LimitMedia, a.propose)
	bring.Body = httpkit.BodyProfile
	return append(a.exportRoutes(route), []httpkit.Route{
		read("/security", a.security),
		change(post, "/security/proof", a.askProof),
		guarded(post, "/security/password", a.changePassword),
		guarded(del, "/security/password", a.dropPassword),
		guarded(post, "/security/email", a.changeEmail),
		guarded(post, "/security/one_time", a.proposeOneTime),
		change(post, "/security/one_time/confirm", a.confirmOneTime),
		guarded(del, "/security/one_time", a.dropOneTime),
		guarded(post, "/security/recovery_codes", a.newRecoveryCodes),
		guarded(post, "/security/passkeys/options", a.beginPasskey),
		change(post, "/security/passkeys", a.finishPasskey),
		change(patch, "/security/passkeys/{id}", a.renamePasskey),
		guarded(del, "/security/passkeys/{id}", a.dropPasskey),

		read("/security/identities", a.identities),
		guarded(del, "/security/identities/{id}", a.unlink),

		read("/sessions", a.sessions),
		read("/sign_ins", a.signIns),
		change(del, "/sessions/{id}", a.endSession),
		read("/apps", a.apps),
		change(del, "/apps/{id}", a.revokeApp),

		waiting,
		work,
		read("/preferences", a.preferences),
		change(patch, "/preferences", a.setPreferences),
		read("/qr", a.qr),
		read("/mail", a.mailWishes),
		change(patch, "/mail", a.setMailWishes),

		read("/terms", a.terms),
		change(post, "/terms/accept", a.acceptTerms),

		read("/invites", a.invites),
		change(post, "/invites", a.makeInvite),
		change(del, "/invites/{id}", a.revokeInvite),

		read("/aliases", a.aliases),
		change(post, "/aliases", a.addAlias),
		change(del, "/aliases", a.removeAlias),
		read("/move", a.moved),
		guarded(post, "/move", a.move),
		guarded(del, "/move", a.stay),
		guarded(del, "/account", a.deleteAccount),

		route(http.MethodGet, "/archive", "read", httpkit.LimitGeneral, a.archive),
		route(post, "/archive", "write", httpkit.LimitGeneral, a.askArchive),
		route(http.MethodGet, "/archive/file", "read", httpkit.LimitGeneral, a.archiveFile),

		route(http.MethodGet, "/statuses_cleanup", "read:statuses", httpkit.LimitGeneral, a.cleanup),
		route(patch, "/statuses_cleanup", "write:statuses", httpkit.LimitGeneral, a.setCleanup),

		route(http.MethodGet, "/exports", "read", httpkit.LimitGeneral, a.exports),
		route(http.MethodGet, "/severed_relationships", "read:follows", httpkit.LimitGeneral, a.severed),
		route(http.MethodGet, "/severed_relationships/{id}/followers.csv", "read:follows", httpkit.LimitGeneral, a.severedFile("followers.csv", true)),
		route(http.MethodGet, "/severed_relationships/{id}/following.csv", "read:follows", httpkit.LimitGeneral, a.severedFile("following.csv", false)),
		bring,
		route(http.MethodGet, "/imports", "read", httpkit.LimitGeneral, a.imports),
		route(http.MethodGet, "/imports/{id}", "read", httpkit.LimitGeneral, a.oneImport),
		route(http.MethodGet, "/imports/{id}/failures", "read", httpkit.LimitGeneral, a.importFailures),
		route(post, "/imports/{id}/start", "write", httpkit.LimitGeneral, a.startImport),
		route(del, "/imports/{id}", "write", httpkit.LimitGeneral, a.forgetImport),
	}...)
}

// guard has the password asked for, in current_password, or the answer of a
// passkey to askProof, in passkey_secret and passkey_answer: a token alone must
// not change who may sign in.
func (a *API) guard(h httpkit.Handler) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		if err := r.LimitSubject("password of " + r.Viewer.Account.String()); err != nil {
			return nil, err
		}
		p := r.Params
		err := a.Account.Prove(r.Context(), r.Viewer.Account, account.Proof{
			Password: p.StringOr("current_password", ""), PasskeySecret: p.StringOr("passkey_secret", ""), PasskeyAnswer: []byte(p.StringOr("passkey_answer", "")),
		})
		if domain.Is(err, domain.Unauthenticated) {
			err = domain.Errorf(domain.Invalid, "%s", err.Error()) // the token is good
		}
		if err != nil {
			return nil, err
		}
		return h(r)
	}
}
