import { expect, test } from 'vitest';
import css from '../../static/tokens.css?raw';

// Every pair of colours that something is written or drawn in, with what
// WCAG 2.2 AA asks of it (1.4.3 and 1.4.11). Colours stand in tokens.css alone.
const written = ['ink', 'ink-2', 'ink-3', 'brand', 'clay', 'dusk'].flatMap((text) => ['surface', 'paper'].map((on) => [text, on, 4.5] as const));
const pairs = [
  ...written,
  ...(['ink', 'ink-2', 'ink-3'] as const).map((text) => [text, 'sunken', 4.5] as const),
  ['brand', 'brand-soft', 4.5],
  ['brand-strong', 'brand-soft', 4.5],
  ['on-brand', 'brand', 4.5],
  ['honey-ink', 'honey-soft', 4.5],
  ['honey-ink', 'surface', 4.5],
  ['clay', 'clay-soft', 4.5],
  ['dusk', 'dusk-soft', 4.5],
  ['line-strong', 'surface', 3],
  ['line-strong', 'paper', 3],
  ['focus', 'paper', 3],
  ['focus', 'surface', 3],
  ['focus', 'brand-soft', 3],
] as const;

/** The colours of a theme, by the selector that sets them. */
function theme(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf('{', css.indexOf(selector)), css.indexOf('}', css.indexOf(selector)));
  return Object.fromEntries([...block.matchAll(/--c-([\w-]+): (#[0-9A-Fa-f]{6})/g)].map(([, name, value]) => [name!, value!]));
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test.each([
  ['light', "[data-theme='light'] {"],
  ['dark', "[data-theme='dark'] {"],
  ['dark by the device', ':root:not([data-theme]) {'],
])('%s: whatever is written or drawn can be told from what it stands on', (_, selector) => {
  const colours = theme(selector);
  const weak = pairs.filter(([text, on, least]) => !(contrast(colours[text]!, colours[on]!) >= least)).map(([text, on]) => `${text} on ${on}`);
  expect(weak).toEqual([]);
});
