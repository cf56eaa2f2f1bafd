// Signs somebody in the way apps do: registration, consent, code, token.
import { createHash, randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import { createOAuthAPIClient, createRestAPIClient } from "masto";
import { Browser } from "./browser.js";
import { password } from "./server.js";

export const scopes = "profile read write follow push";

/** Registers an app and returns it. */
export async function register(url, redirectUris) {
  const app = await createRestAPIClient({ url }).v1.apps.create({
    clientName: "Story",
    redirectUris,
    scopes,
    website: "https://story.example",
  });
  assert.ok(app.clientId && app.clientSecret);
  return app;
}

/** The address the app opens in the browser. */
export function authorizeURL(url, app, redirectUri, more = {}) {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: scopes,
    ...more,
  });
  return `${url}/oauth/authorize?${query}`;
}

/** Signs name in and returns the client of their app. */
export async function signIn(url, name) {
  const redirectUri = "story://callback";
  const app = await register(url, redirectUri);
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const browser = new Browser(url);
  const more = { state: "abc", code_challenge: challenge, code_challenge_method: "S256" };
  await browser.open(authorizeURL(url, app, redirectUri, more));
  const fields = browser.fields();
  assert.ok(fields.includes("password"), `no password field among ${fields}`);
  const login = fields.find((f) => f !== "password");
  await browser.submit({ [login]: `${name}@example.org`, password });
  await browser.submit({ decision: "allow" });
  assert.equal(browser.left?.protocol, "story:", `not sent back to the app: ${browser.status} ${browser.text}`);
  assert.equal(browser.left.searchParams.get("state"), "abc");
  const token = await createOAuthAPIClient({ url }).token.create({
    grantType: "authorization_code",
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    redirectUri,
    code: browser.left.searchParams.get("code"),
    codeVerifier: verifier,
    scope: scopes,
  });
  assert.equal(token.tokenType, "Bearer");
  return { app, browser, token, client: createRestAPIClient({ url, accessToken: token.accessToken }) };
}
