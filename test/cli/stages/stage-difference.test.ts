import type { Stage } from '../../../cli/stages/account-stages';
import { printDifferences } from '../../../cli/stages/stage-difference';
import { recordedTerminal } from '../../support/recorded-terminal';
import { OWN_GROUP } from '../../support/stages';

const stage = (name: string, accessLog?: Stage['accessLog']): Stage => ({
  api: { id: 'a', name: 'orders', type: 'REST', managedBy: undefined },
  name,
  accessLog,
});
const format = '$context.requestId $context.apiId $context.stage $context.identity.apiKeyId';
const after = { destinationArn: OWN_GROUP, format };
const carryOut = async () => {};

function printed(changes: Parameters<typeof printDifferences>[1], columns?: number): string[] {
  const terminal = recordedTerminal(columns);
  printDifferences(terminal, changes);
  return terminal.printed;
}

test('stages that change alike share one difference', () => {
  const changes = ['dev', 'prod'].map((name) => ({ stage: stage(name), after, carryOut }));

  expect(printed(changes)).toEqual([
    'orders dev  REST a',
    'orders prod  REST a',
    '  - nothing',
    '  + log group /own/orders',
    `  + ${format}`,
    '',
  ]);
});

test('a destination that stays is not mentioned', () => {
  const before = { ...after, format: `${format} $context.status` };

  expect(printed([{ stage: stage('prod', before), after, carryOut }])).toEqual([
    'orders prod  REST a',
    `  - ${format} $context.status`,
    `  + ${format}`,
    '  ! no longer logged: status',
    '',
  ]);
});

test('a log that is given up shows what was logged', () => {
  const changes = [{ stage: stage('prod', after), after: undefined, carryOut }];

  expect(printed(changes).slice(1, 4)).toEqual([
    '  - log group /own/orders',
    '  + nothing',
    `  - ${format}`,
  ]);
});

test('long formats fit a terminal', () => {
  const lines = printed([{ stage: stage('prod'), after, carryOut }], 40);

  expect(Math.max(...lines.map((line) => line.length))).toBe(40);
});

test('what goes is red, what comes is green', () => {
  const terminal = recordedTerminal();
  const paint = (text: string, color?: string) => `${color}:${text}`;
  printDifferences({ ...terminal, paint }, [{ stage: stage('prod'), after, carryOut }]);

  expect(terminal.printed).toContain('red:  - nothing');
  expect(terminal.printed).toContain(`green:  + ${format}`);
});
