import { expect, it } from 'vitest';
import { postLength } from './length';

it('counts as the server does', () => {
  for (const [text, n] of [
    ['', 0],
    ['héllo', 5],
    ['👩‍👩‍👧‍👦', 1],
    ['https://example.org/a/very/long/address/that/goes/on/and/on', 23],
    ['see http://a.b', 27],
    ['@maya@larkspur.social hi', 8],
    ['mail@example.org', 16],
    ['日本語', 3],
  ] as const) {
    expect(postLength(text), text).toBe(n);
  }
  expect(postLength('abc', 'warning')).toBe(10);
});
