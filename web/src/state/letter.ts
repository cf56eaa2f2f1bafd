import type { Draft } from './drafts.svelte';

/** What of a thread has not been published, as a thread that goes on where it ended; nothing where all of it was. */
export function rest(draft: Draft, sent: string[]): Draft | undefined {
  const last = sent.at(-1);
  if (last === undefined) return draft;
  const [next, ...more] = (draft.more ?? []).slice(sent.length - 1);
  return next && { ...draft, ...next, key: crypto.randomUUID(), more, replyTo: last, quote: undefined, poll: undefined };
}
