import { expect, it } from 'vitest';
import { habitsOf } from './habits';

const now = Date.parse('2026-03-29T12:00:00Z');
const post = (day: number, more: object = {}) => ({ createdAt: `2026-03-${String(day).padStart(2, '0')}T12:00:00Z`, ...more });

it('tells posts, replies and boosts apart, and how many there are a week', () => {
  const list = [post(28), post(27, { inReplyToId: '1' }), post(20, { reblog: {} }), post(15, { reblog: {}, inReplyToId: null }), post(15), post(15)];
  expect(habitsOf(list, now)).toEqual({ posts: 3, replies: 1, boosts: 2, total: 6, weekly: 3 });
});

it('counts those of the first days as a week, and says nothing about two', () => {
  expect(habitsOf([post(29), post(29), post(29)], now)?.weekly).toBe(3);
  expect(habitsOf([post(29), post(1)], now)).toBeUndefined();
});
