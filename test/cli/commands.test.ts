import { spawnSync } from 'node:child_process';
import { commands } from '../../cli/commands';
import { recordedTerminal } from '../support/recorded-terminal';

async function described(name: string) {
  const command = await commands[name]?.load();
  if (!command) throw new Error(`no command ${name}`);
  return command;
}

async function helpOf(name: string, columns?: number): Promise<string[]> {
  const terminal = recordedTerminal(columns);
  const run = await described(name);
  expect(await run(['--help'], terminal)).toBe(0);
  return terminal.printed;
}

describe.each(Object.keys(commands))('%s', (name) => {
  test('goes by the name of its row', async () => {
    expect((await described(name)).description.name).toBe(name);
  });

  test('has a line of help for each option that it accepts, and for no other', async () => {
    const { description } = await described(name);
    const accepted = Object.values(description.options).flatMap((group) => Object.keys(group));

    const lines = await helpOf(name);

    const shown = lines.flatMap((line) => /^ {2}--([a-z-]+)/.exec(line)?.[1] ?? []);
    expect(shown).toEqual(accepted);
    expect(new Set(accepted).size).toBe(accepted.length);
  });

  test('accepts each of its options, and rejects one that it does not have', async () => {
    const run = await described(name);
    for (const group of Object.values(run.description.options)) {
      for (const [option, { type }] of Object.entries(group)) {
        const args =
          type === 'string' ? [`--${option}`, 'x', '--none-such'] : [`--${option}`, '--none-such'];
        if (option === 'help') continue;
        await expect(run(args, recordedTerminal())).rejects.toThrow('unknown option --none-such');
      }
    }
  });

  test('has help that fits 80 columns', async () => {
    for (const line of await helpOf(name, 80)) {
      if (!line.startsWith('    apigw-logs'))
        expect([line, line.length <= 80]).toEqual([line, true]);
    }
  });

  test('is in the examples as it can be typed', async () => {
    const { description } = await described(name);

    for (const { line } of description.examples ?? [])
      expect(line).toMatch(new RegExp(`^${name}\\b`));
  });
});

describe('completion in bash', () => {
  let script: string;

  beforeAll(async () => {
    const terminal = recordedTerminal();
    await (await described('completion'))(['bash'], terminal);
    script = terminal.printed.join('\n');
  });

  function completed(...words: string[]): string[] {
    const list = words.map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(apigw-logs ${list}); COMP_CWORD=${words.length}; _apigw_logs; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', `${script}\n${ask}`]);
    expect(stderr.toString()).toBe('');
    return stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '');
  }

  test('offers the commands', () => {
    expect(completed('')).toEqual(expect.arrayContaining(Object.keys(commands)));
    expect(completed('de')).toEqual(['detach']);
    expect(completed('help', 'att')).toEqual(['attach']);
  });

  test("offers a command's options, and the values that one accepts", () => {
    expect(completed('attach', '--st')).toEqual(['--stack', '--stream', '--stage']);
    expect(completed('attach', '--type', '')).toEqual(['REST', 'HTTP', 'WEBSOCKET']);
    expect(completed('completion', 'z')).toEqual(['zsh']);
  });

  test('leaves the value of any other option to the shell', () => {
    expect(completed('attach', '--format', '')).toEqual([]);
  });
});

for (const shell of ['zsh', 'fish']) {
  test(`completion in ${shell} names every command and option`, async () => {
    const terminal = recordedTerminal();
    await (await described('completion'))([shell], terminal);
    const script = terminal.printed.join('\n');

    for (const name of Object.keys(commands)) {
      const { description } = await described(name);
      expect(script).toContain(description.name);
      for (const group of Object.values(description.options)) {
        for (const option of Object.keys(group)) {
          expect(script).toContain(shell === 'fish' ? `-l ${option} ` : `--${option}[`);
        }
      }
    }
  });
}

test('completion rejects a shell that it does not know', async () => {
  const run = (await described('completion'))(['tcsh'], recordedTerminal());

  await expect(run).rejects.toThrow('SHELL: got tcsh, expected one of bash, zsh, fish');
});
