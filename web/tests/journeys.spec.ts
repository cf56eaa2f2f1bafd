import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { expectClean } from './clean';
import { found, phone, reached, snap, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;
let translator: Server;

/** Translates by shouting, in the words of LibreTranslate. */
function translating(): Promise<Server> {
  const server = createServer((request, answer) => {
    const say = (body: unknown) => answer.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
    if (request.url === '/languages') return void say([{ code: 'de', name: 'German', targets: ['en'] }, { code: 'en', name: 'English', targets: ['de'] }]);
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => say({ translatedText: (JSON.parse(body) as { q: string[] }).q.map((text) => text.toUpperCase().replaceAll(/<[^>]*>/g, (tag) => tag.toLowerCase())) }));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  translator = await translating();
  c = await found();
  await c.command('settings', 'set', 'translation_url', `http://127.0.0.1:${(translator.address() as AddressInfo).port}`);
  const follow = (who: string, whom: string) => c.as[who]!.v1.accounts.$select(c.ids[whom]!).follow();
  await Promise.all([follow('maya', 'ines'), follow('ines', 'theo'), follow('maya', 'aiko')]);
  ({ page, context } = await visit(browser, c, 'maya'));
});
test.afterAll(async () => {
  await context?.close();
  translator?.close();
  expect(await c?.stop()).toBe(0);
});

const article = (text: string, on = page) => on.locator('article', { hasText: text }).first();

/** Goes on with the Tab key alone until something has the focus. */
async function tabTo(on: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let n = 0; n < 80 && !(await wanted.evaluate((node) => node === document.activeElement)); n++) await on.keyboard.press('Tab');
  await expect(wanted).toBeFocused();
}

test('first steps: who I am, whom I follow, what I say first, by keyboard alone', async ({ browser }) => {
  const { page: on, context: theirs } = await visit(browser, c, 'ravi');
  await expect(on.getByText('New here?')).toBeVisible();
  await expectClean(on, 'a newcomer at home', 'main');
  await tabTo(on, on.getByRole('link', { name: 'First steps' }));
  await on.keyboard.press('Enter');
  await expect(on.locator('h1')).toHaveText('Welcome to Larkspur');
  await expect(on.getByText('A server is a house with people in it')).toBeVisible();
  await tabTo(on, on.getByRole('main').getByRole('link', { name: 'Edit profile' }));
  await on.keyboard.press('Enter');
  await tabTo(on, on.getByLabel('About you'));
  await on.keyboard.press('Control+A');
  await on.keyboard.type('New here. Hedges.');
  await tabTo(on, on.getByRole('button', { name: 'Save' }));
  await on.keyboard.press('Enter');
  await expect(on.getByText('Saved')).toBeVisible();
  await on.keyboard.press('Backspace');
  await expect(on.locator('h1')).toHaveText('Welcome to Larkspur');
  await expect(on.getByRole('link', { name: 'Bring whom you follow elsewhere' })).toHaveAttribute('href', '/settings/data');
  const follow = on.getByRole('main').getByRole('button', { name: /^Follow @/ }).first();
  await expect(follow).toBeVisible();
  const whom = (await follow.getAttribute('aria-label'))!.split('@')[1]!;
  await tabTo(on, follow);
  await on.keyboard.press('Enter');
  await expect.poll(async () => (await c.as.ravi!.v1.accounts.relationships.fetch({ id: [c.ids[whom]!] }))[0]!.following).toBe(true);
  await tabTo(on, on.getByRole('button', { name: 'Write the first post' }));
  await on.keyboard.press('Enter');
  await on.keyboard.type('I plant hedges.');
  await on.keyboard.press('Control+Enter');
  await expect(on.locator('dialog')).toHaveCount(0);
  await tabTo(on, on.getByRole('link', { name: 'Go to your home' }));
  await on.keyboard.press('Enter');
  await expect(article('Hello! #introduction I plant hedges.', on)).toBeVisible();
  await on.reload();
  await expect(on.locator('article').first()).toBeVisible();
  await expect(on.getByText('New here?')).toHaveCount(0);
  await theirs.close();
});

test('whoever does not want them skips the first steps', async ({ browser }) => {
  const { page: on, context: theirs } = await visit(browser, c, 'theo');
  await tabTo(on, on.getByRole('button', { name: 'Not now' }));
  await on.keyboard.press('Enter');
  await expect(on.getByText('New here?')).toHaveCount(0);
  await on.reload();
  await expect(on.locator('article').or(on.getByText('Your home is quiet')).first()).toBeVisible();
  await expect(on.getByText('New here?')).toHaveCount(0);
  await theirs.close();
});

