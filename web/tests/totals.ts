import type { FullConfig, FullResult, Reporter, Suite } from '@playwright/test/reporter';

/** Prints the totals in the words that every runner here uses, and names what passed only when told again. */
export default class Totals implements Reporter {
  #suite?: Suite;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(result: FullResult): void {
    const tests = this.#suite?.allTests() ?? [];
    const so = (outcome: string) => tests.filter((test) => test.outcome() === outcome);
    for (const test of so('flaky')) console.log(`*** UNSTEADY: ${test.titlePath().filter(Boolean).join(' › ')} passed only the second time`);
    const failed = so('unexpected').length + (result.status === 'interrupted' ? 1 : 0);
    console.log(`browser: ${so('expected').length + so('flaky').length} passed, ${failed} failed`);
  }
}
