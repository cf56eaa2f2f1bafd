import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { expectClean } from './clean';
import { found, phone, reached, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  c = await found();
  for (const other of ['ines', 'ravi']) await c.as.maya!.v1.accounts.$select(c.ids[other]!).follow();
  ({ page, context } = await visit(browser, c, 'maya'));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

const row = (text: string) => page.locator('article', { hasText: text });

test('boosts in a row share one place, and open into posts', async () => {
  const made = [];
  for (const n of [1, 2, 3, 4]) made.push(await write(c, 'theo', `Kettle note ${n}`));
  await write(c, 'ines', 'Before the boosts');
  const boosts = [];
  for (const post of made) boosts.push(await c.as.ravi!.v1.statuses.$select(post.id).reblog());
  await reached(c, 'maya', ...boosts, await write(c, 'ines', 'After the boosts'));
  await page.goto('/home');
  const group = page.getByRole('article', { name: 'Boosted by people you follow' });
  await expect(group.getByRole('link', { name: /Kettle note 4/ })).toBeVisible();
  await expect(row('Kettle note')).toHaveCount(0);
  await expectClean(page, 'boosts in a row');
  for (let n = 0; n < 2; n++) await page.keyboard.press('j');
  await expect(group).toBeFocused();
  await group.getByRole('button', { name: 'See all 4' }).press('Enter');
  await expect(row('Kettle note')).toHaveCount(4);
  await row('Kettle note 4').focus();
  await page.keyboard.press('j');
  await expect(row('Kettle note 3')).toBeFocused();
  await page.keyboard.press('Shift+J');
  await expect(row('Before the boosts')).toBeFocused();
  await page.keyboard.press('Shift+K');
  await expect(row('After the boosts')).toBeFocused();
  await page.keyboard.press('Shift+J');
  await expect(row('Before the boosts')).toBeFocused();
  const together = page.getByRole('switch', { name: /^Put boosts in a row together/ });
  await page.goto('/settings/reading');
  await together.uncheck();
  await page.goto('/home');
  await expect(row('Kettle note')).toHaveCount(4);
  await expect(group).toHaveCount(0);
  await page.goto('/settings/reading');
  await together.check();
});

test('what was missed while elsewhere is a gap, which is filled in two steps', async () => {
  await page.goto('/home');
  await expect(row('After the boosts')).toBeVisible();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.locator('h1')).toHaveText('Settings');
  const missed = [];
  for (let n = 1; n <= 65; n++) missed.push(await write(c, 'ines', `Missed ${n}.`));
  await reached(c, 'maya', ...missed.slice(-5));
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await page.getByRole('button', { name: /new posts$/ }).click();
  await expect(row('Missed 65.')).toBeVisible();
  const gap = page.getByRole('button', { name: 'Load the posts in between' });
  await gap.scrollIntoViewIfNeeded();
  await expect(row('Missed 26.')).toBeVisible();
  await expectClean(page, 'a gap', 'main');
  await gap.press('Enter');
  await expect(row('Missed 25.')).toBeVisible();
  await gap.scrollIntoViewIfNeeded();
  await gap.press('Enter');
  await expect(row('Missed 5.')).toBeVisible();
  await expect(gap).toHaveCount(0);
  await expect(row('After the boosts')).toHaveCount(1);
});

test('the place where reading ended is marked, in each timeline', async () => {
  await page.goto('/public?local');
  await expect(row('Missed 65.')).toBeVisible();
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((name) => /^read\..*local/.test(name)).length)).toBe(1); // kept at a pause
  for (const n of [1, 2]) await write(c, 'theo', `Later ${n}`);
  await page.goto('/public?local');
  await expect(row('Later 2')).toBeVisible();
  const mark = page.getByRole('article').filter({ hasText: 'You were here' });
  await expect(mark).toBeVisible();
  await expectClean(page, 'the mark', 'main');
  const [above, below] = [await row('Later 1').boundingBox(), await row('Missed 65.').boundingBox()];
  const at = (await mark.boundingBox())!.y;
  expect(at).toBeGreaterThan(above!.y);
  expect(at).toBeLessThan(below!.y);
});

