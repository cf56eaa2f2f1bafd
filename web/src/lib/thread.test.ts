import { expect, it } from 'vitest';
import { nest, size } from './thread';

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
