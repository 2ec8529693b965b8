import { type Document, isAlias, isCollection, isMap, isScalar, type Pair, type YAMLMap } from 'yaml';

/** Where in the text of a document its values are. */
export class Offsets {
  readonly #document: Document;
  /** Made once for each mapping: a file with as many mistakes as keys would otherwise take minutes. */
  readonly #pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** Where the value at this path begins, or else its key, or what it is missing in. */
  of(path: readonly PropertyKey[]): number {
    let node: unknown = this.#document.contents;
    let offset = 0;
    for (const segment of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (!isCollection(node)) break;
      if (isMap(node)) {
        const pair = this.#pairsOf(node).get(String(segment));
        if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
        node = pair?.value;
      } else {
        node = node.get(segment, true);
        offset = (node as { range?: number[] } | undefined)?.range?.[0] ?? offset;
      }
    }
    return offset;
  }

  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#pairs.get(map);
    if (known) return known;
    const pairs = new Map(
      map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])),
    );
    this.#pairs.set(map, pairs);
    return pairs;
  }
}
