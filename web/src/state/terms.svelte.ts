import { call } from '../api/extra';
import { session } from './session.svelte';

/** A version of the terms of service that one is asked about. */
interface Asked {
  effectiveDate: string;
  /** Whether it holds already. */
  effective: boolean;
}

const at = '/api/coterie/v1/terms';

/** Whether there are terms of service that one has not accepted yet. */
class Terms {
  asked = $state.raw<Asked | null>(null);
  #begun = false;

  start(): void {
    const { urls } = session.instance.configuration as { urls: { termsOfService?: string | null } };
    if (this.#begun || !urls.termsOfService) return;
    this.#begun = true;
    call<{ asked: Asked | null }>('GET', at).then(
      ({ asked }) => (this.asked = asked),
      (error: unknown) => console.error(error),
    );
  }

  /** What they say, as HTML. */
  async text(day: string): Promise<string> {
    return (await call<{ content: string }>('GET', `/api/v1/instance/terms_of_service/${day}`)).content;
  }

  /** Accepts them; the next version, if there is one, is asked about then. */
  async accept(day: string): Promise<void> {
    this.asked = (await call<{ asked: Asked | null }>('POST', `${at}/accept`, { effectiveDate: day })).asked;
  }
}

export const terms = new Terms();
