import { writeFileSync } from 'node:fs';
import { costPage } from './cost-page.ts';

/** `node infra/write-cost.ts`: docs/cost.md, from what would be deployed. */
writeFileSync(new URL('../docs/cost.md', import.meta.url), costPage());
