import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OpenID Connect provider on this machine, where somebody is signed in. */
export interface Provider {
  issuer: string;
  /** Whether it answers at all. */
  awake: boolean;
  /** Who is signed in there. */
  subject: string;
  stop(): void;
}

export const client = { id: 'coterie', secret: 'a secret of the choir' };

const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Starts it: discovery, a page that asks, codes bound by PKCE, tokens signed with RS256. */
export async function provide(): Promise<Provider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const granted = new Map<string, { challenge: string; nonce: string }>();
  const provider: Provider = { issuer: '', awake: true, subject: 'voice-7', stop: () => server.close() };
  const say = (answer: ServerResponse, body: object, status = 200) => answer.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

  const paths: Record<string, (answer: ServerResponse, params: URLSearchParams, request: IncomingMessage) => void> = {
    '/.well-known/openid-configuration': (answer) =>
      say(answer, { issuer: provider.issuer, authorization_endpoint: `${provider.issuer}/authorize`, token_endpoint: `${provider.issuer}/token`, jwks_uri: `${provider.issuer}/keys`, id_token_signing_alg_values_supported: ['RS256'] }),
    '/keys': (answer) => say(answer, { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: '1' }] }),
    '/authorize'(answer, params) {
      const code = randomUUID();
      granted.set(code, { challenge: params.get('code_challenge')!, nonce: params.get('nonce')! });
      const back = `${params.get('redirect_uri')}?${new URLSearchParams({ code, state: params.get('state')! })}`;
      answer.writeHead(200, { 'Content-Type': 'text/html' }).end(`<h1>Choir</h1><a href="${back.replaceAll('&', '&amp;')}">It is me</a>`);
    },
    '/token'(answer, params, request) {
      const code = granted.get(params.get('code') ?? '');
      granted.delete(params.get('code') ?? '');
      const known = `Basic ${Buffer.from(`${client.id}:${encodeURIComponent(client.secret).replaceAll('%20', '+')}`).toString('base64')}`;
      const challenge = createHash('sha256').update(params.get('code_verifier') ?? '').digest('base64url');
      if (request.headers.authorization !== known || challenge !== code?.challenge) return say(answer, { error: 'invalid_grant' }, 400);
      const now = Math.floor(Date.now() / 1_000);
      const body = `${coded({ alg: 'RS256', kid: '1' })}.${coded({ iss: provider.issuer, aud: client.id, sub: provider.subject, nonce: code.nonce, preferred_username: 'alto', iat: now, exp: now + 60 })}`;
      say(answer, { access_token: 'x', token_type: 'Bearer', id_token: `${body}.${createSign('RSA-SHA256').update(body).sign(privateKey, 'base64url')}` });
    },
  };
  const server = createServer(async (request, answer) => {
    const { pathname, searchParams } = new URL(request.url!, provider.issuer);
    let body = '';
    for await (const chunk of request) body += chunk;
    const act = provider.awake ? paths[pathname] : undefined;
    if (act) act(answer, body ? new URLSearchParams(body) : searchParams, request);
    else answer.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return provider;
}
