import { expect, it } from 'vitest';
import { plain, rich, words } from './html';

const emoji = { shortcode: 'wren', url: 'https://a.example/wren.png', staticUrl: 'https://a.example/wren.png' };

it('leads people and hashtags into the client and everything else outside', () => {
  const html =
    '<p><span class="h-card"><a href="https://b.example/@ravi" class="u-url mention">@<span>ravi</span></a></span> ' +
    '<a href="https://b.example/tags/Birding" class="mention hashtag" rel="tag">#<span>Birding</span></a> <a href="https://c.example/x?a=1&amp;b=2">c</a></p>';
  const made = rich(html, [], { mentions: [{ url: 'https://b.example/@ravi', acct: 'ravi@b.example' }], tags: [{ name: 'birding' }] });
  expect(made).toContain('href="/@ravi@b.example"');
  expect(made).toContain('href="/tags/Birding"');
  expect(made).toContain('href="https://c.example/x?a=1&#38;b=2" target="_blank" rel="nofollow noopener noreferrer"');
});

it('takes over nothing that it does not know (SEC-51)', () => {
  for (const [bad, good] of [
    ['<script>alert(1)</script>x', 'x'],
    ['<img src=x onerror=alert(1)>', ''],
    ['<a href="javascript:alert(1)">x</a>', '<a>x</a>'],
    ['<a href="data:text/html,x">x</a>', '<a>x</a>'],
    ['<p style="position:fixed" onclick="x()" id="main">x</p>', '<p>x</p>'],
    ['<svg><script>alert(1)</script></svg>', ''],
    ['<object data="https://evil.example"></object>', ''],
    ['<form action="https://evil.example"><button>x</button></form>', 'x'],
    ['&lt;script&gt;', '&#60;script&#62;'],
  ] as const) {
    expect(rich(bad)).toBe(good);
  }
  expect(plain('<b>"x"</b>')).toBe('&#60;b&#62;&#34;x&#34;&#60;/b&#62;');
  expect(plain(':wren:', [{ ...emoji, url: 'javascript:alert(1)' }])).toBe(':wren:');
});

it('shows custom emoji where they stand alone (behaviours 9.5)', () => {
  expect(plain('a :wren: b', [emoji])).toContain('<img class="emoji" src="https://a.example/wren.png" alt=":wren:"');
  expect(plain('a:wren:b', [emoji])).toBe('a:wren:b');
});

it('finds the words of a text', () => {
  expect(words('<p>one<br>two</p><p>three &amp; four</p>')).toBe('one\ntwo\n\nthree & four');
});
