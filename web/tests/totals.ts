import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Prints the totals in the words that every runner here uses. */
export default class Totals implements Reporter {
  #passed = 0;
  #failed = 0;

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === 'passed') this.#passed++;
    else if (result.status !== 'skipped' && result.retry === test.retries) this.#failed++;
  }

  onEnd(result: FullResult): void {
    if (result.status === 'interrupted') this.#failed++;
    console.log(`browser: ${this.#passed} passed, ${this.#failed} failed`);
  }
}
