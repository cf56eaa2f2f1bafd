import type { mastodon } from 'masto';
import { words } from './html';

type Status = mastodon.v1.Status;

/** Somebody with how many of their posts wait. */
export interface Voice {
  account: mastodon.v1.Account;
  posts: number;
}

/** A link with those who passed it on. */
export interface Passed {
  card: mastodon.v1.PreviewCard;
  by: mastodon.v1.Account[];
}

/** What waits to be read, in little room. */
export interface Digest {
  /** The oldest first, so that reading has an end. */
  ids: string[];
  voices: Voice[];
  links: Passed[];
  /** How long all of it takes to read. */
  minutes: number;
}

/** Where to begin reading: a conversation, a hashtag or a person of whom much waits. */
export interface Start {
  kind: 'thread' | 'tag' | 'person';
  /** The id of the post or person, or the name of the hashtag. */
  id: string;
  /** The post that a conversation began with, as far as it is known. */
  first: Status;
  /** The ids of what waits of it. */
  posts: Set<string>;
  by: mastodon.v1.Account[];
}

const PER_MINUTE = 220; // words that people read
const PER_PICTURE = 8; // words' worth of looking

/** Sums up what others posted, given newest first: who wrote most first, and what most passed on. */
export function digest(posts: Status[], me: string): Digest {
  const theirs = posts.filter((s) => s.account.id !== me);
  const voices = new Map<string, Voice>();
  const links = new Map<string, Passed>();
  let read = 0;
  for (const outer of theirs) {
    const { account } = outer;
    const voice = voices.get(account.id) ?? { account, posts: 0 };
    voices.set(account.id, { account, posts: voice.posts + 1 });
    const shown = outer.reblog ?? outer;
    read += words(shown.content).split(/\s+/).length + shown.mediaAttachments.length * PER_PICTURE;
    if (!shown.card) continue;
    const link = links.get(shown.card.url) ?? { card: shown.card, by: [] };
    if (!link.by.some((a) => a.id === account.id)) link.by.push(account);
    links.set(shown.card.url, link);
  }
  return {
    ids: theirs.map((s) => s.id).reverse(),
    voices: [...voices.values()].sort((a, b) => b.posts - a.posts),
    links: [...links.values()].sort((a, b) => b.by.length - a.by.length),
    minutes: Math.max(1, Math.round(read / PER_MINUTE)),
  };
}

const STARTS = 3;

/**
 * The few places where most waits, that with most first, given newest first:
 * conversations from two posts on, hashtags of two people, people with three
 * posts. None repeats what stands above it. `find` knows posts that are older.
 */
export function starts(posts: Status[], me: string, find: (id: string) => Status | undefined = () => undefined): Start[] {
  const all = new Map<string, Start>();
  const put = (kind: Start['kind'], id: string, first: Status, { id: post, account }: Status) => {
    const key = `${kind} ${id}`;
    const start = all.get(key) ?? { kind, id, first, posts: new Set<string>(), by: [] };
    all.set(key, start);
    start.posts.add(post);
    if (!start.by.some((a) => a.id === account.id)) start.by.push(account);
  };
  const known = new Map(posts.map((post) => [post.id, post]));
  /** What a post belongs to, as far up as it is known. */
  const root = (post: Status, most = 100): Status => {
    const above = post.inReplyToId ? (known.get(post.inReplyToId) ?? find(post.inReplyToId)) : undefined;
    return above && most > 0 ? root(above, most - 1) : post;
  };
  for (const post of [...posts].reverse()) {
    if (post.account.id === me || post.filtered?.length) continue;
    put('person', post.account.id, post, post);
    if (post.reblog) continue;
    const top = root(post);
    put('thread', top.inReplyToId ?? top.id, top, post);
    for (const { name } of post.tags) put('tag', name, post, post);
  }
  const enough = ({ kind, posts, by }: Start) => (kind === 'thread' ? posts.size > 1 : kind === 'tag' ? by.length > 1 : posts.size > 2);
  const rank = ['thread', 'tag', 'person'];
  const told = new Set<string>();
  const out: Start[] = [];
  for (const start of [...all.values()].filter(enough).sort((a, b) => b.posts.size - a.posts.size || rank.indexOf(a.kind) - rank.indexOf(b.kind))) {
    if ([...start.posts].filter((id) => told.has(id)).length * 2 > start.posts.size) continue;
    for (const id of start.posts) told.add(id);
    if (out.push(start) === STARTS) break;
  }
  return out;
}

/**
 * Reads a timeline back to the last post that is wanted, or to so many.
 * `known` are its newest, which are there already.
 */
export async function readBack(page: (maxId?: string) => PromiseLike<Status[]>, wanted: (post: Status) => boolean, most: number, known: Status[] = []): Promise<{ posts: Status[]; more: boolean }> {
  const posts = known.filter(wanted);
  let more = posts.length === known.length;
  while (more && posts.length < most) {
    const next = await page(posts.at(-1)?.id);
    const fresh = next.filter(wanted);
    posts.push(...fresh);
    more = next.length > 0 && fresh.length === next.length;
  }
  return { posts, more };
}
