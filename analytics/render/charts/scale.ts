/** Round numbers from 0 that reach `max`, some `count` of them: steps of 1, 2, 2.5 or 5 times a power of ten. */
export function ticksUpTo(max: number, count: number, isWhole: boolean): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = isWhole && power <= 1 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10];
  const step = Math.max((steps.find((it) => it * power >= rough) ?? 10) * power, isWhole ? 1 : 0);
  const last = Math.ceil(max / step - 1e-9);
  return Array.from({ length: last + 1 }, (_, index) => clean(index * step));
}

/** 0.30000000000000004 is 0.3. */
function clean(number: number): number {
  return Number(number.toPrecision(12));
}
