import { expect, it } from 'vitest';
import type { mastodon } from 'masto';
import { digest, readBack, starts } from './catchup';

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

it('names the places where most waits, none of them twice', () => {
  const tagged = (id: string, by: string, names: string[], more: object = {}) => post(id, by, { tags: names.map((name) => ({ name })), ...more });
  const older = tagged('1', 'me', []);
  const list = [
    tagged('19', 'aiko', ['slowweb']),
    tagged('18', 'theo', [], { inReplyToId: '13' }), // their beginning is not known
    tagged('17', 'ravi', [], { inReplyToId: '13' }),
    tagged('16', 'ines', [], { filtered: [{}] }),
    tagged('15', 'me', [], { inReplyToId: '12' }),
    tagged('14', 'ravi', ['birding'], { inReplyToId: '15' }),
    tagged('12', 'ines', ['birding'], { inReplyToId: '1' }),
    tagged('11', 'theo', ['birding'], { inReplyToId: '1' }),
    tagged('10', 'ines', ['slowweb']),
    tagged('9', 'ines', []),
  ];
  const found = starts(list, 'me', (id) => (id === '1' ? older : undefined));
  expect(found.map((s) => [s.kind, s.first.id, s.posts.size, s.by.map((a) => a.id)])).toEqual([
    ['thread', '1', 3, ['theo', 'ines', 'ravi']],
    ['person', '9', 3, ['ines']],
    ['thread', '17', 2, ['ravi', 'theo']],
  ]);
  expect(starts([tagged('3', 'ines', []), tagged('2', 'ravi', [])], 'me')).toEqual([]);
});

it('reads back to what was read before, and asks for no page that it can do without', async () => {
  const all = Array.from({ length: 90 }, (_, n) => post(String(200 - n), 'ines'));
  let asked = 0;
  const page = async (maxId?: string) => {
    asked++;
    return all.filter((s) => !maxId || Number(s.id) < Number(maxId)).slice(0, 40);
  };
  const after = (id: number) => (s: { id: string }) => Number(s.id) > id;
  expect(await readBack(page, after(190), 120, all.slice(0, 20))).toEqual({ posts: all.slice(0, 10), more: false });
  expect(asked).toBe(0);
  expect(await readBack(page, after(150), 120, all.slice(0, 20))).toEqual({ posts: all.slice(0, 50), more: false });
  expect(asked).toBe(1);
  const cut = await readBack(page, after(0), 60);
  expect([cut.posts.length, cut.more, asked]).toEqual([80, true, 3]);
  expect((await readBack(page, after(0), 400)).more).toBe(false);
});
