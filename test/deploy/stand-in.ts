/**
 * moto's CloudFormation skips what it does not know, and then fails on references to it. They get what
 * AWS would give in its place; the resources themselves stay in the template, and are proved there.
 * It also loses parameters from one deployment to the next: the CDK's own, which asks for the version
 * of the bootstrapping, goes.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { ACCOUNT, REGION } from './emulator';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, string>;
}

interface Template {
  readonly Resources: Record<string, Resource>;
  Parameters?: object;
  Rules?: object;
}

const standIns: Record<string, (properties: Record<string, string>) => StandIn> = {
  'AWS::KinesisFirehose::DeliveryStream': ({ DeliveryStreamName: name = '' }) => ({
    ref: name,
    arn: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/${name}`,
  }),
  'AWS::CloudWatch::Alarm': ({ AlarmName: name = '' }) => ({
    ref: name,
    arn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`,
  }),
};

interface StandIn {
  readonly ref: string;
  readonly arn: string;
}

export function standInForUnknown(templateFile: string): void {
  const template: Template = JSON.parse(readFileSync(templateFile, 'utf8'));
  const known = new Map(
    Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
      const standIn = standIns[Type]?.(Properties);
      return standIn ? [[id, standIn] as const] : [];
    }),
  );
  delete template.Parameters;
  delete template.Rules;
  const patched = JSON.stringify(template, (_, value) => resolved(value, known));
  writeFileSync(templateFile, patched);
}

function resolved(value: unknown, known: ReadonlyMap<string, StandIn>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as {
    Ref?: string;
    'Fn::GetAtt'?: readonly [string, string];
  };
  if (ref !== undefined) return known.get(ref)?.ref ?? value;
  if (attribute?.[1] === 'Arn') return known.get(attribute[0])?.arn ?? value;
  return value;
}
