import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { expectClean } from './clean';
import { desktop, found, phone, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  c = await found();
  await write(c, 'maya', 'Something to count.');
  await c.as.ines!.v1.reports.create({ accountId: c.ids.ravi!, comment: 'Hm.', category: 'other' } as never);
  ({ page, context } = await visit(browser, c, 'theo'));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

test('the dashboard tells in sentences how everybody is and how much room there is', async () => {
  await page.getByRole('link', { name: 'Administration' }).first().click();
  await page.getByRole('link', { name: /^Dashboard/ }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'people' }).first()).toContainText('5');
  await expect(page.getByRole('link', { name: '1 report' })).toHaveAttribute('href', '/moderation/reports');
  await expect(page.getByText(/There is room for about [\d,]+ more members\./)).toBeVisible();
  await expect(page.getByText('How long the disk lasts can be said after a week.')).toBeVisible();
  await expect(page.getByText('Every server that was written to is reached.')).toBeVisible();
  const chart = page.locator('figure', { hasText: 'New people' });
  await expect(chart).toContainText('5, before that 0');
  await chart.getByText('Day by day').click();
  await expect(chart.getByRole('row')).toHaveCount(31);
});

test('settings hold, and a wrong one says why and changes nothing', async () => {
  await page.goto('/administration/community');
  await page.getByLabel('In one sentence', { exact: true }).fill('Herons, hedges and slow software.');
  await page.getByRole('button', { name: 'Save In one sentence' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.getByLabel('How people join').selectOption('invite');
  await expect.poll(async () => (await c.as.maya!.v2.instance.fetch()).description).toBe('Herons, hedges and slow software.');
  await page.getByLabel('Length of a post', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Save Length of a post' }).click();
  await expect(page.getByText('Posts may be limited to 100 to 20000 characters.')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Length of a post', { exact: true })).toHaveValue('500');
  await expect(page.getByLabel('How people join')).toHaveValue('invite');
});

test('rules are written, changed and taken back', async () => {
  await page.goto('/administration/rules');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByLabel('The rule', { exact: true }).fill('Be kind.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Change: Be kind.' }).click();
  await page.getByLabel('What is meant by it').fill('Even on Mondays.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Even on Mondays.')).toBeVisible();
  expect((await c.as.maya!.v2.instance.fetch()).rules.map((rule) => rule.text)).toEqual(['Be kind.']);
  await page.getByRole('button', { name: 'Remove: Be kind.' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Even on Mondays.')).toHaveCount(0);
});

test('terms come in versions', async () => {
  await page.goto('/administration/terms');
  await page.getByLabel('Text', { exact: true }).fill('Be fair to each other.');
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText(/^Since /)).toBeVisible();
});

test('an announcement reaches everybody and can be taken back', async () => {
  await page.goto('/administration/announcements');
  await page.getByLabel('What is there to tell?').fill('Tea on Sunday.');
  await page.getByRole('button', { name: 'Announce' }).click();
  await expect(page.locator('.line', { hasText: 'Tea on Sunday.' })).toContainText('shown now');
  expect((await c.as.maya!.v1.announcements.list()).map((one) => one.content).join()).toContain('Tea on Sunday.');
  await page.getByRole('button', { name: 'Take back: Tea on Sunday.' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Nothing was announced')).toBeVisible();
});

test('a role is made and given, and opens its pages only', async ({ browser }) => {
  await page.goto('/administration/roles');
  await page.getByRole('button', { name: 'Make a role' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Gardener');
  await page.getByLabel('Review trends').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.line', { hasText: 'Gardener' })).toContainText('2 permissions'); // inviting is everyone's
  await page.goto(`/moderation/accounts/${c.ids.ravi}`);
  await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Gardener' });
  await expect(page.locator('.pill', { hasText: 'Gardener' })).toBeVisible();
  const ravi = await visit(browser, c, 'ravi');
  await ravi.page.getByRole('link', { name: 'Moderation' }).first().click();
  await expect(ravi.page.locator('.part')).toHaveCount(1);
  await expect(ravi.page.getByRole('link', { name: 'Administration' })).toHaveCount(0);
  await ravi.context.close();
});

test('every page is clean on phone and desktop, light and dark', async ({ browser }) => {
  test.setTimeout(120_000);
  for (const device of [desktop, phone]) {
    const on = await visit(browser, c, 'theo', device);
    for (const path of ['', '/dashboard', '/community', '/rules', '/terms', '/announcements', '/roles']) {
      await on.page.goto(`/administration${path}`);
      await on.page.locator('main h1').waitFor();
      await on.page.waitForLoadState('networkidle');
      await expectClean(on.page, path || 'administration');
      if (process.env.SCREENSHOTS) await on.page.screenshot({ fullPage: true, path: `${process.env.SCREENSHOTS}/administration${path.replace(/\W+/g, '-')}-${device.width}.png` });
    }
    await on.page.getByRole('button', { name: 'Change Moderator' }).click();
    await expect(on.page.getByRole('switch', { name: 'Asks for a second factor when signing in' })).toBeVisible();
    await expectClean(on.page, 'a role');
    await on.context.close();
  }
});
