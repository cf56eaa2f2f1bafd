import { expect, test } from 'vitest';
import { blurhash } from './blurhash';

test('one colour alone is that colour everywhere', () => {
  // 1 by 1 component, of the colour #ff8000
  const orange = '00' + [...Array(4)].map((_, n) => '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~'[Math.floor(0xff8000 / 83 ** (3 - n)) % 83]).join('');
  expect([...blurhash(orange, 2, 1)!]).toEqual([255, 128, 0, 255, 255, 128, 0, 255]);
});

test('yellow above and blue below are found again, as the server described them', () => {
  const pixels = blurhash('U~KJ-joefQoe~KoJfQoJs,jtfQjtIuazfQaz', 8, 8)!;
  const [above, below] = [1, 6].map((y) => [...pixels.subarray((y * 8 + 4) * 4, (y * 8 + 4) * 4 + 3)] as [number, number, number]);
  expect(pixels).toHaveLength(256);
  expect(above![0]).toBeGreaterThan(above![2] + 100);
  expect(below![2]).toBeGreaterThan(below![0] + 60);
});

test('what is no hash has no colours', () => {
  for (const bad of ['', 'L', 'LEHV6nWB2yk8pyo0adR*.7kCMdn', 'LEHV6nWB2yk8pyo0adR*.7kCMdn"']) expect(blurhash(bad, 4, 4)).toBeUndefined();
});
