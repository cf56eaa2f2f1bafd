// A server of another make and this one: each thing people do, both ways.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createRestAPIClient } from "masto";
import { startPeer } from "./peer.js";
import { recordAnswers, startServer, until } from "./server.js";

recordAnswers();
let server, peer, alice, me, patty, her;

before(async () => {
  [server, peer] = await Promise.all([startServer(), startPeer()]);
  alice = createRestAPIClient({ url: server.url, accessToken: await server.join("alice", "owner") });
  me = await alice.v1.accounts.verifyCredentials();
});
after(async () => {
  await peer.stop();
  assert.equal(await server.stop(), 0);
});

const text = (html) => html.replace(/<[^>]*>/g, "");
const home = () => alice.v1.timelines.home.list();
const onHome = (words) => until(`"${words}" at home`, async () => (await home()).find((s) => text(s.content).includes(words)));
const told = (type, more = () => true) =>
  until(`a notification of a ${type}`, async () => (await alice.v1.notifications.list()).find((n) => n.type === type && n.account.acct === peer.handle && more(n)));
const arrives = (type, fits) => until(`a ${type} at the peer`, () => peer.find(type, fits));

test("a stranger is found by handle and followed", async () => {
  const { accounts } = await alice.v2.search.list({ q: `@${peer.handle}`, resolve: true });
  patty = accounts[0];
  assert.equal(patty.acct, peer.handle);
  assert.equal(patty.displayName, "Patty");
  assert.equal(text(patty.note), "Digs on Fedify.");
  await alice.v1.accounts.$select(patty.id).follow();
  const follow = await arrives("Follow");
  assert.equal(follow.objectId.href, peer.actor);
  await until("the follow is accepted", async () => (await alice.v1.accounts.relationships.fetch({ id: [patty.id] }))[0].following);
});

test("a stranger reads an actor here and follows it", async () => {
  her = await peer.look(`${server.url}/users/alice`);
  assert.equal(her.preferredUsername, "alice");
  await peer.follow(her);
  await arrives("Accept");
  await told("follow");
  assert.equal((await alice.v1.accounts.$select(me.id).fetch()).followersCount, 1);
});

let note;
test("what a stranger writes comes home and tells the mentioned", async () => {
  note = await peer.post(`<p>Hello <a href="${her.id.href}">@alice</a>, from Fedify</p>`, [her]);
  const seen = await onHome("from Fedify");
  assert.equal(seen.uri, note.id.href);
  assert.equal(seen.visibility, "public");
  assert.deepEqual(seen.mentions.map((m) => m.id), [me.id]);
  const n = await told("mention");
  assert.equal(n.status.id, seen.id);
});

test("an answer reaches the author, and reads the same there", async () => {
  const { id } = await onHome("from Fedify");
  const answer = await alice.v1.statuses.create({ status: `@${peer.handle} glad to read you`, inReplyToId: id });
  const create = await arrives("Create", (a) => a.objectId.href === answer.uri);
  const object = await create.getObject();
  assert.equal(object.replyTargetId.href, note.id.href);
  assert.match(object.content.toString(), /glad to read you/);
  assert.ok(create.ccIds.concat(create.toIds).some((u) => u.href === peer.actor));
  const fetched = await peer.look(answer.uri);
  assert.equal(fetched.id.href, answer.uri);
});

test("favourites and boosts go out and are taken back", async () => {
  const { id } = await onHome("from Fedify");
  await alice.v1.statuses.$select(id).favourite();
  await alice.v1.statuses.$select(id).reblog();
  assert.equal((await arrives("Like")).objectId.href, note.id.href);
  assert.equal((await arrives("Announce")).objectId.href, note.id.href);
  await alice.v1.statuses.$select(id).unfavourite();
  await alice.v1.statuses.$select(id).unreblog();
  await until("both are undone", () => peer.received.filter((a) => a.constructor.name === "Undo").length >= 2);
});

test("favourites and boosts come in", async () => {
  const mine = await alice.v1.statuses.create({ status: "Burrow news" });
  const there = await until("the post at the peer", () => peer.find("Create", (a) => a.objectId.href === mine.uri));
  await peer.like(there.objectId, her);
  await peer.boost(there.objectId, her);
  await told("favourite", (n) => n.status.id === mine.id);
  await told("reblog", (n) => n.status.id === mine.id);
  const now = await alice.v1.statuses.$select(mine.id).fetch();
  assert.equal(now.favouritesCount, 1);
  assert.equal(now.reblogsCount, 1);
});

test("edits and deletions come in", async () => {
  const { id } = await onHome("from Fedify");
  await peer.edit(note, "<p>Hello again</p>", her);
  await until("the edit shows", async () => text((await alice.v1.statuses.$select(id).fetch()).content) === "Hello again");
  assert.equal((await alice.v1.statuses.$select(id).history.list()).length, 2);
  await peer.delete(note, her);
  await until("the post is gone", () => alice.v1.statuses.$select(id).fetch().then(() => false, (e) => e.statusCode === 404));
});

test("edits and deletions go out", async () => {
  const mine = await alice.v1.statuses.create({ status: "First words" });
  await arrives("Create", (a) => a.objectId.href === mine.uri);
  await alice.v1.statuses.$select(mine.id).update({ status: "Better words" });
  const update = await arrives("Update", (a) => a.objectId.href === mine.uri);
  assert.match((await update.getObject()).content.toString(), /Better words/);
  await alice.v1.statuses.$select(mine.id).remove();
  await arrives("Delete", (a) => a.objectId.href === mine.uri);
  assert.ok([404, 410].includes((await fetch(mine.uri, { headers: { accept: "application/activity+json" } })).status));
});

test("a changed name shows on the other side", async () => {
  await alice.v1.accounts.updateCredentials({ displayName: "Alice of the burrow" });
  const update = await arrives("Update", (a) => a.objectId.href === her.id.href);
  assert.equal((await update.getObject()).name.toString(), "Alice of the burrow");
});

test("follows end on both sides", async () => {
  await alice.v1.accounts.$select(patty.id).unfollow();
  await until("the follow is undone", () => peer.received.filter((a) => a.constructor.name === "Undo").length >= 3);
  await peer.unfollow(her, new URL(`${peer.origin}/follows/1`));
  await until("the follower is gone", async () => (await alice.v1.accounts.$select(me.id).fetch()).followersCount === 0);
});

test("nothing went wrong unnoticed", () => {
  const errors = server.log.filter((line) => JSON.parse(line).level === "ERROR");
  assert.deepEqual(errors, []);
});
