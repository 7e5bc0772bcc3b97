// Which places a crawl may not call empty, because something at them could not be read.
import { normalLocation } from './merge-table.js';

/** True for a location at or below which something could not be read. */
export function damageTest(damagedUrls: readonly string[]): (location: string | undefined) => boolean {
  const places = new Set<string>();
  for (const url of damagedUrls) {
    for (let place = url; place !== '' && !places.has(place);) {
      places.add(place);
      place = place.slice(0, Math.max(0, place.lastIndexOf('/')));
    }
  }
  return (location) => places.has(normalLocation(location));
}
