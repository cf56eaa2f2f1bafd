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
