/** Records of CloudTrail for API Gateway, in the manner of the service's documented ones. */

export interface RecordOptions {
  readonly time?: string;
  readonly id?: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly more?: object;
}

export const KEY_VALUE = 'SyntheticKeyValue0123456789';

export function trailRecord(
  eventName: string,
  { time = '2026-11-20T10:00:00Z', id, request = null, response = null, more = {} }: RecordOptions,
): Record<string, unknown> {
  return {
    eventVersion: '1.10',
    userIdentity: roleIdentity('Deploy', 'pipeline-7'),
    eventTime: time,
    eventSource: 'apigateway.amazonaws.com',
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '192.0.2.10',
    userAgent: 'aws-sdk-js/3.1000',
    requestParameters: request,
    responseElements: response,
    requestID: `r-${eventName}`,
    eventID: id ?? `e-${eventName}-${time}`,
    readOnly: /^Get/.test(eventName),
    eventType: 'AwsApiCall',
    recipientAccountId: '123456789012',
    ...more,
  };
}

export function roleIdentity(role: string, session: string, mfa = 'false'): object {
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE:${session}`,
    arn: `arn:aws:sts::123456789012:assumed-role/${role}/${session}`,
    accountId: '123456789012',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        arn: `arn:aws:iam::123456789012:role/${role}`,
        accountId: '123456789012',
        userName: role,
      },
      attributes: { creationDate: '2026-11-20T09:00:00Z', mfaAuthenticated: mfa },
    },
  };
}
