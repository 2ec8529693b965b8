import { promise, type Row } from './compete.ts';
import { ourName } from './contenders.ts';

const labelWidth = 330;
const barWidth = 520;
const rowHeight = 18;
const titleHeight = 34;
/** Costs beyond this many oracles are cut off and written out. */
const widest = 3;

/** Bars of cost ÷ oracle for every case as an SVG; a policy that broke the promise is hollow. */
export function picture(cases: Row[][]): string {
  let y = 10;
  const parts: string[] = [];
  for (const rows of cases) {
    const { trace, boot, meanDemand } = rows[0]!;
    y += titleHeight;
    parts.push(
      `<text x="10" y="${y - 10}" class="title">${escapeXml(trace)} · boot ${boot} min · mean ${meanDemand}</text>`,
    );
    for (const row of [...rows].sort((a, b) => a.costOverOracle - b.costOverOracle)) {
      parts.push(bar(row, y));
      y += rowHeight;
    }
  }
  const width = labelWidth + barWidth + 210;
  const height = y + 36;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>text{font:12px system-ui,sans-serif;fill:#222}.title{font-weight:600;font-size:14px}.note{fill:#666}</style>
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
<text x="10" y="${height - 12}" class="note">Cost ÷ oracle's cost, second halves. Hollow: more than 0.1 % of the load was not served in time.</text>
</svg>
`;
}

function bar(row: Row, y: number): string {
  const kept = row.violation <= promise;
  const colour = row.policy.startsWith(ourName) ? '#d1480f' : '#6b7f99';
  const width = (Math.min(widest, row.costOverOracle) / widest) * barWidth;
  const figures = `${row.costOverOracle.toFixed(3)} · V ${(100 * row.violation).toFixed(3)} % · ${row.adaptationsPerDay.toFixed(0)}/day`;
  return (
    `<text x="${labelWidth - 8}" y="${y + 12}" text-anchor="end">${escapeXml(row.policy)}</text>` +
    `<rect x="${labelWidth}" y="${y + 2}" width="${width.toFixed(1)}" height="${rowHeight - 5}" ` +
    `fill="${kept ? colour : '#fff'}" stroke="${colour}"/>` +
    `<text x="${(labelWidth + width + 6).toFixed(1)}" y="${y + 12}">${figures}</text>`
  );
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
