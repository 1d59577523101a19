/**
 * A made-up API product, for sample data: Parcelway sells shipping as five APIs of all three types
 * to forty customers in four plans. All names and keys are made up.
 */

import type { ApiType } from '../../lambda/core/format/known/log-format';

export interface Endpoint {
  readonly weight: number;
  readonly method: string;
  /** With `{…}` for ids. */
  readonly path: string;
  readonly status: number;
  /** Median of the backend's answer, in milliseconds. */
  readonly latency: number;
  /** Median of the response, in bytes. */
  readonly bytes: number;
}

export interface Api {
  readonly id: string;
  readonly name: string;
  readonly type: ApiType;
  readonly stage: string;
  readonly domain: string;
  /** How much of a customer's traffic it takes. */
  readonly weight: number;
  readonly endpoints: readonly Endpoint[];
}

function endpoint(
  weight: number,
  method: string,
  path: string,
  status: number,
  latency: number,
  bytes: number,
): Endpoint {
  return { weight, method, path, status, latency, bytes };
}

export const apis = {
  parcels: {
    id: 'pa4rc3ls0a',
    name: 'parcels',
    type: 'REST',
    stage: 'prod',
    domain: 'parcels.parcelway.example',
    weight: 50,
    endpoints: [
      endpoint(50, 'GET', '/parcels/{id}', 200, 38, 1450),
      endpoint(16, 'GET', '/parcels/{id}/events', 200, 62, 3800),
      endpoint(12, 'POST', '/parcels', 201, 120, 900),
      endpoint(8, 'GET', '/parcels', 200, 210, 18_000),
      endpoint(3, 'DELETE', '/parcels/{id}', 204, 75, 0),
    ],
  },
  rates: {
    id: 'ra7es02b1c',
    name: 'rates',
    type: 'REST',
    stage: 'prod',
    domain: 'rates.parcelway.example',
    weight: 26,
    endpoints: [
      endpoint(80, 'POST', '/rates/quote', 200, 145, 2600),
      endpoint(20, 'GET', '/rates/zones/{country}', 200, 30, 5200),
    ],
  },
  labels: {
    id: 'la8els03cd',
    name: 'labels',
    type: 'REST',
    stage: 'v2',
    domain: 'labels.parcelway.example',
    weight: 12,
    endpoints: [
      endpoint(60, 'POST', '/labels', 201, 420, 64_000),
      endpoint(40, 'GET', '/labels/{id}.pdf', 200, 90, 71_000),
    ],
  },
  portal: {
    id: 'po9rtal4de',
    name: 'portal',
    type: 'HTTP',
    stage: '$default',
    domain: 'portal.parcelway.example',
    weight: 8,
    endpoints: [
      endpoint(50, 'GET', '/me/shipments', 200, 80, 9000),
      endpoint(30, 'GET', '/me/shipments/{id}', 200, 45, 2100),
      endpoint(20, 'POST', '/me/addresses', 201, 70, 400),
    ],
  },
  live: {
    id: 'li6vews5ef',
    name: 'live',
    type: 'WEBSOCKET',
    stage: 'prod',
    domain: 'live.parcelway.example',
    weight: 1,
    endpoints: [endpoint(1, '-', 'subscribe', 200, 25, 0)],
  },
} as const satisfies Record<string, Api>;

export const allApis: readonly Api[] = Object.values(apis);

export const planNames = ['Free', 'Starter', 'Business', 'Enterprise'] as const;

export type PlanName = (typeof planNames)[number];

const planIds: { readonly [Name in PlanName]: string } = {
  Free: 'fr33pl',
  Starter: 'st4rtr',
  Business: 'bus1ns',
  Enterprise: 'ent3rp',
};

export interface Client {
  readonly weight: number;
  readonly userAgent: string;
}

const clients = {
  node: { weight: 4, userAgent: 'parcelway-node/3.2.1 (node 22.14.0)' },
  oldNode: { weight: 2, userAgent: 'parcelway-node/2.9.0 (node 18.20.4)' },
  python: { weight: 3, userAgent: 'parcelway-python/1.8.0 python-requests/2.32.3' },
  java: { weight: 2, userAgent: 'parcelway-java/5.0.2 okhttp/4.12.0' },
  php: { weight: 1, userAgent: 'GuzzleHttp/7.9.2 curl/8.5.0 PHP/8.3.6' },
  curl: { weight: 1, userAgent: 'curl/8.11.1' },
  // The quotes come from the client, and API Gateway does not escape them.
  scanner: { weight: 1, userAgent: 'shipbot "beta" (+http://shipbot.example)' },
  browser: {
    weight: 3,
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  },
} satisfies Record<string, Client>;

