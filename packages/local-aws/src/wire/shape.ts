/**
 * Reads the schemas that the SDK's clients carry: nested tuples, as smithy-typescript generates them. A kind and its
 * place: `[0 simple | 1 list | 2 map | 3 structure | -3 error | 4 union | 9 operation, namespace, name, traits, …]`.
 * A member that adds traits is a pair `[target, traits]`, a recursive or late target is a function.
 */
export interface Traits {
  readonly error?: 'client' | 'server';
  readonly httpError?: number;
  /** The query protocols' code and status of an error shape, where they differ from its name. */
  readonly awsQueryError?: readonly [string, number];
  readonly http?: readonly [method: string, path: string, status: number];
  readonly httpLabel?: 1;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpQuery?: string;
  readonly httpQueryParams?: 1;
  readonly httpPayload?: 1;
  readonly httpResponseCode?: 1;
  readonly xmlName?: string;
  readonly xmlFlattened?: 1;
  readonly xmlAttribute?: 1;
  readonly ec2QueryName?: string;
  readonly jsonName?: string;
}

export type Kind =
  | 'unit'
  | 'string'
  | 'number'
  | 'boolean'
  | 'blob'
  | 'timestamp'
  | 'document'
  | 'list'
  | 'map'
  | 'structure';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

// biome-ignore lint/suspicious/noExplicitAny: the tuples nest without end.
type Schema = any;

const bitTraits = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
] as const;

const simpleKinds: Readonly<Record<number, Kind>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  15: 'document',
  17: 'number',
  19: 'number',
  21: 'blob',
  42: 'blob',
};

const timestampFormats: Readonly<Record<number, TimestampFormat>> = {
  5: 'date-time',
  6: 'http-date',
  7: 'epoch-seconds',
};

/** One shape of a service's model, with the traits of the member it was reached by. */
export class Shape {
  readonly kind: Kind;
  /** Short name, `Tag`; empty for simple shapes. */
  readonly name: string;
  readonly namespace: string;
  readonly traits: Traits;
  readonly timestampFormat: TimestampFormat | undefined;
  readonly #schema: Schema;
  #members: ReadonlyMap<string, Shape> | undefined;
  #attributes: ReadonlyMap<string, Shape> | undefined;
  #value: Shape | undefined;
  #key: Shape | undefined;

  constructor(schema: Schema) {
    const { target, traits } = resolve(schema);
    this.traits = traits;
    this.#schema = target;
    this.kind = kindOf(target);
    this.timestampFormat = timestampFormats[target];
    this.namespace = Array.isArray(target) ? target[1] : '';
    this.name = Array.isArray(target) ? target[2] : '';
  }

  /** Of a structure: its members by name, required ones first. */
  get members(): ReadonlyMap<string, Shape> {
    if (!this.#members) {
      const names: string[] = this.kind === 'structure' ? this.#schema[4] : [];
      this.#members = new Map(names.map((name, index) => [name, new Shape(this.#schema[5][index])]));
    }
    return this.#members;
  }

  /** Of a structure: the members that XML has as attributes, which nearly none has. */
  get attributes(): ReadonlyMap<string, Shape> {
    this.#attributes ??= new Map([...this.members].filter(([, { traits }]) => traits.xmlAttribute));
    return this.#attributes;
  }

  /** Of a structure: the names of the members that must be given. */
  get required(): readonly string[] {
    return this.kind === 'structure' ? this.#schema[4].slice(0, this.#schema[6] ?? 0) : [];
  }

  /** Of a list or map: what it holds. */
  get value(): Shape {
    this.#value ??= new Shape(containedSchema(this.#schema));
    return this.#value;
  }

  /** Of a map: its keys. */
  get key(): Shape {
    this.#key ??= new Shape(Array.isArray(this.#schema) ? (this.#schema[4] ?? 0) : 0);
    return this.#key;
  }
}

/** An operation of a service's model: what goes in and what comes out. */
export interface OperationShape {
  readonly name: string;
  readonly traits: Traits;
  readonly input: Shape;
  readonly output: Shape;
}

/** The operation and error shapes that a client's module exports. */
export class Model {
  readonly operations = new Map<string, OperationShape>();
  readonly #errors = new Map<string, Shape>();

  constructor(schemas: Readonly<Record<string, unknown>>) {
    for (const schema of Object.values(schemas)) {
      if (!Array.isArray(schema)) continue;
      if (schema[0] === 9) this.#addOperation(schema);
      if (schema[0] === -3) this.#addError(schema);
    }
  }

  /** The error's shape by its name or by its code in the query protocols. */
  error(code: string): Shape | undefined {
    return this.#errors.get(code);
  }

  #addOperation(schema: Schema): void {
    const [, , name, traits, input, output] = schema;
    let inputShape: Shape | undefined;
    let outputShape: Shape | undefined;
    this.operations.set(name, {
      name,
      traits: traitsOf(traits),
      get input() {
        inputShape ??= new Shape(input);
        return inputShape;
      },
      get output() {
        outputShape ??= new Shape(output);
        return outputShape;
      },
    });
  }

  #addError(schema: Schema): void {
    const shape = new Shape(schema);
    this.#errors.set(shape.name, shape);
    const queryCode = shape.traits.awsQueryError?.[0];
    if (queryCode && !this.#errors.has(queryCode)) this.#errors.set(queryCode, shape);
  }
}

function resolve(schema: Schema): { target: Schema; traits: Traits } {
  let target = schema;
  const layers: Traits[] = [];
  for (;;) {
    if (typeof target === 'function') target = target();
    else if (Array.isArray(target) && target.length === 2) {
      layers.unshift(traitsOf(target[1]));
      target = target[0];
    } else if (Array.isArray(target) && target[0] === 0) {
      layers.unshift(traitsOf(target[3]));
      target = target[4];
    } else break;
  }
  if (Array.isArray(target)) layers.unshift(traitsOf(target[3]));
  return { target, traits: Object.assign({}, ...layers) };
}

function kindOf(target: Schema): Kind {
  if (target === 'unit') return 'unit';
  if (typeof target === 'number') return simpleKinds[target] ?? (target >= 128 ? 'map' : 'list');
  if (target[0] === 1) return 'list';
  if (target[0] === 2) return 'map';
  return 'structure';
}

/** `64 | simple` is a list of a simple shape, `128 | simple` a map of them. */
function containedSchema(schema: Schema): Schema {
  return typeof schema === 'number' ? schema & 63 : schema[3 + schema[0]];
}

function traitsOf(traits: number | Traits): Traits {
  if (typeof traits === 'object') return traits;
  return Object.fromEntries(
    bitTraits.flatMap((name, bit) => ((traits >> bit) & 1 ? [[name, 1]] : [])),
  ) as Traits;
}
