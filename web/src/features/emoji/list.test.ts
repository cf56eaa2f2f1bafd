import { expect, it } from 'vitest';
import { find, load, recent, used } from './list';

const wren = { shortcode: 'tiny_wren', url: 'https://a.example/w.png', staticUrl: 'https://a.example/w.png', visibleInPicker: true, category: 'birds' };

it('shows the own emoji first and finds by name before other words', async () => {
  const groups = await load([wren]);
  expect(groups[0]).toMatchObject({ name: 'own', list: [{ insert: ':tiny_wren: ', name: 'tiny_wren' }] });
  expect(groups.length).toBe(10);
  expect(find(groups, 'wren')[0]!.name).toBe('tiny_wren');
  expect(find(groups, 'pouting cat')[0]!.insert).toBe('😾');
  expect(find(groups, 'heart').length).toBeGreaterThan(10);
  expect(find(groups, 'xyzzy')).toEqual([]);
});

it('remembers what was used, the last first and once', () => {
  used('🐦');
  used('🌾');
  used('🐦');
  expect(recent()).toEqual(['🐦', '🌾']);
});
