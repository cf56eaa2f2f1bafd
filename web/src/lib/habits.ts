interface Post {
  createdAt: string;
  inReplyToId?: string | null;
  reblog?: unknown;
}

/** How somebody posts, by some posts in a row. */
export interface HabitsOfPosting {
  /** Of all, how many are posts of their own, replies and boosts. */
  posts: number;
  replies: number;
  boosts: number;
  total: number;
  /** How many a week. */
  weekly: number;
}

const WEEK = 7 * 86_400_000;

/** Sums up posts, newest first; nothing if there are too few to tell. */
export function habitsOf(list: Post[], now = Date.now()): HabitsOfPosting | undefined {
  const last = list.at(-1);
  if (!last || list.length < 3) return undefined;
  const boosts = list.filter((post) => post.reblog).length;
  const replies = list.filter((post) => !post.reblog && post.inReplyToId).length;
  const weeks = Math.max(1, (now - Date.parse(last.createdAt)) / WEEK);
  return { posts: list.length - boosts - replies, replies, boosts, total: list.length, weekly: Math.round(list.length / weeks) };
}
