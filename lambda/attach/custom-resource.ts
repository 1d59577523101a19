/**
 * What CloudFormation asks of a custom resource, and how it is answered:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */

export interface CustomResourceEvent<Properties> {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  /** Signed: it needs no credentials. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  /** Only in an update and a deletion. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  /** Only in an update. */
  readonly OldResourceProperties?: Properties;
}

export interface ResourceResult {
  readonly physicalResourceId: string;
  /** What the template may refer to. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Why it failed, where it did. */
  readonly failure?: string;
}

const ATTEMPTS = 5;

/** Without an answer CloudFormation waits for the resource's timeout. */
export async function answer(
  event: CustomResourceEvent<unknown>,
  { physicalResourceId, attributes, failure }: ResourceResult,
): Promise<void> {
  const { RequestId, StackId, LogicalResourceId } = event;
  const body = JSON.stringify({
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    // CloudFormation's limit on a response is 4 KB.
    Reason: failure?.slice(0, 1000),
    PhysicalResourceId: physicalResourceId,
    Data: attributes,
    RequestId,
    StackId,
    LogicalResourceId,
  });
  for (let attempt = 1; ; attempt++) {
    const problem = await put(event.ResponseURL, body);
    if (problem === undefined) return;
    if (attempt === ATTEMPTS) throw new Error(`cannot answer CloudFormation: ${problem}`);
    await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
  }
}

async function put(url: string, body: string): Promise<string | undefined> {
  try {
    // The URL is signed without a content type, and `fetch` adds one to texts.
    const headers = { 'content-type': '' };
    const response = await fetch(url, { method: 'PUT', headers, body: Buffer.from(body) });
    return response.ok ? undefined : `HTTP ${response.status}`;
  } catch (error) {
    return (error as Error).message;
  }
}
