import { mkdirSync } from 'node:fs';
import { test } from '@playwright/test';
import { desktop, found, phone, settle, visit } from './community';

// Pictures of the main pages: "make screenshots".
const out = process.env.SCREENSHOTS ?? '';

test('the main pages', async ({ browser }) => {
  test.skip(!out, 'only when SCREENSHOTS names a folder');
  test.setTimeout(180_000);
  mkdirSync(out, { recursive: true });
  const c = await found();
  try {
    const posts = await settle(c);
    const { collection } = await c.as.theo!.v1.collections.create({ name: 'Marsh people', description: 'Who watches the herons, and who counts them.', tagName: 'birding', accountIds: [c.ids.ines!, c.ids.ravi!, c.ids.maya!] });
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
      const { page, context } = await visit(browser, c, 'maya', device);
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
