import { MastoHttpError } from 'masto';
import { shown } from './client';
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
  /** Whether there is one. */
  password: boolean;
  oneTime: boolean;
  recoveryCodes: number;
  passkeys: Passkey[];
  /** Name of the OpenID Connect provider; null: none. */
  provider: string | null;
}

/** Somebody at an OpenID Connect provider, who signs in here by it. */
export interface Identity {
  id: string;
  issuer: string;
  name: string;
  createdAt: string;
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

/** What Mastodon lets people choose on its pages only, and tells all their apps. */
export interface Preferences {
  /** Of public timelines; none: all. */
  languages: string[];
  showApplication: boolean;
  expandMedia: 'default' | 'show_all' | 'hide_all';
  expandSpoilers: boolean;
  autoplayGifs: boolean;
}

/** Somebody came in. */
export interface SignIn {
  id: string;
  method: 'password' | 'password_and_code' | 'password_and_passkey' | 'passkey' | 'recovery_code' | 'provider' | 'sign_up';
  ip: string;
  userAgent: string;
  /** Whether the browser or its network was seen before. */
  known: boolean;
  createdAt: string;
}

/** Shows that the owner acts: the password, or what a passkey answered. */
export type Proof = { currentPassword: string } | { passkeySecret: string; passkeyAnswer: string };

/** Posts what the library's naming would spoil: WebAuthn keeps its own names. */
async function ask<T>(path: string, body: object): Promise<{ secret: string; options: { publicKey: T } }> {
  const answer = await fetch(`${base}${path}`, { method: 'POST', credentials: 'same-origin', headers: { ...Object.fromEntries(shown), 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const asked = (await answer.json()) as { error?: string; secret: string; options: { publicKey: T } };
  if (!answer.ok) throw new MastoHttpError({ statusCode: answer.status, message: asked.error ?? '' });
  return asked;
}

/** Asks a passkey in place of the password. */
export async function prove(): Promise<Proof> {
  const asked = await ask<PublicKeyCredentialRequestOptionsJSON>('/security/proof', {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options.publicKey);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  return { passkeySecret: asked.secret, passkeyAnswer: JSON.stringify(credential.toJSON()) };
}

export const preferences = {
  get: () => call<Preferences>('GET', `${base}/preferences`),
  save: (change: Partial<Preferences>) => call<Preferences>('PATCH', `${base}/preferences`, change),
};

/** What one reads of by mail. */
export interface MailWishes {
  /** Whether this server sends any. */
  available: boolean;
  notices: boolean;
  /** Also where an app tells. */
  always: boolean;
  types: Record<string, boolean>;
}

export const mail = {
  wishes: () => call<MailWishes>('GET', `${base}/mail`),
  /** By the names of the fields of a form, since types keep theirs. */
  wish: (field: string, on: boolean) => {
    const form = new FormData();
    form.set(field, String(on));
    return call<MailWishes>('PATCH', `${base}/mail`, form);
  },
};

/** A text as a picture to scan: its data: address. */
export const qr = async (text: string) => (await call<{ qr: string }>('GET', `${base}/qr?text=${encodeURIComponent(text)}`)).qr;

export const security = {
  get: () => call<Security>('GET', `${base}/security`),
  changePassword: (proof: Proof, password: string) => call<object>('POST', `${base}/security/password`, { ...proof, password }),
  changeEmail: (proof: Proof, email: string) => call<object>('POST', `${base}/security/email`, { ...proof, email }),
  dropPassword: (proof: Proof) => call<object>('DELETE', `${base}/security/password`, proof),
  proposeOneTime: (proof: Proof) => call<OneTimeSetUp>('POST', `${base}/security/one_time`, proof),
  confirmOneTime: (code: string) => call<Recovery>('POST', `${base}/security/one_time/confirm`, { code }),
  dropOneTime: (proof: Proof) => call<object>('DELETE', `${base}/security/one_time`, proof),
  newRecoveryCodes: (proof: Proof) => call<Recovery>('POST', `${base}/security/recovery_codes`, proof),
  dropPasskey: (id: string, proof: Proof) => call<object>('DELETE', `${base}/security/passkeys/${id}`, proof),

  identities: () => call<Identity[]>('GET', `${base}/security/identities`),
  unlink: (id: string, proof: Proof) => call<object>('DELETE', `${base}/security/identities/${id}`, proof),

  /** Makes a passkey on this device, or on one that it asks for. */
  async addPasskey(proof: Proof, name: string): Promise<Recovery> {
    const body = 'currentPassword' in proof ? { current_password: proof.currentPassword } : { passkey_secret: proof.passkeySecret, passkey_answer: proof.passkeyAnswer };
    const asked = await ask<PublicKeyCredentialCreationOptionsJSON>('/security/passkeys/options', body);
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options.publicKey);
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    return call<Recovery>('POST', `${base}/security/passkeys`, { secret: asked.secret, name, answer: JSON.stringify(made.toJSON()) });
  },
};

/** Whether this browser can make passkeys. */
export const passkeysWork = () => 'PublicKeyCredential' in globalThis && 'parseCreationOptionsFromJSON' in PublicKeyCredential;

export const access = {
  signIns: () => call<SignIn[]>('GET', `${base}/sign_ins`),
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

export interface Moved {
  movedTo: string | null;
  movedAt: string | null;
  /** When another move is possible; null: now. */
  nextAt: string | null;
}

export const leaving = {
  moved: () => call<Moved>('GET', `${base}/move`),
  stay: (proof: Proof) => call<Moved>('DELETE', `${base}/move`, proof),
  aliases: async () => (await call<{ aliases: string[] }>('GET', `${base}/aliases`)).aliases,
  addAlias: async (alias: string) => (await call<{ aliases: string[] }>('POST', `${base}/aliases`, { alias })).aliases,
  removeAlias: async (alias: string) => (await call<{ aliases: string[] }>('DELETE', `${base}/aliases`, { alias })).aliases,
  move: (proof: Proof, target: string) => call<object>('POST', `${base}/move`, { ...proof, target }),
  deleteAccount: (proof: Proof) => call<object>('DELETE', `${base}/account`, proof),
};
