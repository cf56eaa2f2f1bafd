import { session } from './session.svelte';

const MOST = 200;
const name = () => `company.${session.me.id}`;

function read(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(name()) ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}

/** Takes note, on this device, of whom a post names. */
export function wroteTo(text: string): void {
  const named = [...text.matchAll(/(?<![\w/@.])@([\w.-]*\w(?:@[\w.:-]*\w)?)/g)].map((hit) => hit[1]!.toLowerCase());
  if (named.length === 0) return;
  const known = read();
  for (const acct of new Set(named)) known[acct] = (known[acct] ?? 0) + 1;
  const most = Object.entries(known).sort(([, a], [, b]) => b - a).slice(0, MOST);
  localStorage.setItem(name(), JSON.stringify(Object.fromEntries(most)));
}

/** People in the order in which they are written to most; otherwise as they were. */
export function byCompany<T extends { acct: string }>(people: T[]): T[] {
  const known = read();
  return [...people].sort((a, b) => (known[b.acct.toLowerCase()] ?? 0) - (known[a.acct.toLowerCase()] ?? 0));
}
