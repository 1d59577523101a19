/** Prints what lets a shell complete commands, options and their values. */

import { type Command, type CommandRow, command } from '../command';
import { UsageError } from '../usage-error';
import { scripts } from './scripts';

const shells = Object.keys(scripts);

export function completionOf(commands: Readonly<Record<string, CommandRow>>): Command {
  const completion: Command = command({
    name: 'completion',
    about: 'Prints a script that lets a shell complete commands, options and their values.',
    usage: ['SHELL'],
    positional: { name: 'SHELL', description: 'the shell', choices: shells },
    options: {},
    examples: [
      {
        line: 'completion bash > ~/.local/share/bash-completion/completions/apigw-logs',
        does: 'for bash:',
      },
      { line: 'completion zsh > "${fpath[1]}/_apigw-logs"', does: 'for zsh:' },
      { line: 'completion fish > ~/.config/fish/completions/apigw-logs.fish', does: 'for fish:' },
    ],
    exitCodes: ['printed', 'not'],
    async run({ positionals: [shell = '', ...more] }, terminal) {
      const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
      if (!script || more.length > 0) {
        const got = shell === '' ? 'nothing' : [shell, ...more].join(' ');
        throw new UsageError(`SHELL: got ${got}, expected one of ${shells.join(', ')}`);
      }
      const completed = Object.entries(commands).map(async ([name, { summary, load }]) => {
        const { description } = name === 'completion' ? completion : await load();
        return { summary, description };
      });
      terminal.print(script(await Promise.all(completed)));
      return 0;
    },
  });
  return completion;
}
