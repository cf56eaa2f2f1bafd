import { mkdirSync } from 'node:fs';
import { test } from '@playwright/test';
import type { mastodon } from 'masto';
import { desktop, found, phone, reached, settle, visit, write, type Community } from './community';

// Pictures of the main pages: "make screenshots".
const out = process.env.SCREENSHOTS ?? '';
/** A zone of time in which it is late in the evening; the pictures are taken on the next morning. */
const west = (new Date().getUTCHours() - 22 + 24) % 24;
const evening = west <= 12 ? `Etc/GMT+${west}` : `Etc/GMT-${24 - west}`;

/** What makes a home and a profile that were lived in; the answer is the post up to which home was read. */
async function dress(c: Community): Promise<string> {
  const { maya, ines, theo, ravi } = c.as as Record<string, mastodon.rest.Client>;
  await ines!.v1.accounts.updateCredentials({
    fieldsAttributes: [{ name: 'Portfolio', value: 'herons.example' }, { name: 'Pronouns', value: 'she / her' }, { name: 'Where', value: 'Alcochete' }],
  });
  for (const name of ['birding', 'herons']) await ines!.v1.featuredTags.create({ name });
  for (const name of ['theo', 'ravi', 'aiko']) await c.as[name]!.v1.accounts.$select(c.ids.ines!).follow();
  await maya!.v1.accounts.$select(c.ids.ines!).note.create({ comment: 'Met at the bird fair in Lisbon. Lent her the long lens.' });
  const circle = await maya!.v1.lists.create({ title: 'Close circle' });
  const [birders] = await maya!.v1.lists.list();
  for (const { id } of [circle, birders!]) await maya!.v1.lists.$select(id).accounts.create({ accountIds: [c.ids.ines!] });
  await maya!.v1.tags.$select('slowweb').follow();
  const [read] = await maya!.v1.timelines.home.list({ limit: 1 });
  const count = await write(c, 'theo', 'Heron count at the marsh on Saturday, from six in the morning. Who comes along? #herons');
  await ravi!.v1.statuses.create({ status: '@theo I bring the telescope.', inReplyToId: count.id, visibility: 'public' });
  await ines!.v1.statuses.create({ status: '@theo And I the coffee, both thermoses. #herons', inReplyToId: count.id, visibility: 'public' });
  const last = await write(c, 'aiko', 'Notes from the workshop: the order of the focus is a story. Tell it from the beginning. #slowweb');
  await reached(c, 'maya', count, last);
  return read!.id;
}

test('the main pages', async ({ browser }) => {
  test.skip(!out, 'only when SCREENSHOTS names a folder');
  test.setTimeout(180_000);
  mkdirSync(out, { recursive: true });
  const c = await found();
  try {
    const posts = await settle(c);
    const { collection } = await c.as.theo!.v1.collections.create({ name: 'Marsh people', description: 'Who watches the herons, and who counts them.', tagName: 'birding', accountIds: [c.ids.ines!, c.ids.ravi!, c.ids.maya!] });
    const read = await dress(c);
    const pages: Record<string, string> = {
      home: '/home',
      thread: `/@maya/${posts.mine!.id}`,
      profile: '/@ines',
      notifications: '/notifications',
      explore: '/explore?tab=people',
      settings: '/settings/look',
      welcome: '/welcome',
      conversations: '/conversations',
      collection: `/collections/${collection.id}`,
    };
    for (const [kind, device] of [['desktop', desktop], ['phone', phone], ['desktop-dark', { ...desktop, scheme: 'dark' as const }], ['arabic', { ...phone, scheme: 'light' as const, locale: 'ar' }]] as const) {
      const { page, context } = await visit(browser, c, 'maya', { ...device, zone: evening });
      await page.clock.setFixedTime(Date.now() + 9.5 * 3_600_000);
      await page.goto('/settings/look');
      await page.locator('main h1').waitFor();
      await page.waitForLoadState('networkidle'); // home told by now that all of it was seen
      await c.as.maya!.v1.markers.create({ home: { lastReadId: read } });
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path);
        await page.locator('main h1').waitFor();
        await page.waitForLoadState('networkidle');
        await page.screenshot({ path: `${out}/${name}-${kind}.png` });
      }
      await page.goto('/home');
      await page.locator('article').first().waitFor();
      await page.keyboard.press('n');
      await page.locator('dialog textarea').waitFor();
      await page.screenshot({ path: `${out}/compose-${kind}.png` });
      await page.goto(`/@ines/${posts.herons!.id}?media=1`);
      await page.locator('dialog img').waitFor();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: `${out}/viewer-${kind}.png` });
      await context.close();
    }
  } finally {
    await c.stop();
  }
});
