import { printTable } from '../../../cli/terminal/table';
import { recordedTerminal } from '../../support/recorded-terminal';

const table = {
  head: ['COUNT', 'NAME', 'WHAT'],
  numbers: [0],
  rows: [
    [{ text: '1' }, { text: '顧客' }, { text: 'short' }],
    [{ text: '1,000' }, { text: 'x' }, { text: 'a text that is rather long' }],
  ],
};

test('makes every column as wide as what is in it', () => {
  const terminal = recordedTerminal();

  printTable(terminal, table);

  expect(terminal.printed).toEqual([
    'COUNT  NAME  WHAT',
    '    1  顧客  short',
    '1,000  x     a text that is rather long',
  ]);
});

test('shortens the widest column to what a terminal has room for', () => {
  const terminal = recordedTerminal(26);

  printTable(terminal, table);

  expect(terminal.printed.at(-1)).toBe('1,000  x     a te…her long');
});

test('never gets wider than the terminal, whichever columns are wide', () => {
  const terminal = recordedTerminal(30);

  printTable(terminal, {
    head: ['A', 'B', 'C'],
    rows: [[{ text: 'a'.repeat(40) }, { text: 'short' }, { text: 'c'.repeat(30) }]],
  });

  for (const line of terminal.printed) expect(line.length).toBeLessThanOrEqual(30);
  expect(terminal.printed[1]).toContain('short');
});

test('puts what must stay readable below its row, whole', () => {
  const terminal = recordedTerminal(24);

  printTable(terminal, {
    head: ['ERROR'],
    rows: [[{ text: 'x' }], [{ text: 'y' }]],
    below: ['the function returned an error', ''],
  });

  expect(terminal.printed).toEqual([
    'ERROR',
    'x',
    '    the function',
    '    returned an error',
    'y',
  ]);
});
