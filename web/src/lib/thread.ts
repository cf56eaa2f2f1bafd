import { compareIds } from './ids';

/** A reply with what answers it. */
export interface Branch<T> {
  post: T;
  replies: Branch<T>[];
}

interface Reply {
  id: string;
  inReplyToId?: string | null;
}

/** Where a post stands in a thread that somebody wrote answering themselves. */
export interface Place {
  at: number;
  of: number;
}

/** The replies below a post as trees; whose parent is missing stands at the top. */
export function nest<T extends Reply>(root: string, list: T[]): Branch<T>[] {
  const branches = new Map(list.map((post) => [post.id, { post, replies: [] } as Branch<T>]));
  const top: Branch<T>[] = [];
  for (const post of list) {
    const branch = branches.get(post.id)!;
    const parent = post.inReplyToId && post.inReplyToId !== root ? branches.get(post.inReplyToId) : undefined;
    (parent?.replies ?? top).push(branch);
  }
  return top;
}

/** How many posts there are in some branches. */
export function size<T>(branches: Branch<T>[]): number {
  return branches.reduce((n, b) => n + 1 + size(b.replies), 0);
}

/**
 * The places of posts in threads of one author each: of whatever answers a post
 * of its own author's, the first goes on, and what branches off later does not
 * count.
 */
export function places<T extends Reply & { account: { id: string } }>(list: T[]): Map<string, Place> {
  const known = new Map(list.map((post) => [post.id, post]));
  const next = new Map<string, T>();
  const goesOn = new Set<string>();
  for (const post of [...list].sort((a, b) => compareIds(a.id, b.id))) {
    const before = known.get(post.inReplyToId ?? '');
    if (before?.account.id !== post.account.id) continue;
    goesOn.add(post.id);
    if (!next.has(before.id)) next.set(before.id, post);
  }
  const out = new Map<string, Place>();
  for (const first of list) {
    if (goesOn.has(first.id)) continue;
    const chain: T[] = [];
    for (let post: T | undefined = first; post; post = next.get(post.id)) chain.push(post);
    if (chain.length > 1) chain.forEach(({ id }, n) => out.set(id, { at: n + 1, of: chain.length }));
  }
  return out;
}
