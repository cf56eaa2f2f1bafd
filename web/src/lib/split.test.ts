import { expect, it } from 'vitest';
import { postLength } from './length';
import { sentence, split } from './split';

it('leaves what fits alone', () => {
  expect(split(' A wren. ', 20)).toEqual(['A wren.']);
  expect(split('', 20)).toEqual(['']);
});

it('cuts at paragraphs, else at sentences, else at words', () => {
  expect(split('One two three.\n\nFour five six. Seven.', 30)).toEqual(['One two three.', 'Four five six. Seven.']);
  expect(split('One two three. Four five six. Seven eight.', 31)).toEqual(['One two three. Four five six.', 'Seven eight.']);
  expect(split('one two three four five', 12)).toEqual(['one two', 'three four', 'five']);
  expect(split('今日は静か。明日は風が強い。', 8)).toEqual(['今日は静か。', '明日は風が強い。']);
});

it('cuts what has no end where it is full, and loses nothing', () => {
  const long = 'ab👩‍🌾'.repeat(50);
  const parts = split(long, 40);
  expect(parts.join('')).toBe(long);
  for (const part of parts) expect(postLength(part)).toBeLessThanOrEqual(40);
});

it('counts links as the server does', () => {
  const text = `See https://example.org/${'x'.repeat(80)} and more of it.`;
  expect(split(text, 50)).toEqual([text]);
});

it('knows the first sentence', () => {
  expect(sentence('What is oldest on your desk? Mine is a stone.')).toBe('What is oldest on your desk?');
  expect(sentence('3.5 herons\nand a thermos')).toBe('3.5 herons');
  expect(sentence('最初。次')).toBe('最初。');
  expect(sentence('')).toBe('');
});
