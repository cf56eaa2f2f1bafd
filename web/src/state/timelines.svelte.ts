import { api } from '../api/client';
import { posts } from './posts.svelte';
import { prefs } from './prefs.svelte';
import { session } from './session.svelte';
import { Timeline, type Fetch } from './timeline.svelte';

/** The timelines that were opened, kept with what was read of them. */
const opened = new Map<string, Timeline>();

const page = <T>(list: PromiseLike<T>): Promise<T> => Promise.resolve(list);

/** How each timeline is fetched, and the stream that keeps it up ("" for none). */
export function source(name: string): { fetch: Fetch; stream: string } {
  const [kind = '', argument = ''] = name.split(' ', 2);
  switch (kind) {
    case 'local':
      return { fetch: (c) => page(api.v1.timelines.public.list({ ...c, local: true })), stream: 'public:local' };
    case 'federated':
      return { fetch: (c) => page(api.v1.timelines.public.list(c)), stream: 'public' };
    case 'list':
      return { fetch: (c) => page(api.v1.timelines.list.$select(argument).list(c)), stream: `list ${argument}` };
    case 'tag':
      return { fetch: (c) => page(api.v1.timelines.tag.$select(argument).list(c)), stream: `hashtag ${argument}` };
    default:
      return { fetch: (c) => page(api.v1.timelines.home.list(c)), stream: 'user' };
  }
}

const narrow = () => !(prefs.habits.homeBoosts && prefs.habits.homeReplies && prefs.habits.homeQuotes);

/** Whether home leaves a post out. What is one's own stays, and so does what answers oneself. */
function leaves(id: string): boolean {
  const status = posts.get(id);
  if (!status || session.isMe(status.account)) return false;
  const { homeBoosts, homeReplies, homeQuotes } = prefs.habits;
  if (status.reblog) return !homeBoosts;
  if (status.inReplyToId && status.inReplyToAccountId !== session.me.id && !homeReplies) return true;
  return !!status.quote && !homeQuotes;
}

/** A timeline by its name: "home", "local", "federated", "list 12", "tag birds". */
export function timeline(name: string): Timeline {
  let found = opened.get(name);
  if (!found) {
    found = name === 'home' ? new Timeline(source(name).fetch, narrow, leaves) : new Timeline(source(name).fetch);
    opened.set(name, found);
  }
  return found;
}

/** Has every timeline forget a post, or somebody's posts. */
export function forgetPost(id: string): void {
  for (const each of opened.values()) each.remove(id);
}

export function forgetPerson(account: string): void {
  for (const each of opened.values()) each.removeBy(account);
}

posts.onRemoved(forgetPost);
posts.onCreated((status) => {
  if (status.visibility !== 'direct') opened.get('home')?.insert(status);
  if (status.visibility === 'public') opened.get('local')?.insert(status);
});