test('announcements are read, answered with an emoji and put away', async () => {
  await page.goto('/home');
  await expect(row('Later 2')).toHaveCount(0);
  await c.command('announcement', 'add', 'The server moves house on Sunday.');
  await page.reload();
  const news = page.getByRole('region', { name: 'Announcement' });
  await expect(news).toContainText('moves house on Sunday');
  await news.getByRole('button', { name: 'Add a reaction' }).click();
  await page.getByRole('searchbox', { name: 'Find an emoji' }).fill('party popper');
  await expect(page.getByRole('button', { name: 'party popper' })).toBeVisible();
  await page.keyboard.press('Enter');
  const reaction = news.getByRole('button', { name: '🎉: 1' });
  await expect(reaction).toHaveAttribute('aria-pressed', 'true');
  const told = async () => (await c.as.ines!.v1.announcements.list())[0]!.reactions.map((r) => `${r.name} ${r.count}`);
  await expect.poll(told).toEqual(['🎉 1']);
  await expectClean(page, 'announcement', 'main');
  await reaction.click();
  await expect.poll(told).toEqual([]);
  await news.getByRole('button', { name: 'Put the announcement away' }).click();
  await expect(news).toHaveCount(0);
  await page.reload();
  await expect(page.locator('article').first()).toBeVisible();
  await expect(news).toHaveCount(0);
});

test('a card tells who somebody is, for the pointer and the keyboard, and goes with Escape', async () => {
  await page.goto('/public?local');
  const name = row('Later 2').getByRole('link', { name: 'Theo Brandt' });
  const card = page.getByRole('group', { name: 'Who this is' });
  await name.hover();
  await expect(card).toContainText('Runs the kettle and this server.');
  await expect(card.getByRole('button', { name: /^Follow @theo/ })).toBeVisible();
  await expectClean(page, 'card', '[data-hover-card]');
  await card.hover();
  await page.waitForTimeout(400); // longer than a card stays that nobody looks at
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await page.mouse.move(0, 0);
  await row('Later 2').focus();
  await page.keyboard.press('Tab');
  await expect(name).toBeFocused();
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto('/settings/reading');
  await page.getByRole('switch', { name: /^Show who people are/ }).uncheck();
  await page.goto('/public?local');
  await name.hover();
  await page.waitForTimeout(600); // longer than a card takes to come
  await expect(card).toHaveCount(0);
  await page.evaluate(() => localStorage.removeItem('habits'));
});

test('columns stand side by side, are chosen and ordered by keyboard, and are kept', async () => {
  await page.goto('/deck');
  const column = (name: string) => page.getByRole('region', { name, exact: true });
  await expect(column('Home').getByRole('article').first()).toBeVisible();
  await expect(column('This server').getByRole('article').first()).toBeVisible();
  await page.getByRole('button', { name: 'Add a column' }).press('Enter');
  await page.keyboard.press('Enter');
  await expect(column('Everywhere').getByRole('article').first()).toBeVisible();
  await expectClean(page, 'columns');
  await page.keyboard.press('3');
  await page.keyboard.press('j');
  await expect(column('This server').getByRole('article').first()).toBeFocused();
  await page.getByRole('button', { name: 'Column: This server' }).press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Column: Notifications' }).press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.reload();
  await expect(page.locator('main h2').filter({ visible: true })).toContainText(['Home', 'This server', 'Everywhere']);
  await column('Everywhere').locator('h2').dragTo(column('Home').locator('h2'));
  await expect(page.locator('main h2').filter({ visible: true })).toContainText(['Everywhere', 'Home', 'This server']);
  await expect(column('Notifications')).toHaveCount(0);
});

