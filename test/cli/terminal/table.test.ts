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

test('shortens the last column to what a terminal has room for', () => {
  const terminal = recordedTerminal(26);

  printTable(terminal, table);

  expect(terminal.printed.at(-1)).toBe('1,000  x     a te…her long');
});
