/**
 * Where a Lambda function's credentials come from: the environment or, with SnapStart, an endpoint
 * that the environment names. Takes the place of the SDK's chain in the bundle, which asks profiles,
 * SSO, web identities and the instance as well: 110 KB for what no function has.
 */

import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { chain } from '@smithy/core/config';

/** Under the name that the SDK's clients import. */
export const defaultProvider = () => chain(fromEnv(), async () => fromHttp()());
