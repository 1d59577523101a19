import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { decodePayload } from '../../../analytics/cubes/decode';
import { renderPage } from '../../../analytics/render/page';
import type { Report } from '../../../analytics/render/report';

const report: Report = {
  title: 'Traffic of <Acme> & others',
  scope: { from: 0, to: 86_400_000, timeZone: 'UTC', bucket: 'hour', filter: {} },
  completeness: {
    lines: 0,
    requests: 0,
    duplicates: 0,
    conflicts: 0,
    unparsed: 0,
    untimed: 0,
    unattributed: 0,
    emptyHours: 0,
    failedRecords: 0,
    files: 0,
    unreadFiles: [],
    from: null,
    to: null,
  },
  panels: [],
  madeAt: 0,
};
const client = { script: 'run("</script><!--")', style: 'p{color:red}' };
const html = renderPage({ report, cubes: {}, client });

describe('a page', () => {
  test('allows its own code and style, and nothing else', () => {
    const [, policy = ''] =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const hashOf = (part: string) =>
      `'sha256-${createHash('sha256').update(part).digest('base64')}'`;
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];

    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('has its code to the end, whatever text the code holds', () => {
    expect(html).toContain('<script>run("<\\/script><\\!--")</script>');
  });

  test('has its title as text', () => {
    expect(html).toContain('<title>Traffic of &lt;Acme&gt; &amp; others</title>');
  });

  test('holds the report', () => {
    const [, data = ''] =
      /<script type="application\/octet-stream" id="data">(.*?)</.exec(html) ?? [];

    const payload = decodePayload(inflateRawSync(Buffer.from(data, 'base64')));

    expect(payload.document).toEqual(report);
  });

  test('is the same for the same report', () => {
    expect(renderPage({ report, cubes: {}, client })).toBe(html);
  });

  test('names no address but that of drawings', () => {
    expect(html).not.toMatch(/(?:src|href)=|url\(|https?:/);
  });
});
