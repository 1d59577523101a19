import { Aspects, CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export interface Suppression {
  readonly id: string;
  readonly reason: string;
  /** The finding that is meant, where a rule has several: `Resource::…`. */
  readonly appliesTo?: string;
}

interface NagMetadata {
  readonly rules_to_suppress: readonly object[];
}

/** The metadata that cdk-nag 2 reads. */
const NAG = 'cdk_nag';
/** Before aspects without a priority, cdk-nag's among them. */
const EARLY = 100;

/**
 * Explains to cdk-nag why a construct and what is below it are as they are: cdk-nag 3 by the CDK's own
 * acknowledgements, which older CDKs do not have, cdk-nag 2 by metadata of each resource.
 */
export function suppress(scope: IConstruct, suppressions: readonly Suppression[]): void {
  const acknowledgements = suppressions.map(({ id, reason, appliesTo }) => ({
    id: appliesTo === undefined ? id : `${id}[${appliesTo}]`,
    reason,
  }));
  Validations?.of(scope).acknowledge(...acknowledgements);

  Aspects.of(scope).add(
    {
      visit(node) {
        if (!CfnResource.isCfnResource(node)) return;
        const before: NagMetadata | undefined = node.getMetadata(NAG);
        node.addMetadata(NAG, {
          rules_to_suppress: [
            ...(before?.rules_to_suppress ?? []),
            ...suppressions.map(({ id, reason, appliesTo }) => ({
              id,
              reason,
              ...(appliesTo !== undefined && { applies_to: [appliesTo] }),
            })),
          ],
        });
      },
    },
    { priority: EARLY },
  );
}
