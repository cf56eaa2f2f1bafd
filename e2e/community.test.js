import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createRestAPIClient } from "masto";
import { signIn } from "./oauth.js";
import { recordAnswers, startServer, until } from "./server.js";

recordAnswers();
let server, alice, bob, bobs, carol, me, him, her;

before(async () => {
  server = await startServer();
  await server.join("alice", "owner");
  bobs = await server.join("bob");
  const carols = await server.join("carol");
  ({ client: alice } = await signIn(server.url, "alice"));
  bob = createRestAPIClient({ url: server.url, accessToken: bobs });
  carol = createRestAPIClient({ url: server.url, accessToken: carols });
  [me, him, her] = await Promise.all([alice, bob, carol].map((c) => c.v1.accounts.verifyCredentials()));
});
after(async () => assert.equal(await server.stop(), 0));

const post = (client, status, more = {}) => client.v1.statuses.create({ status, visibility: "public", ...more });
const ids = (list) => list.map((x) => x.id);

test("posts become HTML that every app understands", async () => {
  const made = await post(alice, `Hello @bob, see https://example.org/a and #Prairie <b>dogs</b>`);
  assert.match(made.content, /^<p>Hello <span class="h-card"/);
  assert.match(made.content, /&lt;b&gt;dogs&lt;\/b&gt;<\/p>$/);
  assert.deepEqual(made.mentions.map((m) => m.acct), ["bob"]);
  assert.deepEqual(made.tags.map((t) => t.name.toLowerCase()), ["prairie"]);
});

test("one key makes one post, however often it is sent", async () => {
  // The library cannot send this header, so it is sent by hand.
  const send = async () => {
    const answer = await fetch(`${server.url}/api/v1/statuses`, {
      method: "POST",
      headers: { Authorization: `Bearer ${bobs}`, "Idempotency-Key": "k" },
      body: new URLSearchParams({ status: "once" }),
    });
    assert.equal(answer.status, 200);
    return answer.json();
  };
  const made = await Promise.all([send(), send(), send(), send(), send()]);
  assert.equal(new Set(ids(made)).size, 1);
});

test("a thread is read from its top to its end", async () => {
  const top = await post(alice, "top");
  const reply = await post(bob, "@alice reply", { inReplyToId: top.id });
  const end = await post(alice, "@bob end", { inReplyToId: reply.id });
  const { ancestors, descendants } = await carol.v1.statuses.$select(reply.id).context.fetch();
  assert.deepEqual(ids(ancestors), [top.id]);
  assert.deepEqual(ids(descendants), [end.id]);
});

test("following brings posts home", async () => {
  const before = await post(carol, "before the follow");
  const now = await bob.v1.accounts.$select(her.id).follow();
  assert.ok(now.following);
  const later = await post(carol, "after the follow");
  const home = await until("carol's posts in bob's home", async () => {
    const page = ids(await bob.v1.timelines.home.list());
    return page.includes(later.id) && page;
  });
  assert.ok(home.includes(before.id));
  const [bond] = await carol.v1.accounts.relationships.fetch({ id: [him.id] });
  assert.ok(bond.followedBy && !bond.following);
  assert.deepEqual((await carol.v1.accounts.$select(her.id).followers.list()).map((a) => a.acct), ["bob"]);
});

test("a hundred posts are paged both ways without gap or repeat", async () => {
  const made = [];
  for (let i = 0; i < 100; i++) made.push((await post(carol, `number ${i}`)).id);
  const wanted = made.toReversed();
  const older = [];
  for await (const page of carol.v1.accounts.$select(her.id).statuses.list({ limit: 15 })) {
    older.push(...ids(page));
  }
  assert.deepEqual(older.filter((id) => wanted.includes(id)), wanted);
  const newer = [made[0]];
  for (;;) {
    const page = await bob.v1.timelines.home.list({ minId: newer.at(-1), limit: 15 });
    if (page.length === 0) break;
    newer.push(...ids(page).toReversed());
  }
  assert.deepEqual(newer.filter((id) => made.includes(id)), made);
});

test("an edit shows, and so does what was before", async () => {
  const made = await post(alice, "furst");
  const edited = await alice.v1.statuses.$select(made.id).update({ status: "first", spoilerText: "spelling" });
  assert.ok(edited.editedAt);
  assert.equal(edited.spoilerText, "spelling");
  const history = await alice.v1.statuses.$select(made.id).history.list();
  assert.deepEqual(history.map((h) => h.content), ["<p>furst</p>", "<p>first</p>"]);
  const source = await alice.v1.statuses.$select(made.id).source.fetch();
  assert.equal(source.text, "first");
});

