import { getContext, setContext } from 'svelte';
import type { Place } from '../../lib/thread';

/** What the view of a thread tells the posts in it. */
export interface ThreadView {
  place(id: string): Place | undefined;
  /** Whether a post came after the thread was looked at last. */
  isFresh(id: string): boolean;
  /** Whether content warnings are open at once here. */
  readonly open: boolean;
}

const KEY = Symbol('thread');

export const showThread = (view: ThreadView) => setContext(KEY, view);

/** The thread that a post is shown in, if it is. */
export const threadView = () => getContext<ThreadView | undefined>(KEY);
