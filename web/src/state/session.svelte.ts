import { api, isSignedOut, shows, signIn, type mastodon } from '../api/client';
import { call } from '../api/extra';
import { Stream } from '../api/stream';
import { allows, type Permission } from '../lib/permissions';

/** Who is signed in, and the server they are on. */
class Session {
  #me = $state.raw<mastodon.v1.CredentialAccount>();
  #instance = $state.raw<mastodon.v2.Instance>();
  failed = $state.raw<unknown>();
  stream!: Stream;

  /** The account that is signed in; ask only after load. */
  get me(): mastodon.v1.CredentialAccount {
    return this.#me!;
  }

  get instance(): mastodon.v2.Instance {
    return this.#instance!;
  }

  get ready(): boolean {
    return this.#me !== undefined && this.#instance !== undefined;
  }

  async load(): Promise<void> {
    this.failed = undefined;
    try {
      const [me, instance] = await Promise.all([api.v1.accounts.verifyCredentials(), api.v2.instance.fetch()]);
      const at = new URL(instance.configuration.urls.streaming);
      at.pathname = '/api/v1/streaming';
      // The session counts on our own origin alone.
      at.host = location.host;
      at.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
      at.searchParams.set('coterie_account', me.id);
      this.stream = new Stream(at.href);
      shows(me.id);
      this.#instance = instance;
      this.#me = me;
      agree();
    } catch (error) {
      if (isSignedOut(error)) signIn();
      else this.failed = error;
    }
  }

  /** Takes over what the server answered to a change of one's own profile. */
  changed(me: mastodon.v1.CredentialAccount): void {
    this.#me = me;
  }

  /** Whether the own role allows any of this. */
  may(...any: Permission[]): boolean {
    return allows(this.#me?.role?.permissions, ...any);
  }

  isMe(account: { id: string }): boolean {
    return account.id === this.#me?.id;
  }
}

export const session = new Session();

/** Sends a form, which leaves the client: what it keeps of who was signed in goes. */
function leave(action: string, fields: Record<string, string> = {}): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name, value });
    form.append(field);
  }
  document.body.append(form);
  navigator.serviceWorker?.controller?.postMessage('forget');
  form.submit();
}

/** Ends the session, or those of all accounts that the browser holds. */
export function signOut(all = false): void {
  const theirs = all ? [session.me, ...accounts.others] : [session.me];
  const names = theirs.flatMap(({ id }) => [`drafts.${id}`, `outbox.${id}`, `threads.${id}`, `company.${id}`, `tabs.${id}`]);
  for (const name of names) localStorage.removeItem(name);
  leave('/auth/sign_out', all ? { all: 'true' } : {});
}

/** The accounts that this browser holds beside the one in use. */
class Accounts {
  others = $state.raw<mastodon.v1.Account[]>([]);
  #asked = false;

  /** Finds out who they are, once. */
  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      const ids = await call<string[]>('GET', '/auth/accounts');
      this.others = await Promise.all(ids.map((id) => api.v1.accounts.$select(id).fetch()));
    } catch (error) {
      this.#asked = false;
      console.error(error);
    }
  }

  add(): void {
    leave('/auth/accounts/add');
  }

  use(id: string): void {
    leave('/auth/accounts/switch', { account: id });
  }
}

export const accounts = new Accounts();

/** Keeps the tabs of a browser to one account: none acts as somebody whom it does not show. */
function agree(): void {
  const tabs = new BroadcastChannel('account');
  tabs.onmessage = ({ data }) => {
    if (data !== session.me.id) location.assign('/home');
  };
  tabs.postMessage(session.me.id);
}
