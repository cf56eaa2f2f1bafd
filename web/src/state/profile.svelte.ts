import type { mastodon } from '../api/client';

/** Whose profile is shown and which of their posts are there, for what stands beside it. */
class Shown {
  shown = $state.raw<mastodon.v1.Account>();
  posts = $state.raw<mastodon.v1.Status[]>([]);
}

export const profile = new Shown();
