/** What Rushhour uses of the language that Node 20 does not have. Node 22 has all of it, and then this does nothing. */

function add(owner: object, name: string, value: unknown): void {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true });
}

/** @see https://tc39.es/ecma262/#sec-map.groupby */
function groupedMap<Item, Key>(items: Iterable<Item>, keyOf: (item: Item, index: number) => Key) {
  const groups = new Map<Key, Item[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** @see https://tc39.es/ecma262/#sec-object.groupby */
function groupedObject<Item>(items: Iterable<Item>, keyOf: (item: Item, index: number) => string) {
  return Object.assign(Object.create(null), Object.fromEntries(groupedMap(items, keyOf)));
}

/** @see https://tc39.es/ecma262/#sec-promise.withResolvers */
function withResolvers(this: PromiseConstructor) {
  let resolve: unknown;
  let reject: unknown;
  const promise = new this((...ends) => {
    [resolve, reject] = ends;
  });
  return { promise, resolve, reject };
}

add(Map, 'groupBy', groupedMap);
add(Object, 'groupBy', groupedObject);
add(Promise, 'withResolvers', withResolvers);
add(Symbol, 'dispose', Symbol.for('Symbol.dispose'));
add(Symbol, 'asyncDispose', Symbol.for('Symbol.asyncDispose'));
