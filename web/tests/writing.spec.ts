import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { expectClean } from './clean';
import { found, snap, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  c = await found();
  await c.command('account', 'create', 'remy', '--email', 'remy@example.org', '--password', 'prairie dogs at dusk', '--confirmed');
  ({ page, context } = await visit(browser, c, 'maya'));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

const article = (text: string) => page.locator('article', { hasText: text }).first();
const field = () => page.getByRole('textbox', { name: 'Text of the post', exact: true });
const mine = async () => c.as.maya!.v1.accounts.$select(c.ids.maya!).statuses.list({ limit: 40 });

async function begin(text: string) {
  await page.goto('/home');
  await page.locator('main h1').waitFor();
  await page.keyboard.press('n');
  await page.keyboard.type(text); // whether or not there is a field yet
  await expect(field()).toBeFocused();
  await expect(field()).toHaveValue(text);
}

test('a post can be taken back for some seconds, by keyboard too', async () => {
  await page.goto('/settings/posting');
  await page.getByLabel('Time to take a post back').selectOption({ label: '5 seconds' });
  await begin('Too early by half');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('On its way')).toBeVisible();
  await expect(page.locator('dialog')).toHaveCount(0);
  await page.keyboard.press('z');
  await expect(field()).toHaveValue('Too early by half');
  await page.keyboard.type(', but not now');
  expect(await mine()).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await expect(article('Too early by half, but not now')).toBeVisible();
  expect(await mine()).toHaveLength(1);
  await page.goto('/settings/posting');
  await page.getByLabel('Time to take a post back').selectOption({ label: 'None' });
});

test('characters are counted as the server counts them', async () => {
  // A link counts 23, a handle without its host, a family one.
  const start = 'https://tides.example/a/very/long/address/indeed?with=much&more=of-it @ines@marsh.example 👩‍👩‍👧‍👦 ';
  const full = start + 'x'.repeat(500 - (23 + 1 + 5 + 1 + 1 + 1));
  await begin('');
  await field().fill(full);
  const send = page.getByRole('dialog').getByRole('button', { name: 'Post', exact: true });
  await expect(send).toBeEnabled();
  await expect(page.getByRole('status').getByText('0 characters left')).toBeAttached();
  await field().fill(`${full}x`);
  await expect(send).toBeDisabled();
  await expect(write(c, 'maya', `${full}x`)).rejects.toThrow(/500/);
  await field().fill(full);
  await send.press('Enter');
  await expect(page.locator('dialog')).toHaveCount(0);
  expect((await mine())[0]!.content).toContain('xxx');
});

test('a thread is written at once, and a long text is split at sentences', async () => {
  const sentence = 'The tide came in and went out again while nobody looked. ';
  await begin('');
  await field().fill(`${sentence.repeat(15)}The end.`);
  await page.getByRole('button', { name: 'Split into a thread' }).click();
  await expect(page.getByRole('group', { name: /^Post \d of/ })).toHaveCount(1);
  await page.getByRole('button', { name: 'Add a post to the thread' }).click();
  await page.getByRole('textbox', { name: 'Text of post 3' }).fill('And that was that.');
  await expectClean(page, 'thread composer', 'dialog[open]');
  await page.getByRole('button', { name: 'Post all 3' }).click();
  await expect(article('And that was that.')).toBeVisible();
  const [last, middle, first] = await mine();
  expect([last!.inReplyToId, middle!.inReplyToId]).toEqual([middle!.id, first!.id]);
  expect(first!.content).toMatch(/looked\.<\/p>$/);
});

test('emoji are found and put where the caret is, by keyboard alone', async () => {
  await begin('Bread is  ready');
  for (let n = 0; n < 6; n++) await page.keyboard.press('ArrowLeft');
  await page.getByRole('dialog').getByRole('button', { name: 'Emoji', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('searchbox', { name: 'Find an emoji' })).toBeFocused();
  await expect(page.getByRole('button', { name: 'grinning face', exact: true })).toBeVisible();
  await expectClean(page, 'emoji', 'dialog[open]:has([type=search])');
  await page.keyboard.type('baguette');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: 'baguette bread' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field()).toHaveValue('Bread is 🥖 ready');
  await page.keyboard.press('Escape');
});

test('a post is written beside the page, while one reads on', async () => {
  await begin('Half of ');
  const beside = page.getByRole('button', { name: 'Keep beside the page' });
  await beside.press('Enter');
  await expect(beside).toBeFocused();
  await expectClean(page, 'writing beside the page');
  await snap(page, 'beside');
  await page.locator('article').first().focus();
  await page.keyboard.press('j'); // the page has its keys
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await expect(page).toHaveURL(/\/explore$/);
  await page.keyboard.press('n');
  await expect(field()).toBeFocused();
  await expect(field()).toHaveValue('Half of ');
  await page.keyboard.type('a thought');
  await beside.press('Enter');
  await expect(page.locator('dialog:modal')).toHaveCount(1);
  await beside.press('Enter');
  await field().press('Control+Enter');
  await expect(page.locator('dialog')).toHaveCount(0);
  await expect.poll(async () => (await mine())[0]!.content).toContain('Half of a thought');
});

