import { describe, expect, it } from 'vitest';
import { readTelegramHtml } from './telegram-html.js';

describe('a Telegram message on the page', () => {
  it('keeps the allowed formatting, nested and under its long names', () => {
    expect(readTelegramHtml('<b>new <i>cake</i></b> and <strong>pie</strong>')).toEqual([
      { tag: 'b', children: ['new ', { tag: 'i', children: ['cake'] }] },
      ' and ',
      { tag: 'b', children: ['pie'] },
    ]);
  });

  it('reads entities as the characters they stand for', () => {
    expect(readTelegramHtml('1 &lt; 2 &amp;&amp; &quot;ok&quot; &#1087;&#x1F370; &unknown;')).toEqual([
      '1 < 2 && "ok" п🍰 &unknown;',
    ]);
  });

  it('links to the web', () => {
    expect(readTelegramHtml('<a href="https://www.instagram.com/p/x/?a=1&amp;b=2">post</a>')).toEqual([
      { tag: 'a', href: 'https://www.instagram.com/p/x/?a=1&b=2', children: ['post'] },
    ]);
  });

  it.each(['javascript:alert(1)', 'java&#115;cript:alert(1)', 'data:text/html,x', '//evil.example'])(
    'does not link to %s',
    (href) => {
      expect(readTelegramHtml(`<a href="${href}">tap</a>`)).toEqual([{ tag: 'u', children: ['tap'] }]);
    },
  );

  it.each(['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<iframe src="x">', 'a < b', '</b>'])(
    'shows %s as the text it is',
    (text) => {
      const pieces = readTelegramHtml(text);
      expect(pieces.filter((piece) => typeof piece !== 'string')).toEqual([]);
      expect(pieces.map(String).join('')).toBe(text);
    },
  );

  it('drops event handlers of an allowed element', () => {
    expect(readTelegramHtml('<b onclick="alert(1)">x</b>')).toEqual([{ tag: 'b', children: ['x'] }]);
  });

  it('closes what was left open', () => {
    expect(readTelegramHtml('<b>cut off')).toEqual([{ tag: 'b', children: ['cut off'] }]);
  });
});
