/** Which API stages get metrics of their own out of the access log. */

/** `*` for the first ones that a container sees, or `apiId/stage` each. */
export type StageSelection = '*' | readonly string[];

/** Each stage is seven metrics. */
export const MAX_COUNTED_STAGES = 20;

/** As API Gateway makes them: anything else in a line is no name of a metric. */
const NAME = /^[a-z0-9]{1,64}\/(\$default|[\w-]{1,128})$/i;

export function isStageName(text: string): boolean {
  return NAME.test(text);
}

export function parseStageSelection(text: string): StageSelection {
  if (text === '*') return text;
  const stages = text.split(',').map((stage) => stage.trim());
  if (stages.length === 1 && stages[0] === '') return [];
  if (stages.length > MAX_COUNTED_STAGES || !stages.every(isStageName)) {
    throw new Error(
      `* or up to ${MAX_COUNTED_STAGES} stages such as a1b2c3d4e5/prod, with commas between`,
    );
  }
  return [...new Set(stages)];
}
