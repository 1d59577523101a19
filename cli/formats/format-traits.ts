/** What a log format is good for, told from the variables in it. */

import { fieldOfVariable } from '../../lambda/core/fields';
import type { ApiType } from '../../lambda/core/format/known/log-format';

export interface FormatTraits {
  /** What a line would need beside, to tell whose request it was and against which plan. */
  readonly lacks: readonly string[];
  /** Whether lines carry the values of API keys. */
  readonly isSecret: boolean;
}

const deciding = ['apiId', 'stage', 'identity.apiKeyId'];

export function formatTraits(format: string, apiType: ApiType): FormatTraits {
  const variables = variablesOf(format);
  return {
    // An HTTP API knows no keys: there is nothing to attribute.
    lacks: apiType === 'HTTP' ? [] : deciding.filter((variable) => !variables.has(variable)),
    isSecret: [...variables].some((variable) => fieldOfVariable(variable)?.secret),
  };
}

export function variablesOf(format: string): Set<string> {
  const found = format.matchAll(/\$context\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/g);
  return new Set([...found].map(([, variable = '']) => variable));
}
