import { harmless, paintFor } from '../../../cli/terminal/terminal';

const green = '\x1b[32mtext\x1b[0m';

test.each([
  { where: 'a terminal', isTerminal: true, environment: {}, painted: green },
  { where: 'a pipe', isTerminal: false, environment: {}, painted: 'text' },
  { where: 'NO_COLOR=1', isTerminal: true, environment: { NO_COLOR: '1' }, painted: 'text' },
  { where: 'an empty NO_COLOR', isTerminal: true, environment: { NO_COLOR: '' }, painted: green },
  { where: 'TERM=dumb', isTerminal: true, environment: { TERM: 'dumb' }, painted: 'text' },
])('$where gives $painted', ({ isTerminal, environment, painted }) => {
  expect(paintFor(isTerminal, environment)('text', 'green')).toBe(painted);
});

test('a text without a color stays as it is', () => {
  expect(paintFor(true, {})('text')).toBe('text');
});

test('what steers a terminal is shown as its code, own colors and ends of lines stay', () => {
  const green = paintFor(true, {})('ok', 'green', 'bold');

  expect(harmless(`${green}\n\x1b]0;title\x07\x1b[2J\rx\u202ey`)).toBe(
    `${green}\n\\x1b]0;title\\x07\\x1b[2J\\x0dx\\u202ey`,
  );
  expect(harmless('a,b\r\n1,2\r\n')).toBe('a,b\r\n1,2\r\n');
});
