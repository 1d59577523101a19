/**
 * STS on a loopback port, as far as saying whose credentials a request was signed with, and giving a
 * role to whoever has a code.
 */

import { type Loopback, startLoopback } from './loopback';

export interface StsServer extends Loopback {
  /** The codes that roles were asked for with. */
  readonly codes: string[];
}

export async function startSts(account: string): Promise<StsServer> {
  const codes: string[] = [];
  const answers: Record<string, (request: URLSearchParams) => string> = {
    GetCallerIdentity: () =>
      `<Arn>arn:aws:iam::${account}:user/operator</Arn><UserId>AIDA</UserId><Account>${account}</Account>`,
    AssumeRole(request) {
      codes.push(request.get('TokenCode') ?? '');
      return '<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>';
    },
  };
  const loopback = await startLoopback(({ body }, response) => {
    const request = new URLSearchParams(body.toString());
    const action = request.get('Action') ?? '';
    response.setHeader('content-type', 'text/xml');
    const answer = answers[action];
    if (!answer) return void response.writeHead(400).end();
    response.end(
      `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${answer(request)}</${action}Result></${action}Response>`,
    );
  });
  return { ...loopback, codes };
}
