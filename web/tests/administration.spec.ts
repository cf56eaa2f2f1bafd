import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { areas } from '../src/features/staff/sections';
import { expectAllClean, expectClean } from './clean';
import { desktop, found, phone, snap, visit, write, type Community } from './community';

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
  await expect(chart).toContainText(/5\s*before that 0/);
  await chart.getByText('Day by day').click();
  await expect(chart.getByRole('row')).toHaveCount(31);
});

test('what the dashboard says is true of nothing, of one and of many, in each language', async ({ browser }) => {
  const hosts = (n: number) => Array.from({ length: Math.min(n, 20) }, (_, i) => ({ host: `peer${i}.example`, since: '2026-10-01T00:00:00.000Z', failures: n === 1 ? 1 : 7, parked: i === 1 }));
  const figures = (n: number, more: object) => ({
    people: n, active: n, statuses: n, servers: n,
    queues: { reports: n, pending: n, appeals: n, letters: n, jobs: n, set_aside: n },
    failing: hosts(n), failing_count: n,
    disk: { free: n * 1e9, total: 1e12, database: n * 1e3, media: 0, copies: 0, budget: 5e9 },
    forecast: { bytes_per_member: 5e6, bytes_per_day: n * 1e6, members: n, days: n, ...more },
  });
  const says = async (at: Page, answer: object, lines: string[], never: RegExp) => {
    await at.route('**/api/coterie/v1/admin/dashboard', (route) => route.fulfill({ json: answer }));
    await at.goto('/administration/dashboard');
    for (const line of lines) await expect(at.getByText(line, { exact: true }).first()).toBeVisible();
    await expect(at.getByRole('main')).not.toContainText(never);
    await at.unroute('**/api/coterie/v1/admin/dashboard');
  };
  const odd = /NaN|undefined|Infinity|\{/;
  const nothing = ['people', 'posts', 'servers known', '0 reports', '0 pieces of work', 'There is room for about 0 more members.', 'How long the disk lasts can be said after a week.', 'Every server that was written to is reached.'];
  const one = ['person', 'post', 'server known', '1 report', '1 sign-up', '1 appeal', '1 letter to other servers', '1 piece of work', '1 piece of work that failed for good', 'There is room for about 1 more member.', 'At the pace so far, 1 MB a day, the disk lasts for about 1 day.', 'since Oct 1, 2026 · 1 try'];
  const many = ['people', '12,345', '12,345 letters to other servers', 'There is room for about 12,000 more members.', 'At the pace so far the disk lasts for more than ten years.', 'And 12,325 more.'];
  await says(page, figures(0, { days: -1 }), nothing, new RegExp(`${odd.source}|failed for good|And \\d`));
  await says(page, figures(1, {}), one, new RegExp(`${odd.source}|And \\d|\\b1 ?(people|posts|servers|reports|letters|pieces|members|days|tries)`));
  await says(page, figures(12_345, {}), many, odd);
  await snap(page, 'dashboard-many');
  await page.setViewportSize(phone);
  await snap(page, 'dashboard-many');
  await page.setViewportSize(desktop);

  const ones: Record<string, string[]> = {
    de: ['Person', '1 Meldung', '1 Aufgabe', 'Es ist Platz für etwa 1 weiteres Mitglied.', '1 Aufgabe, die endgültig scheiterte'],
    fr: ['personne', '1 signalement', '1 tâche', 'Il y a de la place pour environ 1 membre de plus.'],
    es: ['persona', '1 denuncia', '1 tarea', 'Hay sitio para 1 miembro más, más o menos.'],
    ja: ['通報1件', 'あと約1人分の余裕があります。'],
    ar: [`البلاغات: ${new Intl.NumberFormat('ar').format(1)}`],
  };
  for (const [locale, lines] of Object.entries(ones)) {
    const theo = await visit(browser, c, 'theo', { ...desktop, locale });
    await says(theo.page, figures(1, {}), lines, odd);
    await says(theo.page, figures(0, { days: -1 }), [], odd);
    await says(theo.page, figures(12_345, {}), [], odd);
    await theo.context.close();
  }
});

test('people are recommended by keyboard, come first for whom they fit, and are put away', async ({ browser }) => {
  await page.goto('/administration/community?show=picks');
  const field = page.getByLabel('People you recommend', { exact: true }).and(page.getByRole('searchbox'));
  const list = page.getByRole('list', { name: 'People you recommend' });
  await expect(list).toContainText('Nobody is recommended yet.');
  for (const name of ['ravi', 'aiko', 'ines']) {
    await field.fill(name);
    await page.getByRole('button', { name: `Recommend @${name}` }).press('Enter');
    await expect(list.getByRole('listitem').filter({ hasText: `@${name}` })).toBeVisible();
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('');
  }
  await list.getByRole('button', { name: 'Move up: @ines' }).press('Enter');
  await expect(page.getByText('@ines: now number 2')).toBeVisible();
  await expect(list.getByRole('listitem')).toContainText(['ravi', 'ines', 'aiko']);
  await c.as.aiko!.v1.accounts.updateCredentials({ discoverable: false });
  await page.reload();
  await expect(list.getByRole('listitem').filter({ hasText: '@aiko' })).toContainText('does not want to be found');
  await expectClean(page, 'picks');
  await snap(page, 'picks');
  await list.getByRole('button', { name: 'Remove: @aiko' }).press('Enter');
  await expect(list.getByRole('button', { name: 'Remove: @ines' })).toBeFocused();
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await c.as.aiko!.v1.accounts.updateCredentials({ discoverable: true });

  const theirs = await visit(browser, c, 'aiko', phone);
  for (const at of ['/welcome', '/explore?tab=people']) {
    await theirs.page.goto(at);
    await expect(theirs.page.getByRole('heading', { name: 'Recommended by the people who run this place' })).toBeVisible();
    await expect(theirs.page.getByRole('button', { name: /^Do not suggest/ })).toHaveCount(2);
    await expectClean(theirs.page, at);
    await snap(theirs.page, `picks${at.replaceAll(/\W/g, '-')}`);
  }
  const away = (name: string) => theirs.page.getByRole('button', { name: `Do not suggest @${name} again` });
  await away('ravi').press('Enter');
  await expect(away('ines')).toBeFocused();
  await expect(theirs.page.getByText('@ravi will not be suggested again.')).toBeVisible();
  await theirs.page.reload();
  await expect(away('ines')).toBeVisible();
  await expect(away('ravi')).toHaveCount(0);
  await away('ines').press('Enter');
  await expect(theirs.page.getByRole('heading', { name: 'Recommended by the people who run this place' })).toHaveCount(0);
  await expect(theirs.page.locator('main h1')).toBeFocused();
  await theirs.context.close();

  await visit(browser, c, 'maya').then(async ({ page: home, context: hers }) => {
    const aside = home.getByRole('complementary');
    await expect(aside.getByRole('heading', { name: 'Recommended by the people who run this place' })).toBeVisible();
    await snap(home, 'picks-aside');
    await hers.close();
  });
});

test('settings hold, and a wrong one says why and changes nothing', async ({ browser }) => {
  const save = () => page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.goto('/administration/community');
  await page.getByLabel('In one sentence', { exact: true }).fill('Herons, hedges and slow software.');
  await save();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.getByLabel('Picture', { exact: true }).setInputFiles('static/thumbnail.png');
  await expect(page.getByRole('button', { name: 'Use the usual picture' })).toBeVisible();
  const logo = page.locator('.rail a[href="/home"] img');
  await expect(logo).toHaveAttribute('src', /^\/static\/logo/);
  await page.getByLabel('Icon', { exact: true }).setInputFiles('static/favicon.ico');
  await expect(page.getByText('File content type is invalid')).toBeVisible();
  await page.getByLabel('Icon', { exact: true }).setInputFiles('static/thumbnail.png');
  await expect(page.getByRole('button', { name: 'Use the usual icon' })).toBeVisible();
  await page.reload();
  await expect(logo).toHaveAttribute('src', /^\/media\//);
  await expect(page.locator('head link[rel="apple-touch-icon"]')).toHaveAttribute('href', /^\/media\//);
  await expect(page.getByRole('button', { name: 'Use the usual icon' })).toBeVisible();
  await expectClean(page, 'pictures of the community');
  for (const device of [desktop, phone]) {
    await page.setViewportSize(device);
    await snap(page, 'branding');
  }
  await page.setViewportSize(desktop);
  await page.getByRole('link', { name: 'Joining' }).click();
  await page.getByLabel('How people join').selectOption('invite');
  await save();
  await expect.poll(async () => (await c.as.maya!.v2.instance.fetch()).registrations.enabled).toBe(false);
  expect((await c.as.maya!.v2.instance.fetch()).description).toBe('Herons, hedges and slow software.');
  await page.getByRole('link', { name: 'Writing' }).click();
  await page.getByLabel('Length of a post', { exact: true }).fill('7');
  await page.getByLabel('Attachments of a post', { exact: true }).fill('6');
  await save();
  await expect(page.getByText('Posts may be limited to 100 to 20000 characters.')).toBeVisible();
  await expectClean(page, 'a wrong setting');
  await page.reload();
  await expect(page.getByLabel('Length of a post', { exact: true })).toHaveValue('500');
  await expect(page.getByLabel('Attachments of a post', { exact: true })).toHaveValue('6');
  await page.getByRole('link', { name: 'Other servers' }).click();
  await page.getByRole('switch', { name: 'Only servers on the list' }).check();
  await save();
  await expect(page.getByRole('dialog')).toContainText('followers there included');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: 'Who runs and pays' }).click();
  await page.getByLabel('Running costs').fill('38 € a month. Theo pays.');
  await page.getByLabel('Funded until').fill('2031-02-03');
  await save();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.getByRole('link', { name: 'How long things stay' }).click();
  await page.getByLabel('Posts from elsewhere, in days').fill('30');
  await page.getByRole('button', { name: 'See what would go' }).click();
  await expect(page.getByText('Nothing would go now.')).toBeVisible();
  await page.getByLabel('Posts from elsewhere, in days').fill('3');
  await save();
  await expect(page.getByText('Posts from elsewhere are kept for at least 7 days.')).toBeVisible();
  for (const device of [desktop, phone]) {
    const member = await visit(browser, c, 'maya', device);
    await member.page.getByRole('button', { name: 'Your account' }).filter({ visible: true }).click();
    await member.page.getByRole('menuitem', { name: 'About' }).click();
    await expect(member.page.getByRole('region', { name: 'Who pays for this place' })).toContainText('38 € a month. Theo pays.');
    await expect(member.page.getByText('3 February 2031')).toBeVisible();
    await expectClean(member.page, `about, ${device.width} wide`);
    await snap(member.page, 'about');
    await member.context.close();
  }
});

test('rules are written, changed and taken back', async () => {
  await page.goto('/administration/rules');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('textbox', { name: 'The rule', exact: true }).fill('Be kind.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Change: Be kind.' }).click();
  await page.getByRole('textbox', { name: 'What is meant by it' }).fill('Even on Mondays.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Even on Mondays.')).toBeVisible();
  expect((await c.as.maya!.v2.instance.fetch()).rules.map((rule) => rule.text)).toEqual(['Be kind.']);
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('textbox', { name: 'The rule', exact: true }).fill('Be brief.');
  await page.getByText('In other languages').click();
  const german = page.getByRole('group', { name: 'German' });
  await german.getByLabel('The rule').fill('Fass dich kurz.');
  await expectClean(page, 'a rule in other languages', 'dialog[open]');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Be brief.' })).toContainText('German');
  await page.getByRole('button', { name: 'Move up: Be brief.' }).press('Enter');
  await expect(page.getByText('Be brief.: now number 1')).toBeVisible();
  expect((await c.as.maya!.v2.instance.fetch()).rules.map((rule) => rule.text)).toEqual(['Be brief.', 'Be kind.']);
  await page.getByRole('listitem').filter({ hasText: 'Be brief.' }).dragTo(page.getByRole('listitem').filter({ hasText: 'Be kind.' }));
  await expect(page.getByText('Be brief.: now number 2')).toBeVisible();
  await snap(page, 'rules');
  await page.getByRole('button', { name: 'Remove: Be kind.' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Even on Mondays.')).toHaveCount(0);
});

test('terms come in versions, which members read and accept', async ({ browser }) => {
  await page.goto('/administration/terms');
  await page.getByLabel('Text', { exact: true }).fill('Be fair to each other.');
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText('0 of 5 accepted it')).toBeVisible();
  const ines = await visit(browser, c, 'ines');
  const notice = ines.page.getByRole('region', { name: 'Terms of service' });
  await expect(notice).toContainText('New terms of service hold since');
  await expectClean(ines.page, 'asked about terms');
  await snap(ines.page, 'terms-notice');
  await notice.getByRole('button', { name: 'Read them' }).click();
  const dialog = ines.page.getByRole('dialog', { name: 'Terms of service' });
  await expect(dialog).toContainText('Be fair to each other.');
  await expectClean(ines.page, 'terms are read');
  await snap(ines.page, 'terms-read');
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await expect(ines.page.getByText('Thank you. Your answer is kept.')).toBeVisible();
  await expect(notice).toHaveCount(0);
  await ines.context.close();
  await page.reload();
  await expect(page.getByText('1 of 5 accepted it')).toBeVisible();
});

