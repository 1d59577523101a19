/**
 * The colours of charts. Categories and classes can be distinguished with any kind of colour blindness
 * (after Okabe and Ito: https://jfly.uni-koeln.de/color/), and never by colour alone: each has a
 * label, a legend entry and a row in the table.
 */
export interface Theme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly accent: string;
  readonly categories: readonly string[];
  /** Status classes and severities, by what they are called in the rows. */
  readonly classes: Readonly<Record<'2xx' | '3xx' | '4xx' | '5xx' | 'none', string>>;
  /** Low to high. */
  readonly scale: readonly string[];
  /** The color of text on each step of the scale. */
  readonly inks: readonly string[];
  /** What has no value on a map or in a matrix. */
  readonly vacant: string;
}

export const light: Theme = {
  background: '#ffffff',
  text: '#1b1f24',
  muted: '#5c6570',
  grid: '#e4e7eb',
  accent: '#0b63b5',
  categories: [
    '#0b63b5',
    '#e0920a',
    '#0a8a6a',
    '#b9568f',
    '#4fa8dc',
    '#c8500b',
    '#6a5fb0',
    '#8b939c',
  ],
  classes: {
    '2xx': '#0b63b5',
    '3xx': '#7fbfe8',
    '4xx': '#e0920a',
    '5xx': '#b3261e',
    none: '#9aa2ab',
  },
  scale: ['#e6f0fa', '#b8d5f0', '#7fb2e2', '#418acb', '#0b63b5', '#08427a'],
  inks: ['#1b1f24', '#1b1f24', '#1b1f24', '#ffffff', '#ffffff', '#ffffff'],
  vacant: '#eceef1',
};

export const dark: Theme = {
  background: '#15181d',
  text: '#e8eaed',
  muted: '#9aa4b0',
  grid: '#2a2f37',
  accent: '#5aaaf0',
  categories: [
    '#5aaaf0',
    '#f0ab38',
    '#38bd97',
    '#dc83b5',
    '#9ad2f5',
    '#f0803c',
    '#a59be6',
    '#8b939c',
  ],
  classes: {
    '2xx': '#4a9be6',
    '3xx': '#9ad2f5',
    '4xx': '#f0ab38',
    '5xx': '#f2665c',
    none: '#78818c',
  },
  scale: ['#1c2a3a', '#1f4468', '#22629b', '#3384cf', '#5aaaf0', '#a5d3fb'],
  inks: ['#e8eaed', '#e8eaed', '#ffffff', '#ffffff', '#0d1117', '#0d1117'],
  vacant: '#22262d',
};
