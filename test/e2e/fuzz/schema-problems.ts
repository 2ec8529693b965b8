import { createRequire } from 'node:module';
import type { loadAwsServiceSpecSync as Load } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';
import { isIntrinsic, type Template } from './flattened.ts';

const { loadAwsServiceSpecSync } = createRequire(import.meta.url)('@aws-cdk/aws-service-spec') as {
  loadAwsServiceSpecSync: typeof Load;
};

/** CloudFormation's own schemas, as the CDK's authors publish them. */
export class Schemas {
  readonly #database: SpecDatabase = loadAwsServiceSpecSync();

  /** What CloudFormation would say against the properties of a template's resources. */
  problems({ Resources }: Template): string[] {
    return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
      if (Type.startsWith('Custom::')) return [];
      const [schema] = this.#database.lookup('resource', 'cloudFormationType', 'equals', Type);
      if (!schema) return [`${id}: there is no ${Type}`];
      return this.#ofObject(Properties, schema.properties, `${Type} ${id}`);
    });
  }

  #ofObject(value: object, properties: Readonly<Record<string, Property>>, path: string): string[] {
    const missing = Object.entries(properties)
      .filter(([name, { required }]) => required && !Object.hasOwn(value, name))
      .map(([name]) => `${path}: ${name} is missing`);
    const wrong = Object.entries(value).flatMap(([name, inner]) => {
      const property = properties[name];
      if (!property) return [`${path}: there is no ${name}`];
      const types = [property.type, ...(property.previousTypes ?? [])];
      return this.#ofAny(inner, types, `${path}.${name}`);
    });
    return [...missing, ...wrong];
  }

  /** Of several types the one that has least against it. */
  #ofAny(value: unknown, types: readonly PropertyType[], path: string): string[] {
    const judged = types.map((type) => this.#ofType(value, type, path));
    return judged.toSorted((one, other) => one.length - other.length)[0] ?? [];
  }

  #ofType(value: unknown, type: PropertyType, path: string): string[] {
    if (isIntrinsic(value) || type.type === 'json') return [];
    const expected = (is: boolean) =>
      is ? [] : [`${path}: expected ${type.type}, found ${JSON.stringify(value)}`];
    switch (type.type) {
      case 'string':
        return expected(typeof value === 'string' && (type.allowedValues?.includes(value) ?? true));
      case 'integer':
        return expected(Number.isInteger(value));
      case 'number':
        return expected(typeof value === 'number');
      case 'boolean':
        return expected(typeof value === 'boolean');
      case 'date-time':
        return expected(typeof value === 'string');
      case 'array':
        if (!Array.isArray(value)) return expected(false);
        return value.flatMap((one, index) => this.#ofType(one, type.element, `${path}.${index}`));
      case 'map':
        if (!isObject(value)) return expected(false);
        return Object.entries(value).flatMap(([key, one]) =>
          this.#ofType(one, type.element, `${path}.${key}`),
        );
      case 'tag':
        return expected(
          isObject(value) && typeof value['Key'] === 'string' && typeof value['Value'] === 'string',
        );
      case 'union':
        return this.#ofAny(value, type.types, path);
      case 'ref': {
        if (!isObject(value)) return expected(false);
        const { properties } = this.#database.get('typeDefinition', type.reference.$ref);
        return this.#ofObject(value, properties, path);
      }
      default:
        return expected(value === null);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
