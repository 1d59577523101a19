/** The command line's entry: runs a command, and ends with its exit code. */

import '../cli/supported-node';

import { main } from '../cli/main';
import { processTerminal } from '../cli/terminal/terminal';

// The SDK tells of a Node.js version that it will drop one day; no concern of whoever reads this.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const terminal = processTerminal();
main(process.argv.slice(2), terminal).then(async (exitCode) => {
  await terminal.flush();
  // Not left to the event loop: a call that is still being retried must not hold the command up.
  process.exit(exitCode);
});
