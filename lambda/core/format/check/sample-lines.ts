/**
 * Lines that a format makes of an ordinary request, of one that fails, of one that was refused early, and
 * of requests that lack a single value.
 */

import { fieldOfVariable, NO_VALUE } from '../../fields';
import type { FormatParts } from '../template';

export interface SampleLine {
  readonly text: string;
  /** By variable. */
  readonly values: ReadonlyMap<string, string>;
}

const ordinary: Readonly<Record<string, string>> = {
  requestId: '82f3e9c6-95dc-4b8d-ab11-818d5701919e',
  extendedRequestId: 'EP5p3HZtIAMErBw=',
  requestTime: '09/Jun/2023:10:11:12 +0000',
  requestTimeEpoch: '1686305472000',
  accountId: '111122223333',
  apiId: '7k2m9x4qpa',
  stage: 'prod',
  status: '200',
  httpMethod: 'GET',
  path: '/prod/pets/7',
  resourcePath: '/pets/{id}',
  routeKey: 'GET /pets/{id}',
  protocol: 'HTTP/1.1',
  domainName: 'api.example.com',
  eventType: 'MESSAGE',
  'customDomain.routingRuleIdMatched': 'zuuj2x4qpa',
  'customDomain.basePathMatched': 'v1',
  'identity.apiKeyId': 'k3yac4me01',
  'identity.sourceIp': '203.0.113.7',
};

/** What every request has. */
const alwaysThere =
  /^(requestId|extendedRequestId|requestTime|requestTimeEpoch|status|identity\.sourceIp)$/;

export function sampleLines({ literals, variables }: FormatParts): readonly SampleLine[] {
  const lineWith = (textOf: (variable: string) => string): SampleLine => {
    const values = new Map(variables.map((variable) => [variable, textOf(variable)]));
    const text = literals
      .map((literal, index) => literal + (values.get(variables[index] ?? '') ?? ''))
      .join('');
    return { text, values };
  };
  return [
    lineWith(sampleOf),
    lineWith((variable) => (sampleOf(variable) === WORD ? SENTENCE : sampleOf(variable))),
    lineWith((variable) => (alwaysThere.test(variable) ? sampleOf(variable) : NO_VALUE)),
    ...variables
      .filter((variable) => !alwaysThere.test(variable))
      .map((lacking) =>
        lineWith((variable) => (variable === lacking ? NO_VALUE : sampleOf(variable))),
      ),
  ];
}

const WORD = 'word';
const SENTENCE = 'Internal server error';

function sampleOf(variable: string): string {
  const type = fieldOfVariable(variable)?.type ?? 'string';
  return (
    ordinary[variable] ??
    { string: WORD, integer: '17', epoch: '1686305472', timestamp: 'Aug  5 09:36:04 2021 GMT' }[
      type
    ]
  );
}
