import { expect, it } from 'vitest';
import { away } from './away';

it('says since when one was away, in the words of people', () => {
  const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute);
  const now = at(28, 20).getTime(); // a Saturday
  for (const [then, title] of [
    [at(28, 19, 30), 'While you were away'],
    [at(28, 18), 'Since this evening'],
    [at(28, 13), 'Since this afternoon'],
    [at(28, 9), 'Since this morning'],
    [at(28, 2), 'Since last night'],
    [at(27, 22, 14), 'Since last night'],
    [at(27, 11), 'Since yesterday'],
    [at(24, 23), 'Since Tuesday'],
    [at(3, 12), 'Since Nov 3, 2026'],
  ] as const) {
    expect(away(then.toISOString(), now), String(then)).toBe(title);
  }
});
