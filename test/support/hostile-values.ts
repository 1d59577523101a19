/**
 * Values as an attacker would have them logged: API key names, user agents, paths and error messages
 * are text of others. What shows them (page, SVG, terminal, CSV, SQL) must take each as plain text.
 */

export interface HostileValue {
  /** What it tries, for the titles of tests. */
  readonly attempt: string;
  readonly value: string;
}

const ESCAPE = '\u001b';
const BELL = '\u0007';

const list: readonly (readonly [attempt: string, value: string])[] = [
  // Markup.
  ['a script', '<script>globalThis.hacked = 1</script>'],
  ['the end of a script', '</script><script>globalThis.hacked = 1</script>'],
  ['the end of a script in other letters', '</ScRiPt  ><img src=x onerror=globalThis.hacked=1>'],
  ['an image that fails', '<img src=x onerror="globalThis.hacked = 1">'],
  ['a drawing', '<svg onload=globalThis.hacked=1><use href="data:image/svg+xml,x"/></svg>'],
  ['the end of a title', '</title></style></textarea><b>bold</b>'],
  ['a comment', '<!--<script>-->--><!--'],
  ['the end of CDATA', ']]><script>globalThis.hacked = 1</script>'],
  ['an attribute in double quotes', '" onmouseover="globalThis.hacked=1" x="'],
  ['an attribute in single quotes', "' onmouseover='globalThis.hacked=1' x='"],
  ['an attribute without quotes', 'x onmouseover=globalThis.hacked=1'],
  ['a link that runs', 'javascript:globalThis.hacked=1'],
  ['an entity', '&lt;script&gt;&#60;b&#62;&amp;'],
  ['an action of CloudWatch', '<cwdb-action action="call" endpoint="arn:x">{}</cwdb-action>'],
  ['a style', '</style><style>*{display:none}</style>expression(alert(1))'],
  ['Markdown', '[x](javascript:alert(1)) `code` | cell | **bold** <b>'],
  ['templates', '${globalThis.hacked=1} {{constructor.constructor("x")()}} {b|c} %s %d'],

  // SQL and JSON.
  ['the end of an SQL literal', "'; drop table access; --"],
  ['a quote', "O'Brien"],
  ['a backslash and a quote', "\\' or 1 = 1 --"],
  ['an identifier', '"; select 1; --'],
  ['JSON', '{"a": [1, "two", null], "__proto__": {"polluted": true}}'],
  ['the prototype', '__proto__'],
  ['a method of objects', 'constructor'],

  // Formulas of spreadsheets.
  ['a formula', "=cmd|' /C calc'!A0"],
  ['a formula of plus', '+1+cmd|calc'],
  ['a formula of minus', "-1+1+cmd|' /C calc'!A0"],
  ['a formula of at', '@SUM(1+1)*cmd|calc'],
  ['a formula after a tab', '\t=1+1'],
  ['a formula after a carriage return', '\r=1+1'],
  ['a formula after a line feed', '\n=1+1'],
  ['a formula in full width', '＝1+1'],
  ['fields and rows of CSV', 'a,b;c"d\r\n=1+1,x'],

  // Terminals.
  ['colors', `${ESCAPE}[31mred${ESCAPE}[0m`],
  ['a cleared screen', `${ESCAPE}[2J${ESCAPE}[H`],
  ['a title of the window', `${ESCAPE}]0;hacked${BELL}`],
  ['a link of the terminal', `${ESCAPE}]8;;http://example.invalid${BELL}click${ESCAPE}]8;;${BELL}`],
  ['a control sequence of one byte', '\u009b31mred'],
  ['a line that overwrites', 'all is well\rhacked'],
  ['backspaces', 'secret\b\b\b\b\b\b******'],
  ['lines', 'one\ntwo\u2028three\u2029four\u0085five\vsix\fseven'],
  ['other control characters', '\u0001\u0002\u000e\u001f\u007f\u0080'],

  // Unicode.
  ['text turned around', 'user\u202egpj.exe'],
  ['isolates of direction', '\u2066a\u2067b\u2068c\u2069\u200e\u200f\u061c'],
  ['invisible characters', 'pay\u200bpal\u200c\u200d\u2060\ufeff\u00ad'],
  ['tags of Unicode', 'a\u{e0041}\u{e0042}\u{e007f}'],
  ['half a surrogate pair', 'a\ud800b'],
  ['the other half', '\udc00'],
  ['marks upon marks', `z${'\u0351\u0322\u0489'.repeat(40)}`],
  ['wide characters', '日本語のお客様 한국어'],
  ['emoji', '👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪'],
  ['letters of another script', 'аcme'],
  ['not a character', '\uffff\ufffe\ufffd'],

  // Sizes and lookalikes of values.
  ['nothing', ''],
  ['a blank', ' '],
  ['what API Gateway writes for nothing', '-'],
  ['a word for nothing', 'null'],
  ['a number', '1e309'],
  ['a long word', 'a'.repeat(10_000)],
  ['megabytes', `<b>${'x"\'<>&,\n'.repeat(300_000)}`],
];

export const hostileValues: readonly HostileValue[] = list.map(([attempt, value]) => ({
  attempt,
  value,
}));

/** Without those of megabytes: where each value is tried many times. */
export const shortHostileValues: readonly HostileValue[] = hostileValues.filter(
  ({ value }) => value.length <= 10_000,
);
