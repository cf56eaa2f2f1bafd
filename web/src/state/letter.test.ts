import { expect, it } from 'vitest';
import type { Draft } from './drafts.svelte';
import { rest } from './letter';

const part = (text: string) => ({ text, media: [] });
const thread = { key: 'k', ...part('one'), more: [part('two'), part('three')], replyTo: '1', quote: '2', spoiler: 'Tides' } as unknown as Draft;

it('goes on after the last part that was published, and says none twice', () => {
  expect(rest(thread, [])).toBe(thread);
  const half = rest(thread, ['10'])!;
  expect(half).toMatchObject({ text: 'two', more: [part('three')], replyTo: '10', spoiler: 'Tides' });
  expect([half.quote, half.key === 'k']).toEqual([undefined, false]);
  expect(rest(thread, ['10', '11'])).toMatchObject({ text: 'three', more: [], replyTo: '11' });
  expect(rest(thread, ['10', '11', '12'])).toBeUndefined();
  expect(rest({ ...thread, more: undefined }, ['10'])).toBeUndefined();
});
