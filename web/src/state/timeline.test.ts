import { describe, expect, it, vi } from 'vitest';
import type { mastodon } from '../api/client';

vi.mock('./toasts.svelte', () => ({ toasts: { fail() {} } }));
const { Timeline } = await import('./timeline.svelte');

const post = (n: number) => ({ id: String(1000 + n), account: { id: 'a' } }) as unknown as mastodon.v1.Status;
/** A server that has posts from..to, newest first. */
function server(all: number[]) {
  return async ({ maxId, sinceId, limit }: { maxId?: string; sinceId?: string; limit: number }) =>
    [...all]
      .sort((a, b) => b - a)
      .map(post)
      .filter((s) => (!maxId || Number(s.id) < Number(maxId)) && (!sinceId || Number(s.id) > Number(sinceId)))
      .slice(0, limit);
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
const ids = (t: InstanceType<typeof Timeline>) => t.rows.map((row) => (row.kind === 'gap' ? 'gap' : Number(row.id) - 1000));

describe('a timeline', () => {
  it('reads older pages until there are none', async () => {
    const t = new Timeline(server(range(1, 50)));
    for (let n = 0; n < 5; n++) await t.older();
    expect(ids(t)).toEqual(range(1, 50).reverse());
    expect(t.done).toBe(true);
  });

  it('lets new posts wait, whatever their order, and shows each once', async () => {
    const t = new Timeline(server(range(1, 5)));
    await t.older();
    for (const n of [7, 6, 7, 3]) t.arrive(post(n));
    expect(ids(t)).toEqual([5, 4, 3, 2, 1]);
    expect(t.waiting).toEqual(['1007', '1006']);
    t.reveal();
    expect(ids(t)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(t.waiting).toEqual([]);
  });

  it('catches up after a lost connection, and marks what it could not get as a gap', async () => {
    const all = range(1, 5);
    const t = new Timeline(server(all));
    await t.older();
    all.push(...range(6, 60));
    await t.catchUp();
    expect(t.waiting.length).toBe(40);
    t.reveal();
    expect(ids(t)).toEqual([...range(21, 60).reverse(), 'gap', ...range(1, 5).reverse()]);
    const gap = t.rows.find((row) => row.kind === 'gap')!;
    await t.fill(gap);
    expect(ids(t)).toEqual(range(1, 60).reverse());
  });

  it('misses nothing that came while its first page was on the way, and nothing that came to an empty one', async () => {
    const all = range(1, 5);
    const asked: (() => void)[] = [];
    const t = new Timeline((cursor) => new Promise((answer) => server(all)(cursor).then((page) => asked.push(() => answer(page)))));
    const first = t.older();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    all.push(6);
    t.arrive(post(6));
    asked[0]!();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[1]!();
    await first;
    expect(ids(t)).toEqual([5, 4, 3, 2, 1]);
    expect(t.waiting).toEqual(['1006']);
    const later: number[] = [];
    const empty = new Timeline(server(later));
    await empty.older();
    later.push(1);
    await empty.catchUp();
    expect(empty.waiting).toEqual(['1001']);
  });

  it('goes on where reading ended, with a gap above', async () => {
    const t = new Timeline(server(range(1, 100)));
    await t.older();
    await t.from('1040');
    expect(ids(t).slice(0, 22)).toEqual([...range(81, 100).reverse(), 'gap', 40]);
    for (let gap = t.rows.find((row) => row.kind === 'gap'); gap; gap = t.rows.find((row) => row.kind === 'gap')) await t.fill(gap);
    expect(ids(t)).toEqual(range(21, 100).reverse());
  });

  it('takes posts away that are gone, and says what went wrong', async () => {
    const t = new Timeline(server(range(1, 3)));
    await t.older();
    t.remove('1002');
    expect(ids(t)).toEqual([3, 1]);
    const broken = new Timeline(async () => Promise.reject(new Error('no')));
    await broken.older();
    expect(broken.error).toBeInstanceOf(Error);
    expect(broken.loading).toBe(false);
  });
});

it('shows and announces what is not left out, and all of it where nothing is', async () => {
  for (const [narrow, visible, fresh] of [
    [true, ['1005', '1003', '1001'], ['1007']],
    [false, ['1006', '1005', '1004', '1003', '1002', '1001'], ['1008', '1007']],
  ] as const) {
    const t = new Timeline(server(range(1, 6)), () => narrow, (id) => Number(id) % 2 === 0);
    await t.older();
    for (const n of [7, 8]) t.arrive(post(n));
    expect(t.visible.map((row) => row.id)).toEqual(visible);
    expect(t.fresh).toEqual(fresh);
    t.reveal();
    expect(t.visible.length).toBe(visible.length + fresh.length);
  }
});
