import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';

// The builder of this package puts axe into the page anew for each look, which
// takes longer than looking.
const require = createRequire(import.meta.url);
const source = readFileSync(createRequire(require.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'), 'utf8');
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Result {
  violations: { id: string; nodes: { target: string[]; any: { message: string }[] }[] }[];
}

/** What axe has against the page, or a part of it; all of WCAG 2.2 AA, or single rules. */
export async function complaints(page: Page, part?: string, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(source);
  const only = rules ? { type: 'rule', values: rules } : { type: 'tag', values: wcag };
  const { violations } = await page.evaluate<Result, [string | undefined, object]>(
    ([part, runOnly]) => (window as unknown as { axe: { run(...args: unknown[]): Promise<Result> } }).axe.run(part ? { include: [part] } : document, { runOnly, resultTypes: ['violations'], elementRef: false }),
    [part, only],
  );
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
}

// What may be right in one colour scheme and wrong in the other.
const colours = ['color-contrast', 'link-in-text-block'];

/** Axe finds nothing on the page, or in a part of it, light and dark. */
export async function expectClean(page: Page, name: string, part?: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect.soft(await complaints(page, part, colorScheme === 'dark' ? colours : undefined), `${name}, ${page.viewportSize()?.width} px, ${colorScheme}`).toEqual([]);
  }
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name} fits ${page.viewportSize()?.width} px`).toBeLessThanOrEqual(0);
}