/** The first two numbers of networks that are registered in a country. */
const networks = {
  DE: ['2.160', '2.200', '2.240'],
  FR: ['2.3', '5.48'],
  GB: ['2.96', '2.120'],
  US: ['3.12', '3.30', '2.0'],
  NL: ['31.20', '31.136'],
  ES: ['2.136', '5.224'],
  IT: ['2.32', '2.112'],
  PL: ['5.184', '31.60'],
  SE: ['2.64', '2.248'],
  IN: ['1.6', '1.22'],
  JP: ['1.66', '1.112'],
  AU: ['1.40', '1.120'],
  BR: ['15.228', '18.228'],
  CA: ['3.96'],
} as const satisfies Record<string, readonly string[]>;

export type Country = keyof typeof networks;

export const networksOf: { readonly [Name in Country]: readonly string[] } = networks;

export interface Customer {
  readonly name: string;
  readonly keyId: string;
  readonly plan: PlanName;
  /** How much of the traffic is theirs. */
  readonly weight: number;
  readonly country: Country;
  readonly clients: readonly Client[];
  /** `office`: by day, less at weekends; `shop`: evenings and weekends too; `machine`: round the clock. */
  readonly rhythm: 'office' | 'shop' | 'machine';
  /** Days of the period with traffic, the first one included, the last one not; all if left out. */
  readonly days?: readonly (readonly [from: number, to: number])[];
}

type Row = readonly [
  name: string,
  plan: PlanName,
  weight: number,
  country: Country,
  rhythm: Customer['rhythm'],
  clients: readonly (keyof typeof clients)[],
  days?: Customer['days'],
];

// biome-ignore format: a table reads best with a row a line
const rows: readonly Row[] = [
  ['Alder & Finch Books', 'Enterprise', 90, 'GB', 'shop', ['node', 'browser']],
  ['Nordlys Outdoor', 'Enterprise', 70, 'SE', 'shop', ['node', 'java']],
  ['Kestrel Logistics', 'Enterprise', 64, 'DE', 'machine', ['java']],
  ['Maison Verdoux', 'Enterprise', 52, 'FR', 'shop', ['php', 'node']],
  ['Bluecap Pharmacy', 'Enterprise', 40, 'US', 'office', ['java', 'python']],
  ['Tandem Cycles', 'Business', 36, 'NL', 'shop', ['node']],
  ['Quarry Street Coffee', 'Business', 33, 'US', 'shop', ['node', 'oldNode']],
  ['Halden Instruments', 'Business', 29, 'DE', 'office', ['python']],
  ['Sakura Stationery', 'Business', 27, 'JP', 'shop', ['node']],
  ['Pampa Leather', 'Business', 24, 'BR', 'office', ['php']],
  ['Redgum Garden', 'Business', 22, 'AU', 'shop', ['oldNode']],
  ['Vistula Ceramics', 'Business', 20, 'PL', 'office', ['php']],
  ['Monsoon Textiles', 'Business', 19, 'IN', 'office', ['python']],
  ['Lakeview Optics', 'Business', 17, 'CA', 'office', ['java']],
  ['Ferro Kitchenware', 'Business', 16, 'IT', 'office', ['node']],
  ['Noisy Otter Games', 'Business', 15, 'US', 'machine', ['python']],
  ['Costa Azul Surf', 'Starter', 14, 'ES', 'shop', ['node']],
  ['Brightside Foods', 'Starter', 14, 'GB', 'shop', ['node']],
  ['Paper Crane Gifts', 'Starter', 12, 'JP', 'shop', ['node', 'browser']],
  ['Hinterland Tools', 'Starter', 11, 'DE', 'office', ['php']],
  ['Saltmarsh Candles', 'Starter', 10, 'GB', 'shop', ['oldNode']],
  ['Juniper Pet Supply', 'Starter', 10, 'US', 'shop', ['node']],
  ['Atelier Lumen', 'Starter', 9, 'FR', 'office', ['php']],
  ['Polder Flowers', 'Starter', 9, 'NL', 'shop', ['python']],
  ['Granite Gym Gear', 'Starter', 8, 'US', 'shop', ['oldNode']],
  ['Marlowe Shoes', 'Starter', 8, 'IT', 'shop', ['node'], [[0, 10]]],
  ['Tidepool Toys', 'Starter', 7, 'AU', 'shop', ['node'], [[18, 30]]],
  ['Ember Spices', 'Starter', 7, 'IN', 'office', ['python']],
  ['Kite & Compass', 'Starter', 6, 'CA', 'shop', ['node'], [[0, 6], [20, 30]]],
  ['Birchwood Honey', 'Starter', 6, 'PL', 'office', ['php']],
  ['Pixel Foundry', 'Free', 16, 'SE', 'machine', ['python', 'curl']],
  ['Copper Lantern', 'Free', 5, 'US', 'shop', ['curl', 'node']],
  ['Studio Wren', 'Free', 4, 'GB', 'office', ['node']],
  ['Orbit Records', 'Free', 4, 'DE', 'shop', ['python']],
  ['Little Harbor', 'Free', 3, 'US', 'shop', ['browser']],
  ['Fig & Olive', 'Free', 3, 'ES', 'office', ['curl']],
  ['Tin Whistle', 'Free', 3, 'GB', 'shop', ['scanner', 'node']],
  ['Nine Birds', 'Free', 2, 'BR', 'office', ['python'], [[24, 30]]],
  ['Yarrow Labs', 'Free', 2, 'NL', 'office', ['curl']],
  ['Moss & Stone', 'Free', 1, 'CA', 'shop', ['node']],
];

