/**
 * The report as one HTML file that asks nothing of anybody: the data, the code and the style are in
 * it, and its content security policy allows nothing else.
 */

import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { Cubes } from '../cubes/cube';
import { encodePayload } from '../cubes/encode';
import { escapeMarkup } from './escape';
import type { Report } from './report';
import { themeStyle } from './theme-style';

/** The page's own code and style, bundled. */
export interface PageClient {
  readonly script: string;
  readonly style: string;
}

export interface PageInput {
  readonly report: Report;
  readonly cubes: Cubes;
  readonly client: PageClient;
}

/** The whole file as text. The same input results in the same text. */
export function renderPage({ report, cubes, client }: PageInput): string {
  const script = inlineScript(client.script);
  const style = `${themeStyle()}${client.style}`;
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const data = deflateRawSync(encodePayload(told(report), cubes), { level: 9 }).toString('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(report.title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"><p class="waiting">Reading the report…</p></div>
<noscript><p class="waiting">This report is drawn by the code that is in it: allow scripts to read it.</p></noscript>
<script type="application/octet-stream" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** A customer's page does not show how many lines others have. */
function told({ completeness, ...report }: Report): Report {
  return report.customer === undefined && completeness ? { ...report, completeness } : report;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Code that the parser of HTML reads to its end: both sequences can only stand in literals. */
function inlineScript(code: string): string {
  return code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}
