import { expect, it } from 'vitest';
import { nest, places, size } from './thread';

it('puts replies below what they answer, and those without a parent at the top', () => {
  const made = nest('1', [
    { id: '2', inReplyToId: '1' },
    { id: '3', inReplyToId: '2' },
    { id: '4', inReplyToId: 'gone' },
    { id: '5', inReplyToId: '3' },
  ]);
  expect(made.map((b) => b.post.id)).toEqual(['2', '4']);
  expect(made[0]!.replies[0]!.replies[0]!.post.id).toBe('5');
  expect(size(made)).toBe(4);
});

it('counts the posts of a thread that somebody wrote answering themselves', () => {
  const post = (id: string, by: string, inReplyToId?: string) => ({ id, inReplyToId, account: { id: by } });
  const found = places([post('1', 'ines'), post('5', 'ines', '1'), post('2', 'ines', '1'), post('3', 'ravi', '2'), post('4', 'ines', '2'), post('6', 'ines', '3'), post('7', 'ravi', 'gone')]);
  expect(Object.fromEntries(found)).toEqual({ 1: { at: 1, of: 3 }, 2: { at: 2, of: 3 }, 4: { at: 3, of: 3 } });
});
