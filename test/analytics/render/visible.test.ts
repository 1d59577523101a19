import { escapeMarkup } from '../../../analytics/render/escape';
import { visible } from '../../../analytics/render/visible';
import { hostileValues } from '../../support/hostile-values';

describe('visible text', () => {
  const cases = [
    { title: 'shows control characters', text: 'a\u001b[31mb\nc', shown: 'a\\x1b[31mb\\x0ac' },
    { title: 'shows marks that turn text around', text: 'user\u202egpj', shown: 'user\\u202egpj' },
    { title: 'replaces half a surrogate pair', text: 'a\ud800b', shown: 'a\ufffdb' },
    { title: 'keeps emoji and other scripts', text: '日本 🇩🇪', shown: '日本 🇩🇪' },
  ];
  for (const { title, text, shown } of cases) {
    test(title, () => expect(visible(text)).toBe(shown));
  }
});

describe('text in markup', () => {
  for (const { attempt, value } of hostileValues) {
    test(`of ${attempt} has nothing that markup is made of`, () => {
      const escaped = escapeMarkup(value);

      expect(escaped).not.toMatch(/[<>"']/);
      expect(escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
    });
  }

  test('is the same text to who reads the markup', () => {
    expect(escapeMarkup(`<a href="x">'&amp;'</a>`)).toBe(
      '&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;',
    );
  });
});