test('mails to newcomers say what the community wants to say', async () => {
  await page.goto('/administration/mails?kind=approved');
  await page.getByLabel('English').fill('Bring boots.');
  await page.getByLabel('German').fill('Bring Stiefel mit.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.goto('/administration/mails?kind=rejected');
  await expect(page.getByLabel('English')).toHaveValue('');
  await page.getByRole('link', { name: 'Let in' }).click();
  await expect(page.getByLabel('German')).toHaveValue('Bring Stiefel mit.');
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

/** A zip file of files that are not compressed. */
function zip(files: Record<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(content), 10);
    head.writeUInt32LE(content.length, 14);
    head.writeUInt32LE(content.length, 18);
    head.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), content]);
    index.push(Buffer.from('PK\x01\x02\x14\x00'), head, tail, Buffer.from(name));
    parts.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(18);
  const listed = Buffer.concat(index);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end]);
}

test('emoji are added, sorted, taken out of use and come in packs; a relay is followed and paused', async () => {
  const picture = readFileSync('static/apple-touch-icon.png');
  await page.goto('/administration/emojis');
  await page.getByRole('button', { name: 'Add an emoji' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('burrow');
  await page.getByLabel('Picture', { exact: true }).setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer: picture });
  await page.getByLabel('Category', { exact: true }).fill('Homes');
  await page.getByRole('dialog').getByRole('button', { name: 'Add an emoji' }).click();
  await expect(page.getByRole('heading', { name: 'Homes' })).toBeVisible();

  await page.goto('/administration/emojis?show=packs');
  await page.getByLabel('Pack (zip)').setInputFiles({ name: 'p.zip', mimeType: 'application/zip', buffer: zip({ 'heron.png': picture, 'wren.png': picture, 'burrow.png': picture, 'no name.png': picture }) });
  await expect(page.getByRole('heading', { name: '2 emoji would be added' })).toBeVisible();
  await expect(page.getByText('1 is there already')).toBeVisible();
  await expect(page.getByText('no name.png', { exact: true })).toBeVisible();
  await expectClean(page, 'a pack');
  await snap(page, 'emoji-packs');
  await page.getByLabel('Category', { exact: true }).fill('Birds');
  await page.getByRole('button', { name: 'Add them' }).click();
  await expect(page.getByText('2 emoji were added')).toBeVisible();

  await page.goto('/administration/emojis');
  await page.getByRole('button', { name: 'Change :wren:' }).click();
  await page.getByRole('switch', { name: 'In use' }).uncheck();
  await expectClean(page, 'an emoji');
  await snap(page, 'emoji-one');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Change :wren:' })).toContainText('out of use');
  expect((await c.as.maya!.v1.customEmojis.list()).map((one) => one.shortcode)).toEqual(['burrow', 'heron']);
  await page.getByPlaceholder('Find by name').fill('her');
  await expect(page.getByRole('button', { name: /^Change :/ })).toHaveCount(1);

  await page.goto('/administration/relays');
  await page.getByLabel('Inbox of the relay').fill('http://127.0.0.1:9/inbox');
  await page.getByRole('button', { name: 'Follow this relay' }).click();
  const relay = page.getByRole('group', { name: 'http://127.0.0.1:9/inbox' });
  await expect(relay).toContainText('asked');
  await relay.getByRole('button', { name: /^Pause/ }).click();
  await expect(relay).toContainText('paused');
});