test('2,000 posts are scrolled through in little memory, and back to where one was', async () => {
  test.setTimeout(90_000);
  // The same posts again and again, under ids of their own: writing that many takes longer than reading them.
  const real: object[] = await page.evaluate(async () => (await fetch('/api/v1/timelines/public?local=true&limit=40')).json());
  const all = Array.from({ length: 2_000 }, (_, n) => ({ ...real[n % 40], id: String(116_000_000_000_000_000n - BigInt(n)), reblog: null }));
  await page.route('**/api/v1/timelines/public?*', (route) => {
    const params = new URL(route.request().url()).searchParams;
    const from = params.has('max_id') ? all.findIndex((s) => s.id === params.get('max_id')) + 1 : 0;
    return route.fulfill({ json: params.has('since_id') ? [] : all.slice(from, from + Number(params.get('limit'))) });
  });
  await page.goto('/public?local');
  await expect(page.locator('article').first()).toBeVisible();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  const measure = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const value = (name: string) => metrics.find((m) => m.name === name)!.value;
    return { heap: value('JSHeapUsedSize') / 1024 / 1024, nodes: await page.evaluate(() => document.querySelectorAll('*').length) };
  };
  await page.evaluate(async () => {
    while (document.querySelectorAll('[data-chunk]').length < 400) {
      scrollTo(0, document.documentElement.scrollHeight);
      await new Promise(requestAnimationFrame);
    }
  });
  const { heap, nodes } = await measure();
  console.log(`2,000 posts: ${heap.toFixed(1)} MB of heap, ${nodes} elements`);
  expect(heap).toBeLessThan(60);
  expect(nodes).toBeLessThan(6_000);
  // Halfway up, elsewhere, and back: the same post stands where it stood.
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  const inSight = () =>
    page.evaluate(() => {
      const post = [...document.querySelectorAll<HTMLElement>('main article')].find((a) => a.getBoundingClientRect().top > 80);
      return post && { id: post.dataset.row, top: Math.round(post.getBoundingClientRect().top) };
    });
  await expect.poll(async () => (await inSight())?.top ?? 9_999).toBeLessThan(700);
  // All of them are whole, what stands below their text, too, and at rest.
  const unfinished = () => page.locator('main article:not(:has([data-act=reply]))').count();
  await expect.poll(unfinished).toBe(0);
  let before = await inSight();
  const still = async () => {
    const last = before;
    before = await inSight();
    return JSON.stringify(last) === JSON.stringify(before);
  };
  await expect.poll(still).toBe(true);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page.locator('h1')).toHaveText('Settings');
  await page.goBack();
  await expect.poll(inSight).toEqual(before);
  await page.unroute('**/api/v1/timelines/public?*');
});

test('catching up has a sum, an end, and sets the mark', async ({ browser }) => {
  for (const other of ['ines', 'ravi']) await c.as.theo!.v1.accounts.$select(c.ids[other]!).follow();
  const theo = await visit(browser, c, 'theo', { ...phone, own: true });
  const told = [];
  for (const n of [1, 2]) told.push(await write(c, 'ines', `Tide table ${n}`));
  told.push(await write(c, 'ravi', 'A hedge, again.'));
  await reached(c, 'theo', ...told);
  await theo.page.goto('/catchup');
  const sum = theo.page.getByRole('region', { name: 'In short' });
  await theo.page.getByLabel('How far back').selectOption({ label: '4 hours' });
  await expect(sum).toContainText('2 people');
  const shown = theo.page.getByRole('feed').getByRole('article');
  await expect(async () => {
    await theo.page.keyboard.press('End');
    await expect(shown.last()).toContainText('A hedge, again.', { timeout: 500 }); // the newest is the end
  }).toPass();
  await expectClean(theo.page, 'catching up');
  await sum.getByRole('button', { name: 'Ravi' }).press('Enter');
  await expect(shown.filter({ hasText: 'Tide table' })).toHaveCount(0);
  await theo.page.getByRole('button', { name: 'Mark as read' }).press('Enter');
  await expect(theo.page.locator('h1')).toHaveText('Home');
  await expect.poll(async () => (await c.as.theo!.v1.markers.fetch({ timeline: ['home'] })).home?.lastReadId).toBe(told.at(-1)!.id);
  await theo.page.goto('/catchup');
  await expect(theo.page.getByText('Nothing new, all is read')).toBeVisible();
  await theo.context.close();
});
