import { command } from '../../cli/command';
import { recordedTerminal } from '../support/recorded-terminal';

const copy = command({
  name: 'copy',
  about: 'Copies things.',
  usage: ['THING... [options]'],
  positional: { name: 'THING', description: 'what to copy' },
  options: {
    'The copy': {
      to: { type: 'string', value: 'PLACE', description: 'where to', default: 'here' },
      tag: { type: 'string', value: 'TAG', description: 'a mark on it', multiple: true },
    },
    '': { fast: { type: 'boolean', description: 'do not look' } },
  },
  examples: [{ line: 'copy a --to there', does: 'one thing:' }],
  exitCodes: ['all is copied', 'not all'],
  async run({ values, positionals, given }, terminal) {
    terminal.print(JSON.stringify({ ...values, positionals, given }));
    return 0;
  },
});

async function run(...args: string[]) {
  const terminal = recordedTerminal();
  await copy(args, terminal);
  return terminal;
}

test('the help is the description', async () => {
  const { printed } = await run('--help');

  expect(printed).toEqual([
    'Copies things.',
    '',
    'Usage: apigw-logs copy THING... [options]',
    '',
    '  THING              what to copy',
    '',
    'The copy:',
    '  --to PLACE         where to; default: here',
    '  --tag TAG          a mark on it; may be repeated',
    '',
    '  --fast             do not look',
    '',
    'Everywhere:',
    "  --region NAME      the AWS Region, instead of AWS_REGION's, AWS_DEFAULT_REGION's or the profile's",
    "  --profile NAME     the profile of ~/.aws to use, instead of AWS_PROFILE's",
    '  --no-color         print without colors, as NO_COLOR=1 does',
    '  --help             print this',
    '',
    'Examples:',
    '  one thing:',
    '    apigw-logs copy a --to there',
    '',
    'Exit code: 0 all is copied, 1 not all, 2 bad usage or unreadable input, 130 stopped by Ctrl-C.',
  ]);
});

test('options are parsed once, with their defaults and in their order', async () => {
  const terminal = await run('a', '--tag', '1', '--fast', '--tag=2');

  expect(terminal.documents()).toEqual([
    {
      to: 'here',
      tag: ['1', '2'],
      fast: true,
      positionals: ['a'],
      given: [{ name: 'tag', value: '1' }, { name: 'fast' }, { name: 'tag', value: '2' }],
    },
  ]);
});

test('what stands behind -- is no option', async () => {
  expect((await run('--', '--help')).documents()).toMatchObject([{ positionals: ['--help'] }]);
});

test('rejects an option that there is not, with the one that was meant', async () => {
  await expect(run('--fats')).rejects.toThrow('unknown option --fats; did you mean --fast?');
  await expect(run('-z')).rejects.toThrow(/^unknown option --z$/);
});

test('rejects an option without its value in one sentence', async () => {
  await expect(run('--to')).rejects.toThrow(/^option '--to <value>' argument missing$/);
});

test('--no-color turns colors off', async () => {
  const colored = { ...recordedTerminal(), paint: () => 'colored' };
  const shown: string[] = [];
  const look = command({
    name: 'look',
    about: '',
    usage: [''],
    options: {},
    exitCodes: ['', ''],
    async run(_, { paint }) {
      shown.push(paint('plain', 'green'));
      return 0;
    },
  });

  await look(['--no-color'], colored);
  await look([], colored);

  expect(shown).toEqual(['plain', 'colored']);
});
