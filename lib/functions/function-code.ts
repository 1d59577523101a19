import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleFunction, entryOf, type FunctionName, packageRoot } from './bundling';

/**
 * A function's code: bundled from its sources where they are, the shipped bundle where they are not,
 * as in the package, whose `dist/` has it beside `lib/`.
 * Never a bundle beside its sources, which may be older than they.
 */
export function functionCode(name: FunctionName, root = packageRoot): Code {
  const entry = entryOf(name, root);
  if (!existsSync(entry)) return Code.fromAsset(join(root, name));

  return Code.fromAsset(dirname(entry), {
    // Of the bundle, not of the sources: a changed comment or test changes no deployment, a changed
    // dependency does.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle(folder) {
          bundleFunction(name, folder);
          return true;
        },
      },
      // Required, and never used: bundling here either succeeds or throws.
      image: DockerImage.fromRegistry('scratch'),
    },
  });
}
