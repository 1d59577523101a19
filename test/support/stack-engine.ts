/**
 * What CloudFormation does to custom resources: creates, updates and deletes them, and takes it all back
 * when something fails
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html).
 */

import type { CustomResourceEvent } from '../../lambda/attach/custom-resource';

export type Resources<P> = ReadonlyMap<string, P>;

/** Gives the physical id; undefined where no answer comes; rejects where the answer is a failure. */
export type Provider<P> = (
  event: CustomResourceEvent<P>,
  mayFail: boolean,
) => Promise<string | undefined>;

interface Resource<P> {
  readonly physicalId: string;
  readonly properties: P;
}

interface Doomed<P> extends Resource<P> {
  readonly logicalId: string;
}

export class StackEngine<P> {
  readonly #provider: Provider<P>;
  readonly #stackName: string;
  #resources = new Map<string, Resource<P>>();
  #requests = 0;

  constructor(stackName: string, provider: Provider<P>) {
    this.#stackName = stackName;
    this.#provider = provider;
  }

  get resources(): Resources<P> {
    return new Map([...this.#resources].map(([id, { properties }]) => [id, properties]));
  }

  /** `fails` is some other resource of the stack that cannot be created. False where it was taken back. */
  async deploy(wanted: Resources<P>, fails = false): Promise<boolean> {
    const before = new Map(this.#resources);
    const touched: string[] = [];
    const replaced: Doomed<P>[] = [];
    let isFine = true;
    for (const [logicalId, properties] of wanted) {
      const present = this.#resources.get(logicalId);
      if (present && JSON.stringify(present.properties) === JSON.stringify(properties)) continue;
      touched.push(logicalId);
      const physicalId = await this.#put(logicalId, properties, present, true).catch(
        () => undefined,
      );
      isFine = physicalId !== undefined;
      // Whether or not it failed, it is what was asked for last.
      this.#resources.set(logicalId, {
        physicalId: physicalId ?? present?.physicalId ?? `${this.#stackName}-${logicalId}-1A2B3C`,
        properties,
      });
      if (!isFine) break;
      if (present && present.physicalId !== physicalId) replaced.push({ logicalId, ...present });
    }
    if (!isFine || fails) {
      await this.#rollBack(before, touched);
      return false;
    }
    for (const each of replaced.reverse()) await this.#delete(each);
    for (const [logicalId, resource] of before) {
      if (wanted.has(logicalId)) continue;
      await this.#delete({ logicalId, ...resource });
      this.#resources.delete(logicalId);
    }
    return true;
  }

  async destroy(): Promise<void> {
    for (const [logicalId, resource] of this.#resources)
      await this.#delete({ logicalId, ...resource });
    this.#resources.clear();
  }

  async #rollBack(before: ReadonlyMap<string, Resource<P>>, touched: string[]): Promise<void> {
    const doomed: Doomed<P>[] = [];
    for (const logicalId of touched.reverse()) {
      const tried = this.#resources.get(logicalId) as Resource<P>;
      const previous = before.get(logicalId);
      if (!previous) {
        this.#resources.delete(logicalId);
        doomed.push({ logicalId, ...tried });
        continue;
      }
      const physicalId = await this.#insist((mayFail) =>
        this.#put(logicalId, previous.properties, tried, mayFail),
      );
      this.#resources.set(logicalId, { physicalId, properties: previous.properties });
      if (physicalId !== tried.physicalId) doomed.push({ logicalId, ...tried });
    }
    for (const each of doomed) await this.#delete(each);
  }

  async #put(
    LogicalResourceId: string,
    properties: P,
    present: Resource<P> | undefined,
    mayFail: boolean,
  ): Promise<string> {
    const event = present
      ? {
          RequestType: 'Update' as const,
          PhysicalResourceId: present.physicalId,
          OldResourceProperties: present.properties,
        }
      : { RequestType: 'Create' as const };
    const request = this.#requestFor(LogicalResourceId, properties);
    const physicalId = await this.#provider({ ...event, ...request }, mayFail);
    if (physicalId === undefined) throw new Error('no answer');
    return physicalId;
  }

  async #delete({ logicalId, physicalId, properties }: Doomed<P>): Promise<void> {
    await this.#insist(async (mayFail) => {
      const request = this.#requestFor(logicalId, properties);
      const event = { RequestType: 'Delete' as const, PhysicalResourceId: physicalId, ...request };
      if ((await this.#provider(event, mayFail)) === undefined) throw new Error('no answer');
    });
  }

  /** As the operator who continues a rollback or a deletion, until all is done. */
  async #insist<T>(action: (mayFail: boolean) => Promise<T>): Promise<T> {
    try {
      return await action(true);
    } catch {
      return action(false);
    }
  }

  #requestFor(LogicalResourceId: string, ResourceProperties: P) {
    return {
      RequestId: `r${++this.#requests}`,
      ResponseURL: 'http://localhost/',
      StackId: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${this.#stackName}/1a2b`,
      LogicalResourceId,
      ResourceProperties,
    };
  }
}
