/** What creating, updating and deleting mean for a stage that a stack attaches to its pipeline. */

import { GetRestApiCommand } from '@aws-sdk/client-api-gateway';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ApiType } from '../core/format/known/log-format';
import { attachStage, forgetStage, releaseStage, type StageAttacher } from '../stages/attach-stage';
import { attachmentNotes } from '../stages/attachment-notes';
import type { ApiGatewayClients, StageId } from '../stages/stage-access-log';
import type { CustomResourceEvent } from './custom-resource';

/** The properties of the resource in the template. */
export interface StageProperties {
  readonly ApiId: string;
  readonly ApiType: ApiType;
  readonly StageName: string;
  /** The stream's or the log group's. */
  readonly DestinationArn: string;
  readonly Format: string;
  /** Where the pipeline keeps its notes. */
  readonly Bucket: string;
  /** The pipeline's. */
  readonly StreamName: string;
}

export type StageEvent = CustomResourceEvent<StageProperties>;

export interface StageResourceClients extends ApiGatewayClients {
  readonly s3: S3Client;
}

/** Another stage is another resource: CloudFormation deletes the one before. */
export function physicalIdOf({ ApiId, StageName }: StageProperties): string {
  return `${ApiId}/${StageName}`;
}

/** What CloudWatch calls a REST API in its metrics; nothing for other types, which have their ids there. */
export async function apiNameOf(
  { rest }: StageResourceClients,
  { ApiId, ApiType }: StageProperties,
): Promise<string | undefined> {
  if (ApiType !== 'REST') return undefined;
  return (await rest.send(new GetRestApiCommand({ restApiId: ApiId }))).name;
}

/** What has failed can be asked for again, and be deleted. */
export async function changeStage(clients: StageResourceClients, event: StageEvent): Promise<void> {
  const { ResourceProperties: properties, OldResourceProperties: old, RequestType } = event;
  const attacher = attacherOf(clients, properties);
  const stage = stageOf(properties);
  const by = ownerOf(event);
  if (RequestType === 'Delete') return releaseStage(attacher, stage, by).catch(unlessWithoutBucket);

  const isSameStage = old !== undefined && physicalIdOf(old) === physicalIdOf(properties);
  const former = old && attacherOf(clients, old);
  const attachment = {
    by,
    stream: properties.StreamName,
    to: { destinationArn: properties.DestinationArn, format: properties.Format },
  };
  try {
    await attachStage(
      attacher,
      stage,
      attachment,
      former && isSameStage
        ? { notes: former.notes, destinationArn: old.DestinationArn }
        : undefined,
    );
  } catch (error) {
    // CloudFormation decides about a stage that was attached before, but not about this one.
    if (!isSameStage) await releaseStage(attacher, stage, by).catch(() => {});
    throw error;
  }
  if (!former) return;
  if (isSameStage) {
    if (old.Bucket !== properties.Bucket) await forgetStage(former.notes, stage, by);
  } else if (event.PhysicalResourceId === physicalIdOf(properties)) {
    // Rollback of a failed update to another stage: no other request detaches that stage.
    await releaseStage(former, stageOf(old), by);
  }
}

/** A bucket that was deleted took along what is known of the stage's former log settings. */
function unlessWithoutBucket(error: Error): void {
  if (error.name !== 'NoSuchBucket') throw error;
}

function stageOf({
  ApiId: apiId,
  ApiType: apiType,
  StageName: stageName,
}: StageProperties): StageId {
  return { apiId, apiType, stageName };
}

function attacherOf(clients: StageResourceClients, { Bucket }: StageProperties): StageAttacher {
  return { clients, notes: attachmentNotes(clients.s3, Bucket) };
}

/** The same for all events of a resource, and for a stack that is created again under its name. */
function ownerOf({ StackId, LogicalResourceId }: StageEvent): string {
  const [, stackName = StackId] = StackId.split('/');
  return `${stackName}/${LogicalResourceId}`;
}
