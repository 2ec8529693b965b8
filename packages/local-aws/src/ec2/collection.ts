import type { Filter, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { page } from '../page.ts';
import { ServiceError } from '../service.ts';

/** How one kind of EC2 resource is named, found and filtered. */
export interface Kind {
  /** As in a tag specification: `security-group`. */
  readonly resourceType: string;
  /** Of the id: `sg`. */
  readonly prefix: string;
  /** The member that holds the id: `GroupId`. */
  readonly idKey: string;
  /** The error's code for an id that is none: `InvalidGroup.NotFound`. */
  readonly notFound: string;
  /** The error's code for what cannot be an id at all, of kinds that tell it apart: `InvalidInstanceID.Malformed`. */
  readonly malformed?: string;
  /** The path of members behind each filter; arrays on the way match if any element does. */
  readonly filters: Readonly<Record<string, string>>;
}

interface DescribeInput {
  readonly Filters?: readonly Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

type Tagged = { Tags?: Tag[] | undefined };

/** All resources of one kind. */
export class Collection<T extends Tagged> {
  readonly kind: Kind;
  readonly #items = new Map<string, T>();

  constructor(kind: Kind) {
    this.kind = kind;
  }

  add(item: T): T {
    this.#items.set(this.#idOf(item), item);
    return item;
  }

  remove(id: string): void {
    this.get(id);
    this.#items.delete(id);
  }

  all(): T[] {
    return [...this.#items.values()];
  }

  find(id: string | undefined): T | undefined {
    return id === undefined ? undefined : this.#items.get(id);
  }

  /** @throws ServiceError with the kind's own code */
  get(id: string | undefined): T {
    const found = this.find(id);
    if (!found && this.kind.malformed && !/^[a-z]+-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id ?? ''))
      throw new ServiceError(this.kind.malformed, `Invalid id: "${id}"`);
    if (!found)
      throw new ServiceError(this.kind.notFound, `The ${this.kind.resourceType} ID '${id}' does not exist`);
    return found;
  }

  /** The resources that have one of the ids (all must exist) and pass every filter, a page of them. */
  describe(
    ids: readonly string[] | undefined,
    input: DescribeInput,
  ): { items: T[]; NextToken: string | undefined } {
    const candidates = ids?.length ? ids.map((id) => this.get(id)) : this.all();
    const found = candidates.filter(
      (item) => input.Filters?.every((filter) => this.#passes(item, filter)) ?? true,
    );
    return page(found, input.NextToken, input.MaxResults ?? 1000, 1000, 'MaxResults');
  }

  #passes(item: T, filter: Filter): boolean {
    const wanted = (filter.Values ?? []).map(pattern);
    return this.#valuesOf(item, filter.Name!).some((value) => wanted.some((regex) => regex.test(value)));
  }

  #valuesOf(item: T, filter: string): string[] {
    const tags = item.Tags ?? [];
    if (filter.startsWith('tag:'))
      return tags.filter((tag) => tag.Key === filter.slice(4)).map((tag) => tag.Value ?? '');
    if (filter === 'tag-key') return tags.map((tag) => tag.Key!);
    const path = this.kind.filters[filter];
    if (path === undefined)
      throw new ServiceError('InvalidParameterValue', `The filter '${filter}' is invalid`);
    return path
      .split('.')
      .reduce<unknown[]>((values, key) => values.flatMap((value) => child(value, key)), [item])
      .filter((value) => value !== undefined && value !== null)
      .map(String);
  }

  #idOf(item: T): string {
    return (item as Record<string, unknown>)[this.kind.idKey] as string;
  }
}

function child(value: unknown, key: string): unknown {
  return (value as Record<string, unknown> | undefined)?.[key] ?? [];
}

/** Filter values may hold `*` and `?`. */
function pattern(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

/** The tags that a request gives to the resource type. */
export function tagsFor(
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
): Tag[] {
  return (specifications ?? [])
    .filter((specification) => specification.ResourceType === resourceType)
    .flatMap((specification) => specification.Tags ?? []);
}
