import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { areas } from '../src/features/staff/sections';
import { expectAllClean, expectClean, go } from './clean';
import { found, snap, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;
/** The number of the report that is decided. */
let report = '';

/** Somebody who asks to be let in. */
async function knock(name: string, reason: string): Promise<void> {
  const post = async (path: string, body: object, token = '') => {
    const answer = await fetch(c.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
    return (await answer.json()) as Record<string, string>;
  };
  const app = await post('/api/v1/apps', { client_name: 'Door', redirect_uris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read write' });
  const { access_token } = await post('/oauth/token', { grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'read write' });
  await post('/api/v1/accounts', { username: name, email: `${name}@example.org`, password: 'prairie dogs at dusk', agreement: true, locale: 'en', reason }, access_token);
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  c = await found();
  await c.command('settings', 'set', 'registrations', 'approval');
  const bad = await write(c, 'aiko', 'Buy my beans, buy my beans, buy my beans.');
  await c.as.maya!.v1.reports.create({ accountId: c.ids.aiko!, statusIds: [bad.id], comment: 'Nothing but beans.', category: 'spam' } as never);
  await c.as.ines!.v1.reports.create({ accountId: c.ids.ravi!, comment: 'A misunderstanding, I think.', category: 'other' } as never);
  for (const name of ['juno', 'kofi', 'lena']) await knock(name, `I am ${name} and I like hedges.`);
  ({ page, context } = await visit(browser, c, 'theo'));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

test('a report is taken, noted and decided by keyboard alone, and undone', async () => {
  await page.getByRole('link', { name: 'Moderation' }).first().click();
  await page.getByRole('link', { name: /^Reports/ }).click();
  await expect(page.locator('h1')).toHaveText('Reports');
  await expect(page.locator('[data-item]')).toHaveCount(2);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.locator('[data-item]:focus')).toContainText('Nothing but beans.');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Buy my beans').first()).toBeVisible();
  report = new URL(page.url()).pathname.split('/').pop()!;
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await press('I take this');
  await expect(page.getByRole('button', { name: 'Give back' })).toBeVisible();
  await page.getByLabel('New note').focus();
  await page.keyboard.type('The third time this week.');
  await press('Keep note');
  await expect(page.getByText('The third time this week.')).toBeVisible();
  await expect(page.locator('.line', { hasText: 'The third time' })).toContainText('@theo');
  await press('Decide …');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.getByRole('radio', { name: /^Limit/ }).focus();
  await page.keyboard.press('Space');
  await page.getByLabel('A word to them').focus();
  await page.keyboard.type('Fewer beans, please.');
  await press('Limit');
  await expect(page.getByRole('status').or(page.getByText('Done')).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Open again' })).toBeVisible();
  await expect(page.locator('.pill', { hasText: 'limited' })).toBeVisible();
  await press('Undo');
  await expect(page.locator('.pill', { hasText: 'limited' })).toHaveCount(0);
});

test('queues: what is mine, what is resolved, of one kind', async () => {
  await page.goto('/moderation/reports');
  await expect(page.locator('[data-item]')).toHaveCount(1);
  await page.goto('/moderation/reports?show=resolved');
  await expect(page.locator('[data-item]')).toContainText('Nothing but beans.');
  await page.getByLabel('Kind of report').selectOption('legal');
  await expect(page.getByText('Nothing was resolved yet')).toBeVisible();
  await page.goto('/moderation/reports?show=mine');
  await expect(page.getByText('Nothing is waiting')).toBeVisible();
});

test('people are found and their history is told', async () => {
  await page.goto('/moderation/accounts');
  await page.getByRole('searchbox', { name: 'Find' }).fill('aik');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-item]')).toHaveCount(1);
  await page.locator('[data-item]').click();
  await expect(page.locator('h1')).toHaveText('Person');
  await expect(page.getByText('aiko@example.org')).toBeVisible();
  await expect(page.getByText('Fewer beans, please.')).toBeVisible();
  await expect(page.getByText('Nothing but beans.')).toBeVisible();
  await page.getByRole('button', { name: 'Decide …' }).click();
  await page.getByRole('radio', { name: /^Freeze/ }).check();
  await page.getByRole('button', { name: 'Freeze', exact: true }).click();
  await expect(page.locator('.pill', { hasText: 'frozen' })).toBeVisible();
  await page.getByRole('button', { name: 'Unfreeze' }).click();
  await expect(page.locator('.pill', { hasText: 'frozen' })).toHaveCount(0);
});

test('sign-ups are let in and turned away, together too', async () => {
  await page.goto('/moderation/waiting');
  await expect(page.getByText('I am juno and I like hedges.')).toBeVisible();
  const made = await page.evaluate(async () => (await fetch('/api/coterie/v1/admin/texts', { method: 'POST', body: new URLSearchParams({ kind: 'rejection', title: 'Full', text: 'There is no room at the moment.' }) })).status);
  expect(made).toBe(200);
  await page.getByRole('group', { name: '@lena' }).getByRole('button', { name: 'Turn away' }).click();
  const dialog = page.getByRole('dialog', { name: 'Turn @lena away' });
  await dialog.getByLabel('Begin with a canned text').selectOption('Full');
  await expect(dialog.getByLabel('What to say')).toHaveValue('There is no room at the moment.');
  await expectClean(page, 'turning away', 'dialog[open]');
  await snap(page, 'turning-away');
  const [request] = await Promise.all([page.waitForRequest(/\/reject$/), dialog.getByRole('button', { name: 'Turn away' }).click()]);
  expect(request.postData()).toContain('There is no room at the moment.');
  await expect(page.getByText('1 person was turned away')).toBeVisible();
  await page.getByLabel('All of these').check();
  await page.getByRole('button', { name: 'Let in (2)' }).click();
  await expect(page.getByText('2 people are in')).toBeVisible();
  await expect(page.getByText('Nobody is waiting')).toBeVisible();
});

test('appeals are decided', async ({ browser }) => {
  const aiko = await visit(browser, c, 'aiko');
  const answer = await aiko.page.evaluate(async () => {
    const strikes = (await (await fetch('/api/coterie/v1/strikes')).json()) as { id: string; action: string }[];
    const limit = strikes.find((strike) => strike.action === 'silence')!;
    const appeal = await fetch(`/api/coterie/v1/strikes/${limit.id}/appeal`, { method: 'POST', body: new URLSearchParams({ text: 'They were good beans.' }) });
    return appeal.status;
  });
  expect(answer).toBe(200);
  await aiko.context.close();
  await page.goto('/moderation/appeals');
  await expect(page.getByText('They were good beans.')).toBeVisible();
  await page.getByRole('button', { name: 'Turn down' }).click();
  await expect(page.getByText('No appeal is waiting')).toBeVisible();
});

test('a server is held off after its cost was shown, and welcomed again; lists go in and out', async () => {
  await page.goto('/moderation/servers');
  await page.getByRole('button', { name: 'Hold a server off' }).click();
  await page.getByLabel('Server', { exact: true }).fill('beans.example');
  await page.getByRole('radio', { name: /^Suspend/ }).check();
  await page.getByLabel('Reason that others may read').fill('Beans by the thousand');
  await page.getByRole('button', { name: 'See what it costs' }).click();
  await expect(page.getByText('Nobody here loses a follow.')).toBeVisible();
  await page.getByRole('button', { name: 'Suspend this server' }).click();
  await expect(page.getByText('The rule for beans.example holds')).toBeVisible();
  await expect(page.getByRole('group', { name: 'beans.example' })).toContainText('Beans by the thousand');

  await page.goto('/moderation/servers?show=lists');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  expect(download.suggestedFilename()).toBe('domain_blocks.csv');
  await page.getByLabel('Block list (CSV)').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('#domain,#severity\nweeds.example,silence\nbeans.example,silence\n') });
  await expect(page.getByText('1 rule would change')).toBeVisible();
  await page.getByRole('button', { name: 'Take these rules' }).click();
  await expect(page.getByText('1 rule holds now')).toBeVisible();

  await page.goto('/moderation/servers');
  await page.getByRole('button', { name: 'Take back the rule for beans.example' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('beans.example is welcome again')).toBeVisible();
  await expect(page.getByRole('group', { name: 'weeds.example' })).toBeVisible();
});

test('canned texts begin what is said; a block list counts after a look', async () => {
  await page.goto('/moderation/texts');
  await page.getByRole('button', { name: 'Add a text' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Fewer beans');
  await page.getByLabel('Text', { exact: true }).fill('Fewer beans, please.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Fewer beans, please.')).toBeVisible();
  await expectClean(page, 'texts');
  await page.goto(`/moderation/accounts/${c.ids.ravi}`);
  await page.getByRole('button', { name: 'Decide …' }).click();
  await page.getByLabel('Begin with a canned text').selectOption('Fewer beans');
  await expect(page.getByLabel('A word to them')).toHaveValue('Fewer beans, please.');
  await expectClean(page, 'deciding');
  await page.goto('/moderation/servers?show=subscribed');
  await page.getByLabel('Address of the list (CSV)').fill('http://127.0.0.1:9/list.csv');
  await page.getByLabel('Name', { exact: true }).fill('Weeds');
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  const list = page.getByRole('group', { name: 'Weeds' });
  await expect(list).toContainText('not read yet');
  await expectClean(page, 'subscriptions');
  await list.getByRole('button', { name: /^See what/ }).click();
  await expect(page.getByText('Nothing would change.')).toBeVisible();
  await expectClean(page, 'a plan');
  await page.getByRole('button', { name: 'Let it count' }).click();
  await expect(list).toContainText('counts');
});

test('who may not sign up, and the log of all this', async () => {
  await page.goto('/moderation/barred');
  await page.getByLabel('Provider').fill('throwaway.example');
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.locator('.line', { hasText: 'throwaway.example' })).toBeVisible();
  await page.goto('/moderation/barred?kind=ip_blocks');
  await page.getByLabel('Address or network').fill('203.0.113.0/24');
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.locator('.line', { hasText: '203.0.113.0/24' })).toContainText('Join by approval only');
  await page.getByRole('button', { name: 'Remove 203.0.113.0/24' }).click();
  await expect(page.getByText('Nobody is barred')).toBeVisible();
  await page.goto('/moderation/barred?kind=username_blocks');
  await page.getByLabel('Name', { exact: true }).fill('mayor');
  await page.getByLabel('What is barred').selectOption('contains');
  await page.getByRole('switch', { name: 'Let in by approval' }).click();
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.locator('.line', { hasText: 'mayor' })).toContainText('Whatever contains it');
  await page.goto('/moderation/log');
  for (const words of ['beans.example', 'throwaway.example', 'mayor', 'Fewer beans, please.']) await expect(page.getByText(words).first()).toBeVisible();
});

test('members without a role find none of this', async ({ browser }) => {
  const maya = await visit(browser, c, 'maya');
  await expect(maya.page.getByRole('link', { name: 'Moderation' })).toHaveCount(0);
  await maya.page.goto('/moderation/reports');
  await expect(maya.page.getByText('Your role opens nothing here')).toBeVisible();
  await maya.context.close();
});

const pages = () => ['', '/reports', '/reports?show=resolved', `/reports/${report}`, '/waves', '/accounts', `/accounts/${c.ids.aiko}`, '/waiting', '/appeals', '/servers', '/servers?show=lists', '/servers?show=subscribed', '/trends', '/trends?kind=publishers', '/barred', '/barred?kind=ip_blocks', '/barred?kind=username_blocks', '/texts', '/log'];

test('no page is left out of what axe looks at', () => {
  const wanted = areas.moderation.flatMap(({ name, one }) => [`/${name}`, ...(one ? [`/${name}/`] : [])]);
  expect(wanted.filter((path) => !pages().some((looked) => (path.endsWith('/') ? looked.startsWith(path) : looked === path)))).toEqual([]);
});

test('every page is clean', async () => {
  test.setTimeout(90_000);
  await knock('mira', 'Hedges!');
  await page.goto('/home');
  await expectAllClean(page, Object.fromEntries(pages().map((part) => [part || 'moderation', `/moderation${part}`])), async (name) => {
    await expect(page.getByText('Record not found')).toHaveCount(0);
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/moderation${name.replace(/\W+/g, '-')}-${page.viewportSize()!.width}.png` });
  });
  await go(page, `/moderation/accounts/${c.ids.ravi}`);
  await page.getByRole('button', { name: 'Decide …' }).click();
  await page.getByRole('dialog').waitFor();
  await expectClean(page, 'deciding', 'dialog[open]');
});
