import { readFileSync } from 'node:fs';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { expectClean } from './clean';
import { desktop, found, phone, reached, visit, write, type Community } from './community';

// What stands around the posts: beside home and a profile, above them, and below on a telephone.

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;
const picture = { name: 'marsh.png', mimeType: 'image/png', buffer: readFileSync('static/thumbnail.png') };

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  c = await found();
  for (const other of ['ines', 'ravi', 'theo']) await c.as.maya!.v1.accounts.$select(c.ids[other]!).follow();
  await reached(c, 'maya', await write(c, 'maya', 'Good night.'));
  ({ page, context } = await visit(browser, c, 'maya'));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

const row = (text: string) => page.locator('article', { hasText: text });
const aside = () => page.getByRole('complementary', { name: 'Around here' });
const bothThemes = async (name: string) => {
  for (const { scheme } of [desktop, phone]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await expectClean(page, name);
  }
  await page.emulateMedia({ colorScheme: desktop.scheme, reducedMotion: 'reduce' });
};
/** Puts the mark of where home was read to its newest post, from a page that marks nothing itself. */
const readAll = async () => {
  await page.goto('/settings/look');
  await page.waitForLoadState('networkidle');
  const [newest] = await c.as.maya!.v1.timelines.home.list({ limit: 1 });
  await c.as.maya!.v1.markers.create({ home: { lastReadId: newest!.id } });
};

test('what came since reading ended is summed up beside home, from what home has loaded', async () => {
  await readAll();
  const count = await write(c, 'theo', 'Heron count on Saturday. Who comes along?');
  const answers = [];
  for (const name of ['ravi', 'ines']) answers.push(await write(c, name, '@theo I do.', { inReplyToId: count.id }));
  await reached(c, 'maya', ...answers, await write(c, 'ravi', 'A quiet evening.'));
  const asked: string[] = [];
  const hears = (r: { url(): string }) => void (/timelines\/home.*limit=40/.test(r.url()) && !r.url().includes('since_id') && asked.push(r.url()));
  page.on('request', hears);
  await page.goto('/home');
  const since = aside().getByRole('region', { name: 'While you were away' });
  await expect(since).toContainText('4 posts from 3 people. It takes about 1 minute to read it all.');
  await expect(since.getByRole('link', { name: /^Heron count on Saturday\.\s*3 posts/ })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Catch up 4 unread' })).toBeVisible();
  page.off('request', hears);
  expect(asked).toEqual([]); // the pages that a sum is made of
  await expect(aside().getByRole('link', { name: 'Theo unread' })).toBeVisible();
  await bothThemes('what came meanwhile');
  await since.getByRole('link', { name: /^Heron/ }).press('Enter');
  await expect(page.locator('[data-focus]')).toContainText('Heron count');
  await page.goBack();
  await since.getByRole('link', { name: 'Open Catch up' }).press('Enter');
  await page.getByRole('button', { name: 'Mark as read' }).press('Enter');
  await expect(page.locator('h1')).toHaveText('Home');
  await expect(since).toHaveCount(0);
  await expect(page.getByRole('link', { name: /^Catch up/ })).toHaveText('Catch up');
  await expect(aside().getByRole('link', { name: 'Theo', exact: true })).toBeVisible();
});

test('one’s coterie begins with whom one writes to', async () => {
  await page.goto('/home');
  const faces = aside().getByRole('region', { name: 'Your coterie' }).getByRole('link');
  await expect(faces.first()).toHaveText('Theo'); // followed last
  await row('@theo I do.').filter({ hasText: 'Ravi Menon' }).focus();
  await page.keyboard.press('r');
  await expect(page.getByRole('dialog').getByRole('textbox', { name: 'Text of the post' })).toBeFocused();
  await page.keyboard.type('Bring the telescope.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Posted')).toBeVisible();
  await page.reload();
  await expect(faces.first()).toHaveText('Ravi');
  await expect(faces.last()).toHaveText('Add');
});

