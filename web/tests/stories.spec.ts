import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import type { mastodon } from 'masto';
import { complaints as complaintsOf, expectAllClean, expectClean, go } from './clean';
import { sections } from '../src/features/settings/sections';
import { table } from '../src/routes/table';
import { desktop, found, phone, settle, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let posts: Record<string, mastodon.v1.Status>;
let list: mastodon.v1.List;
let collection: mastodon.v1.Collection;
let page: Page;
let context: BrowserContext;
const outside: string[] = [];
const complaints: string[] = [];

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  c = await found();
  posts = await settle(c);
  [list] = (await c.as.maya!.v1.lists.list()) as [mastodon.v1.List];
  ({ collection } = await c.as.theo!.v1.collections.create({ name: 'Marsh people', description: 'Who watches the herons.', accountIds: [c.ids.ines!] }));
  ({ page, context } = await visit(browser, c, 'maya'));
  page.on('request', (r) => {
    if (!r.url().startsWith(c.url) && !r.url().startsWith('data:') && !r.url().startsWith('blob:')) outside.push(r.url());
  });
  page.on('console', (m) => {
    if (m.type() === 'error' && !m.text().includes('404')) complaints.push(m.text());
  });
  page.on('pageerror', (e) => complaints.push(String(e)));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

const article = (text: string) => page.locator('article', { hasText: text }).first();

test('home shows what people wrote, and new posts wait until they are wanted', async () => {
  await page.goto('/home');
  await expect(page.locator('h1')).toHaveText('Home');
  await expect(article('brass ruler')).toBeVisible();
  const made = await write(c, 'ravi', 'A second wren!');
  const pill = page.getByRole('button', { name: '1 new post' });
  await expect(pill).toBeVisible();
  await expect(page.locator(`[data-post="${made.id}"]`)).toHaveCount(0);
  await pill.click();
  await expect(page.locator('article').first()).toContainText('A second wren!');
});

test('a post is favourited, bookmarked and boosted, and the server knows', async () => {
  const row = article('We planted the hedge');
  await row.getByRole('button', { name: /^Favourite/ }).click();
  await row.getByRole('button', { name: 'Bookmark' }).click();
  await row.getByRole('button', { name: /^Boost or quote/ }).click();
  await page.getByRole('menuitem', { name: 'Boost' }).first().click();
  await expect(row.getByRole('button', { name: /^You boosted this/ })).toBeVisible();
  await expect.poll(async () => (await c.as.maya!.v1.statuses.$select(posts.hedge!.id).fetch()).reblogged).toBe(true);
  await page.goto('/bookmarks');
  await expect(article('We planted the hedge')).toBeVisible();
  await page.goto('/favourites');
  await expect(article('We planted the hedge')).toBeVisible();
});

test('content warnings open, polls take votes, quotes show what they quote', async () => {
  await page.goto('/home');
  const warned = article('The end of the film');
  await expect(warned.getByText('it simply waits')).toHaveCount(0);
  await warned.getByRole('button', { name: 'Show' }).click();
  await expect(warned.getByText('it simply waits')).toBeVisible();
  await expect(article('Patience is a skill').getByText('First light over the salt marsh')).toBeVisible();
  const poll = article('Picnic on Sunday');
  await poll.getByLabel('At noon').check();
  await poll.getByRole('button', { name: 'Vote' }).click();
  await expect(poll.getByText('3 people')).toBeVisible();
});

test('writing: suggestions, warning, count, drafts, and the post appears', async () => {
  await page.goto('/home');
  await expect(page.locator('article').first()).toBeVisible();
  await page.keyboard.press('n');
  const field = page.getByRole('textbox', { name: 'Text of the post' });
  await expect(field).toBeFocused();
  await page.keyboard.type('Tea with @ine');
  await expect(page.getByRole('option', { name: /Ines Duarte/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('Tea with @ines ');
  await page.keyboard.type('at four');
  await expect.poll(() => page.evaluate(() => Object.entries(localStorage).find(([name]) => name.startsWith('drafts.'))?.[1] ?? '')).toContain('at four'); // at a pause
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog')).toHaveCount(0);
  await page.keyboard.press('n');
  await page.getByRole('button', { name: 'Drafts' }).click();
  await page.getByRole('menuitem', { name: /Tea with @ines/ }).click();
  await expect(field).toHaveValue('Tea with @ines at four');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('article').first()).toContainText('Tea with @ines at four');
});

test('pictures open in full, with their description', async () => {
  await page.goto('/@ines');
  await article('First light').getByRole('button', { name: /^Enlarge/ }).click();
  await expect(page.getByRole('dialog', { name: 'Media' }).locator('p')).toHaveText('A family of prairie dogs standing together at dusk');
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog')).toHaveCount(0);
});

test('a thread is read and answered by keyboard alone', async () => {
  await page.goto('/home');
  await expect(article('oldest thing on your desk')).toBeVisible();
  for (let n = 0; n < 25; n++) {
    await page.keyboard.press('j');
    const text = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (text.includes('oldest thing on your desk')) break;
  }
  await page.keyboard.press('Enter');
  await expect(page.locator('h1')).toHaveText('Post by Maya Okafor');
  await expect(page.locator('h1')).toBeFocused();
  await expect(article('A tide table')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  await expect(page.getByRole('textbox', { name: 'Text of the post' })).toBeFocused();
  await page.keyboard.type('And yours?');
  await page.keyboard.press('Control+Enter');
  await expect(article('And yours?')).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await expect(page).toHaveURL(/\/home$/);
});

test('blocking and reporting by keyboard alone', async () => {
  const made = await write(c, 'aiko', 'Something that is not for everybody.');
  await page.goto(`/@aiko/${made.id}`);
  const more = page.locator('[data-focus]').getByRole('button', { name: 'More' });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitem', { name: 'Report @aiko' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Report @aiko' })).toBeVisible();
  await page.getByLabel('What should we know?').focus();
  await page.keyboard.type('For the story.');
  await page.getByRole('button', { name: 'Send report' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your report was sent')).toBeVisible();
  await more.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('@aiko is blocked')).toBeVisible();
  await page.goto('/settings/people');
  await page.getByRole('button', { name: 'Unblock' }).click();
  await expect.poll(async () => (await c.as.maya!.v1.accounts.relationships.fetch({ id: [c.ids.aiko!] }))[0]?.blocking).toBe(false);
});

test('notifications come in groups and are read by looking at them', async () => {
  await page.goto('/notifications');
  await expect(page.getByText('3 more favourited').or(page.getByText(/, and 1 more favourited your post/))).toBeVisible();
  await page.goto('/notifications?only=mentions');
  await expect(article('A tide table')).toBeVisible();
  await expect(page.getByText(/favourited your post/)).toHaveCount(0);
});

test('people are found, followed and listed', async () => {
  await page.goto('/home');
  await expect(page.locator('article').first()).toBeVisible();
  await page.keyboard.press('/');
  await page.getByRole('combobox').fill('tanaka');
  await page.getByRole('option', { name: /Aiko Tanaka/ }).click();
  await expect(page.locator('h1')).toHaveText('Aiko Tanaka');
  await page.getByRole('button', { name: /^Follow @aiko/ }).click();
  await expect(page.getByRole('button', { name: /^Following @aiko/ })).toBeVisible();
  await page.getByRole('navigation', { name: 'Parts of the profile' }).getByRole('link', { name: 'Followers' }).click();
  await expect(page.locator('main').getByText('@maya')).toBeVisible();
  await page.goto('/lists');
  await page.getByRole('link', { name: 'Birders' }).click();
  await page.getByRole('button', { name: 'People on this list' }).click();
  await page.getByRole('searchbox', { name: 'Find somebody you follow' }).fill('ines');
  await page.getByRole('button', { name: 'Put @ines on the list' }).click();
  await expect(page.getByRole('button', { name: 'Take @ines off the list' })).toBeVisible();
  await page.getByRole('button', { name: 'Settings of the list' }).press('Enter');
  await page.getByLabel('Name', { exact: true }).fill('Bird people');
  await page.getByLabel('Replies it shows').selectOption({ label: 'None' });
  await page.getByRole('switch', { name: /^Keep these people off your home/ }).press('Space');
  await expectClean(page, 'the settings of a list', 'dialog[open]');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).press('Enter');
  await expect(page.locator('h1')).toHaveText('Bird people');
  expect(await c.as.maya!.v1.lists.$select(list.id).fetch()).toMatchObject({ repliesPolicy: 'none', exclusive: true });
  await page.goto('/home');
  await expect(article('oldest thing on your desk')).toBeVisible();
  await expect(page.locator(`main [data-post="${posts.herons!.id}"]`)).toHaveCount(0);
  await c.as.maya!.v1.lists.$select(list.id).update({ title: 'Birders', exclusive: false } as never);
  await page.goto('/@ines');
  await page.getByRole('main').getByRole('button', { name: 'More' }).first().press('Enter');
  await page.getByRole('menuitem', { name: 'Lists with @ines' }).press('Enter');
  const on = page.getByRole('dialog', { name: 'Lists with @ines' }).getByRole('switch', { name: 'Birders' });
  await expect(on).toBeChecked();
  await expectClean(page, 'lists with somebody', 'dialog[open]');
  await on.press('Space');
  await expect.poll(async () => (await c.as.maya!.v1.accounts.$select(c.ids.ines!).lists.list()).length).toBe(0);
  await page.keyboard.press('Escape');
});

test('what one shows of oneself: hashtags, whom one follows, sites that name one as author', async ({ browser }) => {
  await page.goto('/settings/profile');
  await page.getByRole('switch', { name: 'Keep whom I follow to myself' }).check();
  await page.getByLabel('Websites that may name me as author').fill('hedge.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  const source = async () => (await c.as.maya!.v1.accounts.verifyCredentials()).source as unknown as { hideCollections: boolean; attributionDomains: string[] };
  expect(await source()).toMatchObject({ hideCollections: true, attributionDomains: ['hedge.example'] });
  await page.getByLabel('Websites that may name me as author').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await source()).attributionDomains).toEqual([]);
  await page.getByLabel('A hashtag that I often use').fill('#slowweb');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Stop showing #slowweb' })).toBeVisible();
  const theo = await visit(browser, c, 'theo', phone);
  await theo.page.goto('/@maya');
  await theo.page.getByRole('list', { name: 'Often posts about' }).getByRole('link', { name: '#slowweb' }).click();
  await expect(theo.page.getByText('What is the oldest thing on your desk?')).toBeVisible();
  await expectClean(theo.page, 'posts with a hashtag on a profile');
  await theo.context.close();
  await page.getByRole('button', { name: 'Stop showing #slowweb' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Stop showing #slowweb' })).toHaveCount(0);
});

test('settings hold', async () => {
  await page.goto('/settings/profile');
  await page.getByLabel('About you').fill('Reads slowly. Answers anyway.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  expect((await c.as.maya!.v1.accounts.verifyCredentials()).source.note).toBe('Reads slowly. Answers anyway.');
  await page.goto('/settings/look');
  await page.getByLabel('Colours').selectOption('dark');
  await page.reload();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await page.getByLabel('Colours').selectOption('auto');
});

test('the other languages are whole and fit a phone, and Arabic runs from the right', async () => {
  test.setTimeout(90_000);
  await page.setViewportSize({ width: phone.width, height: phone.height });
  const fits = async (what: string) => expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), what).toBeLessThanOrEqual(0);
  for (const [tag, word] of [['de', 'Startseite'], ['fr', 'Accueil'], ['es', 'Inicio'], ['ja', 'ホーム'], ['ar', 'الرئيسية']] as const) {
    await page.goto(`/home?lang=${tag}`);
    await expect(page.locator('h1')).toHaveText(word);
    for (const path of ['/home', '/settings/reading', '/settings/security', '/settings/filters', '/@ines', '/notifications']) {
      await go(page, path);
      await fits(`${tag} ${path}`);
      if (tag === 'ar') expect.soft(await complaintsOf(page), `${tag} ${path}`).toEqual([]);
    }
  }
  expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
  await page.setViewportSize(desktop);
  await page.goto('/home?lang=en');
});

const paths = () => ({
  'catch-up': '/catchup',
  'links of the catch-up': '/catchup?show=links',
  thread: `/@maya/${posts.mine!.id}`,
  profile: '/@ines',
  notifications: '/notifications',
  explore: '/explore?tab=people',
  search: '/search?q=wren',
  lists: '/lists',
  deck: '/deck',
  conversations: '/conversations',
  settings: '/settings',
  look: '/settings/look',
  'own profile': '/settings/profile',
  filters: '/settings/filters',
  people: '/settings/people',
  security: '/settings/security',
  invites: '/settings/invites',
  account: '/settings/account',
  bookmarks: '/bookmarks',
  favourites: '/favourites',
  'follow requests': '/follow_requests',
  scheduled: '/scheduled',
  federated: '/public',
  collections: '/collections',
  'what somebody features': '/@ines/featured',
  'about somebody': '/@ines/about',
  welcome: '/welcome',
  compose: '/compose',
  local: '/public?local',
  tag: '/tags/slowweb',
  reactions: `/@maya/${posts.mine!.id}/favourites`,
  reading: '/settings/reading',
  posting: '/settings/posting',
  'notification settings': '/settings/notifications',
  data: '/settings/data',
  cleanup: '/settings/cleanup',
  strikes: '/settings/strikes',
  list: `/lists/${list.id}`,
  collection: `/collections/${collection.id}`,
  followers: '/@ines/followers',
  missing: '/nowhere',
  home: '/home',
});

test('no page of the client is left out of what axe looks at', () => {
  const route = (path: string) => table.find(([, pattern]) => pattern.test(new URL(path, c.url).pathname))?.[0] ?? 'missing';
  const looked = Object.values(paths());
  const elsewhere = ['moderation', 'administration']; // their own stories look at each of their parts
  expect(table.map(([name]) => name).filter((name) => !elsewhere.includes(name) && !looked.some((path) => route(path) === name))).toEqual([]);
  expect(sections.map(({ name }) => `/settings/${name}`).filter((path) => !looked.includes(path))).toEqual([]);
});

test('axe finds nothing on any page', async () => {
  test.setTimeout(240_000);
  await page.goto('/home');
  await expectAllClean(page, paths());
});

test('axe finds nothing in what opens over the page', async () => {
  await page.goto('/home');
  await expect(page.locator('article').first()).toBeVisible();
  for (const [key, name] of [['n', 'compose'], ['?', 'shortcuts'], ['/', 'palette']] as const) {
    await page.keyboard.press(key);
    await page.locator('dialog[open]').waitFor();
    await expectClean(page, name, 'dialog[open]');
    await page.keyboard.press('Escape');
    await expect(page.locator('dialog[open]')).toHaveCount(0);
  }
});

test('more contrast, larger text and less motion, by the device or by setting', async () => {
  await page.goto('/home');
  await expect(article('brass ruler')).toBeVisible();
  const enhanced = async (name: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect.soft(await complaintsOf(page, undefined, ['color-contrast-enhanced']), `${name}, ${colorScheme}`).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };
  await page.emulateMedia({ contrast: 'more' });
  await enhanced('the device asks for contrast');
  await page.emulateMedia({ contrast: 'no-preference', reducedMotion: 'no-preference' });
  await page.goto('/settings/look');
  await page.getByLabel('High contrast').check();
  await page.getByLabel('Less motion').check();
  await page.getByLabel('Text size').selectOption('larger');
  await page.goto('/home');
  await expect(article('brass ruler')).toBeVisible();
  await enhanced('the setting asks for contrast');
  const root = () => page.evaluate(() => ({ size: getComputedStyle(document.documentElement).fontSize, motion: getComputedStyle(document.documentElement).getPropertyValue('--t') }));
  expect(await root()).toEqual({ size: '21px', motion: '0ms' });
  await page.setViewportSize(phone);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.setViewportSize(desktop);
  await page.evaluate(() => localStorage.removeItem('look'));
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

test('SEC-55: no request left for another host, and the policy had nothing to refuse', () => {
  expect(outside).toEqual([]);
  expect(complaints).toEqual([]);
});

test('signing out ends the client, too', async () => {
  await page.goto('/home');
  await page.getByRole('button', { name: 'Your account' }).locator('visible=true').click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${c.url}/`);
  await page.goto('/home');
  await expect(page).toHaveURL(/\/auth\/sign_in\?return_to=%2Fhome$/);
});
