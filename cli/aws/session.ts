/**
 * What all clients of a command share: the credentials, so that a code is asked for once, and the way
 * to AWS, which may lead through a proxy.
 */

import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { proxyHandler } from './proxy-handler';

type Session = ReturnType<typeof sessionOf>;

let session: Session | undefined;

export function startSession(terminal: Terminal): void {
  session = sessionOf(terminal);
}

/** For the constructor of any SDK client; without a Region, in the one that the environment names. */
export function clientConfig(region?: string): Session & { readonly region?: string } {
  session ??= sessionOf();
  return region ? { ...session, region } : session;
}

function sessionOf(terminal?: Pick<Terminal, 'ask'>) {
  const requestHandler = proxyHandler(process.env);
  const way = requestHandler ? { requestHandler } : {};
  const mfaCodeProvider = async (serial: string): Promise<string> => {
    const code = await terminal?.ask(`MFA code of ${serial}: `);
    if (code !== undefined) return code;
    throw new UsageError(
      `the profile needs a code of ${serial}, and there is no terminal to ask for it: expected ` +
        'the keys that `aws sts get-session-token` or `aws configure export-credentials` gives',
    );
  };
  return { ...way, credentials: defaultProvider({ mfaCodeProvider, clientConfig: way }) };
}
