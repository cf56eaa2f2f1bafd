package page

import (
	"net/http"
	"time"
)

// CSP is the content security policy of every answer a browser shows. It has
// no form-action: the consent form ends in a redirect to an app's own scheme
// (behaviours 6.3). The text is fixed by a golden test (SEC-55).
const CSP = anywhere + "frame-ancestors 'none'"

// FramedCSP is that of the one page which other sites may show in a frame: it
// shows the same to everybody, and nothing can be done on it.
const FramedCSP = anywhere + "frame-ancestors *"

const anywhere = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: blob: https:; media-src 'self' https:; font-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'; base-uri 'none'; "

// SetSecurityHeaders puts the headers of CSP and its kin on an answer. The
// referrer policy is same-origin and not stricter, because "no-referrer" makes
// browsers send "Origin: null" with forms, which the guard must refuse.
func SetSecurityHeaders(h http.Header, secure bool) {
	h.Set("Content-Security-Policy", CSP)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

// SecurityHeaders puts the security headers on any answer; it is meant for
// httpkit.Config.SecurityHeaders.
func (p *Pages) SecurityHeaders(h http.Header, _ *http.Request) {
	SetSecurityHeaders(h, p.opt.Secure)
}

// Guard refuses forms sent from another site (cross-site request forgery) with
// a 403 page. Wrap every route that acts on a browser session in it; the API,
// which answers to tokens alone, needs none.
func (p *Pages) Guard(next http.Handler) http.Handler {
	c := http.NewCrossOriginProtection()
	c.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.ErrorStatus(w, r, http.StatusForbidden, p.Locale(r).T("error.cross_site"))
	}))
	return c.Handler(next)
}

// cookieName keeps a cookie to this host alone where the browser can enforce it.
func (p *Pages) cookieName(name string) string {
	if p.opt.Secure && name != langCookie {
		return "__Host-" + name
	}
	return name
}

// SetCookie sets a cookie scripts cannot read and other sites' forms do not
// send. maxAge 0 keeps it until the browser closes.
func (p *Pages) SetCookie(w http.ResponseWriter, name, value string, maxAge time.Duration) {
	p.setCookie(w, name, value, maxAge, http.SameSiteLaxMode)
}

// SetStrictCookie is SetCookie for one that comes with nothing but requests of
// our own pages: not with a link from another site either.
func (p *Pages) SetStrictCookie(w http.ResponseWriter, name, value string, maxAge time.Duration) {
	p.setCookie(w, name, value, maxAge, http.SameSiteStrictMode)
}

func (p *Pages) setCookie(w http.ResponseWriter, name, value string, maxAge time.Duration, sameSite http.SameSite) {
	http.SetCookie(w, &http.Cookie{
		Name: p.cookieName(name), Value: value, Path: "/", MaxAge: int(maxAge / time.Second),
		Secure: p.opt.Secure, HttpOnly: true, SameSite: sameSite,
	})
}

// ClearCookie removes a cookie.
func (p *Pages) ClearCookie(w http.ResponseWriter, name string) {
	p.SetCookie(w, name, "", -time.Second)
}

// Cookie is the value of a cookie set by SetCookie, "" if there is none.
func (p *Pages) Cookie(r *http.Request, name string) string {
	c, err := r.Cookie(p.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}
