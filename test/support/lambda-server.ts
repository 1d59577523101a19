/** Lambda on a loopback port, as far as the log group and the environment of a function go. */

import { type Loopback, startLoopback } from './loopback';

export async function startLambda(
  Variables: Readonly<Record<string, string>> = {},
): Promise<Loopback> {
  return startLoopback(({ url }, response) => {
    const name = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(url.pathname)?.[1];
    response.setHeader('content-type', 'application/json');
    if (!name) return void response.writeHead(404).end('{}');
    const LoggingConfig = { LogFormat: 'Text', LogGroup: `/stack/${name}-logs` };
    response.end(JSON.stringify({ FunctionName: name, LoggingConfig, Environment: { Variables } }));
  });
}
