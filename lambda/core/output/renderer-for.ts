import { namesIn } from '../format/configured-names';
import type { Names } from '../names';
import type { Output, Settings } from '../settings/settings';
import { canonicalRenderer } from './canonical';
import { ecsRenderer } from './ecs';
import type { Origin } from './ecs-values';
import type { Renderer } from './renderer';
import { verbatimRenderer } from './verbatim';

type Options = Settings & Origin & { readonly names: Names };

const renderers: { readonly [Name in Output]: (options: Options) => Renderer } = {
  verbatim: verbatimRenderer,
  canonical: canonicalRenderer,
  ecs: ecsRenderer,
};

/** The renderer of the shape that the settings choose. */
export function rendererFor(
  settings: Settings,
  origin: Origin = {},
  names: Names = namesIn(settings.logFormats),
): Renderer {
  return renderers[settings.output]({ ...settings, ...origin, names });
}
