const painted = (document.body.dataset.portraits ?? '').split(' ').filter(Boolean);

/**
 * The picture of somebody: their own, or the default portrait in the colours
 * that the server's pages show them in, too (FNV-1a of the name).
 */
export function portrait(account: { username: string; avatar: string }, picture: string = account.avatar): string {
  if (!picture.endsWith('/missing.png') || painted.length === 0) return picture;
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(account.username.toLowerCase())) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return painted[sum % painted.length]!;
}
