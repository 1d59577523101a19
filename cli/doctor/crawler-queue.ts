/** What waits for the function that reads the usage plans for all containers, and what it failed at. */

import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { settingsTable } from '../../lambda/core/settings/settings';
import { clientConfig } from '../aws/session';

export interface CrawlerQueue {
  /** Messages that wait, or that are being worked on. */
  readonly waiting: number;
  /** Messages that it failed at, three times. */
  readonly dead: number;
  readonly deadLettersUrl: string | undefined;
}

/** Undefined where each container reads the usage plans by itself. */
export async function crawlerQueueOf(
  functionName: string,
  region: string,
): Promise<CrawlerQueue | undefined> {
  const url = await queueUrlOf(functionName, region);
  if (url === undefined) return undefined;
  // The queue's URL has the Region's usual address, whatever address the environment names.
  const client = new SQSClient({ ...clientConfig(region), useQueueUrlAsEndpoint: false });
  try {
    const queue = await attributesOf(client, url);
    const { deadLetterTargetArn = '' } = JSON.parse(queue['RedrivePolicy'] ?? '{}') as {
      deadLetterTargetArn?: string;
    };
    const deadLettersUrl = await urlOf(client, deadLetterTargetArn);
    const dead = deadLettersUrl ? await attributesOf(client, deadLettersUrl) : {};
    return { waiting: messagesIn(queue), dead: messagesIn(dead), deadLettersUrl };
  } finally {
    client.destroy();
  }
}

async function queueUrlOf(functionName: string, region: string): Promise<string | undefined> {
  const client = new LambdaClient(clientConfig(region));
  try {
    const { Environment } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: functionName }),
    );
    return Environment?.Variables?.[settingsTable.sharedCatalogQueueUrl.variable];
  } finally {
    client.destroy();
  }
}

async function urlOf(client: SQSClient, arn: string): Promise<string | undefined> {
  const [, , , , QueueOwnerAWSAccountId, QueueName] = arn.split(':');
  if (!QueueName) return undefined;
  const { QueueUrl } = await client.send(
    new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }),
  );
  return QueueUrl;
}

async function attributesOf(client: SQSClient, QueueUrl: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return Attributes;
}

function messagesIn(attributes: Record<string, string>): number {
  const names = ['', 'NotVisible', 'Delayed'].map((kind) => `ApproximateNumberOfMessages${kind}`);
  return names.reduce((sum, name) => sum + Number(attributes[name] ?? 0), 0);
}
