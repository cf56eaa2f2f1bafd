import { MastoHttpError } from 'masto';
import { call } from './extra';

/** Our own API, for what Mastodon has none for (docs/ownapi.md). */
const base = '/api/coterie/v1';

export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  usedAt: string | null;
}

export interface Security {
  oneTime: boolean;
  recoveryCodes: number;
  passkeys: Passkey[];
}

export interface Session {
  id: string;
  current: boolean;
  ip: string;
  userAgent: string;
  createdAt: string;
  seenAt: string;
}

export interface AuthorizedApp {
  id: string;
  name: string;
  website: string;
  scopes: string[];
  grantedAt: string;
  usedAt: string | null;
}

export interface OneTimeSetUp {
  secret: string;
  uri: string;
  qr: string;
}

/** Recovery codes come with the first factor, and are shown once. */
interface Recovery {
  recoveryCodes: string[];
}

export const security = {
  get: () => call<Security>('GET', `${base}/security`),
  changePassword: (currentPassword: string, password: string) => call<object>('POST', `${base}/security/password`, { currentPassword, password }),
  proposeOneTime: (currentPassword: string) => call<OneTimeSetUp>('POST', `${base}/security/one_time`, { currentPassword }),
  confirmOneTime: (code: string) => call<Recovery>('POST', `${base}/security/one_time/confirm`, { code }),
  dropOneTime: (currentPassword: string) => call<object>('DELETE', `${base}/security/one_time`, { currentPassword }),
  newRecoveryCodes: (currentPassword: string) => call<Recovery>('POST', `${base}/security/recovery_codes`, { currentPassword }),
  dropPasskey: (id: string, currentPassword: string) => call<object>('DELETE', `${base}/security/passkeys/${id}`, { currentPassword }),

  /** Makes a passkey on this device, or on one that it asks for. */
  async addPasskey(currentPassword: string, name: string): Promise<Recovery> {
    // What WebAuthn hands over keeps its own names.
    const answer = await fetch(`${base}/security/passkeys/options`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ current_password: currentPassword }),
    });
    const asked = (await answer.json()) as { error?: string; secret: string; options: { publicKey: PublicKeyCredentialCreationOptionsJSON } };
    if (!answer.ok) throw new MastoHttpError({ statusCode: answer.status, message: asked.error ?? '' });
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options.publicKey);
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    return call<Recovery>('POST', `${base}/security/passkeys`, { secret: asked.secret, name, answer: JSON.stringify(made.toJSON()) });
  },
};

/** Whether this browser can make passkeys. */
export const passkeysWork = () => 'PublicKeyCredential' in globalThis && 'parseCreationOptionsFromJSON' in PublicKeyCredential;

export const access = {
  sessions: () => call<Session[]>('GET', `${base}/sessions`),
  endSession: (id: string) => call<object>('DELETE', `${base}/sessions/${id}`),
  apps: () => call<AuthorizedApp[]>('GET', `${base}/apps`),
  revokeApp: (id: string) => call<object>('DELETE', `${base}/apps/${id}`),
};

export interface Invite {
  id: string;
  url: string;
  note: string;
  /** 0: any number. */
  maxUses: number;
  uses: number;
  follow: boolean;
  expiresAt: string | null;
  createdAt: string;
  open: boolean;
}

export const invites = {
  list: () => call<Invite[]>('GET', `${base}/invites`),
  make: (wishes: { note: string; maxUses: number; expiresIn: number; follow: boolean }) => call<Invite>('POST', `${base}/invites`, wishes),
  revoke: (id: string) => call<object>('DELETE', `${base}/invites/${id}`),
};

export const leaving = {
  aliases: async () => (await call<{ aliases: string[] }>('GET', `${base}/aliases`)).aliases,
  addAlias: async (alias: string) => (await call<{ aliases: string[] }>('POST', `${base}/aliases`, { alias })).aliases,
  removeAlias: async (alias: string) => (await call<{ aliases: string[] }>('DELETE', `${base}/aliases`, { alias })).aliases,
  move: (currentPassword: string, target: string) => call<object>('POST', `${base}/move`, { currentPassword, target }),
  deleteAccount: (currentPassword: string) => call<object>('DELETE', `${base}/account`, { currentPassword }),
};
