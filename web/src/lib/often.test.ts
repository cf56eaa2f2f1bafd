import { expect, it } from 'vitest';
import type { mastodon } from 'masto';
import { often } from './often';

it('counts the hashtags of what somebody wrote themselves', () => {
  const post = (by: string, tags: string[], more: object = {}) => ({ account: { id: by }, tags: tags.map((name) => ({ name })), ...more }) as unknown as mastodon.v1.Status;
  const posts = [post('ines', ['herons']), post('ines', ['herons', 'birding']), post('ines', ['birding', 'herons', 'bread']), post('ines', ['bread'], { reblog: {} }), post('ravi', ['bread'])];
  expect(often(posts, 'ines', 4)).toEqual([{ name: 'herons', uses: 3 }, { name: 'birding', uses: 2 }]);
  expect(often(posts, 'ines', 1)).toHaveLength(1);
});
