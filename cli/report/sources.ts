/** The files and objects that the arguments of a command name. */

import { S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../aws/session';
import { counted } from '../terminal/counted';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { fileSources } from './file-sources';
import { isS3Location, parseS3Location, s3Sources } from './s3-sources';
import type { FolderChoice, Source } from './source';

/** All sources, each once; rejects where there are none. */
export async function sourcesOf(
  names: readonly string[],
  choice: FolderChoice,
  { progress }: Terminal,
): Promise<Source[]> {
  const all = new Map<string, Source>();
  for (const name of names) {
    const found = isS3Location(name)
      ? await s3Sources(
          new S3Client({ ...clientConfig(), followRegionRedirects: true }),
          parseS3Location(name),
          choice,
          (objects) => progress.show(`listing ${name}: ${counted(objects, 'object')}`),
        )
      : await fileSources(name, choice);
    // A file that two patterns name is read once.
    for (const source of found) all.set(source.name, source);
  }
  progress.clear();
  if (all.size === 0) {
    const { span } = choice;
    const hasSpan = span.from !== undefined || span.to !== undefined;
    const what = hasSpan ? 'no lines in the time that was asked for:' : 'no files in';
    throw new UsageError(`${what} ${names.join(', ')}`);
  }
  return [...all.values()];
}
