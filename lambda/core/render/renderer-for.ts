import type { Output, Settings } from '../settings';
import type { Renderer } from './renderer';
import { verbatimRenderer } from './verbatim';

const renderers: { readonly [Name in Output]: (settings: Settings) => Renderer } = {
  verbatim: verbatimRenderer,
};

/** The renderer of the shape that the settings choose. */
export function rendererFor(settings: Settings): Renderer {
  return renderers[settings.output](settings);
}
