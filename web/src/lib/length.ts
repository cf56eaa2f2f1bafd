/** What a link counts, however long it is (behaviours 8). */
const LINK = 23;
const link = /https?:\/\/[^\s<>"']+/gi;
const handle = /(^|[^\w/])@(\w[\w.-]*\w|\w)@[\w.-]+\w/g;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The length of a post as the server counts it: characters people see, links as 23, handles without their host. */
export function postLength(text: string, spoiler = ''): number {
  const counted = text.replace(link, 'x'.repeat(LINK)).replace(handle, '$1@$2');
  return characters(counted) + characters(spoiler);
}

/** How many characters people see. */
export function characters(text: string): number {
  let n = 0;
  for (const _ of graphemes.segment(text)) n++;
  return n;
}
