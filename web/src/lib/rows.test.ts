import { describe, expect, it } from 'vitest';
import { Chunks, grouped, joined } from './rows';

const row = (id: string) => ({ kind: id.startsWith('g') ? 'gap' : 'post', id });
const shown = (ids: string, apart?: string) =>
  grouped(ids.split(' ').map(row), ({ id }) => id.startsWith('b'), apart).map((r) => ('ids' in r ? r.ids.join('+') : r.id));

describe('boosts', () => {
  it('are one from three in a row on', () => {
    expect(shown('b1 b2 p1 b3 b4 b5 p2 b6')).toEqual(['b1', 'b2', 'p1', 'b3+b4+b5', 'p2', 'b6']);
  });
  it('are not one across a gap or the place where reading ended', () => {
    expect(shown('b1 b2 g b3 b4')).toEqual(['b1', 'b2', 'g', 'b3', 'b4']);
    expect(shown('b1 b2 b3 b4 b5', 'b3')).toEqual(['b1', 'b2', 'b3+b4+b5']);
  });
});

describe('threads', () => {
  // t3 goes on with t2, which goes on with t1
  const goesOn = (a: { id: string }, b: { id: string }) => Number(a.id.slice(1)) - 1 === Number(b.id.slice(1));
  const together = (ids: string, apart?: string) => joined(ids.split(' ').map(row), goesOn, apart).map((r) => ('ids' in r ? r.ids.join('+') : r.id));
  it('are one, the first post first, where they follow each other', () => {
    expect(together('t9 t3 t2 t1 t6')).toEqual(['t9', 't1+t2+t3', 't6']);
    expect(together('t3 t9 t2')).toEqual(['t3', 't9', 't2']);
  });
  it('are not one across a gap or the place where reading ended', () => {
    expect(together('t3 g2 t1')).toEqual(['t3', 'g2', 't1']);
    expect(together('t3 t2 t1', 't2')).toEqual(['t3', 't1+t2']);
  });
});

describe('chunks', () => {
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => ({ id: String(from + n) }));
  const flat = (chunks: { rows: { id: string }[] }[]) => chunks.flatMap((c) => c.rows.map((r) => Number(r.id)));

  it('stay what they are while rows come above and below', () => {
    const chunks = new Chunks<{ id: string }>();
    const first = chunks.cut(range(100, 111));
    expect(first.map((c) => c.rows.length)).toEqual([5, 5, 2]);
    const next = chunks.cut(range(90, 120));
    expect(flat(next)).toEqual(range(90, 120).map((r) => Number(r.id)));
    expect(next.slice(2, 4)).toEqual(first.slice(0, 2));
  });

  it('have keys of their own when rows come between', () => {
    const chunks = new Chunks<{ id: string }>();
    const before = [...range(1, 10), ...range(50, 60)];
    chunks.cut(before);
    const after = chunks.cut([...range(1, 10), ...range(11, 49), ...range(50, 60)]);
    expect(flat(after)).toEqual(range(1, 60).map((r) => Number(r.id)));
    expect(new Set(after.map((c) => c.key)).size).toBe(after.length);
    expect(chunks.cut(range(1, 60))).toEqual(after);
  });
});
