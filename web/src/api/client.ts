import { createRestAPIClient, MastoHttpError } from 'masto';

export type { mastodon } from 'masto';

/** Goes along with each request: the server acts for nobody but the account that this page shows. */
export const shown = new Headers();

/** Says whom this page shows. */
export function shows(account: string): void {
  shown.set('Coterie-Account', account);
}

/**
 * The API of our own server. There is no token: the browser sends the cookie
 * of the session, which counts because the request comes from our own page.
 */
export const api = createRestAPIClient({
  url: location.origin,
  requestInit: { credentials: 'same-origin', cache: 'no-store', headers: shown },
});

/** Sends whoever is no longer signed in to the sign-in page, which leads back. */
export function signIn(): void {
  location.assign(`/auth/sign_in?return_to=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Whether an answer says that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof MastoHttpError && error.statusCode === 401;
}

/** Whether an answer says that something is not there, or not for us to see. */
export function isMissing(error: unknown): boolean {
  return error instanceof MastoHttpError && (error.statusCode === 404 || error.statusCode === 410);
}

/** What went wrong as a sentence for people; `otherwise` where the server said nothing. */
export function reason(error: unknown, otherwise: string): string {
  return error instanceof MastoHttpError && error.message ? error.message : otherwise;
}

/** Sends a header along with a request that the library has no parameter for; `keepalive` outlives the page. */
export function withHeader(name: string, value: string, keepalive = false): { requestInit: RequestInit } {
  return { requestInit: { headers: { [name]: value }, keepalive } };
}
