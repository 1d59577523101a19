/** The page that a stack writes by itself when a day has been closed. */

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PAGE_UNTIL, pageObject, unlessMissing } from '../../lambda/analytics/page-object';
import { clientConfig } from '../aws/session';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { findPage } from './stack-analytics';

/** Undefined, with a word why, where there is none: the page is made by Athena then. */
export async function pageOfStack(stack: string, terminal: Terminal): Promise<string | undefined> {
  const url = await findPage(stack);
  if (url === undefined) {
    terminal.warn(
      `stack "${stack}" writes no page (analyticsPage=true lets it): Athena is asked for one`,
    );
    return undefined;
  }
  const client = new S3Client(clientConfig());
  try {
    const page = await unlessMissing(client.send(new GetObjectCommand(pageObject(url))));
    const html = await page?.Body?.transformToString();
    if (html === undefined) {
      terminal.warn(
        `no page yet in ${url}, the first is written when a day has been closed: Athena is asked for one`,
      );
      return undefined;
    }
    const until = page?.Metadata?.[PAGE_UNTIL] ?? 'not told';
    terminal.warn(`the stack's own page, of closed days, the last one ${until}: --fresh makes one`);
    return html;
  } catch (error) {
    throw explained(error as Error, url);
  } finally {
    client.destroy();
  }
}

function explained(error: Error, url: string): Error {
  if (!/^(AccessDenied|403)$/.test(error.name)) return error;
  return new UsageError(
    `access denied: ${url}; it takes s3:GetObject on it, and --fresh has Athena make a page without it`,
  );
}
