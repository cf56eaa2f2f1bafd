import type { Component } from 'svelte';

type Load = () => Promise<{ default: Component }>;

/** A view for those who run the community, with its words. */
const staff = async (): ReturnType<Load> => {
  const [view] = await Promise.all([import('./Staff.svelte'), import('../features/staff/words').then((words) => words.load())]);
  return view;
};

/** Every view with the addresses it shows; the first pattern that fits counts. */
export const views: Record<string, Load> = {
  home: () => import('./Home.svelte'),
  catchup: () => import('./CatchUp.svelte'),
  notifications: () => import('./Notifications.svelte'),
  explore: () => import('./Explore.svelte'),
  search: () => import('./Search.svelte'),
  public: () => import('./Public.svelte'),
  tag: () => import('./Tag.svelte'),
  deck: () => import('./Deck.svelte'),
  lists: () => import('./Lists.svelte'),
  list: () => import('./List.svelte'),
  collections: () => import('./Collections.svelte'),
  collection: () => import('./Collection.svelte'),
  bookmarks: () => import('./Saved.svelte'),
  favourites: () => import('./Saved.svelte'),
  conversations: () => import('./Conversations.svelte'),
  requests: () => import('./Requests.svelte'),
  compose: () => import('./Compose.svelte'),
  scheduled: () => import('./Scheduled.svelte'),
  settings: () => import('./Settings.svelte'),
  moderation: staff,
  administration: staff,
  welcome: () => import('./Welcome.svelte'),
  thread: () => import('./Thread.svelte'),
  reactions: () => import('./Reactions.svelte'),
  profile: () => import('./Profile.svelte'),
  missing: () => import('./Missing.svelte'),
};

export const table = [
  ['home', /^\/home\/?$/],
  ['catchup', /^\/catchup\/?$/],
  ['notifications', /^\/notifications\/?$/],
  ['explore', /^\/explore\/?$/],
  ['search', /^\/search\/?$/],
  ['public', /^\/public\/?$/],
  ['tag', /^\/tags\/(?<tag>[^/]+)\/?$/],
  ['deck', /^\/deck\/?$/],
  ['lists', /^\/lists\/?$/],
  ['list', /^\/lists\/(?<id>\d+)\/?$/],
  ['collections', /^\/collections\/?$/],
  ['collection', /^\/collections\/(?<id>\d+)\/?$/],
  ['bookmarks', /^\/bookmarks\/?$/],
  ['favourites', /^\/favourites\/?$/],
  ['conversations', /^\/conversations\/?$/],
  ['requests', /^\/follow_requests\/?$/],
  ['scheduled', /^\/scheduled\/?$/],
  ['compose', /^\/(compose|share)\/?$/],
  ['settings', /^\/settings(\/(?<section>\w+))?\/?$/],
  ['moderation', /^\/moderation(\/(?<section>\w+)(\/(?<id>\d+))?)?\/?$/],
  ['administration', /^\/administration(\/(?<section>\w+))?\/?$/],
  ['welcome', /^\/welcome\/?$/],
  ['reactions', /^\/@(?<acct>[^/]+)\/(?<id>\d+)\/(?<kind>favourites|boosts|quotes)\/?$/],
  ['thread', /^\/@(?<acct>[^/]+)\/(?<id>\d+)\/?$/],
  ['profile', /^\/@(?<acct>[^/]+)(\/(?<tab>with_replies|media|followers|following|featured|collections|about|tagged\/(?<tag>[^/]+)))?\/?$/],
] as const;
