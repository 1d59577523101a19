import { readEnvelope } from '../../../../lambda/core/record/envelope';

const dataMessage = {
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: '/apis/pets',
  logStream: '5a1e3c2b',
  logEvents: [{ id: '1', timestamp: 0, message: '{"requestId":"r1"}' }],
};

const read = (value: unknown) => readEnvelope(JSON.stringify(value));

describe('an envelope of CloudWatch Logs', () => {
  test('is read with its messages', () => {
    expect(read(dataMessage)).toEqual(dataMessage);
  });

  test('may carry nothing to deliver', () => {
    const control = { messageType: 'CONTROL_MESSAGE' };

    expect(read({ ...dataMessage, ...control })).toEqual(control);
  });

  test('is a control message where API Gateway has only set permissions', () => {
    const logStream = 'log_stream_created_by_aws_to_validate_log_delivery_subscriptions';

    expect(read({ ...dataMessage, logStream })).toEqual({ messageType: 'CONTROL_MESSAGE' });
  });

  const broken: readonly (readonly [string, object])[] = [
    ['of a type that nobody knows', { messageType: 'OTHER_MESSAGE' }],
    ['without messages', { logEvents: undefined }],
    ['with messages that are none', { logEvents: [{ message: 1 }] }],
    ['with something else for the list', { logEvents: {} }],
  ];
  for (const [title, part] of broken) {
    test(`is broken ${title}`, () => {
      expect(read({ ...dataMessage, ...part })).toBe('broken');
    });
  }

  const others: readonly (readonly [string, unknown])[] = [
    ['a log line', { requestId: 'r1' }],
    [
      'a log line in which a client has written all that makes an envelope',
      { ...dataMessage, status: 200 },
    ],
    ['a list', [dataMessage]],
    ['a text', 'messageType'],
    ['null', null],
  ];
  for (const [title, value] of others) {
    test(`is not ${title}`, () => {
      expect(read(value)).toBeUndefined();
    });
  }

  test('is not what is no JSON', () => {
    expect(readEnvelope(`${JSON.stringify(dataMessage)}}`)).toBeUndefined();
  });
});
