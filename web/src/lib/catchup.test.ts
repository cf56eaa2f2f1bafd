import { expect, it } from 'vitest';
import type { mastodon } from 'masto';
import { digest } from './catchup';

const post = (id: string, by: string, more: object = {}) => ({ id, account: { id: by }, content: '<p>one two three</p>', mediaAttachments: [], ...more }) as unknown as mastodon.v1.Status;

it('a digest leaves out oneself, begins with the oldest, and ranks people and links', () => {
  const card = { url: 'https://hedge.example' };
  const d = digest(
    [
      post('6', 'ines', { card }),
      post('5', 'me'),
      post('4', 'ravi', { content: '', reblog: post('1', 'theo', { card }) }),
      post('3', 'ines', { card: { url: 'https://tide.example' } }),
      post('2', 'ines', { card, content: `<p>${'word '.repeat(700)}</p>` }),
    ],
    'me',
  );
  expect(d.ids).toEqual(['2', '3', '4', '6']);
  expect(d.voices.map((v) => [v.account.id, v.posts])).toEqual([['ines', 3], ['ravi', 1]]);
  expect(d.links.map((l) => [l.card.url, l.by.map((a) => a.id)])).toEqual([['https://hedge.example', ['ines', 'ravi']], ['https://tide.example', ['ines']]]);
  expect(d.minutes).toBe(3);
  expect(digest([], 'me').minutes).toBe(1);
});
