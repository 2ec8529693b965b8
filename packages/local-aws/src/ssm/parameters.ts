import type { CloudContext } from '../cloud-context.ts';
import { publicImages } from '../public-images.ts';
import { type Instant, type Operation, ServiceError } from '../service.ts';

interface Parameter {
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: Instant;
}

interface ParameterFilter {
  readonly Key: 'Name' | 'Type';
  readonly Option?: string;
  readonly Values?: readonly string[];
}

/** Parameter Store. */
export class ParameterStore {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #cloud: CloudContext;
  readonly #parameters = new Map<string, Parameter>();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      GetParameter: (input) => ({ Parameter: this.#describe(this.#get(input.Name)) }),
      GetParameters: (input) => {
        const names: string[] = input.Names;
        const known = names.filter((name) => this.#find(name));
        return {
          Parameters: known.map((name) => this.#describe(this.#get(name))),
          InvalidParameters: names.filter((name) => !known.includes(name)),
        };
      },
      GetParametersByPath: (input) => {
        const path: string = input.Path.endsWith('/') ? input.Path : `${input.Path}/`;
        const below = [...this.#parameters.values()].filter(({ name }) => name.startsWith(path));
        const wanted = below.filter(({ name }) => input.Recursive || !name.slice(path.length).includes('/'));
        return { Parameters: wanted.map((parameter) => this.#describe(parameter)) };
      },
      DescribeParameters: (input) => {
        const filters: readonly ParameterFilter[] = input.ParameterFilters ?? [];
        const wanted = [...this.#parameters.values()].filter((parameter) =>
          filters.every((filter) => matches(filter, parameter)),
        );
        return { Parameters: wanted.map((parameter) => this.#metadata(parameter)) };
      },
      PutParameter: (input) => {
        if (this.#parameters.has(input.Name) && !input.Overwrite) {
          const message =
            'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
          throw new ServiceError('ParameterAlreadyExists', message);
        }
        return { Version: this.put(input.Name, input.Type ?? 'String', input.Value), Tier: 'Standard' };
      },
      DeleteParameter: (input) => this.delete(input.Name),
    };
  }

  /** @returns the parameter's new version */
  put(name: string, type: Parameter['type'], value: string): number {
    const version = (this.#parameters.get(name)?.version ?? 0) + 1;
    this.#parameters.set(name, { name, type, value, version, modifiedAt: this.#cloud.eventQueue.now() });
    return version;
  }

  has(name: string): boolean {
    return this.#parameters.has(name);
  }

  /** @throws ServiceError `ParameterNotFound` */
  delete(name: string): void {
    this.#get(name);
    this.#parameters.delete(name);
  }

  arnOf(name: string): string {
    const { region, account } = this.#cloud;
    return `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  }

  #find(name: string): Parameter | undefined {
    const own = this.#parameters.get(name);
    const value = publicImages.find(({ parameter }) => parameter === name)?.imageId;
    if (own || value === undefined) return own;
    return { name, type: 'String', value, version: 1, modifiedAt: 0 };
  }

  #get(name: string): Parameter {
    const parameter = this.#find(name);
    if (!parameter) throw new ServiceError('ParameterNotFound', `Parameter ${name} not found.`);
    return parameter;
  }

  #describe(parameter: Parameter) {
    return { ...this.#metadata(parameter), Value: parameter.value };
  }

  #metadata({ name, type, version, modifiedAt }: Parameter) {
    return {
      ...{ Name: name, Type: type, Version: version, DataType: 'text', Tier: 'Standard' },
      LastModifiedDate: new Date(modifiedAt),
      ARN: this.arnOf(name),
    };
  }
}

function matches({ Key, Option = 'Equals', Values = [] }: ParameterFilter, parameter: Parameter): boolean {
  const value = { Name: parameter.name, Type: parameter.type }[Key];
  if (value === undefined || !['Equals', 'BeginsWith', 'Contains'].includes(Option)) {
    throw new ServiceError(
      'InvalidFilterKey',
      `The local cloud does not filter parameters by ${Key} ${Option}`,
    );
  }
  if (Option === 'BeginsWith') return Values.some((start) => value.startsWith(start));
  return Values.some((wanted) => (Option === 'Contains' ? value.includes(wanted) : value === wanted));
}