test('home leaves out what one chooses, and does not announce it', async () => {
  const tea = await write(c, 'theo', 'Tea is ready.');
  await reached(
    c,
    'maya',
    await c.as.ravi!.v1.statuses.$select((await write(c, 'aiko', 'Passed on by Ravi')).id).reblog(),
    await write(c, 'ravi', '@theo With milk.', { inReplyToId: tea.id }),
    await write(c, 'ines', 'Quoting the tea', { quotedStatusId: tea.id }),
  );
  await page.goto('/home');
  await expect(row('With milk.')).toBeVisible();
  const options = page.getByRole('button', { name: 'What home shows' });
  await options.press('Enter');
  await expect(options).toHaveAttribute('aria-expanded', 'true');
  for (const [name, text] of [['boosts', 'Passed on by Ravi'], ['replies', 'With milk.'], ['quotes', 'Quoting the tea']] as const) {
    await expect(row(text)).not.toHaveCount(0);
    await page.getByRole('switch', { name: `Show ${name} on home` }).press('Space');
    await expect(row(text)).toHaveCount(0);
  }
  await expect(row('Tea is ready.').first()).toBeVisible();
  await expect(row('Bring the telescope.')).toBeVisible(); // one's own stays
  await bothThemes('what home shows');
  await write(c, 'ravi', '@theo And sugar.', { inReplyToId: tea.id });
  await reached(c, 'maya', await write(c, 'ines', 'A plain word.'));
  await expect(page.getByRole('button', { name: '1 new post' })).toBeVisible();
  await page.reload();
  await expect(row('A plain word.')).toBeVisible();
  await expect(row('And sugar.')).toHaveCount(0);
  await page.goto('/settings/reading');
  for (const name of ['boosts', 'replies', 'quotes']) await page.getByRole('switch', { name: new RegExp(`^Show ${name} on home`) }).check();
  await page.goto('/home');
  await expect(row('And sugar.')).toBeVisible();
});

