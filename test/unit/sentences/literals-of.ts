/** What a source says in quotes; of a template, the pieces between what is put in. Knows no regular expressions. */
export function literalsOf(source: string): string[] {
  const found: string[] = [];
  readCode(0, false);
  return found;

  /** @returns where the code ends: at the source's end, or after the brace that closes what is put into a template */
  function readCode(begin: number, inTemplate: boolean): number {
    let at = begin;
    for (let depth = 0; at < source.length; ) {
      const char = source[at]!;
      if (source.startsWith('//', at)) at = after('\n', at);
      else if (source.startsWith('/*', at)) at = after('*/', at);
      else if (char === '`') at = readTemplate(at + 1);
      else if (char === "'" || char === '"') {
        const end = after(char, at + 1);
        found.push(source.slice(at + 1, end - 1));
        at = end;
      } else {
        if (char === '{') depth++;
        if (char === '}' && depth-- === 0 && inTemplate) return at + 1;
        at++;
      }
    }
    return at;
  }

  function readTemplate(begin: number): number {
    let at = begin;
    for (let piece = at; at < source.length; ) {
      const puts = source.startsWith('${', at);
      if (puts || source[at] === '`') found.push(source.slice(piece, at));
      if (source[at] === '`') return at + 1;
      at = puts ? readCode(at + 2, true) : at + 1;
      if (puts) piece = at;
    }
    return at;
  }

  function after(what: string, from: number): number {
    const at = source.indexOf(what, from);
    return at < 0 ? source.length : at + what.length;
  }
}
