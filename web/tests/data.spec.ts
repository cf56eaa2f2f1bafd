import { readFileSync } from 'node:fs';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { password } from '../../e2e/server.js';
import { expectClean } from './clean';
import { found, phone, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  c = await found();
  await c.as.maya!.v1.accounts.$select(c.ids.ines!).follow();
  await write(c, 'maya', 'A post that was deleted by the staff');
  ({ page, context } = await visit(browser, c, 'maya', phone));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

test('whom one follows goes out as a file, and another file comes in after a look at what it would change', async () => {
  await page.goto('/settings');
  await page.getByRole('link', { name: /Your data/ }).press('Enter');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download: Follows' }).press('Enter');
  const file = readFileSync(await (await download).path(), 'utf8');
  expect(file).toMatch(/^Account address,Show boosts,Notify on new posts,Languages\nines@[^,]+,true,false,\n$/);

  const address = (name: string) => file.split('\n')[1]!.split(',')[0]!.replace('ines', name);
  const brought = `Account address\n${address('ravi')}\n${address('nobody')}\nrubbish\n`;
  await page.getByLabel('What is in the file').selectOption('Follows');
  await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'friends.csv', mimeType: 'text/csv', buffer: Buffer.from(brought) });
  await page.getByLabel('What you have already').selectOption({ label: 'goes if the file lacks it' });
  await page.getByRole('button', { name: 'Read the file' }).press('Enter');
  const card = page.getByRole('article', { name: /Follows friends.csv/ });
  await expect(card).toContainText('New: 2, Here already: 0, and Will be removed: 1');
  await expect(card).toContainText('Line 4: rubbish cannot be read');
  await expectClean(page, 'data');
  await card.getByRole('button', { name: 'Start' }).press('Enter');
  await expect(card).toContainText('Done: 2 of 2 and Removed: 1');
  await expect(card).toContainText(/Line 3: nobody@\S+, true, false not found/);
  await card.getByRole('button', { name: 'Forget' }).press('Enter');
  await expect(card).toHaveCount(0);
});

test('the archive is asked for, made and fetched', async () => {
  await page.goto('/settings/data');
  await page.getByRole('button', { name: 'Ask for the archive' }).press('Enter');
  const fetched = page.getByRole('link', { name: 'Download: Your archive' });
  await expect(fetched).toBeVisible();
  await expect(page.getByText(/^The next one from/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ask for the archive' })).toHaveCount(0);
  await expectClean(page, 'archive');
  const download = page.waitForEvent('download');
  await fetched.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/^archive-[0-9-]+\.zip$/);
  expect(readFileSync(await (await download).path()).subarray(0, 2).toString()).toBe('PK');
});

test('old posts are deleted only after a question, and exceptions are kept', async () => {
  await page.goto('/settings/cleanup');
  const on = page.getByRole('switch', { name: 'Delete old posts' });
  await on.press('Space');
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(on).not.toBeChecked();
  await page.getByLabel('Older than').selectOption('3 months');
  await page.getByRole('switch', { name: 'Posts with media' }).press('Space');
  await on.press('Space');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete old posts' }).press('Enter');
  await expect(on).toBeChecked();
  await page.reload();
  await expect(on).toBeChecked();
  await expect(page.getByLabel('Older than')).toHaveValue('91');
  await expect(page.getByRole('switch', { name: 'Posts with media' })).toBeChecked();
  await expectClean(page, 'cleanup');
});

test('a decision of the staff can be objected to', async ({ browser }) => {
  await page.goto('/settings/strikes');
  await expect(page.getByText('Nothing was decided about you.')).toBeVisible();
  const staff = await visit(browser, c, 'theo');
  const body = { type: 'sensitive', text: 'Please cover your herons.' };
  const acted = await staff.page.request.post(`${c.url}/api/v1/admin/accounts/${c.ids.maya!}/action`, { data: body, headers: { Origin: c.url } });
  expect(acted.status()).toBe(200);
  await staff.context.close();
  await page.reload();
  const strike = page.getByRole('article', { name: /Your media are covered/ });
  await expect(strike).toContainText('Please cover your herons.');
  await strike.getByRole('button', { name: 'Object' }).press('Enter');
  await strike.getByLabel('Why the decision is wrong').fill('They are dressed.');
  await expectClean(page, 'strikes');
  await strike.getByRole('button', { name: 'Send the objection' }).press('Enter');
  await expect(strike).toContainText('waits for a decision');
});

test('a move is seen in the settings, and can be taken back', async () => {
  await c.command('account', 'alias', 'ines', '--of', '@maya');
  await page.goto('/settings/account');
  await page.getByRole('button', { name: 'Move away' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your new account').fill('@ines');
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: 'Move away' }).press('Enter');
  await expect(page.getByText(/^Moved to @ines/)).toBeVisible();
  await expect(page.getByText(/^Another move is possible from/)).toBeVisible();
  await expectClean(page, 'moved');
  await page.getByRole('button', { name: 'Stay here after all' }).press('Enter');
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: 'Stay here after all' }).press('Enter');
  await expect(page.getByText(/^Moved to @ines/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Move away' })).toHaveCount(0);
});
