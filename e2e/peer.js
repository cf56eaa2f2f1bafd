// A server of another make, on Fedify: its own signatures, JSON-LD and
// vocabulary. One person lives there, patty; what others send her is kept in
// a list, and she does what a story asks.
import { createServer } from "node:http";
import { Readable } from "node:stream";
import {
  Accept, Announce, Create, Delete, Endpoints, Follow, Like, MemoryKvStore, Mention, Note, PUBLIC_COLLECTION, Person, Tombstone,
  Undo, Update, createFederation, generateCryptoKeyPair,
} from "@fedify/fedify";
import { Temporal } from "@js-temporal/polyfill";
import { freePort } from "./server.js";

// Fedify counts on this method, which Node has since version 21.
ArrayBuffer.prototype.transfer ??= function transfer(length = this.byteLength) {
  const moved = new ArrayBuffer(length);
  new Uint8Array(moved).set(new Uint8Array(this, 0, Math.min(length, this.byteLength)));
  return moved;
};

export async function startPeer() {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const keys = await Promise.all([generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), generateCryptoKeyPair("Ed25519")]);
  const peer = {
    origin,
    handle: `patty@localhost:${port}`,
    actor: `${origin}/users/patty`,
    received: [], // activities, oldest first
    followers: new Map(), // actor id to what Fedify needs to deliver
    notes: new Map(), // id to Note
    name: "Patty",
  };
  let count = 0;
  const federation = createFederation({ kv: new MemoryKvStore(), allowPrivateAddress: true });
  federation
    .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
      if (identifier !== "patty") return null;
      const pairs = await ctx.getActorKeyPairs(identifier);
      return new Person({
        id: ctx.getActorUri(identifier),
        preferredUsername: identifier,
        name: peer.name,
        summary: "<p>Digs on Fedify.</p>",
        url: new URL(`${origin}/@patty`),
        inbox: ctx.getInboxUri(identifier),
        outbox: ctx.getOutboxUri(identifier),
        followers: ctx.getFollowersUri(identifier),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        publicKey: pairs[0].cryptographicKey,
        assertionMethods: pairs.map((p) => p.multikey),
      });
    })
    .setKeyPairsDispatcher((_, identifier) => (identifier === "patty" ? keys : []));
  federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({
    items: [...peer.followers.values()],
  }));
  federation.setOutboxDispatcher("/users/{identifier}/outbox", (ctx) => ({
    items: [...peer.notes.values()].map((object) => new Create({ id: new URL(`${object.id.href}/activity`), actor: ctx.getActorUri("patty"), object, tos: object.toIds, ccs: object.ccIds })),
  }));
  federation.setObjectDispatcher(Note, "/notes/{id}", (ctx, { id }) => peer.notes.get(ctx.getObjectUri(Note, { id }).href) ?? null);

  const inbox = federation.setInboxListeners("/users/{identifier}/inbox", "/inbox");
  const keep = (ctx, activity) => peer.received.push(activity);
  inbox.on(Follow, async (ctx, follow) => {
    keep(ctx, follow);
    const follower = await follow.getActor(ctx);
    peer.followers.set(follower.id.href, follower);
    await ctx.sendActivity({ identifier: "patty" }, follower, new Accept({ id: peer.newID("accepts"), actor: follow.objectId, object: follow }));
  });
  for (const type of [Accept, Announce, Create, Delete, Like, Undo, Update]) inbox.on(type, keep);

  const server = createServer(async (req, res) => {
    const body = req.method === "POST" ? Readable.toWeb(req) : undefined;
    const request = new Request(new URL(req.url, origin), { method: req.method, headers: req.headers, body, duplex: "half" });
    const answer = await federation.fetch(request, { contextData: undefined });
    res.writeHead(answer.status, Object.fromEntries(answer.headers));
    res.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));

  const context = () => federation.createContext(new URL(origin), undefined);
  const me = () => context().getActorUri("patty");
  peer.newID = (kind) => new URL(`${origin}/${kind}/${++count}`);
  /** The actor or post at an address, as Fedify reads it. */
  peer.look = (address) => context().lookupObject(new URL(address));
  /** Sends an activity of patty's to somebody, an actor that look found. */
  peer.send = (activity, ...to) => context().sendActivity({ identifier: "patty" }, to, activity);
  peer.follow = (whom) => peer.send(new Follow({ id: peer.newID("follows"), actor: me(), object: whom.id }), whom);
  peer.unfollow = (whom, id) =>
    peer.send(new Undo({ id: peer.newID("undos"), actor: me(), object: new Follow({ id, actor: me(), object: whom.id }) }), whom);
  peer.like = (note, author) => peer.send(new Like({ id: peer.newID("likes"), actor: me(), object: note }), author);
  peer.boost = (note, author) =>
    peer.send(
      new Announce({ id: peer.newID("boosts"), actor: me(), object: note, to: PUBLIC_COLLECTION, cc: context().getFollowersUri("patty"), published: now() }),
      author,
    );
  /** Publishes a note, to everybody and whom it mentions. */
  peer.post = async (content, to, more = {}) => {
    const id = context().getObjectUri(Note, { id: `${++count}` });
    const note = new Note({
      id, content, attribution: me(), published: now(), url: id, to: PUBLIC_COLLECTION,
      ccs: [context().getFollowersUri("patty"), ...to.map((a) => a.id)],
      tags: to.map((a) => new Mention({ href: a.id, name: `@${a.preferredUsername}` })),
      ...more,
    });
    peer.notes.set(id.href, note);
    await peer.send(new Create({ id: peer.newID("creates"), actor: me(), object: note, tos: note.toIds, ccs: note.ccIds }), ...to);
    return note;
  };
  peer.edit = async (note, content, ...to) => {
    const edited = note.clone({ content, updated: now() });
    peer.notes.set(note.id.href, edited);
    await peer.send(new Update({ id: peer.newID("updates"), actor: me(), object: edited, tos: note.toIds, ccs: note.ccIds }), ...to);
  };
  peer.delete = async (note, ...to) => {
    peer.notes.delete(note.id.href);
    await peer.send(new Delete({ id: peer.newID("deletes"), actor: me(), object: new Tombstone({ id: note.id }), to: PUBLIC_COLLECTION }), ...to);
  };
  /** The first activity of a type that came in and fits. */
  peer.find = (type, fits = () => true) => peer.received.find((a) => a.constructor.name === type && fits(a));
  peer.stop = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return peer;
}

const now = () => Temporal.Now.instant();
