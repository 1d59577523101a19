/** What is on its way: how long it waits, and whether any of it was refused. */

import { counted } from '../terminal/counted';
import { type Examination, spanOf } from './finding';
import { METRIC_HOURS } from './metrics';

/** Time beside the buffer: as long as the alarm delivery-late allows a stream. */
const GRACE_SECONDS = 600;

export const waiting: Examination = async ({ pipeline, stream, metrics: read, named, region }) => {
  const area = 'records';
  const metrics = await read();
  const ages = [metrics.latest('freshness'), metrics.latest('httpFreshness')];
  const age = Math.max(...ages.map((seconds) => seconds ?? 0));
  const [incoming, throttled, reingest] = [
    metrics.sum('incoming'),
    metrics.sum('throttled'),
    metrics.sum('reingest'),
  ];
  const details = [
    ...(throttled > 0
      ? [`the stream refused ${counted(throttled, 'record')}: over its quota`]
      : []),
    ...(reingest > 0
      ? [`${counted(reingest, 'record')} went back in halves: too large together`]
      : []),
  ];
  const came = `${counted(incoming, 'record')} came in ${METRIC_HOURS} hours`;
  if (age > stream.bufferSeconds + GRACE_SECONDS) {
    const next = [
      `aws firehose describe-delivery-stream --delivery-stream-name ${pipeline.streamName} --region ${region}`,
    ];
    return {
      area,
      level: 'wrong',
      text: `${came}; the oldest waits ${spanOf(age)}`,
      details,
      next,
    };
  }
  if (incoming === 0) {
    return {
      area,
      level: 'attention',
      text: `none came in ${METRIC_HOURS} hours`,
      next: [`apigw-logs status ${named}`],
    };
  }
  const level = throttled > 0 ? 'attention' : 'fine';
  return { area, level, text: `${came}; the oldest waits ${spanOf(age)}`, details };
};
