// Finds a REST service's operation by method, path, query and headers, and the labels in its path.
import { decodePercent } from './message.js';
import { operationNames, operationShape, type OperationShape } from './schema.js';

interface Route {
  operation: OperationShape;
  segments: Segment[];
  /** Query parameters that the URI itself spells, such as `list-type=2` or `tagging`. */
  literals: [name: string, value: string][];
  requiredQuery: string[];
  requiredHeaders: string[];
  hasBucket: boolean;
}

type Segment = { literal: string } | { label: string; isGreedy: boolean };

export interface RouteMatch {
  operation: OperationShape;
  labels: Record<string, string>;
}

export interface RestTarget {
  method: string;
  /** Percent-encoded, with a leading slash; for S3 without the bucket. */
  path: string;
  query: ReadonlyMap<string, string>;
  headers: Record<string, string>;
  /** S3: the bucket was named, by path or by host. Undefined for other services. */
  hasBucket?: boolean;
}

/** Every operation of the client's model, implemented or not, so that one that is not there is answered by its name. */
export function compileRoutes(loadClient: () => object): (target: RestTarget) => RouteMatch | undefined {
  let routes: Route[] | undefined;
  return (target) => {
    for (const route of (routes ??= routesOf(loadClient()))) {
      const labels = match(route, target);
      if (labels) return { operation: route.operation, labels };
    }
    return undefined;
  };
}

function routesOf(client: object): Route[] {
  return operationNames(client)
    .map((name) => compileRoute(operationShape(client, name) as OperationShape))
    .sort((a, b) => specificity(b) - specificity(a));
}

function compileRoute(operation: OperationShape): Route {
  const [path = '/', query = ''] = operation.http.uri.split('?');
  const required = operation.input.members.filter((member) => member.isRequired);
  return {
    operation,
    segments: path
      .split('/')
      .slice(1)
      .filter((part, index, all) => part !== '' || index < all.length - 1)
      .map(segmentOf),
    literals: query
      .split('&')
      .filter((part) => part !== '' && !part.startsWith('x-id='))
      .map((part) => [part.split('=')[0] as string, part.split('=')[1] ?? '']),
    requiredQuery: required.flatMap(({ traits }) =>
      traits.httpQuery === undefined ? [] : [traits.httpQuery],
    ),
    requiredHeaders: required.flatMap(({ traits }) =>
      traits.httpHeader === undefined ? [] : [traits.httpHeader.toLowerCase()],
    ),
    hasBucket: operation.input.members.some((member) => member.name === 'Bucket' && member.traits.httpLabel),
  };
}

function segmentOf(part: string): Segment {
  const label = /^\{(.+?)(\+?)\}$/.exec(part);
  return label ? { label: label[1] as string, isGreedy: label[2] === '+' } : { literal: part };
}

function specificity(route: Route): number {
  const literalSegments = route.segments.filter((segment) => 'literal' in segment).length;
  return (
    literalSegments * 100 +
    route.literals.length * 10 +
    route.requiredQuery.length +
    route.requiredHeaders.length
  );
}

function match(route: Route, target: RestTarget): Record<string, string> | undefined {
  if (route.operation.http.method !== target.method) return undefined;
  if (target.hasBucket !== undefined && target.hasBucket !== route.hasBucket) return undefined;
  for (const [name, value] of route.literals) {
    const given = target.query.get(name);
    if (given === undefined || (value !== '' && given !== value)) return undefined;
  }
  if (route.requiredQuery.some((name) => !target.query.has(name))) return undefined;
  if (route.requiredHeaders.some((name) => target.headers[name] === undefined)) return undefined;
  return matchPath(route.segments, target.path);
}

function matchPath(segments: Segment[], path: string): Record<string, string> | undefined {
  let rest = path.slice(1);
  const labels: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const end =
      ('isGreedy' in segment && segment.isGreedy) || !rest.includes('/') ? rest.length : rest.indexOf('/');
    const part = rest.slice(0, end);
    if (part === '') return undefined;
    if ('literal' in segment) {
      if (segment.literal !== part) return undefined;
    } else {
      labels[segment.label] = decodePercent(part);
    }
    rest = rest.slice(end + 1);
    if (isLast && rest !== '') return undefined;
  }
  return segments.length === 0 && rest !== '' ? undefined : labels;
}
