/** Which of the pipeline's alarms are on. */

import {
  CloudWatchClient,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { clientConfig } from '../aws/session';
import { counted } from '../terminal/counted';
import { type Examination, pipelineName, spanOf } from './finding';

export const alarms: Examination = async ({ pipeline, region, now }) => {
  const found = await alarmsOf(pipelineName(pipeline), pipeline.region);
  const on = found.filter(({ StateValue }) => StateValue === 'ALARM');
  const mute = found.filter(({ AlarmActions = [] }) => AlarmActions.length === 0);
  const area = 'alarms';
  if (found.length === 0) {
    return {
      area,
      level: 'attention',
      text: `there is none whose name begins with the pipeline's`,
    };
  }
  if (on.length > 0) {
    const details = on.map(({ AlarmName = '', AlarmDescription = '', StateUpdatedTimestamp }) => {
      const seconds = (now.getTime() - (StateUpdatedTimestamp?.getTime() ?? now.getTime())) / 1000;
      return `${AlarmName}, for ${spanOf(seconds)}: ${AlarmDescription}`;
    });
    const next = [
      `aws cloudwatch describe-alarms --state-value ALARM --alarm-name-prefix ${pipelineName(pipeline)}- --region ${region}`,
    ];
    return { area, level: 'wrong', text: `${on.length} of ${found.length} on`, details, next };
  }
  if (mute.length > 0) {
    const text = `none on; ${counted(mute.length, 'alarm')} without an action: set alarmTopicArn`;
    return { area, level: 'attention', text };
  }
  return { area, level: 'fine', text: `${counted(found.length, 'alarm')}, none on` };
};

async function alarmsOf(name: string, region: string): Promise<MetricAlarm[]> {
  const client = new CloudWatchClient(clientConfig(region));
  try {
    const alarms: MetricAlarm[] = [];
    const pages = paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${name}-` });
    for await (const { MetricAlarms = [] } of pages) alarms.push(...MetricAlarms);
    return alarms.filter((alarm) => isOf(name, alarm));
  } finally {
    client.destroy();
  }
}

/** `orders-eu-catalog-old` is an alarm of the pipeline `orders-eu`, not of `orders`. */
function isOf(name: string, { AlarmName = '', AlarmDescription = '' }: MetricAlarm): boolean {
  const [, chapter] = /#([a-z-]+)$/.exec(AlarmDescription) ?? [];
  return chapter === undefined || AlarmName === `${name}-${chapter}`;
}
