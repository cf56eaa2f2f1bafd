import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect, type Page, type Request } from '@playwright/test';
import { desktop, phone } from './community';

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

/**
 * Axe finds nothing on the page, on a desk and on a phone, by day and by night,
 * and it fits. A part of it is looked at on both, by day on one and by night on
 * the other: what else colours can do wrong, src/styles/contrast.test.ts finds.
 * The page is left as it was.
 */
export async function expectClean(page: Page, name: string, part?: string, shown?: () => Promise<void>): Promise<void> {
  await expect.soft(page.getByRole('status', { name: 'Loading …' }), `${name} is loaded`).toHaveCount(0);
  const was = page.viewportSize()!;
  const night = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const schemes = night ? (['dark', 'light'] as const) : (['light', 'dark'] as const);
  for (const [n, { width, height }] of (was.width === phone.width ? [phone, desktop] : [desktop, phone]).entries()) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of part ? [schemes[n]!] : schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }); // a colour on its way is neither
      expect.soft(await complaints(page, part), `${name}, ${width} px, ${colorScheme}`).toEqual([]);
      await shown?.();
    }
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name} fits ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(was);
  await page.emulateMedia({ colorScheme: schemes[0] });
}

/** Goes to an address of the client without loading it anew, and waits until its view has the focus and asks for nothing more. */
export async function go(page: Page, path: string): Promise<void> {
  const open = new Set<Request>();
  let heard = Date.now();
  const asks = (r: Request) => void (open.add(r), (heard = Date.now()));
  const told = (r: Request) => void (open.delete(r), (heard = Date.now()));
  page.on('request', asks).on('requestfinished', told).on('requestfailed', told);
  await page.evaluate(
    (path) =>
      new Promise<void>((done, fail) => {
        setTimeout(() => fail(new Error(`no heading of ${path} got the focus`)), 20_000);
        addEventListener('focusin', function shown(e) {
          if (!(e.target as Element).matches('main h1')) return;
          removeEventListener('focusin', shown);
          done();
        });
        const same = new URL(path, location.href).pathname === location.pathname;
        (document.activeElement as HTMLElement | null)?.blur();
        history.pushState({ key: path }, '', path);
        dispatchEvent(new PopStateEvent('popstate'));
        if (same) done(); // the heading stays as it is
      }),
    path,
  );
  await expect.poll(() => open.size === 0 && Date.now() - heard > 60, { intervals: [30] }).toBe(true);
  page.off('request', asks).off('requestfinished', told).off('requestfailed', told);
}

/** Axe finds nothing on any of these pages. */
export async function expectAllClean(page: Page, paths: Record<string, string>, shown?: (name: string) => Promise<void>): Promise<void> {
  for (const [name, path] of Object.entries(paths)) {
    await go(page, path);
    await expectClean(page, name, undefined, shown && (() => shown(name)));
  }
}
