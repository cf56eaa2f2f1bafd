import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import type { mastodon } from 'masto';
import { complaints } from './clean';
import { desktop, found, phone, snap, visit, write, type Community, type Device } from './community';

// Every part of the client once on each kind of device: what aiko writes, four
// people read, each on their own. What is particular has stories of its own.

const devices: [string, string, Device][] = [
  ['on a desk by day', 'maya', desktop],
  ['on a desk by night', 'ines', { ...desktop, scheme: 'dark' }],
  ['on a phone by day', 'ravi', { ...phone, scheme: 'light' }],
  ['on a phone by night', 'theo', phone],
];

let c: Community;
let site: Server;
const posts: Record<string, mastodon.v1.Status> = {};

/** A page elsewhere, whose author aiko is. */
function publish(): Promise<Server> {
  const server = createServer((_, answer) => {
    const head = `<title>Tides</title><meta property="og:title" content="How tides are told"><meta property="og:description" content="Tables, moons and mud."><meta name="fediverse:creator" content="@aiko@${new URL(c.url).host}">`;
    answer.setHeader('Content-Type', 'text/html; charset=utf-8').end(`<!doctype html><html lang="en"><head>${head}</head><body>Tides</body></html>`);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

test.beforeAll(async () => {
  test.setTimeout(90_000);
  c = await found();
  site = await publish();
  const { port } = site.address() as AddressInfo;
  const aiko = c.as.aiko!;
  await aiko.v1.accounts.updateCredentials({ attributionDomains: ['127.0.0.1'], fieldsAttributes: [{ name: 'Reads', value: 'slowly' }] } as never);
  for (const [, name] of devices) {
    await c.as[name]!.v1.accounts.$select(c.ids.aiko!).follow();
    await aiko.v1.accounts.$select(c.ids[name]!).follow();
  }
  const picture = () => aiko.v2.media.create({ file: new Blob([readFileSync('static/thumbnail.png')], { type: 'image/png' }), description: 'Dogs at dusk' }).then((made) => [made.id]);
  posts.tides = await write(c, 'aiko', `Worth the walk: http://127.0.0.1:${port}/tides`);
  posts.poll = await write(c, 'aiko', 'When do we meet?', { poll: { options: ['At eleven', 'At noon'], expiresIn: 86_400 } } as never);
  posts.warned = await write(c, 'aiko', 'The heron wins after all.', { spoilerText: 'The end of the film' });
  posts.picture = await write(c, 'aiko', 'First light. #birding', { mediaIds: await picture() } as never);
  posts.secret = await write(c, 'aiko', 'Not for everybody.', { mediaIds: await picture(), sensitive: true } as never);
  posts.quote = await write(c, 'aiko', 'Patience can be practised.', { quotedStatusId: posts.picture.id } as never);
  posts.one = await write(c, 'aiko', 'A thread about mud, in three parts.');
  posts.two = await write(c, 'aiko', 'Part two: it is deeper than it looks.', { inReplyToId: posts.one.id, spoilerText: 'Mud' });
  posts.three = await write(c, 'aiko', 'Part three: wash your boots.', { inReplyToId: posts.two.id });
  await expect.poll(async () => (await aiko.v1.statuses.$select(posts.tides!.id).fetch()).card?.title).toBe('How tides are told');
});
test.afterAll(async () => {
  site?.close();
  expect(await c?.stop()).toBe(0);
});

for (const [where, name, device] of devices) {
  test.describe(where, () => {
    let page: Page;
    let context: BrowserContext;
    const small = device.width === phone.width;
    const row = (text: string) => page.locator('main article', { hasText: text }).first();
    const open = async (path: string) => {
      await page.goto(path);
      await expect(page.locator('main h1')).toBeVisible();
    };
    const clean = async (part?: string) => expect.soft(await complaints(page, part)).toEqual([]);

    test.beforeAll(async ({ browser }) => {
      ({ page, context } = await visit(browser, c, name, device));
    });
    test.afterAll(() => context?.close());

    test('the frame and the home timeline', async () => {
      await open('/home');
      await expect(page.getByRole('navigation', { name: 'Main' }).filter({ visible: true }).getByRole('link', { name: 'Home', exact: true })).toHaveAttribute('aria-current', 'page');
      // A thread stands together, the first post first.
      const thread = page.locator('.joined');
      await expect(thread).toHaveCount(3);
      await expect(thread.first()).toContainText('A thread about mud');
      await expect(thread.last()).toContainText('wash your boots');
      await row('The end of the film').getByRole('button', { name: 'Show' }).press('Enter');
      await expect(row('The heron wins after all.')).toBeVisible();
      await row('When do we meet?').getByLabel('At noon').check();
      await row('When do we meet?').getByRole('button', { name: 'Vote' }).press('Enter');
      await expect(row('When do we meet?').getByText('your vote')).toBeAttached();
      await expect(row('Patience can be practised.').getByText('First light.')).toBeVisible();
      await expect(row('Worth the walk').getByRole('link', { name: 'By Aiko Tanaka' })).toBeVisible();
      const secret = row('Not for everybody.');
      await expect(secret.getByRole('img', { name: 'Dogs at dusk' })).toHaveCount(0); // nothing of it is loaded
      await secret.getByRole('button', { name: 'Sensitive media: show' }).press('Enter');
      await expect(secret.getByRole('img', { name: 'Dogs at dusk' })).toBeVisible();
      await secret.getByRole('button', { name: 'Description' }).press('Enter');
      await expect(secret.getByText('Dogs at dusk', { exact: true })).toBeVisible();
      await row('First light.').getByRole('button', { name: /^Favourite/ }).press('Enter');
      await expect(row('First light.').getByRole('button', { name: /^Favourite/ })).toHaveAttribute('aria-pressed', 'true');
      const made = await write(c, 'aiko', `Just now, for ${name}.`);
      await page.getByRole('button', { name: '1 new post' }).press('Enter');
      await expect(row(`Just now, for ${name}.`)).toBeVisible();
      await clean();
      await snap(page, `parts-home-${name}`);
      await c.as.aiko!.v1.statuses.$select(made.id).remove();
      await expect(row(`Just now, for ${name}.`)).toHaveCount(0);
    });

    test('a thread, with its numbers, warnings that stay open, and replies since the last visit', async () => {
      await open(`/@aiko/${posts.one!.id}`);
      await expect(page.getByRole('img', { name: 'Post 2 of 3 of this thread' })).toHaveText('2/3');
      const warnings = page.getByRole('button', { name: 'Open content warnings in this thread' });
      await expect(page.getByText('it is deeper than it looks')).toHaveCount(0);
      await warnings.press('Enter');
      await expect(page.getByText('it is deeper than it looks')).toBeVisible();
      await clean();
      const answer = await write(c, 'aiko', `Clean boots, ${name}?`, { inReplyToId: posts.three!.id });
      await open('/bookmarks');
      await open(`/@aiko/${posts.one!.id}`);
      await expect(page.getByText('it is deeper than it looks')).toBeVisible(); // it was asked to be remembered
      await page.getByRole('button', { name: '1 new reply: go there' }).press('Enter');
      await expect(row(`Clean boots, ${name}?`)).toBeFocused();
      await snap(page, `parts-thread-${name}`);
      await warnings.press('Enter');
      await expect(page.getByText('it is deeper than it looks')).toHaveCount(0);
      await page.reload();
      await expect(row(`Clean boots, ${name}?`)).toBeVisible();
      await expect(page.getByRole('button', { name: /new repl/ })).toHaveCount(0);
      await c.as.aiko!.v1.statuses.$select(answer.id).remove();
    });

    test('the media viewer', async () => {
      await open('/public?local');
      await row('First light.').getByRole('button', { name: 'Enlarge: Dogs at dusk' }).press('Enter');
      const viewer = page.getByRole('dialog', { name: 'Media' });
      await expect(viewer.locator('p')).toHaveText('Dogs at dusk');
      await clean('dialog[open]');
      await page.keyboard.press('Escape');
      await expect(viewer).toHaveCount(0);
      await expect(row('First light.').getByRole('button', { name: 'Enlarge: Dogs at dusk' })).toBeFocused();
    });

    test('writing: whom one writes to most, a picture without a description, a draft', async () => {
      await open('/home');
      await page.getByRole('button', { name: 'New post' }).filter({ visible: true }).first().press('Enter');
      const field = page.getByRole('textbox', { name: 'Text of the post', exact: true });
      await expect(field).toBeFocused();
      await page.keyboard.type('@ai');
      await expect(page.getByRole('option', { name: /Aiko/ })).toBeVisible();
      await page.keyboard.press('Enter');
      await page.keyboard.type('see #BirD');
      await expect(page.getByRole('option', { name: /#birding/ })).toBeVisible();
      await page.keyboard.press('Enter');
      await expect(field).toHaveValue('@aiko see #BirDing '); // what was written keeps its capitals
      await page.locator('dialog input[type=file]').setInputFiles('static/thumbnail.png');
      await expect(page.getByLabel('Description of file 1')).toBeVisible();
      await page.getByRole('button', { name: /^Who sees it/ }).press('Enter');
      await page.getByRole('menuitemradio', { name: /^Quiet public/ }).press('Enter');
      await clean('dialog[open]');
      await snap(page, `parts-compose-${name}`);
      await page.keyboard.press('Control+Enter');
      const reminder = page.getByRole('dialog', { name: 'Post without a description?' });
      await clean('dialog[open]:last-of-type');
      await reminder.getByRole('button', { name: 'Cancel' }).press('Enter');
      await page.getByLabel('Description of file 1').fill('Dogs, described');
      await page.keyboard.press('Control+Enter');
      await expect(page.locator('dialog')).toHaveCount(0);
      const [made] = await c.as[name]!.v1.accounts.$select(c.ids[name]!).statuses.list();
      expect(made).toMatchObject({ visibility: 'unlisted', mediaAttachments: [{ description: 'Dogs, described' }] });
      await open(`/@${name}/${made!.id}`);
      await page.locator('[data-focus]').getByRole('button', { name: 'More' }).press('Enter');
      await page.getByRole('menuitem', { name: 'Delete', exact: true }).press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
      await expect(page.getByText('The post is deleted')).toBeVisible();
    });

    test('people: profile, habits, code, a mute that ends, featuring', async () => {
      await open('/@aiko/about');
      await page.getByText('How they post').press('Enter');
      await expect(page.getByText(/posts a week, of the latest/)).toBeVisible();
      const menu = async (item: string | RegExp) => {
        await page.getByRole('main').getByRole('button', { name: 'More' }).first().press('Enter');
        await page.getByRole('menuitem', { name: item }).press('Enter');
      };
      await menu('Show on my profile');
      await expect.poll(async () => (await c.as[name]!.v1.accounts.relationships.fetch({ id: [c.ids.aiko!] }))[0]!.endorsed).toBe(true);
      await menu('QR code');
      await expect(page.getByRole('dialog').getByRole('img', { name: 'QR code of the profile' })).toBeVisible();
      await clean('dialog[open]');
      await snap(page, `parts-code-${name}`);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('main').getByRole('button', { name: 'More' }).first()).toBeFocused();
      await menu('Mute @aiko');
      await page.getByLabel('How long').selectOption({ label: '6 hours' });
      await clean('dialog[open]');
      await page.getByRole('dialog').getByRole('button', { name: 'Mute', exact: true }).press('Enter');
      await expect(page.getByText('@aiko is muted')).toBeVisible();
      const ends = Date.parse((await c.as[name]!.v1.mutes.list())[0]!.muteExpiresAt!) - Date.now();
      expect(Math.round(ends / 3_600_000)).toBe(6);
      await page.getByRole('status').getByRole('button', { name: 'Undo' }).press('Enter');
      await expect.poll(async () => (await c.as[name]!.v1.mutes.list()).length).toBe(0);
      await clean();
      await snap(page, `parts-profile-${name}`);
      await open(`/@${name}/featured`);
      await expect(page.getByRole('main').getByText('Aiko Tanaka')).toBeVisible();
    });

    test('notifications, of which one is done with', async () => {
      const asked = await write(c, 'aiko', `@${name} Tea?`);
      await open('/notifications');
      const tea = page.getByRole('group', { name: 'Aiko Tanaka mentioned you' });
      await expect(tea).toContainText('Tea?');
      await clean();
      await snap(page, `parts-notifications-${name}`);
      await tea.getByRole('button', { name: 'Done with: Aiko Tanaka mentioned you' }).press('Enter');
      await expect(tea).toHaveCount(0);
      await expect.poll(() => page.evaluate(() => document.activeElement?.matches('[data-group], h1'))).toBe(true);
      await page.reload();
      await expect(page.getByText('followed you')).toBeVisible();
      await expect(tea).toHaveCount(0);
      await c.as.aiko!.v1.statuses.$select(asked.id).remove();
    });

    test('search, what is explored, and the palette', async () => {
      await open('/search?q=tanaka');
      await expect(page.getByRole('main').getByText('@aiko').first()).toBeVisible();
      await clean();
      await open('/explore?tab=tags');
      await clean();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('Signing');
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(/\/settings\/security$/);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('Columns');
      await clean('dialog[open]');
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(/\/deck$/);
      await expect(page.getByRole('region', { name: 'Home' })).toBeVisible();
    });

    test('settings: media on demand, boosts at once, and both as before', async () => {
      await open('/settings/reading');
      await page.getByLabel('Media are shown').selectOption({ label: 'Only when I want them' });
      await page.getByRole('switch', { name: /^Boost at once/ }).press('Space');
      await page.getByRole('switch', { name: 'Ask before a boost' }).press('Space');
      await clean();
      await snap(page, `parts-reading-${name}`);
      await open('/public?local');
      await row('First light.').getByRole('button', { name: 'Media: show' }).press('Enter');
      await expect(row('First light.').getByRole('img', { name: 'Dogs at dusk' })).toBeVisible();
      await row('First light.').getByRole('button', { name: /^Boost/ }).press('Enter');
      await page.getByRole('dialog', { name: 'Boost this post?' }).getByRole('button', { name: 'Boost' }).press('Enter');
      await expect(row('First light.').getByRole('button', { name: /^Boost/ })).toHaveAttribute('aria-pressed', 'true');
      await row('First light.').getByRole('button', { name: /^Boost/ }).press('Enter');
      await expect(row('First light.').getByRole('button', { name: /^Boost/ })).toHaveAttribute('aria-pressed', 'false');
      expect(await c.as[name]!.v1.preferences.fetch()).toMatchObject({ 'reading:expand:media': 'hide_all' });
      await open('/settings/reading');
      await page.getByLabel('Media are shown').selectOption({ label: 'Unless they are sensitive' });
      await page.getByRole('switch', { name: /^Save data/ }).press('Space');
      await open('/public?local');
      await expect(row('First light.').getByRole('button', { name: 'Load the media' })).toBeVisible();
      await row('First light.').getByRole('button', { name: 'Description' }).press('Enter'); // what is there can be read before
      await expect(row('First light.').getByText('Dogs at dusk', { exact: true })).toBeVisible();
      await clean('main');
      await snap(page, `parts-saver-${name}`);
    });

    test('first steps, and all the places that the frame leads to', async () => {
      await open('/welcome');
      await clean();
      const places = small ? ['Explore', 'Alerts', 'Catch up'] : ['Explore', 'Notifications', 'Private mentions', 'Bookmarks', 'Favourites', 'Lists'];
      for (const place of places) {
        await page.getByRole('navigation', { name: 'Main' }).filter({ visible: true }).getByRole('link', { name: place }).first().press('Enter');
        await expect(page.locator('main h1')).toBeFocused();
      }
    });
  });
}
