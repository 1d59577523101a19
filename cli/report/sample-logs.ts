/**
 * The sample as the pipeline would have delivered it: a folder of compressed objects by day and hour of
 * arrival, each line with its plan and its customer.
 */

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { lineWriter } from '../../analytics/sample/lines';
import { usagePlans } from '../../analytics/sample/product';
import { seeded } from '../../analytics/sample/seeded';
import { planMoves } from '../../analytics/sample/story';
import { arrivalsOf, type SampleRequest, sampleTraffic } from '../../analytics/sample/traffic';
import { HOUR } from '../../analytics/time-zone';
import { attribute } from '../../lambda/core/attribution/attribute';
import { Catalog } from '../../lambda/core/catalog/catalog';
import { logFormat } from '../../lambda/core/format/known/log-format';
import { lineReader } from '../../lambda/core/format/line-reader';
import { writtenText } from '../../lambda/core/output/fast-path';
import { rendererFor } from '../../lambda/core/output/renderer-for';
import { visitSource } from '../../lambda/core/record/record';
import { readSettings } from '../../lambda/core/settings/settings';

/** Raise it when the same options result in other lines. */
const SAMPLE_VERSION = 1;
/** Lines that a fault on the way has cut off, so that nothing can read them. */
const CUT_OFF = 0.00003;

/** Makes the logs below a folder; those that were made before are taken as they are. */
export function sampleLogs(
  root: string,
  requests: number,
  show: (lines: number) => void = () => {},
): string {
  const folder = join(root, `sample-${SAMPLE_VERSION}-${requests}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${randomUUID()}`;
  try {
    writeLogs(half, requests, show);
    renameSync(half, folder);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

function writeLogs(folder: string, requests: number, show: (lines: number) => void): void {
  const source = seeded(7);
  const deliver = deliverer();
  const hours = new Map<number, string[]>();
  let lines = 0;
  for (const ofHour of sampleTraffic({ requests })) {
    for (const request of ofHour) {
      const line = deliver(request, source.chance(CUT_OFF));
      for (const arrival of arrivalsOf(request, source)) {
        const hour = Math.floor(arrival / HOUR);
        const others = hours.get(hour);
        if (others) others.push(line);
        else hours.set(hour, [line]);
        lines++;
      }
    }
    show(lines);
  }
  for (const [hour, delivered] of hours) writeObject(folder, hour, delivered);
}

function writeObject(folder: string, hour: number, lines: readonly string[]): void {
  const iso = new Date(hour * HOUR).toISOString();
  const [day, number] = [iso.slice(0, 10), iso.slice(11, 13)];
  const name = `amazon-apigateway-sample-1-${day}-${number}-00-00.gz`;
  const path = join(folder, 'logs', `day=${day}`, `hour=${number}`, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(lines.join(''), { level: 1 }));
}

/** Returns the line that the pipeline delivers of a request. */
function deliverer(): (request: SampleRequest, isCutOff: boolean) => string {
  const catalog = new Catalog(usagePlans(planMoves));
  const renderer = rendererFor({ ...readSettings({}), output: 'canonical' });
  const readOther = lineReader();
  const writers = {
    REST: lineWriter(logFormat('REST')),
    HTTP: lineWriter(logFormat('HTTP')),
    WEBSOCKET: lineWriter(logFormat('WEBSOCKET')),
  };
  return ({ apiType, values }, isCutOff) => {
    const whole = writers[apiType](values);
    const raw = isCutOff ? whole.slice(0, whole.length >> 1) : whole;
    const written = renderer.fastPath?.text(raw, catalog);
    if (written) return writtenText(written);
    let text = '';
    visitSource(raw, readOther, (entry) => {
      text += entry.line
        ? renderer.line(entry.line, attribute(entry.line, catalog))
        : renderer.unparsed(entry.text, entry.bytes);
      return true;
    });
    return text;
  };
}
