import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { password } from '../../e2e/server.js';
import { expectClean } from './clean';
import { found, visit, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  c = await found();
  ({ page, context } = await visit(browser, c, 'maya'));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

const menu = () => page.getByRole('button', { name: 'Your account' }).locator('visible=true');
const choose = async (name: string) => {
  await menu().press('Enter');
  await page.getByRole('menuitem', { name, exact: false }).first().press('Enter');
};

test('a second account comes into the browser, and both are switched between by keyboard', async () => {
  await expect(menu()).toContainText('@maya');
  await choose('Add an account');
  await page.locator('[name=login]').fill('ines');
  await page.locator('[name=password]').fill(password);
  await page.locator('[name=password]').press('Enter');
  await expect(menu()).toContainText('@ines');
  await menu().press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Switch to Maya Okafor' })).toBeVisible();
  await expectClean(page, 'accounts', '[role=menu]');
  await page.keyboard.press('Escape');
  await choose('Switch to Maya Okafor');
  await expect(menu()).toContainText('@maya');
});

test('no tab acts as somebody whom it does not show', async () => {
  const other = await context.newPage();
  await other.goto('/settings');
  await expect(other.getByRole('button', { name: 'Your account' }).locator('visible=true')).toContainText('@maya');
  await choose('Switch to Ines Duarte');
  await expect(menu()).toContainText('@ines');
  await expect(other).toHaveURL(/\/home$/);
  await expect(other.getByRole('button', { name: 'Your account' }).locator('visible=true')).toContainText('@ines');
  await other.close();
});

test('signing one out goes on with the other, and the last leaves', async () => {
  await choose('Sign out');
  await expect(menu()).toContainText('@maya');
  await menu().press('Enter');
  await expect(page.getByRole('menuitem', { name: /^Switch to/ })).toHaveCount(0);
  await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter');
  await expect(page).toHaveURL(`${c.url}/`);
});
