import type { mastodon } from '../../api/client';
import { posts } from '../../state/posts.svelte';
import { session } from '../../state/session.svelte';
import type { Timeline } from '../../state/timeline.svelte';
import { forgetPost } from '../../state/timelines.svelte';

/** Keeps a timeline up by its stream; the answer ends it. */
export function follow(timeline: Timeline, stream: string): () => void {
  const stop = session.stream.listen(stream, {
    event({ event, payload }) {
      if (event === 'update') timeline.arrive(payload as mastodon.v1.Status);
      else if (event === 'status.update') posts.take([payload as mastodon.v1.Status]);
      else if (event === 'delete') forgetPost(payload as string);
    },
    opened: () => void timeline.catchUp(),
  });
  const back = () => {
    if (document.visibilityState === 'visible') void timeline.catchUp();
  };
  addEventListener('pageshow', back);
  return () => {
    stop();
    removeEventListener('pageshow', back);
  };
}
