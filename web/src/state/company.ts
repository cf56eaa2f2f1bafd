import { session } from './session.svelte';

/** How often somebody was written to, and their id where the server told it. */
type Known = Record<string, { n: number; id?: string }>;

const MOST = 200;
const name = () => `company.${session.me.id}`;

function read(): Known {
  try {
    return JSON.parse(localStorage.getItem(name()) ?? '{}') as Known;
  } catch {
    return {};
  }
}

/** Takes note, on this device, of whom a post names; `told` are those whom the server found in it. */
export function wroteTo(text: string, told: { id: string; acct: string }[] = []): void {
  const named = [...text.matchAll(/(?<![\w/@.])@([\w.-]*\w(?:@[\w.:-]*\w)?)/g)].map((hit) => hit[1]!.toLowerCase());
  if (named.length === 0) return;
  const known = read();
  for (const acct of new Set(named)) {
    const before = known[acct];
    known[acct] = { n: (before?.n ?? 0) + 1, id: told.find((one) => one.acct.toLowerCase() === acct)?.id ?? before?.id };
  }
  localStorage.setItem(name(), JSON.stringify(Object.fromEntries(ranked(known).slice(0, MOST))));
}

const ranked = (known: Known) => Object.entries(known).sort(([, a], [, b]) => b.n - a.n);

/** People in the order in which they are written to most; otherwise as they were. */
export function byCompany<T extends { acct: string }>(people: T[]): T[] {
  const known = read();
  return [...people].sort((a, b) => (known[b.acct.toLowerCase()]?.n ?? 0) - (known[a.acct.toLowerCase()]?.n ?? 0));
}

/** The ids of those who are written to most. */
export function closest(most: number): string[] {
  return ranked(read()).flatMap(([, { id }]) => id ?? []).slice(0, most);
}
