/** What becomes of a line that nothing could read. */

import { ownColumns } from '../fields';
import { Names } from '../names';
import { treatSecretsInText } from '../values/text-secrets';
import type { Renderer, RenderOptions } from './renderer';

type SafetyOptions = Pick<RenderOptions, 'apiKeyValues' | 'names'>;

/** The flat shapes' way: an object beside its neighbours. */
export function unparsedRenderer(options: SafetyOptions): Renderer['unparsed'] {
  return (text, bytes) => {
    const { safeText, base64 } = safeToDeliver(text, bytes, options);
    const { unparsedLine, unparsedLineBase64 } = ownColumns;
    return `${JSON.stringify({ [unparsedLine]: safeText, [unparsedLineBase64]: base64 })}\n`;
  };
}

/** Text that is no UTF-8 has lost bytes; they go along unless they would give a secret away. */
export function safeToDeliver(
  text: string,
  bytes: Buffer | undefined,
  { apiKeyValues, names = Names.ofTable }: SafetyOptions,
): { safeText: string; base64: string | undefined } {
  const treated = treatSecretsInText(text, apiKeyValues, names);
  // Half a character in a text makes jq and DuckDB refuse the whole file.
  const safeText = treated.toWellFormed();
  return { safeText, base64: treated === text ? bytes?.toString('base64') : undefined };
}
