/** STS on a loopback port, as far as saying whose credentials a request was signed with. */

import { type Loopback, startLoopback } from './loopback';

export async function startSts(account: string): Promise<Loopback> {
  return startLoopback(({ body }, response) => {
    const action = new URLSearchParams(body.toString()).get('Action');
    response.setHeader('content-type', 'text/xml');
    if (action !== 'GetCallerIdentity') return void response.writeHead(400).end();
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/operator</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
}