test("a poll is voted in and ends", async () => {
  const made = await post(alice, "dusk or dawn?", { poll: { options: ["dusk", "dawn"], expiresIn: 3 } });
  const voted = await bob.v1.polls.$select(made.poll.id).votes.create({ choices: [1] });
  assert.deepEqual(voted.ownVotes, [1]);
  assert.deepEqual(voted.options.map((o) => o.votesCount), [0, 1]);
  await assert.rejects(bob.v1.polls.$select(made.poll.id).votes.create({ choices: [0] }), (e) => e.statusCode === 422);
  await until("the poll ends", async () => (await carol.v1.polls.$select(made.poll.id).fetch()).expired);
  await until("bob hears of the end", async () =>
    (await bob.v1.notifications.list({ types: ["poll"] })).some((n) => n.status.id === made.id));
});

test("boosts, favourites, bookmarks and pins", async () => {
  const made = await post(alice, "worth keeping");
  const one = bob.v1.statuses.$select(made.id);
  assert.equal((await one.favourite()).favouritesCount, 1);
  assert.equal((await one.reblog()).reblog.id, made.id);
  assert.ok((await one.bookmark()).bookmarked);
  assert.deepEqual(ids(await bob.v1.favourites.list()), [made.id]);
  assert.deepEqual(ids(await bob.v1.bookmarks.list()), [made.id]);
  assert.deepEqual((await alice.v1.statuses.$select(made.id).favouritedBy.list()).map((a) => a.acct), ["bob"]);
  assert.deepEqual((await alice.v1.statuses.$select(made.id).rebloggedBy.list()).map((a) => a.acct), ["bob"]);
  assert.ok((await alice.v1.statuses.$select(made.id).pin()).pinned);
  assert.deepEqual(ids(await bob.v1.accounts.$select(me.id).statuses.list({ pinned: true })), [made.id]);
  assert.equal((await one.unreblog()).reblogged, false);
});

test("a list gathers some people", async () => {
  await bob.v1.accounts.$select(me.id).follow();
  const list = await bob.v1.lists.create({ title: "Owners", repliesPolicy: "none" });
  await bob.v1.lists.$select(list.id).accounts.create({ accountIds: [me.id] });
  const made = await post(alice, "for the list");
  await until("the post in the list", async () => ids(await bob.v1.timelines.list.$select(list.id).list()).includes(made.id));
  assert.ok((await bob.v1.timelines.list.$select(list.id).list()).every((s) => s.account.acct === "alice"));
  await bob.v1.lists.$select(list.id).remove();
  assert.deepEqual(await bob.v1.lists.list(), []);
});

test("what is meant for few is absent for others", async () => {
  const made = await post(alice, "only @bob", { visibility: "direct" });
  assert.equal((await bob.v1.statuses.$select(made.id).fetch()).id, made.id);
  await assert.rejects(carol.v1.statuses.$select(made.id).fetch(), (e) => e.statusCode === 404);
});

test("a scheduled post waits and appears", async () => {
  const later = (ms) => new Date(Date.now() + ms).toISOString();
  const moved = await alice.v1.statuses.create({ status: "much later", scheduledAt: later(3_600_000) });
  await alice.v1.scheduledStatuses.$select(moved.id).update({ scheduledAt: later(7_200_000) });
  assert.deepEqual(ids(await alice.v1.scheduledStatuses.list()), [moved.id]);
  await alice.v1.scheduledStatuses.$select(moved.id).remove();
  await alice.v1.statuses.create({ status: "a little later", scheduledAt: later(2_000) });
  await until("the post appears", async () =>
    (await bob.v1.accounts.$select(me.id).statuses.list()).some((s) => s.content === "<p>a little later</p>"));
  assert.deepEqual(await alice.v1.scheduledStatuses.list(), []);
});

test("markers and preferences are kept", async () => {
  const made = await post(alice, "read up to here");
  await bob.v1.markers.create({ home: { lastReadId: made.id } });
  const { home } = await bob.v1.markers.fetch({ timeline: ["home"] });
  assert.equal(home.lastReadId, made.id);
  const prefs = await bob.v1.preferences.fetch();
  assert.equal(prefs["posting:default:visibility"], "public");
});

test("notifications tell who did what", async () => {
  const made = await post(alice, "tell me");
  await carol.v1.statuses.$select(made.id).favourite();
  const found = await until("the favourite", async () =>
    (await alice.v1.notifications.list({ types: ["favourite"] })).find((n) => n.status.id === made.id));
  assert.equal(found.account.acct, "carol");
  await alice.v1.notifications.$select(found.id).dismiss();
  await assert.rejects(alice.v1.notifications.$select(found.id).fetch(), (e) => e.statusCode === 404);
  await alice.v1.notifications.clear();
  assert.deepEqual(await alice.v1.notifications.list(), []);
});

