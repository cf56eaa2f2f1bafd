import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createOAuthAPIClient, createRestAPIClient } from "masto";
import { Browser } from "./browser.js";
import { authorizeURL, register, signIn } from "./oauth.js";
import { password, recordAnswers, startServer } from "./server.js";

recordAnswers();
let server;
before(async () => {
  server = await startServer();
  await server.join("alice", "owner");
});
after(async () => assert.equal(await server.stop(), 0));

test("an app learns what the server is", async () => {
  const client = createRestAPIClient({ url: server.url });
  const v2 = await client.v2.instance.fetch();
  assert.equal(v2.domain, server.domain);
  assert.match(v2.version, /^4\.\d+\.\d+ \(compatible; Coterie /);
  assert.equal(v2.contact.account.username, "alice");
  const v1 = await client.v1.instance.fetch();
  assert.equal(v1.uri, server.domain);
});

test("somebody signs in through the forms", async () => {
  const { client, browser, app } = await signIn(server.url, "alice");
  const me = await client.v1.accounts.verifyCredentials();
  assert.equal(me.username, "alice");
  const own = await client.v1.apps.verifyCredentials();
  assert.equal(own.name, "Story");
  // The session holds: the second time nobody is asked for a password.
  browser.left = undefined;
  await browser.open(authorizeURL(server.url, app, "story://callback"));
  assert.ok(browser.left || !browser.fields().includes("password"));
});

test("a code can be typed over by hand", async () => {
  const oob = "urn:ietf:wg:oauth:2.0:oob";
  const app = await register(server.url, oob);
  const browser = new Browser(server.url);
  await browser.open(authorizeURL(server.url, app, oob));
  const login = browser.fields().find((f) => f !== "password");
  await browser.submit({ [login]: "alice@example.org", password });
  await browser.submit({ decision: "allow" });
  const token = await createOAuthAPIClient({ url: server.url }).token.create({
    grantType: "authorization_code",
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    redirectUri: oob,
    code: browser.value("code"),
  });
  assert.ok(token.accessToken);
});

test("whoever says no to an app stays out", async () => {
  const app = await register(server.url, "story://callback");
  const browser = new Browser(server.url);
  await browser.open(authorizeURL(server.url, app, "story://callback", { state: "x" }));
  const login = browser.fields().find((f) => f !== "password");
  await browser.submit({ [login]: "alice@example.org", password: "wrong password" });
  assert.ok(browser.fields().includes("password"), "a wrong password shows the form again");
  await browser.submit({ [login]: "alice@example.org", password });
  await browser.submit({ decision: "deny" });
  assert.equal(browser.left.searchParams.get("error"), "access_denied");
});

test("a token is gone when it is revoked", async () => {
  const { client, app, token } = await signIn(server.url, "alice");
  await createOAuthAPIClient({ url: server.url }).revoke({
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    token: token.accessToken,
  });
  await assert.rejects(client.v1.accounts.verifyCredentials(), (e) => e.statusCode === 401);
});
