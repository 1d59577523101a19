import { inflateRawSync } from 'node:zlib';
import type { Cubes } from '../../analytics/cubes/cube';
import { decodePayload } from '../../analytics/cubes/decode';
import type { Report } from '../../analytics/render/report';

/** What a page has to show, out of its file. */
export function shownIn(html: string): { readonly report: Report; readonly cubes: Cubes } {
  const [, data = ''] = /id="data">([^<]+)</.exec(html) ?? [];
  const { document, cubes } = decodePayload(inflateRawSync(Buffer.from(data, 'base64')));
  return { report: document as Report, cubes };
}
