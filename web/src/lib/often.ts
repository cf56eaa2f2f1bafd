import type { mastodon } from 'masto';

/** The hashtags that somebody used most in some posts of theirs, with how often; once alone says nothing. */
export function often(posts: mastodon.v1.Status[], by: string, most: number): { name: string; uses: number }[] {
  const uses = new Map<string, number>();
  for (const post of posts) if (post.account.id === by && !post.reblog) for (const { name } of post.tags) uses.set(name, (uses.get(name) ?? 0) + 1);
  return [...uses]
    .map(([name, n]) => ({ name, uses: n }))
    .filter((tag) => tag.uses > 1)
    .sort((a, b) => b.uses - a.uses)
    .slice(0, most);
}