test("who is blocked is gone", async () => {
  await alice.v1.accounts.$select(her.id).block();
  assert.deepEqual((await alice.v1.blocks.list()).map((a) => a.acct), ["carol"]);
  await assert.rejects(carol.v1.accounts.$select(me.id).follow(), (e) => e.statusCode === 403);
  await alice.v1.accounts.$select(her.id).unblock();
  await alice.v1.accounts.$select(her.id).mute({ duration: 60 });
  const [bond] = await alice.v1.accounts.relationships.fetch({ id: [her.id] });
  assert.ok(bond.muting && !bond.blocking);
});

test("deleting gives the text back for a new draft", async () => {
  const made = await post(alice, "to be **rewritten** @bob");
  const gone = await alice.v1.statuses.$select(made.id).remove();
  assert.equal(gone.text, "to be **rewritten** @bob");
  await assert.rejects(bob.v1.statuses.$select(made.id).fetch(), (e) => e.statusCode === 404);
});

test("filters hide and warn, by word and by post", async () => {
  const spoiled = await post(carol, "the butler did it");
  const filter = await bob.v2.filters.create({
    title: "Spoilers",
    context: ["home", "public"],
    filterAction: "warn",
    keywordsAttributes: [{ keyword: "butler", wholeWord: true }],
  });
  assert.deepEqual(filter.keywords.map((k) => k.keyword), ["butler"]);
  const seen = await until("the post in the timeline", async () =>
    (await bob.v1.timelines.public.list({ local: true })).find((s) => s.id === spoiled.id));
  assert.deepEqual(seen.filtered.map((f) => [f.filter.title, f.keywordMatches]), [["Spoilers", ["butler"]]]);
  const other = await post(carol, "tea at five");
  await bob.v2.filters.$select(filter.id).statuses.create({ statusId: other.id });
  const byHand = (await bob.v1.timelines.public.list({ local: true })).find((s) => s.id === other.id);
  assert.deepEqual(byHand.filtered[0].statusMatches, [other.id]);
  const word = await bob.v2.filters.$select(filter.id).keywords.create({ keyword: "gardener" });
  await bob.v2.filters.keywords.$select(word.id).remove();
  await bob.v2.filters.$select(filter.id).update({ title: "No spoilers", filterAction: "hide" });
  assert.deepEqual((await bob.v2.filters.list()).map((f) => [f.title, f.filterAction]), [["No spoilers", "hide"]]);
  await bob.v2.filters.$select(filter.id).remove();
  assert.deepEqual(await bob.v2.filters.list(), []);
});

test("a conversation is read and put away", async () => {
  await alice.v1.accounts.$select(him.id).follow();
  const made = await post(bob, "a word, @alice", { visibility: "direct" });
  const talk = await until("the conversation", async () =>
    (await alice.v1.conversations.list()).find((c) => c.lastStatus.id === made.id));
  assert.ok(talk.unread);
  assert.deepEqual(talk.accounts.map((a) => a.acct), ["bob"]);
  assert.equal((await alice.v1.conversations.$select(talk.id).read()).unread, false);
  await alice.v1.conversations.$select(talk.id).remove();
  assert.ok(!(await alice.v1.conversations.list()).some((c) => c.id === talk.id));
});

test("hashtags are followed, featured and found", async () => {
  const made = await post(carol, "diggers of the world #Burrowing");
  const tag = await alice.v1.tags.$select("burrowing").follow();
  assert.ok(tag.following);
  assert.deepEqual((await alice.v1.followedTags.list()).map((t) => t.name.toLowerCase()), ["burrowing"]);
  assert.deepEqual(ids(await bob.v1.timelines.tag.$select("burrowing").list()), [made.id]);
  await alice.v1.tags.$select("burrowing").unfollow();
  const featured = await carol.v1.featuredTags.create({ name: "Burrowing" });
  assert.deepEqual((await bob.v1.accounts.$select(her.id).featuredTags.list()).map((t) => t.name.toLowerCase()), ["burrowing"]);
  await carol.v1.featuredTags.$select(featured.id).remove();
  const found = await bob.v2.search.list({ q: "burrowing", type: "hashtags" });
  assert.deepEqual(found.hashtags.map((t) => t.name.toLowerCase()), ["burrowing"]);
});

test("people are found by name and handle", async () => {
  const found = await bob.v2.search.list({ q: "caro" });
  assert.deepEqual(found.accounts.map((a) => a.acct), ["carol"]);
  assert.equal((await bob.v1.accounts.lookup({ acct: `carol@${server.domain}` })).id, her.id);
});