export const customers: readonly Customer[] = rows.map(
  ([name, plan, weight, country, rhythm, clientNames, days], index) => ({
    name,
    keyId: keyIdOf(name, index),
    plan,
    weight,
    country,
    rhythm,
    clients: clientNames.map((client) => clients[client]),
    ...(days ? { days } : {}),
  }),
);

/** Ten characters, as API Gateway makes them. */
function keyIdOf(name: string, index: number): string {
  const letters = name.toLowerCase().replace(/[^a-z]/g, '');
  return `k${letters.slice(0, 6).padEnd(6, 'x')}${String(index).padStart(3, '0')}`;
}

/** A usage plan as the pipeline's catalog has it. */
export interface SamplePlan {
  readonly id: string;
  readonly name: PlanName;
  readonly apiStages: readonly { readonly apiId: string; readonly stage: string }[];
  readonly keys: readonly { readonly id: string; readonly name: string }[];
  /** Keys that it had until a moment, in milliseconds since 1970; left out where it had none. */
  readonly formerKeys?: readonly {
    readonly id: string;
    readonly name: string;
    readonly until: number;
  }[];
}

/** A key that moves from one plan to another. */
export interface PlanMove {
  readonly customer: string;
  readonly to: PlanName;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The usage plans as they are after all moves, with what they were before: without moves, as a file of plans has them. */
export function usagePlans(moves: readonly PlanMove[] = []): SamplePlan[] {
  return planNames.map((name) => ({
    id: planIds[name],
    name,
    apiStages: allApis
      .filter(({ type }) => type !== 'HTTP')
      .filter(({ type }) => type !== 'WEBSOCKET' || name === 'Business' || name === 'Enterprise')
      .map(({ id, stage }) => ({ apiId: id, stage })),
    keys: customers
      .filter((customer) => (moveOf(customer, moves)?.to ?? customer.plan) === name)
      .map((customer) => ({ id: customer.keyId, name: customer.name })),
    ...formerKeysOf(name, moves),
  }));
}

function formerKeysOf(plan: PlanName, moves: readonly PlanMove[]): Pick<SamplePlan, 'formerKeys'> {
  const formerKeys = customers.flatMap((customer) => {
    const move = moveOf(customer, moves);
    return move && customer.plan === plan
      ? [{ id: customer.keyId, name: customer.name, until: move.at }]
      : [];
  });
  return formerKeys.length > 0 ? { formerKeys } : {};
}

function moveOf(customer: Customer, moves: readonly PlanMove[]): PlanMove | undefined {
  return moves.find((move) => move.customer === customer.name);
}
