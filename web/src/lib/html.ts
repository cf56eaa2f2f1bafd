import { escape, isInner } from './addresses';

/** A custom emoji as entities list them. */
export interface Emoji {
  shortcode: string;
  url: string;
  staticUrl: string;
}

/** Where links of a text lead within the client. */
export interface Links {
  mentions: { url: string; acct: string }[];
  tags: { name: string }[];
}

const kept = new Set(['P', 'BR', 'SPAN', 'A', 'STRONG', 'B', 'EM', 'I', 'U', 'DEL', 'S', 'PRE', 'CODE', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'RUBY', 'RT', 'RP', 'SUP', 'SUB', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'HR']);
const classes = new Set(['invisible', 'ellipsis', 'mention', 'hashtag', 'h-card', 'u-url', 'quote-inline']);
/** Elements whose text is no text of the post. */
const dropped = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT', 'EMBED', 'NOSCRIPT', 'SVG', 'MATH']);

/**
 * The HTML of a post, a name or a note made ready to show. The server cleaned
 * it already; here only what is known is taken over, so that the page does not
 * depend on that (SEC-51). Links to people and hashtags lead into the client,
 * custom emoji become pictures.
 */
export function rich(html: string, emojis: Emoji[] = [], links: Links = { mentions: [], tags: [] }): string {
  const source = new DOMParser().parseFromString(html, 'text/html');
  return inner(source.body, emojis, links);
}

/** Plain text with its custom emoji as pictures. */
export function plain(text: string, emojis: Emoji[] = []): string {
  return withEmoji(escape(text), emojis);
}

/** The words of some HTML. */
export function words(html: string): string {
  const doc = new DOMParser().parseFromString(html.replace(/<br\s*\/?>/g, '\n').replace(/<\/p>\s*<p/g, '</p>\n\n<p'), 'text/html');
  return doc.body.textContent?.trim() ?? '';
}

function inner(node: Node, emojis: Emoji[], links: Links): string {
  let out = '';
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) out += withEmoji(escape(child.textContent ?? ''), emojis);
    else if (child instanceof Element || child.nodeType === Node.ELEMENT_NODE) out += element(child as Element, emojis, links);
  }
  return out;
}

function element(e: Element, emojis: Emoji[], links: Links): string {
  const name = e.tagName.toUpperCase();
  if (dropped.has(name)) return '';
  const content = inner(e, emojis, links);
  if (!kept.has(name)) return content;
  const tag = name.toLowerCase();
  if (name === 'BR' || name === 'HR') return `<${tag}>`;
  let attributes = '';
  const known = [...e.classList].filter((c) => classes.has(c));
  if (known.length > 0) attributes += ` class="${known.join(' ')}"`;
  if (e.getAttribute('translate') === 'no') attributes += ' translate="no"';
  if (name === 'A') attributes += anchor(e.getAttribute('href') ?? '', e, links);
  return `<${tag}${attributes}>${content}</${tag}>`;
}

function anchor(href: string, e: Element, links: Links): string {
  const mention = links.mentions.find((m) => m.url === href);
  if (mention) return ` href="/@${escape(mention.acct)}" data-acct="${escape(mention.acct)}"`;
  const text = e.textContent ?? '';
  if (text.startsWith('#')) {
    const name = text.slice(1);
    if (links.tags.some((tag) => tag.name.toLowerCase() === name.toLowerCase())) return ` href="/tags/${encodeURIComponent(name)}"`;
  }
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return '';
  }
  if (!['http:', 'https:', 'mailto:', 'xmpp:', 'gemini:', 'matrix:'].includes(url.protocol)) return '';
  if (isInner(url)) return ` href="${escape(url.pathname + url.search + url.hash)}"`;
  return ` href="${escape(url.href)}" target="_blank" rel="nofollow noopener noreferrer"`;
}

/** Replaces :shortcodes: between other than letters and digits (behaviours 9.5). */
function withEmoji(text: string, emojis: Emoji[]): string {
  if (emojis.length === 0 || !text.includes(':')) return text;
  return text.replace(/(?<![A-Za-z0-9]):([A-Za-z0-9_]{2,}):(?![A-Za-z0-9])/g, (whole, code: string) => {
    const emoji = emojis.find((e) => e.shortcode === code);
    if (!emoji || !/^https?:\/\//.test(emoji.url)) return whole;
    return `<img class="emoji" src="${escape(emoji.url)}" alt="${whole}" title="${whole}" width="20" height="20" loading="lazy" draggable="false">`;
  });
}
