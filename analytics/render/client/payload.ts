import type { Cubes } from '../../cubes/cube';
import { decodePayload } from '../../cubes/decode';
import type { Report } from '../report';

/** The report that stands in the page. */
export async function readPayload(): Promise<{ report: Report; cubes: Cubes }> {
  const text = document.getElementById('data')?.textContent ?? '';
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const payload = new Uint8Array(await new Response(stream).arrayBuffer());
  const { document: report, cubes } = decodePayload(payload);
  return { report: report as Report, cubes };
}
