/**
 * Where a Lambda function's credentials come from. Replaces the SDK's chain in the bundle, which
 * asks profiles, SSO, web identities, containers and the instance as well: 110 KB for what no function has.
 */

import { fromEnv } from '@aws-sdk/credential-provider-env';

/** Under the name that the SDK's clients import. */
export const defaultProvider = () => fromEnv();
