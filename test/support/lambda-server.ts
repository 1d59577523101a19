/** Lambda on a loopback port, as far as the log group of a function goes. */

import { type Loopback, startLoopback } from './loopback';

export async function startLambda(): Promise<Loopback> {
  return startLoopback(({ url }, response) => {
    const name = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(url.pathname)?.[1];
    response.setHeader('content-type', 'application/json');
    if (!name) return void response.writeHead(404).end('{}');
    const LoggingConfig = { LogFormat: 'Text', LogGroup: `/stack/${name}-logs` };
    response.end(JSON.stringify({ FunctionName: name, LoggingConfig }));
  });
}
