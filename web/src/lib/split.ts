import { postLength } from './length';

/** Where a text may be cut, best first: paragraphs, sentences, words. */
const cuts = [/\n\s*\n/g, /(?<=[.!?…。！？؟])\s+|(?<=[。！？])/gu, /\s+/g];

/**
 * A text as parts of at most `limit` characters (as the server counts them),
 * cut at the ends of paragraphs, else of sentences, else of words. What has no
 * end within the limit is cut where it is full.
 */
export function split(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (postLength(rest) > limit) {
    const at = cuts.map((cut) => last(rest, cut, limit)).find((n) => n > 0) ?? full(rest, limit);
    parts.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest || parts.length === 0 ? [...parts, rest] : parts;
}

/** The first sentence of a text, or its first line. */
export function sentence(text: string): string {
  return text.split(/\n|(?<=[.!?…؟])\s|(?<=[。！？])/u, 1)[0]!;
}

/** The last place for a cut that leaves no more than the limit before it, and no less than a third of it. */
function last(text: string, cut: RegExp, limit: number): number {
  let best = 0;
  for (const { index } of text.matchAll(cut)) {
    if (index === 0) continue;
    const used = postLength(text.slice(0, index));
    if (used > limit) break;
    if (used > limit / 3) best = index;
  }
  return best;
}

function full(text: string, limit: number): number {
  let n = 0;
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    if (++n > limit) return index;
    if (index + segment.length >= text.length) break;
  }
  return text.length;
}