test('writing begins with a poll, an emoji or a picture', async () => {
  await page.goto('/home');
  const bar = page.getByRole('group', { name: 'New post' });
  const dialog = page.getByRole('dialog', { name: 'New post' });
  await bar.getByRole('button', { name: 'Poll' }).press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Answer 1' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await bar.getByRole('button', { name: 'Emoji' }).press('Enter');
  await expect(page.getByRole('searchbox', { name: 'Find an emoji' })).toBeFocused();
  await page.keyboard.type('grinning face');
  await expect(page.getByRole('button', { name: 'grinning face', exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Text of the post' })).toHaveValue('😀');
  await expect(dialog.getByRole('button', { name: 'Drafts' })).toHaveCount(0); // an empty poll is none
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  const choosing = page.waitForEvent('filechooser');
  await bar.getByRole('button', { name: 'Add pictures, video or sound' }).press('Enter');
  await (await choosing).setFiles(picture);
  await expect(dialog.getByRole('textbox', { name: 'Description of file 1' })).toBeVisible();
  await expectClean(page, 'a picture to begin with', 'dialog[open]');
  await page.keyboard.press('Escape');
});

test('lists and followed hashtags stand beside home, and are there before the server answers', async () => {
  const list = await c.as.maya!.v1.lists.create({ title: 'Birders' });
  await c.as.maya!.v1.lists.$select(list.id).accounts.create({ accountIds: [c.ids.ines!] });
  await c.as.maya!.v1.tags.$select('slowweb').follow();
  await page.goto('/home');
  const tabs = page.getByRole('navigation', { name: 'Timelines' }).getByRole('link');
  await expect(tabs).toHaveText(['Following', 'Birders', '#slowweb', 'This server', 'Everywhere']);
  await page.route('**/api/v1/{lists,followed_tags}*', (route) => route.abort());
  await page.reload();
  await expect(tabs).toHaveText(['Following', 'Birders', '#slowweb', 'This server', 'Everywhere']);
  await page.unroute('**/api/v1/{lists,followed_tags}*');
  await page.setViewportSize(phone);
  for (const name of ['Birders', '#slowweb', 'This server']) {
    await tabs.filter({ hasText: name }).press('Enter');
    await expect(page.locator('h1')).toHaveText(name);
    await expect(tabs.filter({ hasText: name })).toHaveAttribute('aria-current', 'page');
    await expect(tabs.filter({ hasText: name })).toBeInViewport();
    await expectClean(page, `${name} beside home`);
  }
  await page.setViewportSize(desktop);
  await page.goto('/home');
  await page.getByRole('main').getByRole('link', { name: 'Columns' }).press('Enter');
  await expect(page.locator('h1')).toHaveText('Columns');
});

test('a telephone has five places below, and all others behind one’s face', async ({ browser }) => {
  const theo = await visit(browser, c, 'theo', phone); // he runs the server
  const on = theo.page;
  const bar = on.getByRole('navigation', { name: 'Main' }).locator('visible=true');
  await expect(bar.locator('a, button')).toHaveCount(5);
  for (const [name, title] of [['Catch up', 'Catch up'], ['Alerts', 'Notifications'], ['Explore', 'Explore'], ['Home', 'Home']] as const) {
    await bar.getByRole('link', { name: new RegExp(`^${name}`) }).press('Enter');
    await expect(on.locator('h1')).toHaveText(title);
    await expect(on.locator('h1')).toBeFocused();
    await expect(bar.getByRole('link', { name: new RegExp(`^${name}`) })).toHaveAttribute('aria-current', 'page');
  }
  const face = on.getByRole('button', { name: 'Your account' }).locator('visible=true');
  const places = ['Your profile', 'Private mentions', 'Bookmarks', 'Favourites', 'Lists', 'Columns', 'Drafts and scheduled posts', 'Follow requests', 'Moderation', 'Administration', 'Settings'];
  for (const name of places) {
    await face.press('Enter');
    const entry = on.getByRole('menuitem', { name, exact: true });
    for (let n = 0; n < 20 && !(await entry.evaluate((e) => e === document.activeElement)); n++) await on.keyboard.press('ArrowDown');
    await expect(entry).toBeFocused();
    if (name === places[0]) {
      await expectClean(on, 'the menu of a telephone');
      await entry.focus(); // which looking takes away
    }
    await on.keyboard.press('Enter');
    await expect(on.locator('h1')).toHaveText(name === 'Your profile' ? 'Theo Brandt' : name);
    await on.goto('/home');
  }
  await on.getByRole('link', { name: 'Search' }).press('Enter');
  await expect(on.locator('h1')).toHaveText('Search');
  await bar.getByRole('button', { name: 'New post' }).press('Enter');
  await expect(on.getByRole('dialog', { name: 'New post' })).toBeVisible();
  await theo.context.close();
});

test('beside a profile: search in the posts, media, what they are about, and one’s lists', async () => {
  await c.as.ines!.v1.accounts.updateCredentials({ indexable: true });
  const media = await c.as.ines!.v2.media.create({ file: new Blob([picture.buffer], { type: 'image/png' }), description: 'Prairie dogs at dusk' });
  await write(c, 'ines', 'First light. #birding', { mediaIds: [media.id] } as never);
  await write(c, 'ines', 'Last light. #birding');
  for (const name of ['theo', 'ravi', 'aiko']) {
    await c.as[name]!.v1.accounts.$select(c.ids.ines!).follow();
    await c.as.maya!.v1.accounts.$select(c.ids[name]!).follow();
  }
  await page.goto('/@ines');
  const tags = aside().getByRole('list', { name: 'Often posts about' });
  await expect(tags.getByRole('link')).toHaveText(['#birding2']); // of the posts that are there
  await c.as.ines!.v1.featuredTags.create({ name: 'herons' });
  await page.reload();
  await expect(tags.getByRole('link')).toHaveText(['#herons0']);
  await expect(page.getByText('Followed by Aiko Tanaka, Ravi Menon, and Theo Brandt')).toBeVisible();
  await bothThemes('beside a profile');

  await expect(aside()).toContainText('Ines is on Birders.');
  await aside().getByRole('button', { name: 'Change lists' }).press('Enter');
  await page.getByRole('switch', { name: 'Birders' }).press('Space');
  await expect(page.getByRole('switch', { name: 'Birders' })).not.toBeChecked();
  await page.keyboard.press('Escape');
  await expect(aside()).toContainText('Ines is on none of your lists.');

  await aside().getByRole('link', { name: 'Prairie dogs at dusk' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'Media' }).getByRole('img')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/@ines$/);

  await aside().getByRole('searchbox', { name: 'Search Ines’s posts' }).fill('light');
  await page.keyboard.press('Enter');
  await expect(row('First light.')).toBeVisible();
  await expect(row('Last light.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Posts', exact: true })).toHaveAttribute('aria-current', 'page');

  await page.setViewportSize(phone);
  await page.goto('/@ines');
  await expect(page.getByRole('main').getByRole('list', { name: 'Often posts about' })).toBeVisible();
  await page.getByRole('link', { name: 'About', exact: true }).press('Enter');
  await expect(page.getByRole('main')).toContainText('Ines is on none of your lists.');
  await expectClean(page, 'about somebody, on a telephone');
  await page.getByRole('link', { name: 'Featured' }).press('Enter');
  await expect(page.getByText('Nothing is featured here')).toBeVisible();
  await page.setViewportSize(desktop);
});
