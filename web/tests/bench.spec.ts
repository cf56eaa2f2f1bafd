import { expect, test, type CDPSession } from '@playwright/test';
import { found, phone, settle, visit, write } from './community';

/** Scrolls down the page, 60 px a frame, and tells how long each frame took. */
async function scroll(): Promise<number[]> {
  const lengths: number[] = [];
  let last = performance.now();
  for (let n = 0; n < 300; n++) {
    scrollBy(0, 60);
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    lengths.push(now - last);
    last = now;
  }
  return lengths;
}

interface Task {
  name: string;
  tdur?: number; // µs
}

/** How long the tasks of the page's processes kept a processor busy (ms) while something was done: other work on the machine counts little. */
async function busy(devtools: CDPSession, work: () => Promise<unknown>): Promise<number[]> {
  const tasks: Task[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => tasks.push(...(value as unknown as Task[])));
  await devtools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel'], excludedCategories: ['*'] } });
  await work();
  const complete = new Promise((done) => devtools.once('Tracing.tracingComplete', done));
  await devtools.send('Tracing.end');
  await complete;
  return tasks.filter((task) => task.name === 'ThreadControllerImpl::RunTask').map((task) => (task.tdur ?? 0) / 1_000);
}

// Figures for docs/performance.md: "make bench".
test('time to the first timeline and frames while scrolling, four times slower', async ({ browser }) => {
  test.skip(!process.env.BENCH, 'only when BENCH is set');
  test.setTimeout(240_000);
  const c = await found();
  try {
    await settle(c);
    for (let n = 0; n < 200; n++) await write(c, 'ravi', `Hedge diary ${n}. ${'A wren looked out and went in again. '.repeat(1 + (n % 5))}`);
    const { page, context } = await visit(browser, c, 'maya', phone);
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('main article')) return;
        observer.disconnect();
        requestAnimationFrame(() => performance.mark('first-timeline'));
      }).observe(document, { childList: true, subtree: true });
    });
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    const times: number[] = [];
    for (let n = 0; n < 9; n++) {
      await devtools.send('Network.clearBrowserCache');
      await page.goto('/home');
      await page.locator('main article').first().waitFor();
      times.push(await page.evaluate(() => performance.getEntriesByName('first-timeline')[0]!.startTime));
    }
    times.sort((a, b) => a - b);
    console.log(`first timeline, cold, CPU slowed fourfold: median of 9 ${times[4]!.toFixed(0)} ms (${times[0]!.toFixed(0)} to ${times[8]!.toFixed(0)})`);
    for (const rate of [1, 4]) {
      await devtools.send('Emulation.setCPUThrottlingRate', { rate });
      await page.goto('/home');
      await page.locator('main article').first().waitFor();
      const frames = await page.evaluate(scroll);
      const slow = frames.filter((ms) => ms > 50).length / frames.length;
      console.log(`frames over 50 ms while scrolling 18,000 px, CPU slowed ${rate} times: ${(slow * 100).toFixed(1)} % of ${frames.length}`);
    }
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await page.goto('/home');
    await page.locator('main article').first().waitFor();
    const tasks = await busy(devtools, () => page.evaluate(scroll));
    console.log(`tasks while scrolling that want over 12.5 ms of a processor, 50 ms of one four times slower: ${tasks.filter((ms) => ms > 12.5).length} in 300 frames, the longest ${Math.max(...tasks).toFixed(1)} ms`);
    expect(times).toHaveLength(9);
    await context.close();
  } finally {
    await c.stop();
  }
});
