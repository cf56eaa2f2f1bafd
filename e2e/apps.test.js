// Whatever app somebody likes: further libraries and a program from the
// distribution, each with live updates where it has them.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import generator, { detector } from "megalodon";
import WebSocket from "ws";
import { Browser } from "./browser.js";
import { password, recordAnswers, startServer, until } from "./server.js";

// What the libraries use and Node 20 does not have yet.
globalThis.WebSocket = WebSocket;
Promise.withResolvers ??= () => {
  const it = {};
  it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
  return it;
};
recordAnswers();
let server, tokens, alice, me;

before(async () => {
  server = await startServer();
  tokens = { alice: await server.join("alice", "owner"), bob: await server.join("bob") };
  alice = createRestAPIClient({ url: server.url, accessToken: tokens.alice });
  me = await alice.v1.accounts.verifyCredentials();
});
after(async () => assert.equal(await server.stop(), 0));

test("masto hears of posts, notifications and hashtags on one socket", async () => {
  const instance = await alice.v2.instance.fetch();
  const streams = createStreamingAPIClient({
    streamingApiUrl: instance.configuration.urls.streaming,
    accessToken: tokens.alice,
    implementation: WebSocket,
  });
  const heard = [];
  const listen = async (name, subscription) => {
    for await (const event of subscription) heard.push({ name, ...event });
  };
  const user = streams.user.subscribe();
  const tag = streams.hashtag.subscribe({ tag: "Prairie" });
  const ends = [listen("user", user), listen("tag", tag)];
  // Nothing tells when a subscription stands, so posts are repeated until both have one.
  const bob = createRestAPIClient({ url: server.url, accessToken: tokens.bob });
  let made;
  await until("both streams tell of a post", async () => {
    made = await bob.v1.statuses.create({ status: "@alice look: #prairie" });
    return ["user", "tag"].every((name) => heard.some((e) => e.name === name));
  });
  const notified = await until("the mention is notified", () =>
    heard.find((e) => e.event === "notification" && e.payload.status?.id === made.id));
  assert.equal(notified.payload.type, "mention");
  await bob.v1.statuses.$select(made.id).update({ status: "@alice look again: #prairie" });
  await until("the edit is told", () =>
    heard.find((e) => e.name === "tag" && e.event === "status.update" && e.payload.content.includes("again")));
  await bob.v1.statuses.$select(made.id).remove();
  await until("the end is told", () => heard.find((e) => e.name === "tag" && e.event === "delete" && e.payload === made.id));
  user.unsubscribe();
  tag.unsubscribe();
  streams.close();
  await Promise.all(ends);
});

test("megalodon recognises the server, reads, writes and listens", async () => {
  assert.equal(await detector(server.url), "mastodon");
  const bob = generator("mastodon", server.url, tokens.bob);
  const { data: him } = await bob.verifyAccountCredentials();
  assert.equal(him.username, "bob");
  assert.ok((await bob.followAccount(me.id)).data.following);

  const socket = await bob.userStreaming();
  const heard = [];
  socket.on("update", (status) => heard.push(status));
  await new Promise((resolve) => socket.on("connect", resolve));
  let told;
  await until("the post of somebody followed is told", async () => {
    await alice.v1.statuses.create({ status: "hello from alice" });
    return (told = heard.find((s) => s.account.acct === "alice"));
  });
  socket.stop();

  assert.ok((await bob.getHomeTimeline()).data.some((s) => s.id === told.id));
  assert.ok((await bob.favouriteStatus(told.id)).data.favourited);
  const { data: reply } = await bob.postStatus("@alice hello back", { in_reply_to_id: told.id, visibility: "unlisted" });
  assert.equal(reply.in_reply_to_id, told.id);
  const { data: thread } = await bob.getStatusContext(reply.id);
  assert.deepEqual(thread.ancestors.map((s) => s.id), [told.id]);
  const { data: poll } = await bob.postStatus("tea?", { poll: { options: ["yes", "no"], expires_in: 600 } });
  assert.equal(poll.poll.options.length, 2);
  const { data: found } = await bob.search("alice", { type: "accounts" });
  assert.deepEqual(found.accounts.map((a) => a.acct), ["alice"]);
  const { data: list } = await bob.createList("friends");
  await bob.addAccountsToList(list.id, [me.id]);
  assert.ok((await bob.getListTimeline(list.id)).data.some((s) => s.id === told.id));
  const alicesApp = generator("mastodon", server.url, tokens.alice);
  const kinds = (await alicesApp.getNotifications()).data.map((n) => n.type);
  assert.ok(kinds.includes("favourite") && kinds.includes("follow") && kinds.includes("mention"), kinds.join());
  const { data: instance } = await bob.getInstance();
  assert.equal(instance.configuration.statuses.max_characters, 500);
});

const hasToot = await promisify(execFile)("toot", ["--help"]).then(() => true, () => false);

test("toot signs in through the browser, posts and reads", { skip: !hasToot && "toot is not installed" }, async () => {
  const home = await mkdtemp(join(tmpdir(), "coterie-toot-"));
  const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, LANG: "C.UTF-8", PYTHONIOENCODING: "utf-8" };
  const toot = async (...args) => (await promisify(execFile)("toot", [...args, "--no-color"], { env, timeout: 60_000 })).stdout;
  try {
    await login(env);
    assert.match(await toot("whoami"), /@bob/);
    assert.match(await toot("post", "written with toot #cli", "--visibility", "public"), /Toot posted/);
    const mine = (await alice.v1.timelines.public.list()).find((s) => s.content.includes("written with toot"));
    assert.equal(mine?.account.acct, "bob");
    await alice.v1.statuses.$select(mine.id).favourite();
    assert.match(await toot("timeline", "--public", "--local", "--once", "--count", "20"), /written with toot/);
    assert.match(await toot("thread", mine.id), /written with toot/);
    assert.match(await toot("notifications"), /favourited/);
    assert.match(await toot("search", "alice"), /alice/);
    assert.match(await toot("follow", "alice"), /alice/);
    assert.match(await toot("reblog", mine.id), /reblogged/);
    assert.match(await toot("tags_follow", "cli"), /cli/);
    assert.match(await toot("tags_followed"), /cli/);
    assert.match(await toot("instance", "--disable-https"), /localhost|Coterie/);
    assert.match(await toot("delete", mine.id), /deleted/);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

/** Has toot ask for a code and gives it the one that bob's browser is shown. */
async function login(env) {
  const child = spawn("toot", ["login", "--instance", server.domain, "--disable-https"], { env: { ...env, PYTHONUNBUFFERED: "1" } });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.stdin.write("n\n");
  const address = await until("toot names the address", () => said.match(/https?:\/\/\S+\/oauth\/authorize\S+/)?.[0]);
  const browser = new Browser(server.url);
  await browser.open(address);
  const login = browser.fields().find((f) => f !== "password");
  await browser.submit({ [login]: "bob@example.org", password });
  await browser.submit({ decision: "allow" });
  const code = browser.all("input").find((e) => e.attrs.some((a) => a.name === "readonly"))?.attrs.find((a) => a.name === "value").value;
  assert.ok(code, `no code on the page: ${browser.text}`);
  child.stdin.write(`${code}\n`);
  assert.equal(await ended, 0, said);
}