test('a post in another language is translated, by the key T too', async () => {
  const german = await write(c, 'ines', 'Der Reiher wartet.', { language: 'de' });
  await reached(c, 'maya', german);
  await page.goto('/home');
  await article('Der Reiher').focus();
  await page.keyboard.press('t');
  await expect(article('Der Reiher').getByText('DER REIHER WARTET.', { exact: true })).toBeVisible();
  await expect(article('Der Reiher').getByText('Translated from German by')).toBeVisible();
  await expectClean(page, 'translation', 'main');
});

test('what a filter covers is named and opened and covered again, what it hides is gone', async () => {
  const picture = await c.as.ines!.v2.media.create({ file: new Blob([readFileSync('static/thumbnail.png')], { type: 'image/png' }), description: 'A wet ball' });
  await page.goto('/settings/filters');
  await page.getByLabel('Name', { exact: true }).fill('Sport');
  await page.getByLabel('Words or phrases').fill('football, cricket');
  await page.getByRole('button', { name: 'Create filter' }).click();
  await expect(page.getByText('football and cricket')).toBeVisible();
  await reached(c, 'maya', await write(c, 'ines', 'The football is wet.', { mediaIds: [picture.id] } as never));
  await page.goto('/home');
  const covered = page.locator('article', { hasText: 'Filtered: Sport (football)' });
  await expect(covered).toBeVisible();
  await expect(page.getByText('The football is wet.')).toHaveCount(0);
  await covered.getByRole('button', { name: 'Show anyway' }).press('Enter');
  await expect(page.getByText('The football is wet.')).toBeVisible();
  const again = covered.getByRole('button', { name: 'Hide again' });
  await expect(again).toBeFocused();
  await expectClean(page, 'what a filter covers', 'main');
  await again.press('Enter');
  await expect(page.getByText('The football is wet.')).toHaveCount(0);

  const change = async (act: () => Promise<unknown>) => {
    await page.goto('/settings/filters');
    await page.getByRole('button', { name: 'Change the filter Sport' }).press('Enter');
    await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
    await act();
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await expect(page.getByRole('heading', { name: 'New filter' })).toBeVisible();
    await page.goto('/home');
  };
  await change(async () => {
    await page.getByLabel('Words or phrases').fill('football, rugby');
    await page.getByLabel('Cover the media').check();
    await page.getByLabel('How long').selectOption({ label: '6 hours' });
    await expectClean(page, 'a filter that is changed');
    await snap(page, 'filter');
  });
  await expect(article('The football is wet.').getByRole('button', { name: 'Filtered: Sport' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'A wet ball' })).toHaveCount(0);
  const [kept] = await c.as.maya!.v2.filters.list();
  expect(kept!.keywords.map((k) => k.keyword)).toEqual(['football', 'rugby']);
  expect(Math.round((Date.parse(kept!.expiresAt!) - Date.now()) / 3_600_000)).toBe(6);
  await article('The football is wet.').getByRole('button', { name: 'Filtered: Sport' }).press('Enter');
  await expect(page.getByRole('img', { name: 'A wet ball' })).toBeVisible();

  // One post that none of its words finds.
  await change(() => page.getByLabel('Cover with a note').check());
  await article('Der Reiher').getByRole('button', { name: 'More' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Filter this post' }).press('Enter');
  const acts = page.getByRole('dialog').getByRole('switch', { name: /^Sport/ });
  await acts.press('Space');
  await expect.poll(async () => (await c.as.maya!.v2.filters.list())[0]!.statuses.length).toBe(1);
  await expectClean(page, 'filtering one post', 'dialog[open]');
  await page.keyboard.press('Escape');
  await expect(page.getByText('Der Reiher wartet.')).toHaveCount(0);
  await page.getByRole('article').filter({ hasText: 'Filtered: Sport' }).last().getByRole('button', { name: 'More' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Filter this post' }).press('Enter');
  await expect(acts).toBeChecked();
  await acts.press('Space');
  await expect.poll(async () => (await c.as.maya!.v2.filters.list())[0]!.statuses.length).toBe(0);
  await page.keyboard.press('Escape');
  await expect(article('Der Reiher')).toBeVisible();

  await change(() => page.getByLabel('Leave out').check());
  await expect(article('Der Reiher')).toBeVisible();
  await expect(page.getByText('The football is wet.')).toHaveCount(0);
  await page.goto('/settings/filters');
  await page.getByRole('button', { name: 'Delete the filter Sport' }).click();
  await expect(page.getByText('No filters yet')).toBeVisible();
});

test('who may reach me: strangers are held back, and let through', async () => {
  await page.goto('/settings/notifications');
  await page.getByLabel('People you do not follow').selectOption({ label: 'Hold back' });
  await expect.poll(async () => (await c.as.maya!.v2.notifications.policy.fetch()).forNotFollowing).toBe('filter');
  await write(c, 'theo', '@maya Does the kettle sing?');
  await expect.poll(async () => (await c.as.maya!.v2.notifications.policy.fetch()).summary.pendingRequestsCount).toBe(1);
  await page.goto('/notifications');
  await expect(page.getByText('Does the kettle sing?')).toHaveCount(0);
  await page.getByRole('link', { name: '1 person is held back by your filters' }).click();
  await expect(page.getByText('1 notification', { exact: true })).toBeVisible();
  await expectClean(page, 'held back');
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByRole('button', { name: 'Allow' })).toHaveCount(0);
  await expect.poll(async () => (await c.as.maya!.v1.notifications.list()).some((n) => n.type === 'mention')).toBe(true);
  await page.goto('/notifications');
  await expect(page.getByText('Does the kettle sing?')).toBeVisible();
});

test('who asks to follow is let in or not, on the page and in the notifications', async () => {
  await c.as.maya!.v1.accounts.updateCredentials({ locked: true });
  for (const name of ['ravi', 'theo']) await c.as[name]!.v1.accounts.$select(c.ids.maya!).follow();
  await page.goto('/follow_requests');
  await expect(page.getByText('@ravi', { exact: true })).toBeVisible();
  await expectClean(page, 'follow requests');
  const row = (name: string) => page.getByRole('main').locator('div, li', { hasText: `@${name}` }).filter({ has: page.getByRole('button', { name: 'Accept' }) }).last();
  await row('ravi').getByRole('button', { name: 'Accept' }).press('Enter');
  await expect(page.getByText('@ravi', { exact: true })).toHaveCount(0);
  await page.goto('/notifications?only=follows');
  const asks = page.getByRole('group', { name: 'Theo Brandt would like to follow you' });
  await asks.getByRole('button', { name: 'Decline' }).press('Enter');
  await expect(asks.getByRole('button', { name: 'Decline' })).toHaveCount(0);
  await expect.poll(async () => (await c.as.maya!.v1.followRequests.list()).length).toBe(0);
  const bonds = await c.as.maya!.v1.accounts.relationships.fetch({ id: [c.ids.ravi!, c.ids.theo!] });
  expect(bonds.map((bond) => bond.followedBy)).toEqual([true, false]);
  await c.as.maya!.v1.accounts.updateCredentials({ locked: false });
});

test('an app that was let in is sent away', async () => {
  const app = await c.as.maya!.v1.apps.create({ clientName: 'Kettle', redirectUris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read' } as never);
  await page.goto(`/oauth/authorize?client_id=${app.clientId}&redirect_uri=urn:ietf:wg:oauth:2.0:oob&response_type=code&scope=read`);
  await page.locator('form button[type=submit]').first().press('Enter');
  await expect(page.locator('code, input[readonly]').first()).toBeVisible();
  const shown = page.locator('code, input[readonly]').first();
  const code = (await shown.evaluate((node) => (node as HTMLInputElement).value ?? node.textContent))!.trim();
  const token = await page.request.post('/oauth/token', { form: { grant_type: 'authorization_code', client_id: app.clientId!, client_secret: app.clientSecret!, code, redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' } });
  expect(token.status()).toBe(200);
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Sign Kettle out' }).press('Enter');
  await expectClean(page, 'an app is sent away', 'dialog[open]');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Sign Kettle out' })).toHaveCount(0);
});

test('replies that the server finds while one reads wait behind a button', async () => {
  const asked = await write(c, 'ines', 'Who has an answer?');
  await write(c, 'aiko', '@ines I have one.', { inReplyToId: asked.id });
  // A post must be some minutes old before its server looks around: what it says then is put before its answers.
  let looks = 0;
  await page.route(`**/api/v1/statuses/${asked.id}/context`, async (route) => {
    const answer = await route.fetch();
    if (looks++ > 0) return route.fulfill({ response: answer });
    await route.fulfill({ response: answer, json: { ancestors: [], descendants: [] }, headers: { ...answer.headers(), 'Mastodon-Async-Refresh': 'id="thread-1-zzz", retry=1' } });
  });
  let status = 'running';
  await page.route('**/api/v1_alpha/async_refreshes/*', (route) => route.fulfill({ json: { async_refresh: { id: 'thread-1-zzz', status, result_count: null } } }));
  await page.goto(`/@ines/${asked.id}`);
  await expect(page.getByText('Looking for more replies')).toBeVisible();
  await expect(article('I have one.')).toHaveCount(0);
  status = 'finished';
  await page.getByRole('button', { name: 'Show 1 more reply' }).press('Enter');
  await expect(article('I have one.')).toBeVisible();
  await expect(page.getByRole('button', { name: /more repl/ })).toHaveCount(0);
});

test('a poll is written by keyboard', async () => {
  await page.goto('/home');
  await expect(page.locator('main h1')).toBeVisible();
  await page.keyboard.press('n');
  await page.keyboard.type('Which bread?');
  await page.getByRole('dialog').getByRole('button', { name: 'Poll' }).press('Enter');
  await tabTo(page, page.getByRole('textbox', { name: 'Answer 1' }));
  await page.keyboard.type('Rye');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Oat');
  await page.getByRole('button', { name: 'Add an answer' }).press('Enter');
  await page.getByRole('textbox', { name: 'Answer 3' }).fill('Both');
  await page.getByLabel('Runs for').selectOption({ label: '3 days' });
  await page.getByRole('switch', { name: 'Several answers may be chosen' }).press('Space');
  await expectClean(page, 'a poll', 'dialog[open]');
  await page.keyboard.press('Control+Enter');
  await expect(article('Which bread?')).toBeVisible();
  const [made] = await c.as.maya!.v1.accounts.$select(c.ids.maya!).statuses.list();
  expect(made!.poll).toMatchObject({ multiple: true, options: [{ title: 'Rye' }, { title: 'Oat' }, { title: 'Both' }] });
  expect(Math.round((Date.parse(made!.poll!.expiresAt!) - Date.now()) / 86_400_000)).toBe(3);
});

test('files are pasted and dropped, and tell how far they are', async () => {
  const bytes = [...readFileSync('static/thumbnail.png')];
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/api/v2/media', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/home');
  await expect(page.locator('main h1')).toBeVisible();
  await page.keyboard.press('n');
  const field = page.getByRole('textbox', { name: 'Text of the post', exact: true });
  await field.fill('From the clipboard');
  const bring = (event: 'paste' | 'drop', name: string) =>
    field.evaluate(
      (node, { event, name, bytes }) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
        node.dispatchEvent(event === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      { event, name, bytes },
    );
  await bring('paste', 'pasted.png');
  await bring('drop', 'dropped.png');
  await expect(page.getByRole('progressbar', { name: 'Uploading pasted.png' })).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Uploading dropped.png' })).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Post', exact: true })).toBeDisabled();
  await expectClean(page, 'uploads', 'dialog[open]');
  go();
  await page.getByLabel('Description of file 1').fill('Dogs at dusk');
  await page.getByLabel('Description of file 2').fill('The same dogs');
  await page.getByRole('dialog').getByRole('button', { name: 'Post', exact: true }).click();
  await expect(article('From the clipboard').getByRole('img', { name: 'The same dogs' })).toBeVisible();
  await page.unroute('**/api/v2/media');
});

test('somebody is found in the directory, with followers one knows and a note for oneself', async () => {
  await page.goto('/explore?tab=people');
  await page.getByRole('main').getByRole('link', { name: /Theo Brandt/ }).last().click();
  await expect(page.locator('h1')).toHaveText('Theo Brandt');
  await expect(page.getByText('Followed by Ines Duarte')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'More' }).first().press('Enter');
  await page.getByRole('menuitem', { name: 'Edit note' }).press('Enter');
  await expect(page.getByLabel('A note only you can see')).toBeFocused();
  await page.keyboard.type('Owns the good kettle.');
  await tabTo(page, page.getByRole('button', { name: 'Save' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('Owns the good kettle.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Owns the good kettle.')).toBeVisible();
  await expectClean(page, 'a note');
});

test('where reading ended on the telephone, the desk goes on', async ({ browser }) => {
  const telephone = await visit(browser, c, 'maya', { ...phone, own: true });
  await expect(article('From the clipboard', telephone.page)).toBeVisible();
  const newest = (await c.as.maya!.v1.timelines.home.list({ limit: 1 }))[0]!.id;
  await expect.poll(async () => (await c.as.maya!.v1.markers.fetch({ timeline: ['home'] })).home?.lastReadId).toBe(newest);
  await telephone.context.close();
  await reached(c, 'maya', await write(c, 'ines', 'After the telephone.'));
  await page.goto('/home');
  const mark = page.getByRole('article').filter({ hasText: 'You were here' });
  await expect(mark).toBeVisible();
  const top = async (what: Locator) => (await what.boundingBox())!.y;
  expect(await top(mark)).toBeGreaterThan(await top(article('After the telephone.')));
  expect(await top(mark)).toBeLessThan(await top(article('From the clipboard')));
});

test('keys of their own: the help names them all, and each does what it says', async () => {
  const sensitive = await c.as.ines!.v2.media.create({ file: new Blob([readFileSync('static/thumbnail.png')], { type: 'image/png' }), description: 'Covered dogs' });
  await reached(c, 'maya', await write(c, 'ines', 'Not for everybody.', { mediaIds: [sensitive.id], sensitive: true } as never));
  await page.goto('/home');
  await expect(article('Not for everybody.')).toBeVisible();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const words of ['Translate', 'Cover or uncover the media', 'Go to “Load more”', 'New post, while writing, too', 'Content warning, while writing']) await expect(sheet.getByText(words)).toBeVisible();
  await page.keyboard.press('Escape');
  await article('Not for everybody.').focus();
  const cover = article('Not for everybody.').getByRole('button', { name: 'Sensitive media: show' });
  await page.keyboard.press('h');
  await expect(cover).toHaveCount(0);
  await page.keyboard.press('h');
  await expect(cover).toBeVisible();
  await page.keyboard.press('s');
  await page.keyboard.type('wren'); // before there is a field
  await expect(page.getByRole('combobox')).toHaveValue('wren');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+n');
  await page.keyboard.type('Half a tho');
  const field = page.getByRole('textbox', { name: 'Text of the post', exact: true });
  await expect(field).toHaveValue('Half a tho');
  await page.keyboard.press('Alt+x');
  await expect(page.getByRole('dialog').getByLabel('Content warning').first()).toBeVisible();
  await page.keyboard.press('Alt+n');
  await expect(field).toHaveValue('');
  await page.getByRole('button', { name: 'Drafts' }).click();
  await expect(page.getByRole('menuitem', { name: /Half a tho/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await expect(page).toHaveURL(/\/settings\/people$/);
});

test('every key for a post and every place to go to does what the sheet says', async () => {
  const film = await c.as.ines!.v2.media.create({ file: new Blob([readFileSync('static/thumbnail.png')], { type: 'image/png' }), description: 'A still' });
  const made = await write(c, 'ines', 'Handled by keys.', { spoilerText: 'Keys', mediaIds: [film.id] } as never);
  await reached(c, 'maya', made);
  const onPost = async (key: string) => {
    await page.goto('/home');
    await expect(article('Keys')).toBeVisible();
    await article('Keys').focus();
    await page.keyboard.press(key);
  };
  const post = async () => c.as.maya!.v1.statuses.$select(made.id).fetch();
  await onPost('f');
  await expect.poll(async () => (await post()).favourited).toBe(true);
  await page.keyboard.press('d');
  await expect.poll(async () => (await post()).bookmarked).toBe(true);
  await page.keyboard.press('b');
  await expect.poll(async () => (await post()).reblogged).toBe(true);
  await page.keyboard.press('b');
  await expect.poll(async () => (await post()).reblogged).toBe(false);
  await page.keyboard.press('x');
  await expect(article('Keys').getByText('Handled by keys.')).toBeVisible();
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog', { name: 'Media' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(article('Keys')).toBeFocused();
  for (const [key, title] of [['r', 'Reply'], ['q', 'Quote'], ['m', 'New post']] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog', { name: title })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(article('Keys')).toBeFocused();
  }
  await page.keyboard.press('l');
  await expect(page.getByRole('button', { name: 'Load more' }).or(page.getByText('That is all there is.'))).toBeVisible();
  for (const key of ['o', 'Enter']) {
    await onPost(key);
    await expect(page).toHaveURL(new RegExp(`/@ines/${made.id}$`));
    await page.keyboard.press('Backspace');
    await expect(page).toHaveURL(/\/home$/);
  }
  await onPost('p');
  await expect(page).toHaveURL(/\/@ines$/);
  await page.goto('/home');
  await expect(article('Keys')).toBeVisible();
  await write(c, 'ines', 'The newest of all.');
  await expect(page.getByRole('button', { name: '1 new post' })).toBeVisible();
  await page.keyboard.press('.');
  await expect(article('The newest of all.')).toBeVisible();
  await page.evaluate(() => scrollTo(0, 400));
  await page.keyboard.press('0');
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  const places: Record<string, string> = { h: '/home', n: '/notifications', e: '/explore', l: '/public?local', t: '/public', d: '/conversations', k: '/bookmarks', f: '/favourites', s: '/settings', c: '/deck', u: '/@maya', b: '/settings/people', p: '/@maya', m: '/settings/people', r: '/follow_requests' };
  for (const [key, path] of Object.entries(places)) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect.poll(() => page.evaluate(() => location.pathname + location.search), key).toBe(path);
  }
});

test('calm: one switch puts numbers and trends away', async () => {
  const asked = (await c.as.maya!.v1.timelines.home.list()).find((s) => s.content.includes('Who has an answer?'))!;
  await c.as.aiko!.v1.statuses.$select(asked.id).favourite();
  await page.goto('/settings/reading');
  await page.getByRole('switch', { name: /^Calm/ }).check();
  await page.goto(`/@ines/${asked.id}`);
  const post = page.locator('[data-focus]');
  await expect(post.getByRole('link', { name: 'Favourites', exact: true })).toBeVisible();
  await expect(post.getByText(/^\d/)).toHaveCount(0);
  await page.goto('/explore');
  await expect(page.getByRole('navigation', { name: 'What to explore' }).getByRole('link')).toHaveText(['People']);
  await page.goto('/settings/reading');
  await page.getByRole('switch', { name: /^Calm/ }).uncheck();
  await page.getByRole('switch', { name: 'Show what is talked about' }).uncheck();
  await page.goto('/explore');
  await expect(page.getByRole('navigation', { name: 'What to explore' }).getByRole('link')).toHaveText(['People']);
  await page.goto('/settings/reading');
  await page.getByRole('switch', { name: 'Show what is talked about' }).check();
});

test('what languages one reads, and which app one shows, other apps learn too', async () => {
  const maya = c.as.maya!;
  await page.goto('/settings/reading');
  await page.getByText('Languages of public timelines').click();
  const german = page.getByRole('checkbox', { name: 'German', exact: true });
  await german.check();
  await expect(page.getByText('Saved')).toBeVisible();
  await expect(page.locator('summary')).toContainText('German');
  await expectClean(page, 'languages');
  const spoken = async () => new Set((await maya.v1.timelines.public.list({ local: true })).map((post) => post.language));
  expect(await spoken()).not.toContain('en'); // those that name none stay
  await german.uncheck();
  await expect(page.locator('summary')).toContainText('All languages');
  expect(await spoken()).toContain('en');
  await page.getByRole('switch', { name: 'Open content warnings at once' }).check();
  await expect.poll(async () => (await maya.v1.preferences.fetch())['reading:expand:spoilers']).toBe(true);
  await page.getByRole('switch', { name: 'Open content warnings at once' }).uncheck();
  await page.goto('/settings/posting');
  const shown = page.getByRole('switch', { name: /^Show which app/ });
  await shown.uncheck();
  await page.reload();
  await expect(shown).not.toBeChecked();
  await shown.check();
});

test('the icon of the app tells how much is unread', async () => {
  await page.addInitScript(() => {
    const told: (number | undefined)[] = [];
    Object.assign(window, { badge: told });
    Object.assign(navigator, { setAppBadge: (n?: number) => (told.push(n), Promise.resolve()), clearAppBadge: () => (told.push(0), Promise.resolve()) });
  });
  await page.goto('/notifications');
  const badge = () => page.evaluate(() => (window as unknown as { badge: number[] }).badge.at(-1));
  await expect.poll(badge).toBe(0);
  await expect.poll(async () => (await c.as.maya!.v2.notifications.unreadCount.fetch()).count).toBe(0); // told at a pause
  await page.goto('/home');
  await expect(page.locator('article').first()).toBeVisible();
  await write(c, 'ines', '@maya Tea?');
  await expect.poll(badge).toBe(1);
});
