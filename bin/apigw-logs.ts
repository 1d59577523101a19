/** The command line's entry: finds the command, runs it, and ends with its exit code. */

import { type Command, UsageError } from '../cli/command';
import { processTerminal, type Terminal } from '../cli/terminal/terminal';
import { version } from '../package.json';

/** One row a command; loaded when it is called, so that no command waits for another's libraries. */
const commands: Record<string, { summary: string; load: () => Promise<Command> }> = {
  invoke: {
    summary: 'run the function on sample events or your own, without an account',
    load: async () => (await import('../cli/invoke/invoke')).invoke,
  },
  status: {
    summary: 'list the stages of the account, what each logs and where to',
    load: async () => (await import('../cli/stages/status')).status,
  },
  attach: {
    summary: 'let stages log to the pipeline',
    load: async () => (await import('../cli/stages/attach')).attach,
  },
  detach: {
    summary: 'give stages back what they logged before',
    load: async () => (await import('../cli/stages/detach')).detach,
  },
  replay: {
    summary: 'put what could not be processed back into the stream',
    load: async () => (await import('../cli/replay/replay')).replay,
  },
  formats: {
    summary: 'print the log format to give a stage, or check one',
    load: async () => (await import('../cli/formats/formats')).formats,
  },
};

const help = `
API Gateway access logs with the usage plan and the customer on every line.

Usage: apigw-logs <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(8)}  ${summary}`)
  .join('\n')}

apigw-logs <command> --help tells more; apigw-logs --version, which one this is.`;

async function main([name, ...args]: string[], terminal: Terminal): Promise<number> {
  if (name === undefined || ['help', '--help', '-h'].includes(name)) {
    terminal.print(help.trim());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    terminal.print(version);
    return 0;
  }
  const row = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!row) {
    terminal.warn(
      `apigw-logs: unknown command "${name}", expected ${Object.keys(commands).join(', ')}`,
    );
    return 2;
  }
  try {
    const run = await row.load();
    return await run(args, terminal);
  } catch (error) {
    terminal.warn(`apigw-logs ${name}: ${error instanceof Error ? error.message : error}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

// The SDK tells of a Node.js version that it will drop one day; no concern of whoever reads this.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const terminal = processTerminal();
main(process.argv.slice(2), terminal).then(async (exitCode) => {
  await terminal.flush();
  // Not left to the event loop: a call that is still being retried must not hold the command up.
  process.exit(exitCode);
});
