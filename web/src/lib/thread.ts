/** A reply with what answers it. */
export interface Branch<T> {
  post: T;
  replies: Branch<T>[];
}

interface Reply {
  id: string;
  inReplyToId?: string | null;
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
