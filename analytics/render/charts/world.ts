/**
 * The countries of the world as outlines (Natural Earth's 1:110 million, by world-atlas, ISC) in the
 * Equal Earth projection: areas of color compare only where areas are equal.
 */

import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json';
import { countryCodes } from './country-codes';

export interface Country {
  /** Two letters; undefined for a territory that ISO 3166 has no code for. */
  readonly code: string | undefined;
  readonly name: string;
  /** An SVG path. */
  readonly outline: string;
}

/** The width of the drawing that the outlines are for. */
export const WORLD_WIDTH = 960;
export const WORLD_HEIGHT = 452;

const SCALE = 174;
/** The map ends above Antarctica, which has no customers and takes a seventh of the height. */
const MIDDLE = 240;

let known: readonly Country[] | undefined;

/** Every country, made once when first asked for. */
export function countries(): readonly Country[] {
  known ??= read();
  return known;
}

interface Properties {
  readonly name: string;
}

function read(): Country[] {
  const topology = atlas as unknown as Topology<{ countries: GeometryCollection<Properties> }>;
  return feature(topology, topology.objects.countries).features.flatMap(
    ({ id, geometry, properties }) => {
      const code = countryCodes.get(String(id));
      if (code === 'AQ') return [];
      const polygons =
        geometry.type === 'Polygon'
          ? [geometry.coordinates]
          : geometry.type === 'MultiPolygon'
            ? geometry.coordinates
            : [];
      const outline = polygons.flat().map(outlineOf).join('');
      return [{ code, name: properties.name, outline }];
    },
  );
}

function outlineOf(ring: readonly (readonly number[])[]): string {
  const points: string[] = [];
  let before = ring[0]?.[0] ?? 0;
  let turns = 0;
  for (const [longitude = 0, latitude = 0] of ring) {
    // Across the 180th meridian an outline goes on, beyond the edge of the map, and not all around it.
    if (longitude - before > 180) turns -= 360;
    if (before - longitude > 180) turns += 360;
    before = longitude;
    const point = project(longitude + turns, latitude);
    if (point !== points[points.length - 1]) points.push(point);
  }
  // Less than three points at this scale is nothing to be seen.
  return points.length < 4 ? '' : `M${points.join('L')}Z`;
}

// The polynomial of Šavrič, Patterson and Jenny, "The Equal Earth map projection" (2018).
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796] as const;
const ROOT = Math.sqrt(3) / 2;

function project(longitude: number, latitude: number): string {
  const angle = Math.asin(ROOT * Math.sin((latitude * Math.PI) / 180));
  const square = angle * angle;
  const sixth = square * square * square;
  const slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square);
  const x = ((longitude * Math.PI) / 180) * (Math.cos(angle) / (ROOT * slope));
  const y = angle * (A1 + A2 * square + sixth * (A3 + A4 * square));
  return `${(WORLD_WIDTH / 2 + SCALE * x).toFixed(1)},${(MIDDLE - SCALE * y).toFixed(1)}`;
}
