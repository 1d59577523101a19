import { Stack } from 'aws-cdk-lib';
import { type PipelineReferences, resolveReferences } from '../../../lib/app/pipeline-references';

const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf';

function resolve(references: PipelineReferences) {
  return resolveReferences(new Stack(), references);
}

describe('resolveReferences', () => {
  test('is nothing where nothing is referred to', () => {
    expect(resolve({})).toEqual({});
  });

  test('finds a key and a topic by their ARNs', () => {
    const { encryptionKey, alarmActions } = resolve({
      encryptionKeyArn: keyArn,
      alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:pager',
    });

    expect(encryptionKey?.keyArn).toBe(keyArn);
    expect(alarmActions).toHaveLength(1);
  });

  test('makes an endpoint of its parts', () => {
    const { httpEndpoint } = resolve({
      httpEndpointUrl: 'https://x.example.com',
      httpEndpointPreset: 'elastic',
      httpEndpointAccessKeyArn: secretArn,
      httpEndpointBackup: 'all',
    });

    expect(httpEndpoint).toMatchObject({
      url: 'https://x.example.com',
      preset: 'elastic',
      backup: 'all',
    });
    expect(httpEndpoint?.accessKey?.secretArn).toBe(secretArn);
  });

  test('rejects parts of an endpoint without its URL', () => {
    expect(() => resolve({ httpEndpointPreset: 'elastic' })).toThrow(
      'httpEndpointPreset: got "elastic", expected httpEndpointUrl beside it',
    );
  });
});