test('a webhook is told of reports, shows its secret once, and says what goes wrong', async () => {
  const address = 'http://127.0.0.1:9/hook';
  await page.goto('/administration/webhooks');
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  await page.getByLabel('Address', { exact: true }).fill(address);
  await page.getByLabel('new reports').check();
  await expectClean(page, 'a new webhook', 'dialog[open]');
  const secret = page.getByRole('dialog').locator('code');
  const kept = page.getByRole('button', { name: 'I have kept it' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const first = await secret.textContent();
  expect(first).toMatch(/^[0-9a-f]{40}$/);
  await expectClean(page, 'a secret', 'dialog[open]');
  await kept.click();
  const hook = page.getByRole('group', { name: address });
  await hook.getByRole('button', { name: /^New secret/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
  await expect(secret).toHaveText(/^[0-9a-f]{40}$/);
  expect(await secret.textContent()).not.toBe(first);
  await kept.click();
  await hook.getByRole('button', { name: /^Change/ }).click();
  await page.getByLabel('changed reports').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(hook).toContainText('new reports and changed reports');

  await c.as.ines!.v1.reports.create({ accountId: c.ids.ravi!, comment: 'Again.', category: 'other' } as never);
  await expect(async () => {
    await page.reload();
    await expect(hook).toContainText('not reached', { timeout: 1000 });
  }).toPass();
  await hook.getByRole('button', { name: /^Turn .* off/ }).click();
  await expect(hook.locator('.pill')).toHaveText('off');
  await hook.getByRole('button', { name: /^Turn .* on/ }).click();
  await expect(hook.locator('.pill')).toHaveText('on');
  await expectClean(page, 'a webhook');
  await hook.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No address is told of anything')).toBeVisible();
});

test('notifications say what happened and lead to where it is decided', async ({ browser }) => {
  await page.goto('/notifications');
  await expectClean(page, 'what the staff is told');
  await page.getByRole('link', { name: /^Ines.* reported Ravi/ }).first().click();
  await expect(page).toHaveURL(/\/moderation\/reports\/\d+$/);
  const decided = await page.evaluate(async (id) => (await fetch(`/api/v1/admin/accounts/${id}/action`, { method: 'POST', body: new URLSearchParams({ type: 'none', text: 'Softer, please.' }) })).status, c.ids.aiko!);
  expect(decided).toBe(200);
  const aiko = await visit(browser, c, 'aiko');
  await aiko.page.goto('/notifications');
  await aiko.page.getByRole('link', { name: 'The people who run this server decided something about you' }).click();
  await expect(aiko.page.getByText('Softer, please.')).toBeVisible();
  await aiko.context.close();
});

const pages = ['', '/dashboard', '/community', '/community?show=outside', '/community?show=keeping', '/rules', '/terms', '/mails', '/announcements', '/emojis', '/emojis?show=theirs', '/relays', '/webhooks', '/roles'];

test('no page is left out of what axe looks at', () => {
  expect(areas.administration.map(({ name }) => `/${name}`).filter((path) => !pages.includes(path))).toEqual([]);
});

test('every page is clean', async () => {
  test.setTimeout(90_000);
  await page.goto('/home');
  await expectAllClean(page, Object.fromEntries(pages.map((path) => [path || 'administration', `/administration${path}`])), (name) => snap(page, `administration${name.replace(/\W+/g, '-')}`));
  await page.getByRole('button', { name: 'Change Moderator' }).click();
  await expect(page.getByRole('switch', { name: 'Asks for a second factor when signing in' })).toBeVisible();
  await expectClean(page, 'a role', 'dialog[open]');
});
