import { expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { go } from './clean';
import { desktop, found, visit, write, type Community } from './community';

// Whatever opens over the page takes the focus, keeps it, has a name, and gives
// the focus back to what opened it.

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;
const ids: Record<string, string> = {};

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  c = await found();
  await c.as.theo!.v1.accounts.$select(c.ids.ines!).follow();
  ids.list = (await c.as.theo!.v1.lists.create({ title: 'Birders' })).id;
  ids.post = (await write(c, 'ines', 'Herons at dawn.')).id;
  ids.own = (await write(c, 'theo', 'The kettle is on.')).id;
  await write(c, 'ines', '@theo Tea?');
  ({ page, context } = await visit(browser, c, 'theo', { ...desktop, own: true }));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

const button = (name: string | RegExp, within: Page | Locator = page.getByRole('main')) => within.getByRole('button', { name, exact: typeof name === 'string' }).first();

/** Opens something by keyboard, looks at how it holds the focus, closes it with Escape. */
async function holds(what: string, opener: Locator, open: () => Promise<void>, below = 0): Promise<void> {
  await expect(opener, what).toBeVisible();
  await opener.focus();
  await open();
  const dialog = page.locator('dialog:modal').nth(below);
  await expect(dialog, what).toBeVisible();
  await expect(dialog, `${what} has a name`).toHaveAccessibleName(/./);
  const inside = () => dialog.evaluate((node) => node.contains(document.activeElement));
  await expect.poll(inside, `${what} takes the focus`).toBe(true);
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press(n < 8 ? 'Tab' : 'Shift+Tab');
    // Between its last and its first the browser has a place of its own.
    expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement!.closest('dialog') !== null), `${what} keeps the focus`).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog:modal'), what).toHaveCount(below);
  await expect(opener, `${what} gives the focus back`).toBeFocused();
}

const press = (name: string | RegExp) => [button(name), () => button(name).press('Enter')] as const;

test('by keys, from a post that has the focus', async () => {
  await page.goto('/home');
  const post = page.locator('article', { hasText: 'Herons at dawn.' }).first();
  for (const [key, name] of [['n', 'a new post'], ['r', 'a reply'], ['q', 'a quote'], ['/', 'the palette'], ['?', 'the shortcuts']] as const) await holds(name, post, () => page.keyboard.press(key));
});

test('from the menus of a post and of a person', async () => {
  const chosen = async (opener: Locator, item: string | RegExp) => {
    await opener.press('Enter');
    await page.getByRole('menuitem', { name: item }).press('Enter');
  };
  await go(page, `/@ines/${ids.post}`);
  const post = button('More', page.locator('[data-focus]'));
  for (const item of ['Mute @ines', 'Block @ines', 'Report @ines']) await holds(item, post, () => chosen(post, item));
  await go(page, `/@theo/${ids.own}`);
  for (const item of ['Delete', 'Delete and write again', 'Edit']) await holds(item, post, () => chosen(post, new RegExp(`^${item}$`)));
  await go(page, '/@ines');
  const person = button('More');
  for (const item of ['QR code', 'Lists with @ines', 'Mute @ines', 'Block @ines', 'Report @ines', 'Mention @ines']) await holds(item, person, () => chosen(person, item));
  await holds('unfollowing', ...press(/^Following @ines/));
});

test('from lists, collections, notifications and settings', async () => {
  const places: [string, ...(string | RegExp)[]][] = [
    [`/lists/${ids.list}`, 'Settings of the list', 'Delete list'],
    ['/collections', 'New collection'],
    ['/notifications', 'Clear all notifications'],
    ['/settings/security', 'Change the password', 'Change the address', 'Set up'],
    ['/settings/account', 'Move away', 'Delete the account'],
  ];
  for (const [path, ...names] of places) {
    await go(page, path);
    for (const name of names) await holds(`${path}: ${name}`, ...press(name));
  }
  await go(page, '/settings/cleanup');
  const on = page.getByRole('switch', { name: 'Delete old posts' });
  await holds('deleting old posts', on, () => page.keyboard.press('Space'));
});

test('over what is open already', async () => {
  await go(page, '/home');
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Text of the post', exact: true }).waitFor();
  await page.locator('dialog input[type=file]').setInputFiles('static/thumbnail.png');
  const within = page.getByRole('dialog').first();
  await holds('the focal point', button('Focal point of file 1', within), () => page.keyboard.press('Enter'), 1);
  await holds('emoji', button('Emoji', within), () => page.keyboard.press('Enter'), 1);
  await page.keyboard.press('Escape');
});

test('of those who run the community', async () => {
  const places: [string, ...string[]][] = [
    ['/administration/rules', 'Add a rule'],
    ['/administration/roles', 'Make a role', 'Change Moderator'],
    ['/administration/webhooks', 'Add a webhook'],
    ['/administration/emojis', 'Add an emoji'],
    ['/moderation/texts', 'Add a text'],
    ['/moderation/servers', 'Hold a server off'],
    [`/moderation/accounts/${c.ids.ines}`, 'Decide …'],
  ];
  for (const [path, ...names] of places) {
    await go(page, path);
    for (const name of names) await holds(`${path}: ${name}`, ...press(name));
  }
});

test('what had the focus may go, and the focus stays near it', async () => {
  const asked = await write(c, 'ines', 'Which bread?', { poll: { options: ['Rye', 'Oat'], expiresIn: 3_600 } } as never);
  await go(page, `/explore`);
  await go(page, `/@ines/${asked.id}`);
  const post = page.locator('[data-focus]');
  await post.getByLabel('Rye').press('Space');
  await post.getByRole('button', { name: 'Vote' }).press('Enter');
  await expect(post.getByText('your vote')).toBeAttached();
  await expect(post).toBeFocused(); // the button is gone
  await go(page, '/settings/profile');
  await page.getByRole('button', { name: 'Save' }).press('Enter'); // which cannot be pressed twice
  await expect(page.getByText('Saved')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeFocused();
  await c.as.theo!.v1.accounts.$select(c.ids.ravi!).block();
  await go(page, '/settings/people');
  await page.getByRole('button', { name: 'Unblock' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Unblock' })).toHaveCount(0);
  await expect(page.locator('main h1')).toBeFocused();
});

test('what stands further down is found by the browser, too', async () => {
  for (let n = 0; n < 25; n++) await write(c, 'ines', `Note ${n} of the tide table.`);
  await go(page, '/explore');
  await page.goto('/public?local');
  await expect(page.locator('article', { hasText: 'Note 24 ' })).toBeVisible();
  const has = (text: string) => page.evaluate((text) => (window as unknown as { find(text: string): boolean }).find(text), text);
  await expect.poll(() => has('Note 6 of the tide')).toBe(true);
  expect(await has('Note 99 of the tide')).toBe(false);
});
