import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { expectClean } from './clean';
import { found, visit, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  c = await found();
  await c.as.aiko!.v1.accounts.updateCredentials({ discoverable: false }); // and so in no collection
  ({ page, context } = await visit(browser, c, 'maya'));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

const heading = () => page.locator('h1');
const menu = async (name: string) => {
  await page.getByRole('main').getByRole('button', { name: 'More' }).first().click();
  await page.getByRole('menuitem', { name }).click();
};

test('a collection is made, filled by keyboard, and shown on the profile', async () => {
  await page.goto('/lists');
  await page.getByRole('link', { name: 'Collections' }).click();
  await expect(page.getByText('No collections yet')).toBeVisible();
  await page.getByRole('button', { name: 'New collection' }).press('Enter');
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.type('Marsh people');
  await page.getByLabel('Who are they?').fill('They wade.');
  await page.getByLabel('Hashtag').fill('#birding');
  await expectClean(page, 'making a collection', 'dialog[open]');
  await page.keyboard.press('Enter');
  await expect(heading()).toHaveText('Marsh people');
  const find = page.getByRole('searchbox', { name: 'Find somebody to put in' });
  await find.fill('aiko');
  await expect(page.getByText('does not want to be in collections')).toBeVisible();
  for (const name of ['ines', 'ravi']) {
    await find.fill(name);
    await page.getByRole('button', { name: `Put @${name} in` }).press('Enter');
    await expect(page.getByRole('button', { name: `Take @${name} out` })).toBeVisible();
  }
  await expect(page.getByText('2 people')).toBeVisible();
  await page.getByRole('button', { name: 'Take @ravi out' }).press('Enter');
  await expect(page.getByText('1 person')).toBeVisible();
  await expectClean(page, 'own collection');
  await page.goto('/@maya/collections');
  await page.getByRole('main').getByRole('link', { name: /Marsh people/ }).click();
  await expect(heading()).toHaveText('Marsh people');
});

test('whoever is put in hears of it, sees changes at once, and leaves for good', async ({ browser }) => {
  const ines = await visit(browser, c, 'ines');
  await ines.page.goto('/notifications');
  const told = ines.page.getByRole('group', { name: 'Maya Okafor put you in the collection Marsh people' });
  await expectClean(ines.page, 'a notification of a collection', 'main');
  await told.getByRole('link', { name: /Marsh people/ }).click();
  await expect(ines.page.locator('h1')).toHaveText('Marsh people');
  await expect(ines.page.getByRole('button', { name: /^Take @/ })).toHaveCount(0);
  await menu('Edit collection');
  await page.getByLabel('Name', { exact: true }).fill('Waders');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(heading()).toHaveText('Waders');
  await expect(ines.page.locator('h1')).toHaveText('Waders');
  await ines.page.getByRole('main').getByRole('button', { name: 'More' }).first().click();
  await ines.page.getByRole('menuitem', { name: 'Take me out' }).click();
  await ines.page.getByRole('dialog').getByRole('button', { name: 'Take me out' }).click();
  await expect(ines.page.getByText('You are no longer in Waders')).toBeVisible();
  await ines.context.close();
  await page.evaluate(() => dispatchEvent(new Event('focus'))); // the owner comes back to the page
  await expect(page.getByText('Nobody here')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Find somebody to put in' }).fill('ines');
  await page.getByRole('button', { name: 'Put @ines in' }).click();
  await expect(page.getByText('This action is not allowed')).toBeVisible();
});

test('its link is shared in a post, and opens for visitors without an account', async ({ browser }) => {
  await menu('Write about it');
  const field = page.getByRole('textbox', { name: 'Text of the post', exact: true });
  await expect(field).toHaveValue(/^Waders http.*\/collections\/\d+$/);
  const link = (await field.inputValue()).split(' ')[1]!;
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('dialog')).toHaveCount(0);
  await page.goto('/@maya');
  await expect(page.locator('article').getByRole('link', { name: /Waders They wade\./ })).toBeVisible();
  const visitor = await browser.newContext({ locale: 'en' });
  const outside = await visitor.newPage();
  await outside.goto(link);
  await expect(outside.locator('h1')).toHaveText('Waders');
  await expect(outside.getByText('Maya Okafor')).toBeVisible();
  await expectClean(outside, 'a collection, signed out');
  await visitor.close();
});

test('one that is sensitive is covered, and deleted it is gone', async ({ browser }) => {
  await page.locator('article').getByRole('link', { name: /Waders/ }).click();
  await menu('Edit collection');
  await page.getByRole('switch', { name: 'Cover it until it is wanted' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('dialog')).toHaveCount(0);
  const ravi = await visit(browser, c, 'ravi');
  await ravi.page.goto(new URL(page.url()).pathname);
  await expect(ravi.page.getByText('marked as sensitive')).toBeVisible();
  await expect(ravi.page.getByText('They wade.')).toHaveCount(0);
  await ravi.page.getByRole('button', { name: 'Show' }).click();
  await expect(ravi.page.getByText('They wade.')).toBeVisible();
  await ravi.context.close();
  await menu('Delete collection');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete collection' }).click();
  await expect(page.getByText('No collections yet')).toBeVisible();
  expect((await c.as.maya!.v1.accounts.$select(c.ids.maya!).collections.list()).collections).toEqual([]);
});