test('those whom one writes to most are offered first', async () => {
  await begin('@ra');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  const offered = async () => {
    await begin('@r');
    await expect(page.getByRole('option').first()).toBeVisible();
    const [first] = await page.getByRole('option').allTextContents();
    for (let n = 0; n < 2; n++) await page.keyboard.press('Escape');
    return first;
  };
  await page.evaluate((id) => localStorage.removeItem(`company.${id}`), c.ids.maya);
  const before = await offered();
  const other = before!.includes('ravi') ? 'remy' : 'ravi';
  await begin(`@${other} and `);
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('dialog')).toHaveCount(0);
  expect(await offered()).toContain(other);
});

test('a post is scheduled, edited and taken off the list again', async () => {
  await begin('For tomorrow');
  await page.getByRole('button', { name: 'Schedule', exact: true }).first().click();
  await page.getByLabel('Publish on').fill('2036-05-01T09:30');
  await expectClean(page, 'schedule', 'dialog[open]');
  await page.locator('button[type=submit]', { hasText: 'Schedule' }).click();
  await page.getByRole('status').getByRole('button', { name: 'Drafts and scheduled posts' }).click();
  await expect(page.getByRole('button', { name: /May 1, 2036.*For tomorrow/ })).toBeVisible();
  await expectClean(page, 'scheduled');
  await page.getByRole('button', { name: /For tomorrow/ }).click();
  await field().fill('For the day after');
  await page.locator('button[type=submit]', { hasText: 'Schedule' }).click();
  await expect(page.getByRole('button', { name: /For the day after/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /For tomorrow/ })).toHaveCount(0);
  expect((await c.as.maya!.v1.scheduledStatuses.list()).map((s) => s.params.text)).toEqual(['For the day after']);
  await page.getByRole('button', { name: 'Delete the scheduled post' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the scheduled post' }).click();
  await expect(page.getByText('Nothing is scheduled')).toBeVisible();
});

test('a picture is uploaded, described and given its focal point', async () => {
  await begin('Company at dusk');
  await page.locator('dialog input[type=file]').setInputFiles('static/thumbnail.png');
  const describe = page.getByLabel('Description of file 1');
  await describe.fill('Prairie dogs');
  await page.getByRole('button', { name: 'Focal point of file 1' }).click();
  await page.getByLabel('From left to right').focus();
  for (let n = 0; n < 6; n++) await page.keyboard.press('ArrowRight');
  await expectClean(page, 'focal point', 'dialog[open]:has([type=range])');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.keyboard.press('Control+Enter');
  await expect(article('Company at dusk').getByRole('img', { name: 'Prairie dogs' })).toBeVisible();
  const [made] = await mine();
  expect(made!.mediaAttachments[0]).toMatchObject({ description: 'Prairie dogs', meta: { focus: { x: 0.3, y: 0 } } });
});

test('a post is edited, and deleted to write it again with all it had', async () => {
  const asked = await write(c, 'ines', 'Who has seen the heron?');
  const made = await write(c, 'maya', '@ines Not I.', { inReplyToId: asked.id, spoilerText: 'Birds', visibility: 'unlisted', language: 'fr' });
  await page.goto(`/@maya/${made.id}`);
  await page.locator('[data-focus]').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await expect(page.getByRole('dialog').getByText('Who has seen the heron?')).toBeVisible();
  await field().fill('@ines Not I, but Ravi.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('[data-focus]').getByText(/^Edited/)).toBeVisible();
  await page.locator('[data-focus]').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete and write again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete and write again' }).click();
  await expect(field()).toHaveValue('@ines Not I, but Ravi.');
  await page.getByRole('button', { name: /^Who sees it/ }).click();
  await page.getByRole('menuitemradio', { name: 'Nobody may quote it' }).click();
  await page.locator('dialog button[type=submit]').click();
  await expect.poll(async () => (await mine())[0]!.id).not.toBe(made.id);
  const [again] = await mine();
  expect(again).toMatchObject({ inReplyToId: asked.id, spoilerText: 'Birds', visibility: 'unlisted', language: 'fr', quoteApproval: { automatic: [] } });
});

test('a quote is allowed, seen, and taken back by whom it quotes', async () => {
  const wise = await write(c, 'maya', 'Slow is smooth.');
  const quote = await write(c, 'ines', 'As she says:', { quotedStatusId: wise.id } as never);
  await page.goto(`/@maya/${wise.id}/quotes`);
  await expect(article('As she says:')).toContainText('Slow is smooth.');
  await expectClean(page, 'who quotes', 'main');
  await article('As she says:').getByRole('button', { name: 'More' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Take your post out of this quote' }).press('Enter');
  await expect(page.getByText('The author does not want to be quoted here.')).toBeVisible();
  expect((await c.as.ines!.v1.statuses.$select(quote.id).fetch()).quote!.state).toBe('revoked');
});
