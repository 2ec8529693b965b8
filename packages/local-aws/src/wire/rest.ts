import { ServiceError } from '../service.ts';
import type { WireRequest } from './protocol.ts';
import { formatScalar, parseScalar } from './scalars.ts';
import type { Model, OperationShape, Shape } from './shape.ts';

/** The parts of a REST operation's path: literal or label segments, and the query parameters that must be there. */
interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: readonly (readonly [string, string])[];
}

const routes = new WeakMap<OperationShape, Route>();

function routeOf(operation: OperationShape): Route | undefined {
  if (!operation.traits.http) return undefined;
  let route = routes.get(operation);
  if (!route) {
    const [method, uri] = operation.traits.http;
    const [path, query] = uri.split('?') as [string, string?];
    // `x-id` is a hint that not every client gives.
    const literals = [...new URLSearchParams(query)].filter(([name]) => name !== 'x-id');
    route = { method, segments: segmentsOf(path), query: literals };
    routes.set(operation, route);
  }
  return route;
}

/**
 * Finds the operation of a REST request by method, path and what must be in query and headers; of several that fit,
 * the one that asks for most is meant (`PUT /{Key+}` is CopyObject with a copy source, else PutObject). `outside` are
 * labels that were taken from elsewhere than the path.
 */
export function findOperation(
  request: WireRequest,
  model: Model,
  outside: Readonly<Record<string, string>> = {},
): OperationShape | undefined {
  const segments = segmentsOf(request.path);
  let best: { operation: OperationShape; score: number } | undefined;
  for (const operation of model.operations.values()) {
    const route = routeOf(operation);
    if (!route || route.method !== request.method) continue;
    const labels = labelsOf(route, segments);
    if (!labels || !labelsFit(operation, { ...labels, ...outside })) continue;
    const score = scoreOf(operation, route, request);
    if (score !== undefined && score > (best?.score ?? -1)) best = { operation, score };
  }
  return best?.operation;
}

/** Every label that the operation needs is there, and none that it does not know. */
function labelsFit(operation: OperationShape, labels: Readonly<Record<string, string>>): boolean {
  const { members, required } = operation.input;
  const complete = required.every(
    (name) => !members.get(name)!.traits.httpLabel || labels[name] !== undefined,
  );
  return complete && Object.keys(labels).every((name) => members.has(name));
}

function scoreOf(operation: OperationShape, route: Route, request: WireRequest): number | undefined {
  const queryFits = route.query.every(([name, text]) =>
    text ? request.query.get(name) === text : request.query.has(name),
  );
  if (!queryFits) return undefined;
  let score =
    route.query.length * 10 + route.segments.filter((segment) => !segment.startsWith('{')).length * 2;
  for (const name of operation.input.required) {
    const { httpHeader, httpQuery } = operation.input.members.get(name)!.traits;
    if (httpHeader && request.headers[httpHeader.toLowerCase()] === undefined) return undefined;
    if (httpQuery && !request.query.has(httpQuery)) return undefined;
    if (httpHeader || httpQuery) score += 5;
  }
  return score;
}

/** The members of an operation's input that stand outside the body. */
export function decodeBindings(
  operation: OperationShape,
  request: WireRequest,
  outside: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const labels = { ...labelsOf(routeOf(operation)!, segmentsOf(request.path)), ...outside };
  for (const [name, member] of operation.input.members) {
    const bound = decodeBinding(name, member, labels, request);
    if (bound !== undefined) value[name] = bound;
  }
  return value;
}

function decodeBinding(
  name: string,
  member: Shape,
  labels: Readonly<Record<string, string>>,
  request: WireRequest,
): unknown {
  const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders, httpQueryParams } = member.traits;
  if (httpLabel) return labels[name] === undefined ? undefined : parseScalar(member, labels[name], name);
  if (httpQuery) {
    const texts = request.query.getAll(httpQuery);
    if (texts.length === 0) return undefined;
    return member.kind === 'list'
      ? texts.map((text) => parseScalar(member.value, text, name))
      : parseScalar(member, texts[0]!, name);
  }
  if (httpHeader) return decodeHeader(member, request.headers[httpHeader.toLowerCase()], name);
  if (httpPrefixHeaders) {
    const prefix = httpPrefixHeaders.toLowerCase();
    const entries = Object.entries(request.headers).filter(([header]) => header.startsWith(prefix));
    return Object.fromEntries(entries.map(([header, text]) => [header.slice(prefix.length), String(text)]));
  }
  return httpQueryParams ? Object.fromEntries(request.query) : undefined;
}

function decodeHeader(member: Shape, header: string | string[] | undefined, name: string): unknown {
  if (header === undefined) return undefined;
  const text = String(header);
  if (member.kind !== 'list') return parseScalar(member, text, name);
  return text.split(',').map((item) => parseScalar(member.value, item.trim(), name));
}

/** What of an output goes into the status line and the headers. */
export function encodeBindings(
  operation: OperationShape,
  output: Readonly<Record<string, unknown>>,
): { status: number; headers: Record<string, string> } {
  let status = operation.traits.http?.[2] ?? 200;
  const headers: Record<string, string> = {};
  for (const [name, member] of operation.output.members) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    const { httpResponseCode, httpHeader, httpPrefixHeaders } = member.traits;
    if (httpResponseCode) status = Number(value);
    if (httpHeader) headers[httpHeader.toLowerCase()] = headerOf(member, value);
    if (httpPrefixHeaders) {
      for (const [key, text] of Object.entries(value)) headers[`${httpPrefixHeaders}${key}`] = String(text);
    }
  }
  return { status, headers };
}

function headerOf(member: Shape, value: unknown): string {
  if (member.kind === 'list')
    return (value as unknown[]).map((item) => headerOf(member.value, item)).join(', ');
  return formatScalar(member, value, 'http-date');
}

/** The member that alone makes up the body, if the structure has one. */
export function payloadOf(shape: Shape): [string, Shape] | undefined {
  for (const entry of shape.members) if (entry[1].traits.httpPayload) return entry;
  return undefined;
}

/** Whether a member travels in the body, together with others of its kind. */
export function isInBody(member: Shape): boolean {
  const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders, httpQueryParams, httpResponseCode } =
    member.traits;
  return !(httpLabel || httpQuery || httpHeader || httpPrefixHeaders || httpQueryParams || httpResponseCode);
}

function segmentsOf(path: string): string[] {
  return path
    .split('/')
    .filter((segment, index, all) => segment !== '' || (index > 0 && index < all.length - 1));
}

/** The values of the path's labels, or undefined if the path is another one. `{Key+}` takes all that is left. */
function labelsOf(route: Route, segments: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [index, expected] of route.segments.entries()) {
    const given = segments[index];
    if (given === undefined) return undefined;
    const label = /^\{(\w+)(\+?)\}$/.exec(expected);
    if (!label) {
      if (expected !== given) return undefined;
      continue;
    }
    labels[label[1]!] = label[2] ? decodePath(segments.slice(index).join('/')) : decodePath(given);
    if (label[2]) return labels;
  }
  return segments.length === route.segments.length ? labels : undefined;
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError('InvalidURI', `Couldn't parse the specified URI: ${text}`);
  }
}
