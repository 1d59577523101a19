/** Finds the command, runs it, and returns the exit code. */

import { didYouMean } from '../lambda/core/nearest';
import { version } from '../package.json';
import { explainError } from './aws/explain-error';
import type { CommandRow } from './command';
import { commands } from './commands';
import { rows } from './help/render-help';
import { interruptedExitCode } from './terminal/interruption';
import type { Terminal } from './terminal/terminal';
import { UsageError } from './usage-error';

export async function main(
  [first, ...args]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const [name, ...rest] =
    first === 'help' && args.length > 0 ? [args[0], '--help'] : [first, ...args];
  if (name === undefined || ['help', '--help', '-h'].includes(name)) {
    terminal.print(generalHelp(terminal.columns));
    return name === undefined ? 2 : 0;
  }
  if (['version', '--version', '-v'].includes(name)) {
    terminal.print(version);
    return 0;
  }
  const row = Object.hasOwn(commands, name) ? (commands[name] as CommandRow) : undefined;
  if (!row) {
    const names = Object.keys(commands);
    const hint = didYouMean(name, names) || `, expected ${names.join(', ')}`;
    terminal.warn(`apigw-logs: unknown command "${name}"${hint}`);
    return 2;
  }
  try {
    const run = await row.load();
    const exitCode = await run(rest, terminal);
    return exitCode === 0 ? 0 : (interruptedExitCode() ?? exitCode);
  } catch (caught) {
    const error = explainError(caught) ?? caught;
    terminal.progress.clear();
    terminal.warn(`apigw-logs ${name}: ${error instanceof Error ? error.message : error}`);
    return interruptedExitCode() ?? (error instanceof UsageError ? 2 : 1);
  }
}

function generalHelp(columns = 100): string {
  const summaries = Object.entries(commands).map(([term, { summary }]) => ({
    term,
    text: summary,
  }));
  return [
    'API Gateway access logs with the usage plan and the customer on every line.',
    '',
    'Usage: apigw-logs <command> [options]',
    '',
    ...rows(summaries, Math.min(columns, 100)),
    '',
    'apigw-logs help <command> tells more; apigw-logs --version, which one this is.',
  ].join('\n');
}
